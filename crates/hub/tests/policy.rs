//! Policy is asked before anything is read: what a role may not do is refused, whatever is there.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod common;

use common::Laptop;
use hub::HubError;
use hub::action::check_in::CheckIn;
use hub::action::person::PersonChange;
use hub::action::waiting_list::AddToWaitingList;
use hub::action::write_conversation::{Agree, Typed};
use hub::view::question::QuestionField;
use hub::view::shell::Role;
use hub::view::trends::TrendsFilter;
use hub::view::waiting::WaitingFilter;
use sync_schema::{
    ActionId, Band, ConversationId, EntryId, ListingId, PersonId, SignpostId, Tool, VisitId, WaitingKind,
};

type Asked = (&'static str, Box<dyn Fn(&hub::Hub) -> Result<(), HubError>>);

fn ask<T>(name: &'static str, asked: impl Fn(&hub::Hub) -> Result<T, HubError> + 'static) -> Asked {
    (name, Box::new(move |hub| asked(hub).map(drop)))
}

fn door() -> Vec<Asked> {
    let visit = VisitId::from_bytes([1; 16]);
    vec![
        ask("queue", |hub| hub.queue()),
        ask("check_in", |hub| hub.check_in(CheckIn::default())),
        ask("keep_door_draft", |hub| hub.keep_door_draft(CheckIn::default())),
        ask("door_draft", |hub| hub.door_draft()),
        ask("note_left", move |hub| hub.note_left(visit)),
        ask("note_stepped_outside", move |hub| hub.note_stepped_outside(visit, 5)),
        ask("note_back", move |hub| hub.note_back(visit)),
        ask("correct_needs", move |hub| hub.correct_needs(visit, Vec::new(), None)),
        ask("undo_last", move |hub| hub.undo_last(visit)),
    ]
}

fn casework() -> Vec<Asked> {
    let (visit, person) = (VisitId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
    let (talk, action) = (ConversationId::from_bytes([3; 16]), ActionId::from_bytes([4; 16]));
    let signpost = SignpostId::from_bytes([5; 16]);
    let agree = || Agree { who: "Sam".to_owned(), what: "Rings".to_owned(), by_when: None };
    vec![
        ask("today", |hub| hub.today()),
        ask("conversation", move |hub| hub.conversation(talk)),
        ask("people", |hub| hub.people("mair")),
        ask("person", move |hub| hub.person(person)),
        ask("who_may_this_be", move |hub| hub.who_may_this_be(visit)),
        ask("questions", |hub| hub.questions()),
        ask("begin_conversation", move |hub| hub.begin_conversation(visit, None)),
        ask("keep_draft", move |hub| hub.keep_draft(talk, Tool::Notes, Typed::now(String::new()))),
        ask("write", move |hub| hub.write(talk, Tool::Notes, Typed::now(String::new()))),
        ask("agree", move |hub| hub.agree(talk, agree())),
        ask("agreed_done", move |hub| hub.agreed_done(talk, action, true)),
        ask("strike_agreed", move |hub| hub.strike_agreed(talk, action)),
        ask("signpost", move |hub| hub.signpost(talk, vec![ListingId::from_bytes([6; 16])])),
        ask("take_back_signpost", move |hub| hub.take_back_signpost(talk, signpost)),
        ask("finish_conversation", move |hub| hub.finish_conversation(talk)),
        ask("reopen_conversation", move |hub| hub.reopen_conversation(talk)),
        ask("change_person", move |hub| hub.change_person(person, PersonChange::Name(String::new()))),
        ask("correct_person_needs", move |hub| hub.correct_person_needs(person, Vec::new())),
        ask("answer_question", move |hub| hub.answer_question(person, QuestionField::Name, String::new())),
    ]
}

fn list_keeping() -> Vec<Asked> {
    let (person, entry) = (PersonId::from_bytes([2; 16]), EntryId::from_bytes([7; 16]));
    let requested_on = "2026-11-02".parse().unwrap();
    let add = AddToWaitingList { person, kind: WaitingKind::Assessment, band: Band::Low, requested_on, hub: None };
    vec![
        ask("add_to_waiting_list", move |hub| hub.add_to_waiting_list(add.clone())),
        ask("kept_in_touch", move |hub| hub.kept_in_touch(entry, None)),
        ask("reband", move |hub| hub.reband(entry, Band::High)),
        ask("close_entry", move |hub| hub.close_entry(entry, "seen".to_owned())),
    ]
}

fn lists() -> Vec<Asked> {
    let filter = || TrendsFilter { kind: WaitingKind::Assessment, hub: None, band: None, weeks: 13 };
    vec![
        ask("waiting_list", |hub| hub.waiting_list(WaitingFilter::default())),
        ask("trends", move |hub| hub.trends(filter())),
    ]
}

fn team() -> Vec<Asked> {
    vec![ask("add_team_member", |hub| hub.add_team_member("Ann", Role::Worker))]
}

fn anyone() -> Vec<Asked> {
    vec![
        ask("shell", |hub| hub.shell()),
        ask("laptop", |hub| hub.laptop()),
        ask("board", |hub| hub.board()),
        ask("directory", |hub| hub.directory("")),
        ask("everything", |hub| hub.everything("mair")),
        ask("set_sync_folder", |hub| hub.set_sync_folder(None)),
    ]
}

#[test]
fn each_role_may_do_what_is_theirs_and_nothing_else() {
    let laptop = Laptop::first();
    for (role, may) in [
        (Role::Volunteer, [true, false, false, false, false, true]),
        (Role::Worker, [true, true, true, true, true, true]),
        (Role::Manager, [false, false, false, true, true, true]),
    ] {
        laptop.seat("Alex", role);
        for (group, allowed) in [door(), casework(), list_keeping(), lists(), team(), anyone()].iter().zip(may) {
            for (name, asked) in group {
                let refused = asked(&laptop.hub) == Err(HubError::NotAllowed);
                assert_eq!(refused, !allowed, "{name} as {role:?}");
            }
        }
    }
}

#[test]
fn nobody_who_is_not_there_sees_anything() {
    let laptop = Laptop::first();
    for (name, asked) in [door(), casework(), list_keeping(), lists()].iter().flatten() {
        assert_eq!(asked(&laptop.hub), Err(HubError::NotSignedIn), "{name}");
    }
    assert_eq!(laptop.hub.shell().unwrap_err(), HubError::NotSignedIn);
}

#[test]
fn everything_leaves_out_what_a_role_may_not_see() {
    let laptop = Laptop::first();
    laptop.seat("Sam", Role::Worker);
    let visit = laptop.check_in("Mair", "").visit;
    laptop.check_in("Mair too", "");
    laptop.hub.begin_conversation(visit, None).unwrap();
    assert_eq!(laptop.hub.everything("mair").unwrap().people.len(), 1);
    laptop.seat("Jo", Role::Volunteer);
    let found = laptop.hub.everything("mair").unwrap();
    assert_eq!((found.people.len(), found.here.len()), (0, 1));
    laptop.seat("Ann", Role::Manager);
    let found = laptop.hub.everything("mair").unwrap();
    assert_eq!((found.people.len(), found.here.len()), (0, 0));
}
