//! What an administrator did who was taken out at the same time, and what comes of it being void.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod sync_support;

use std::fs;

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
    let (council, two, three) = with_two_offices();
    let visit = three.check_in("Mair");
    let talk = three.hub.begin_conversation(visit, None).unwrap();
    let person = three.hub.conversation(talk).unwrap().person;
    council.meet(&[&two, &three]);
    // Each does it without the other's having heard; the third hears of the erasure first.
    two.hub.erase_person(person, &passphrase()).unwrap();
    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
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

/// A council whose second administrator's laptop is about to be taken out by the first; and a third laptop.
fn with_two_offices() -> (Council, Laptop, Laptop) {
    let council = Council::found();
    let (two, three) = (council.joins(Role::Worker, 2), council.joins(Role::Worker, 3));
    council.meet(&[&two, &three]);
    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    council.one.hub.make_administrator(&id_of(&council.one, "Green Lane 2"), &passphrase()).unwrap();
    council.meet(&[&two, &three]);
    two.hub.sign_in_as("Bo", Role::Manager).unwrap();
    (council, two, three)
}

#[test]
fn what_others_took_of_one_whom_nobody_who_stands_took_in_stands() {
    let (council, two, three) = with_two_offices();
    let file = council.place.path().join("join-4");
    fs::write(&file, two.hub.invite(Role::Volunteer, None).unwrap().as_slice()).unwrap();
    let four = Laptop::joined(&file, &council.place.path().join("laptop-4"), 4);
    four.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    council.one.hub.take_out(&id_of(&council.one, "Green Lane 2"), &passphrase()).unwrap();
    four.check_in("Known to the third");
    four.share(&council.stick());
    three.share(&council.stick());
    four.check_in("Known to nobody");
    council.one.share(&council.stick());
    assert_eq!(four.try_share(&council.stick()).unwrap_err(), HubError::TakenOut);
    council.meet(&[&three]);
    council.meet(&[&three]);
    council.one.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    for laptop in [&council.one, &three] {
        assert_eq!(laptop.queue(), ["Known to the third"]);
        assert!(laptop.hub.verify().unwrap().is_whole());
        assert_eq!(laptop.hub.shell().unwrap().sync.parked, 0);
    }
}

#[test]
fn what_was_written_by_a_right_that_turns_out_void_stands_as_far_as_it_was_saved() {
    let (council, two, three) = with_two_offices();
    let four = council.joins(Role::Volunteer, 4);
    council.meet(&[&two, &three, &four]);
    two.hub.change_role(&id_of(&two, "Green Lane 4"), Role::Worker, &passphrase()).unwrap();
    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    council.one.hub.take_out(&id_of(&council.one, "Green Lane 2"), &passphrase()).unwrap();
    for laptop in [&two, &four] {
        laptop.share(&council.stick());
    }
    four.hub.sign_in_as("Sam", Role::Worker).unwrap();
    let visit = four.check_in("Mair");
    let talk = four.hub.begin_conversation(visit, None).unwrap();
    let person = four.hub.conversation(talk).unwrap().person;
    for laptop in [&four, &three] {
        laptop.share(&council.stick());
    }
    council.meet(&[&three, &four]);
    council.meet(&[&three, &four]);
    council.one.hub.sign_in_as("Sam", Role::Worker).unwrap();
    for laptop in [&council.one, &three] {
        assert_eq!(laptop.hub.person(person).unwrap().name.as_deref(), Some("Mair"));
        assert!(laptop.hub.verify().unwrap().is_whole());
        assert_eq!(laptop.refused(), []);
    }
    four.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    assert_eq!(four.hub.laptop().unwrap().scopes.len(), 3);
}

#[test]
fn who_is_made_an_administrator_and_something_else_at_once_is_an_administrator() {
    let (council, two, three) = with_two_offices();
    two.hub.make_administrator(&id_of(&two, "Green Lane 3"), &passphrase()).unwrap();
    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    council.one.hub.change_role(&id_of(&council.one, "Green Lane 3"), Role::Manager, &passphrase()).unwrap();
    council.meet(&[&two, &three]);
    council.meet(&[&two, &three]);
    three.hub.sign_in_as("Ann", Role::Manager).unwrap();
    assert_eq!(three.hub.laptop().unwrap().scopes.len(), 6);
    three.hub.renew_keys(&passphrase()).unwrap();
    council.meet(&[&two, &three]);
    assert_eq!(council.one.hub.shell().unwrap().sync.parked, 0);
}
