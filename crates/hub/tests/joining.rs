//! New laptops join with a join file, for a role and with its grants.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod common;

use common::{Laptop, PASSPHRASE, TEN_O_CLOCK};
use hub::ports::Virtual;
use hub::view::shell::{Place, Role, Start};
use hub::{Hub, HubError, Join, Passphrase};
use sync_schema::{Instant, Scope};
use tempfile::TempDir;

fn invited(by: &Hub, role: Role, dir: &TempDir) -> std::path::PathBuf {
    let file = dir.path().join("join");
    std::fs::write(&file, by.invite(role, None).unwrap().as_slice()).unwrap();
    file
}

fn joins(file: &std::path::Path, called: &str, dir: &TempDir, seed: u64) -> Result<Hub, HubError> {
    let join = Join { file, laptop: called.to_owned(), passphrase: Passphrase::from(PASSPHRASE) };
    Hub::join(&dir.path().join("data"), join, &Virtual::new(seed, Instant::from_millis(TEN_O_CLOCK)).ports())
}

#[test]
fn a_volunteer_s_laptop_holds_no_casework() {
    let (first, dir) = (Laptop::first(), tempfile::tempdir().unwrap());
    let hub = joins(&invited(&first.hub, Role::Volunteer, &dir), "Green Lane", &dir, 2).unwrap();
    let Start::SignIn(list) = hub.start_state().unwrap() else { panic!("it is open and nobody has signed in") };
    assert_eq!((list.council.as_str(), list.laptop.as_str()), ("Aberwen Council", "Green Lane 2"));
    assert_eq!(list.roles, [Role::Volunteer]);
    assert_eq!(hub.sign_in_as("Eve", Role::Worker), Err(HubError::NotAllowed));
    hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    let laptop = hub.laptop().unwrap();
    assert_eq!((laptop.letter.as_str(), laptop.administrator), ("B", false));
    assert!(laptop.scopes.iter().all(|row| row.scope != Scope::Casework && row.scope != Scope::WaitingList));
    assert_eq!(hub.queue().unwrap().next_ticket, "B1");
    assert_eq!(hub.shell().unwrap().hub.name, "Green Lane");
    assert_eq!(hub.invite(Role::Worker, None).unwrap_err(), HubError::NotAllowed);
    assert_eq!(hub.add_team_member("Ann", Role::Worker), Err(HubError::NotAllowed));
}

#[test]
fn each_invitation_has_its_own_letter_and_the_laptop_opens_again() {
    let first = Laptop::first();
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = invited(&first.hub, Role::Worker, &one);
    let first = first.restart();
    let office = joins(&invited(&first.hub, Role::Manager, &two), "Office", &two, 3).unwrap();
    drop(joins(&file, "", &one, 2).unwrap());
    let world = Virtual::new(9, Instant::from_millis(TEN_O_CLOCK));
    let worker = Hub::open(&one.path().join("data"), &Passphrase::from(PASSPHRASE), &world.ports()).unwrap();
    worker.sign_in_as("Sam", Role::Worker).unwrap();
    office.sign_in_as("Ann", Role::Manager).unwrap();
    let (worker, office) = (worker.laptop().unwrap(), office.shell().and_then(|_| office.laptop()).unwrap());
    assert_eq!((worker.name.as_str(), worker.letter.as_str()), ("Green Lane 2", "B"));
    assert_eq!((office.name.as_str(), office.letter.as_str()), ("Office", "C"));
}

#[test]
fn a_manager_s_laptop_opens_on_the_lists() {
    let (first, dir) = (Laptop::first(), tempfile::tempdir().unwrap());
    let hub = joins(&invited(&first.hub, Role::Manager, &dir), "Office", &dir, 2).unwrap();
    hub.sign_in_as("Ann", Role::Manager).unwrap();
    let places: Vec<Place> = hub.shell().unwrap().places.iter().map(|place| place.place).collect();
    assert_eq!(places, [Place::Waiting, Place::Trends, Place::Directory, Place::Laptop]);
    assert!(!hub.waiting_list(Default::default()).unwrap().names);
    assert_eq!(hub.board().unwrap_err(), HubError::NotAllowed);
}

#[test]
fn what_is_no_join_file_is_refused_and_leaves_nothing() {
    let (first, dir) = (Laptop::first(), tempfile::tempdir().unwrap());
    let whole = first.hub.invite(Role::Worker, None).unwrap();
    let file = dir.path().join("bad");
    let mut flipped = whole.to_vec();
    flipped[100] ^= 1;
    for bad in [&b"a shopping list"[..], &whole[..whole.len() / 2], &flipped] {
        std::fs::write(&file, bad).unwrap();
        assert_eq!(joins(&file, "", &dir, 2).unwrap_err(), HubError::NotAJoinFile);
        assert!(!dir.path().join("data").join("key.json").exists());
    }
    let missing = joins(&dir.path().join("nowhere"), "", &dir, 2).unwrap_err();
    assert_eq!(missing, HubError::FileFailed { place: "the join file" });
    std::fs::write(&file, whole.as_slice()).unwrap();
    drop(joins(&file, "", &dir, 2).unwrap());
    assert_eq!(joins(&file, "", &dir, 2).unwrap_err(), HubError::AlreadyRecords);
}
