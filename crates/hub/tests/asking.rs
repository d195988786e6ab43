//! A laptop asks to be taken in, and an administrator's answers.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod sync_support;

use std::path::PathBuf;

use argon2::{Algorithm, Argon2, Params, Version};
use hub::ports::Virtual;
use hub::view::shell::{Role, Start};
use hub::{Answer, Asking, HubError, Passphrase, start};
use sealed_log::{Code, CodeKey, LaptopIdentity, Request};
use sync_support::{Council, Laptop, PASSPHRASE, TEN};

fn passphrase() -> Passphrase {
    Passphrase::from(PASSPHRASE)
}

struct Newcomer {
    dir: PathBuf,
    world: Virtual,
}

impl Newcomer {
    fn beside(council: &Council, seed: u64) -> Self {
        Self { dir: council.place.path().join(format!("laptop-{seed}")), world: Virtual::new(seed, TEN) }
    }

    fn asks(&self) -> Asking {
        Asking::begin(&self.dir, &passphrase(), &self.world.ports()).unwrap()
    }
}

fn approve(council: &Council, request: &[u8], code: &str) -> Result<Vec<u8>, HubError> {
    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    let approval = council.one.hub.approve(request, code, Role::Worker, Some("Hall 2".to_owned()), &passphrase());
    council.one.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    approval
}

#[test]
fn a_laptop_that_asked_and_was_approved_belongs() {
    let council = Council::found();
    council.one.check_in("Mair");
    let new = Newcomer::beside(&council, 2);
    let asking = new.asks();
    let (request, code) = (asking.request().unwrap(), asking.code().to_string());
    assert!(request.len() < 1024);
    drop(asking);
    // The program was closed meanwhile.
    assert_eq!(start(&new.dir, &new.world.ports()).unwrap(), Start::Asking);
    let wrong = Asking::open(&new.dir, &Passphrase::from("some other words"), &new.world.ports());
    assert_eq!(wrong.unwrap_err(), HubError::WrongPassphrase);
    let asking = Asking::open(&new.dir, &passphrase(), &new.world.ports()).unwrap();
    assert_eq!((asking.code().as_str(), asking.request().unwrap()), (code.as_str(), request.clone()));
    let approval = approve(&council, &request, &code.to_lowercase()).unwrap();
    let hub = asking.finish(&approval, "", &passphrase()).unwrap();
    hub.sign_in_as("Sam", Role::Worker).unwrap();
    let two = Laptop { dir: new.dir.clone(), world: new.world.clone(), hub };
    assert_eq!(two.hub.laptop().unwrap().name, "Hall 2");
    assert!(!new.dir.join("asking").exists());
    council.meet(&[&two]);
    assert_eq!(two.queue(), ["Mair"]);
    two.check_in("Zofia");
    council.meet(&[&two]);
    assert_eq!(council.one.queue(), ["Mair", "Zofia"]);
    drop(two);
    assert!(matches!(start(&new.dir, &new.world.ports()).unwrap(), Start::Locked { .. }));
}

#[test]
fn a_code_typed_wrong_takes_nobody_in() {
    let council = Council::found();
    let new = Newcomer::beside(&council, 2);
    let asking = new.asks();
    let request = asking.request().unwrap();
    for code in ["", "ABCD", "AAAA-BBBB-CCCC", "nonsense!"] {
        assert_eq!(approve(&council, &request, code).unwrap_err(), HubError::WrongCode);
    }
    assert!(council.one.hub.laptop().unwrap().others.is_empty());
    let code = asking.code();
    assert_eq!(approve(&council, b"not one", &code).unwrap_err(), HubError::NotARequest);
    assert_eq!(approve(&council, &request[..100], &code).unwrap_err(), HubError::NotARequest);
    // Somebody changed the request on its way.
    let mut changed = request.clone();
    changed[20] ^= 1;
    assert_eq!(approve(&council, &changed, &code).unwrap_err(), HubError::WrongCode);
}

