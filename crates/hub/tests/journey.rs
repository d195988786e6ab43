//! A morning at a Talking Point on one laptop, without a window.

mod common;

use common::Laptop;
use hub::HubError;
use hub::action::check_in::CheckIn;
use hub::action::person::PersonChange;
use hub::action::waiting_list::AddToWaitingList;
use hub::action::write_conversation::{Agree, Typed};
use hub::problem::ProblemCode;
use hub::view::queue::WaitLength;
use hub::view::shell::{Place, Role, Start};
use hub::view::waiting::WaitingFilter;
use sync_schema::{Band, CalendarDate, Need, Tool, WaitingKind};

fn mair() -> CheckIn {
    CheckIn {
        name: "Mair".to_owned(),
        reason: "My knees, and the stairs.".to_owned(),
        needs: vec![Need::LargePrint, Need::Welsh],
        been_before: Some(true),
        ..CheckIn::default()
    }
}

#[test]
fn four_people_come_to_the_door() {
    let laptop = Laptop::first();
    laptop.seat("Jo", Role::Volunteer);
    let hub = &laptop.hub;
    assert_eq!(hub.queue().unwrap().next_ticket, "A1");

    let first = hub.check_in(mair()).unwrap();
    laptop.minutes_pass(10);
    let unnamed = laptop.check_in("", "");
    laptop.minutes_pass(10);
    let couple =
        hub.check_in(CheckIn { name: "Idris".to_owned(), companion: Some(" ".to_owned()), ..CheckIn::default() });
    let couple = couple.unwrap();
    laptop.minutes_pass(10);
    let long = "Dzień dobry. ".repeat(1_500);
    let polish = laptop.check_in("Łukasz", &long);

    let queue = hub.queue().unwrap();
    let tickets: Vec<&str> = queue.waiting.iter().map(|waiting| waiting.ticket.as_str()).collect();
    assert_eq!(tickets, ["A1", "A2", "A3", "A4"]);
    let lengths: Vec<WaitLength> = queue.waiting.iter().map(|waiting| waiting.length).collect();
    assert_eq!(lengths, [WaitLength::Long, WaitLength::Middling, WaitLength::Fresh, WaitLength::Fresh]);
    let told = &queue.waiting[0];
    assert_eq!((told.minutes, told.name.as_deref(), told.been_before), (30, Some("Mair"), Some(true)));
    assert_eq!(told.needs, [Need::Welsh, Need::LargePrint]);
    assert_eq!(queue.waiting[1].name, None);
    assert_eq!(queue.waiting[1].friendly, unnamed.friendly);
    assert_eq!(queue.waiting[2].companion.as_deref(), Some(""));
    assert_eq!(queue.waiting[3].reason, long.trim());

    hub.note_left(couple.visit).unwrap();
    assert_eq!(hub.queue().unwrap().finished, 1);
    hub.undo_last(couple.visit).unwrap();
    assert_eq!(hub.queue().unwrap().waiting.len(), 4);
    assert_eq!(hub.undo_last(couple.visit), Err(HubError::NotFound));

    hub.note_stepped_outside(first.visit, 10).unwrap();
    let outside = hub.queue().unwrap().waiting[0].outside_until.unwrap();
    assert_eq!(outside.minutes_since(laptop.hub.queue().unwrap().waiting[0].came_at), 40);
    hub.note_back(first.visit).unwrap();
    assert_eq!(hub.queue().unwrap().waiting[0].outside_until, None);
    hub.correct_needs(polish.visit, vec![Need::Interpreter], Some("Polish".to_owned())).unwrap();
    let corrected = hub.queue().unwrap().waiting[3].clone();
    assert_eq!((corrected.needs, corrected.interpreter.as_deref()), (vec![Need::Interpreter], Some("Polish")));

    let board = serde_json::to_string(&hub.board().unwrap()).unwrap();
    assert!(board.contains("A4") && !board.contains("Mair") && !board.contains("Idris"));
}

