//! A laptop whose clock is wrong asks for the date at its start; what was saved stays, and work goes on.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::{Laptop, PASSPHRASE, TEN_O_CLOCK};
use hub::action::waiting_list::AddToWaitingList;
use hub::ports::Virtual;
use hub::view::shell::{AskDate, Role, Start};
use hub::{Hub, Join, Passphrase};
use sync_schema::{Band, Instant, WaitingKind};

const DAY: i64 = 24 * 60;
const TWO_YEARS: i64 = 2 * 365 * DAY;

/// What is asked at the start, if the date is.
fn asked(hub: &Hub) -> Option<AskDate> {
    match hub.start_state().unwrap() {
        Start::AskDate(ask) => Some(ask),
        Start::SignIn(_) => None,
        other => panic!("{other:?}"),
    }
}

fn with_a_visit() -> Laptop {
    let laptop = Laptop::first();
    laptop.seat("Jo", Role::Volunteer);
    laptop.check_in("Mair", "");
    laptop
}

#[test]
fn a_clock_two_years_back_is_asked_about_and_work_goes_on_once_it_is_believed() {
    let laptop = with_a_visit();
    laptop.minutes_pass(-TWO_YEARS);
    let laptop = laptop.restart();
    let clock = Instant::from_millis(TEN_O_CLOCK - TWO_YEARS * 60_000);
    assert_eq!(asked(&laptop.hub), Some(AskDate { clock, newest: Instant::from_millis(TEN_O_CLOCK) }));
    laptop.hub.believe_clock().unwrap();
    assert_eq!(asked(&laptop.hub), None);
    laptop.seat("Jo", Role::Volunteer);
    laptop.check_in("Idris", "");
    assert_eq!(laptop.hub.queue().unwrap().waiting.len(), 1);

    laptop.minutes_pass(DAY);
    let laptop = laptop.restart();
    assert_eq!(asked(&laptop.hub), None, "it was asked and answered");
    assert!(laptop.hub.verify().unwrap().is_whole());
}

#[test]
fn a_clock_that_is_set_right_is_not_asked_about_any_more() {
    let laptop = with_a_visit();
    laptop.minutes_pass(-TWO_YEARS);
    let laptop = laptop.restart();
    assert!(asked(&laptop.hub).is_some() && asked(&laptop.hub).is_some());
    laptop.minutes_pass(TWO_YEARS + 10);
    assert_eq!(asked(&laptop.hub), None);
    laptop.minutes_pass(-TWO_YEARS);
    assert_eq!(asked(&laptop.hub), None, "asked at the start, and not in the middle of a morning");
    assert!(asked(&laptop.restart().hub).is_some());
}

#[test]
fn six_weeks_in_a_cupboard_is_no_reason_to_ask_and_ten_weeks_is() {
    let laptop = with_a_visit();
    laptop.minutes_pass(6 * 7 * DAY);
    let laptop = laptop.restart();
    assert_eq!(asked(&laptop.hub), None);
    laptop.minutes_pass(4 * 7 * DAY);
    let laptop = laptop.restart();
    assert!(asked(&laptop.hub).is_some());
    laptop.hub.believe_clock().unwrap();
    let laptop = laptop.restart();
    assert_eq!(asked(&laptop.hub), None);
    laptop.minutes_pass(61 * DAY);
    assert!(asked(&laptop.restart().hub).is_some(), "and again after as long");
}

#[test]
fn clocks_some_minutes_apart_and_a_laptop_that_knows_nothing_yet_are_not_asked_about() {
    let laptop = Laptop::first();
    laptop.minutes_pass(-TWO_YEARS);
    let laptop = laptop.restart();
    assert_eq!(asked(&laptop.hub), None);
    laptop.seat("Jo", Role::Volunteer);
    laptop.check_in("Mair", "");
    laptop.minutes_pass(-4);
    assert_eq!(asked(&laptop.restart().hub), None);
}

#[test]
fn a_hidden_screen_asks_for_the_passphrase_first() {
    let laptop = with_a_visit();
    laptop.minutes_pass(-TWO_YEARS);
    let laptop = laptop.restart();
    laptop.hub.lock().unwrap();
    assert!(matches!(laptop.hub.start_state().unwrap(), Start::Locked { .. }));
    laptop.hub.unlock(&PASSPHRASE.into()).unwrap();
    assert!(asked(&laptop.hub).is_some());
}

#[test]
fn an_office_that_holds_only_waiting_lists_asks_too() {
    let first = Laptop::first();
    first.seat("Sam", Role::Worker);
    let visit = first.check_in("Mair", "").visit;
    let talk = first.hub.begin_conversation(visit, None).unwrap();
    let person = first.hub.conversation(talk).unwrap().person;
    let entry = AddToWaitingList {
        person,
        kind: WaitingKind::OccupationalTherapy,
        band: Band::Low,
        requested_on: "2026-11-20".parse().unwrap(),
        hub: None,
    };
    first.hub.add_to_waiting_list(entry).unwrap();
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name);
    std::fs::create_dir(path("stick")).unwrap();
    std::fs::write(path("join"), first.hub.invite(Role::Manager, None).unwrap().as_slice()).unwrap();
    let world = Virtual::new(5, Instant::from_millis(TEN_O_CLOCK - TWO_YEARS * 60_000));
    let passphrase = Passphrase::from(PASSPHRASE);
    let (file, laptop) = (&path("join"), "Office".to_owned());
    let join = Join { file, laptop, passphrase: passphrase.clone() };
    let office = Hub::join(&path("office"), join, &world.ports()).unwrap();
    assert_eq!(asked(&office), None);
    first.hub.sync_with(&path("stick")).unwrap();
    assert!(office.sync_with(&path("stick")).unwrap().applied > 0);
    drop(office);
    let office = Hub::open(&path("office"), &passphrase, &world.ports()).unwrap();
    assert_eq!(asked(&office).unwrap().newest.to_utc().to_string(), "2026-11-20 00:00:00 UTC");
}
