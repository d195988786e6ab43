//! A laptop asks to be taken in by way of a relay, which can neither read the request's secret nor answer it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod relay_support;
mod sync_support;

use hub::ports::Virtual;
use hub::view::shell::Role;
use hub::{Asking, HubError, Passphrase};
use relay_support::House;
use sync_support::{Council, Laptop, PASSPHRASE, TEN};

fn passphrase() -> Passphrase {
    Passphrase::from(PASSPHRASE)
}

struct Newcomer {
    dir: std::path::PathBuf,
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

fn approve(council: &Council, house: &House, code: &str) -> Result<(), HubError> {
    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    let what = (Role::Worker, Some("Hall 2".to_owned()));
    let done = council.one.hub.approve_at_relay(&house.address, code, what, &passphrase());
    council.one.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    done
}

#[test]
fn a_laptop_that_asked_at_a_relay_belongs_when_an_administrator_has_typed_its_code() {
    let council = Council::found();
    let house = House::of(&[&council.one.hub]);
    council.one.check_in("Mair");
    council.one.hub.sync_with_relay(&house.address).unwrap();
    let (new, other) = (Newcomer::beside(&council, 2), Newcomer::beside(&council, 3));
    let (asking, waiting) = (new.asks(), other.asks());
    asking.knock(&house.address, None).unwrap();
    waiting.knock(&house.address, Some(&council.one.hub.council_key())).unwrap();
    assert_eq!(asking.answered(&house.address, None).unwrap(), None);
    // Another code than that of any who wait.
    assert_eq!(approve(&council, &house, "AAAA-BBBB-CCCC").unwrap_err(), HubError::WrongCode);
    approve(&council, &house, &asking.code()).unwrap();
    assert_eq!(approve(&council, &house, &asking.code()).unwrap_err(), HubError::WrongCode, "it waits no more");
    assert_eq!(waiting.answered(&house.address, None).unwrap(), None);
    let approval = asking.answered(&house.address, None).unwrap().unwrap();
    let code = asking.code().replace('-', "");
    let hub = asking.finish(&approval, "", &passphrase()).unwrap();
    hub.sign_in_as("Sam", Role::Worker).unwrap();
    let two = Laptop { dir: new.dir.clone(), world: new.world.clone(), hub };
    // It needs nobody else to be known there: the approval has the roster.
    two.hub.sync_with_relay(&house.address).unwrap();
    assert_eq!(two.queue(), ["Mair"]);
    assert_eq!(two.hub.laptop().unwrap().name, "Hall 2");
    let disk = house.disk();
    for word in [code.as_str(), "Hall 2", "Mair"] {
        assert!(!disk.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
    }
}

#[test]
fn a_relay_that_answers_in_the_administrators_place_takes_nobody_in() {
    let council = Council::found();
    let house = House::of(&[&council.one.hub]);
    council.one.hub.sync_with_relay(&house.address).unwrap();
    let new = Newcomer::beside(&council, 2);
    let asking = new.asks();
    asking.knock(&house.address, None).unwrap();
    approve(&council, &house, &asking.code()).unwrap();
    house.change("UPDATE mail SET bytes = CAST(substr(bytes, 1, 60) || x'00' || substr(bytes, 62) AS BLOB)");
    let changed = asking.answered(&house.address, None).unwrap().unwrap();
    let told = asking.finish(&changed, "", &passphrase()).unwrap_err();
    assert!([HubError::WrongCode, HubError::NotAnApproval].contains(&told), "{told:?}");
}

#[test]
fn what_stands_in_the_way_of_asking_at_a_relay_has_its_sentence() {
    let (council, other) = (Council::found(), Council::found_as(9));
    let mut house = House::of(&[&council.one.hub, &other.one.hub]);
    let asking = Newcomer::beside(&council, 2).asks();
    for wrong in [None, Some("not a key"), Some(&"v".repeat(52)[..])] {
        assert_eq!(asking.knock(&house.address, wrong), Err(HubError::RelayOtherCouncil), "{wrong:?}");
    }
    asking.knock(&house.address, Some(&other.one.hub.council_key())).unwrap();
    assert_eq!(approve(&council, &house, &asking.code()), Err(HubError::WrongCode), "it knocked elsewhere");
    let address = house.address.clone();
    house.stop();
    assert_eq!(asking.knock(&address, None), Err(HubError::RelayUnreachable));
    assert_eq!(asking.answered(&address, None), Err(HubError::RelayUnreachable));
}