#[test]
fn a_worker_takes_the_next_person() {
    let laptop = Laptop::first();
    laptop.seat("Jo", Role::Volunteer);
    let visit = laptop.hub.check_in(mair()).unwrap().visit;
    let other = laptop.check_in("Mair Evans", "Benefits").visit;
    laptop.seat("Sam", Role::Worker);
    let hub = &laptop.hub;

    let id = hub.begin_conversation(visit, None).unwrap();
    assert_eq!(hub.begin_conversation(visit, None), Err(HubError::AlreadyTaken));
    let queue = hub.queue().unwrap();
    assert_eq!(queue.being_seen[0].with, ["Sam"]);
    assert_eq!(hub.board().unwrap().called[0].ticket, "A1");

    let view = hub.conversation(id).unwrap();
    assert_eq!(view.own_words, "My knees, and the stairs.");
    assert_eq!(view.needs, [Need::Welsh, Need::LargePrint]);
    assert_eq!((view.name.as_deref(), view.worker.as_str()), (Some("Mair"), "Sam"));
    hub.correct_needs(visit, vec![Need::Interpreter], Some("Polish".to_owned())).unwrap();
    assert_eq!(hub.conversation(id).unwrap().interpreter.as_deref(), Some("Polish"));

    hub.keep_draft(id, Tool::GoodDay, Typed::now("The market with")).unwrap();
    let laptop = laptop.restart();
    laptop.seat("Sam", Role::Worker);
    let hub = &laptop.hub;
    let text = |tool| {
        let view = hub.conversation(id).unwrap();
        view.texts.into_iter().find(|under| under.tool == tool).map(|under| under.text)
    };
    assert_eq!(text(Tool::GoodDay).as_deref(), Some("The market with"));
    hub.write(id, Tool::GoodDay, Typed::now("The market with Ann.")).unwrap();
    hub.write(id, Tool::Offer, Typed::now("Teaches crochet.")).unwrap();
    assert_eq!(text(Tool::GoodDay).as_deref(), Some("The market with Ann."));

    let agree = Agree { who: "Sam".to_owned(), what: "Rings about the rail".to_owned(), by_when: None };
    let action = hub.agree(id, agree.clone()).unwrap();
    hub.agreed_done(id, action, true).unwrap();
    assert!(hub.conversation(id).unwrap().agreed[0].done);
    let slip = hub.agree(id, agree).unwrap();
    hub.strike_agreed(id, slip).unwrap();
    assert_eq!(hub.conversation(id).unwrap().agreed.len(), 1);

    assert_eq!(hub.today().unwrap().mine.len(), 1);
    hub.keep_draft(id, Tool::Notes, Typed::now("Rail by the stairs.")).unwrap();
    hub.finish_conversation(id).unwrap();
    assert_eq!(text(Tool::Notes).as_deref(), Some("Rail by the stairs."));
    assert_eq!(hub.today().unwrap().finished[0].conversation, id);
    assert_eq!(hub.queue().unwrap().finished, 1);
    hub.reopen_conversation(id).unwrap();
    assert_eq!(hub.conversation(id).unwrap().finished_at, None);

    let alike = hub.who_may_this_be(other).unwrap();
    assert_eq!(alike.iter().map(|person| person.id).collect::<Vec<_>>(), [view.person]);
    let again = hub.begin_conversation(other, Some(view.person)).unwrap();
    assert_eq!(hub.person(view.person).unwrap().conversations.len(), 2);
    assert_eq!(hub.person(view.person).unwrap().visits.len(), 2);
    assert_eq!(hub.conversation(again).unwrap().own_words, "Benefits");
    assert_eq!(hub.everything("mair").unwrap().people.len(), 1);
    assert_eq!(hub.people("").unwrap()[0].id, view.person);
}

#[test]
fn a_person_joins_a_waiting_list_and_stays_in_touch() {
    let laptop = Laptop::first();
    laptop.seat("Sam", Role::Worker);
    let hub = &laptop.hub;
    let visit = hub.check_in(mair()).unwrap().visit;
    let id = hub.begin_conversation(visit, None).unwrap();
    let person = hub.conversation(id).unwrap().person;
    hub.change_person(person, PersonChange::Phone("0117 496 0123".to_owned())).unwrap();
    let day = |text: &str| text.parse::<CalendarDate>().unwrap();
    let add = AddToWaitingList {
        person,
        kind: WaitingKind::OccupationalTherapy,
        band: Band::Medium,
        requested_on: day("2026-11-02"),
        hub: None,
    };
    let entry = hub.add_to_waiting_list(add).unwrap();
    hub.kept_in_touch(entry, Some(day("2026-12-07"))).unwrap();
    hub.reband(entry, Band::High).unwrap();

    let list = hub.waiting_list(WaitingFilter::default()).unwrap();
    assert!(list.names);
    let row = &list.entries[0];
    assert_eq!((row.name.as_deref(), row.days, row.band), (Some("Mair"), 21, Band::High));
    assert_eq!(row.next_call_due, Some(day("2026-12-07")));
    assert_eq!(hub.conversation(id).unwrap().waiting[0].id, entry);

    hub.close_entry(entry, "seen".to_owned()).unwrap();
    assert_eq!(hub.waiting_list(WaitingFilter::default()).unwrap().total, 0);
    assert!(!hub.person(person).unwrap().waiting[0].open);
}

