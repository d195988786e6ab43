//! What an administrator did who was taken out at the same time, and what comes of it being void.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod sync_support;

use hub::view::shell::Role;
use hub::{HubError, Passphrase};
use sync_support::{Council, Laptop, PASSPHRASE};

fn passphrase() -> Passphrase {
    Passphrase::from(PASSPHRASE)
}

fn id_of(by: &Laptop, name: &str) -> String {
    let others = by.hub.laptop().unwrap().others;
    others.into_iter().find(|other| other.name == name).unwrap().id
}

#[test]
fn an_erasure_by_one_who_had_been_taken_out_is_taken_back() {
    let council = Council::found();
    let (two, three) = (council.joins(Role::Worker, 2), council.joins(Role::Worker, 3));
    let visit = three.check_in("Mair");
    let talk = three.hub.begin_conversation(visit, None).unwrap();
    let person = three.hub.conversation(talk).unwrap().person;
    council.meet(&[&two, &three]);
    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    council.one.hub.make_administrator(&id_of(&council.one, "Green Lane 2"), &passphrase()).unwrap();
    council.meet(&[&two, &three]);
    // Each does it without the other's having heard; the third hears of the erasure first.
    two.hub.erase_person(person, &passphrase()).unwrap();
    council.one.hub.take_out(&id_of(&council.one, "Green Lane 2"), &passphrase()).unwrap();
    two.share(&council.stick());
    three.share(&council.stick());
    assert_eq!(three.hub.person(person).unwrap_err(), HubError::NotFound);
    council.meet(&[&three]);
    council.meet(&[&three]);
    council.one.hub.sign_in_as("Sam", Role::Worker).unwrap();
    for laptop in [&council.one, &three] {
        assert_eq!(laptop.hub.person(person).unwrap().name.as_deref(), Some("Mair"));
        assert_eq!(laptop.hub.conversation(talk).unwrap().person, person);
        assert!(laptop.hub.verify().unwrap().is_whole());
        assert_eq!(laptop.hub.shell().unwrap().sync.parked, 0);
    }
}
