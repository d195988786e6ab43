//! A worker's slip on a waiting list is taken back, whatever it was; another laptop's note is not theirs to take back.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod common;

use common::{Laptop, refused};
use hub::action::waiting_list::AddToWaitingList;
use hub::problem::ProblemCode as Code;
use hub::view::shell::Role;
use hub::view::waiting::{EntryRow, WaitingFilter};
use sync_schema::{Band, EntryId, WaitingKind};

/// Someone on the occupational therapist's list, added by the worker who still sits there.
fn asked() -> (Laptop, EntryId) {
    let laptop = Laptop::first();
    laptop.seat("Rhian", Role::Worker);
    let visit = laptop.check_in("Mair", "a rail by the bath").visit;
    let conversation = laptop.hub.begin_conversation(visit, None).unwrap();
    let person = laptop.hub.conversation(conversation).unwrap().person;
    let entry = laptop
        .hub
        .add_to_waiting_list(AddToWaitingList {
            person,
            kind: WaitingKind::OccupationalTherapy,
            band: Band::Medium,
            requested_on: "2026-11-02".parse().unwrap(),
            hub: None,
        })
        .unwrap();
    (laptop, entry)
}

fn rows(laptop: &Laptop) -> Vec<EntryRow> {
    laptop.hub.waiting_list(WaitingFilter::default()).unwrap().entries
}

#[test]
fn each_thing_done_on_a_list_can_be_taken_back() {
    let (laptop, entry) = asked();
    let before = rows(&laptop);
    let hub = &laptop.hub;
    hub.reband(entry, Band::Urgent).unwrap();
    assert_eq!(rows(&laptop)[0].band, Band::Urgent);
    hub.undo_on_entry(entry).unwrap();
    assert_eq!(rows(&laptop), before);

    hub.kept_in_touch(entry, Some("2026-12-08".parse().unwrap())).unwrap();
    assert!(rows(&laptop)[0].next_call_due.is_some());
    hub.undo_on_entry(entry).unwrap();
    assert_eq!(rows(&laptop), before);

    hub.close_entry(entry, "died".to_owned()).unwrap();
    assert_eq!(rows(&laptop), []);
    hub.undo_on_entry(entry).unwrap();
    assert_eq!(rows(&laptop), before);

    // What is left to take back is the adding itself; after that, nothing is.
    hub.undo_on_entry(entry).unwrap();
    assert_eq!(rows(&laptop), []);
    assert_eq!(refused(hub.undo_on_entry(entry)), (Code::NotFound, None));
    let laptop = laptop.restart();
    laptop.seat("Rhian", Role::Worker);
    assert_eq!(rows(&laptop), []);
}

#[test]
fn only_whoever_keeps_the_lists_takes_back() {
    let (laptop, entry) = asked();
    for role in [Role::Volunteer, Role::Manager] {
        laptop.seat("Joan", role);
        assert_eq!(refused(laptop.hub.undo_on_entry(entry)).0, Code::NotAllowed);
    }
    laptop.seat("Rhian", Role::Worker);
    assert_eq!(rows(&laptop).len(), 1);
}