#[test]
fn what_is_done_survives_a_restart_and_the_rows_can_be_made_again() {
    let laptop = Laptop::first();
    laptop.seat("Sam", Role::Worker);
    let visit = laptop.hub.check_in(mair()).unwrap().visit;
    laptop.hub.begin_conversation(visit, None).unwrap();
    laptop.hub.keep_door_draft(CheckIn { name: "Half a na".to_owned(), ..CheckIn::default() }).unwrap();

    let laptop = laptop.restart();
    assert!(matches!(laptop.hub.start_state().unwrap(), Start::SignIn(_)));
    laptop.seat("Sam", Role::Worker);
    assert_eq!(laptop.hub.door_draft().unwrap().unwrap().name, "Half a na");
    assert_eq!(laptop.hub.today().unwrap().mine.len(), 1);
    let before = laptop.hub.queue().unwrap();
    laptop.hub.rebuild_projections().unwrap();
    assert_eq!(laptop.hub.queue().unwrap(), before);
    assert!(laptop.hub.verify().unwrap().is_whole());

    laptop.check_in("", "");
    assert_eq!(laptop.hub.door_draft().unwrap(), None);
}

#[test]
fn the_frame_says_where_we_are() {
    let laptop = Laptop::first();
    laptop.seat("Jo", Role::Volunteer);
    laptop.check_in("Mair", "");
    let shell = laptop.hub.shell().unwrap();
    assert_eq!((shell.council.as_str(), shell.hub.name.as_str()), ("Aberwen Council", "Green Lane"));
    assert_eq!(shell.today.to_string(), "2026-11-23");
    assert_eq!(shell.places[0].place, Place::Door);
    assert_eq!(shell.places[0].count, Some(1));
    assert!(shell.sync.to_share >= 3);
    assert_eq!(laptop.hub.laptop().unwrap().name, "Green Lane 1");
}

#[test]
fn a_screen_is_hidden_and_brought_back_as_it_was() {
    let laptop = Laptop::first();
    laptop.seat("Sam", Role::Worker);
    let hub = &laptop.hub;
    let visit = hub.check_in(mair()).unwrap().visit;
    let id = hub.begin_conversation(visit, None).unwrap();
    hub.keep_draft(id, Tool::Notes, Typed::now("Half a sent")).unwrap();
    hub.lock().unwrap();
    assert_eq!(hub.queue().unwrap_err(), HubError::NotSignedIn);
    assert_eq!(hub.sign_in_as("Eve", Role::Worker), Err(HubError::NotSignedIn));
    assert!(matches!(hub.start_state().unwrap(), Start::Locked { wait_seconds: 0, .. }));
    assert_eq!(hub.unlock(&"not the words".into()), Err(HubError::WrongPassphrase));
    hub.unlock(&common::PASSPHRASE.into()).unwrap();
    let texts = hub.conversation(id).unwrap().texts;
    assert!(texts.iter().any(|under| under.text == "Half a sent"));
    hub.hand_over().unwrap();
    assert_eq!(hub.shell().unwrap_err().problem().code, ProblemCode::NotSignedIn);
}

#[test]
fn people_of_the_register_sign_in() {
    let laptop = Laptop::first();
    let hub = &laptop.hub;
    let sam = hub.add_team_member("Sam", Role::Worker).unwrap();
    hub.add_team_member("Ann", Role::Manager).unwrap();
    let list = hub.sign_in_list().unwrap();
    assert_eq!(list.members.iter().map(|member| member.name.as_str()).collect::<Vec<_>>(), ["Ann", "Sam"]);
    hub.sign_in(sam).unwrap();
    assert_eq!(hub.shell().unwrap().me.name, "Sam");
    assert_eq!(hub.sign_in(sync_schema::TeamMemberId::from_bytes([9; 16])), Err(HubError::NotFound));
}