#[test]
fn nobody_is_taken_in_twice_nor_by_an_answer_to_another() {
    let council = Council::found();
    let (new, other) = (Newcomer::beside(&council, 2), Newcomer::beside(&council, 3));
    let (asking, asking_too) = (new.asks(), other.asks());
    let approval = approve(&council, &asking.request().unwrap(), &asking.code()).unwrap();
    let again = approve(&council, &asking.request().unwrap(), &asking.code());
    assert_eq!(again.unwrap_err(), HubError::AlreadyTakenIn);
    assert_eq!(asking_too.finish(&approval, "", &passphrase()).unwrap_err(), HubError::NotAnApproval);
    let hub = asking.finish(&approval, "", &passphrase()).unwrap();
    drop(hub);
    assert_eq!(Asking::open(&new.dir, &passphrase(), &new.world.ports()).unwrap_err(), HubError::NoRecords);
    assert_eq!(Asking::begin(&new.dir, &passphrase(), &new.world.ports()).unwrap_err(), HubError::AlreadyRecords);
}

#[test]
fn a_request_is_good_for_a_day() {
    let council = Council::found();
    let new = Newcomer::beside(&council, 2);
    let asking = new.asks();
    let approval = approve(&council, &asking.request().unwrap(), &asking.code()).unwrap();
    let hour = 60 * 60 * 1000;
    new.world.set(TEN.plus_millis(25 * hour));
    assert_eq!(asking.finish(&approval, "", &passphrase()).unwrap_err(), HubError::RequestOld);
    let asking = Asking::begin(&new.dir, &passphrase(), &new.world.ports()).unwrap();
    let late = approve(&council, &asking.request().unwrap(), &asking.code());
    assert_eq!(late.unwrap_err(), HubError::RequestOld);
    council.one.world.set(TEN.plus_millis(26 * hour));
    let approval = approve(&council, &asking.request().unwrap(), &asking.code()).unwrap();
    asking.finish(&approval, "", &passphrase()).unwrap();
}

#[test]
fn a_request_from_the_end_of_time_is_old() {
    let council = Council::found();
    let code = Code::from_random(&[7; 8]);
    let (memory, passes, lanes) = CodeKey::COST;
    let params = Params::new(memory, passes, lanes, Some(32)).unwrap();
    let mut stretched = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(code.letters().as_bytes(), &[4; 16], &mut stretched)
        .unwrap();
    let key = CodeKey::from_stretched(&stretched);
    let identity = LaptopIdentity::from_secret(&[3; 32]).publics();
    for made in [i64::MIN, i64::MAX, TEN.millis().wrapping_add(i64::MIN)] {
        let request = Request { identity, salt: [4; 16], made }.encode(&key);
        assert_eq!(approve(&council, &request, &code.shown()).unwrap_err(), HubError::RequestOld);
    }
}

#[test]
fn the_request_and_the_approval_lie_in_a_folder_side_by_side() {
    let council = Council::found();
    let new = Newcomer::beside(&council, 2);
    let stick = council.stick();
    let asking = new.asks();
    assert!(asking.asked().unwrap().saved.is_none());
    let request = asking.save_request(&stick).unwrap();
    assert_eq!(asking.save_request(&stick).unwrap(), request, "saved again, it is the same file");
    drop(asking);
    let asking = Asking::open(&new.dir, &passphrase(), &new.world.ports()).unwrap();
    let asked = asking.asked().unwrap();
    assert_eq!(asked.saved.as_deref(), request.to_str());
    assert!(!asked.old && asked.until == TEN.plus_millis(24 * 3_600_000));

    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    let home = council.one.hub.laptop().unwrap().home;
    let answer = |code: &str| {
        let answer = Answer { request: &request, code, role: Role::Worker, hub: Some(home) };
        council.one.hub.answer(&answer, &passphrase())
    };
    assert_eq!(answer("AAAA-BBBB-CCCC").unwrap_err(), HubError::WrongCode);
    assert!(!request.with_extension("approval").exists(), "what was not approved leaves nothing behind");
    let approval = answer(&asked.code).unwrap();
    assert_eq!(asked.approval.as_deref(), approval.to_str());
    // An approval that is there is never written over.
    assert!(matches!(answer(&asked.code).unwrap_err(), HubError::FileFailed { .. }));
    let hub = asking.finish_with(&approval, "", &passphrase()).unwrap();
    hub.sign_in_as("Sam", Role::Worker).unwrap();
    assert_eq!(hub.laptop().unwrap().name, "Green Lane 2");
    assert_eq!(start(&new.dir, &new.world.ports()).unwrap(), Start::Locked { wait_seconds: 0, failed_attempts: 0 });
}

#[test]
fn asking_can_be_stopped() {
    let council = Council::found();
    let new = Newcomer::beside(&council, 2);
    drop(new.asks());
    Asking::stop(&new.dir).unwrap();
    assert_eq!(start(&new.dir, &new.world.ports()).unwrap(), Start::New);
}
