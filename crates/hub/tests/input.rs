//! Bad input: each is refused with its field, or kept clean; and nothing half-done stays.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod common;

use common::{Laptop, refused};
use hub::action::check_in::CheckIn;
use hub::action::person::PersonChange;
use hub::action::waiting_list::AddToWaitingList;
use hub::action::write_conversation::{Agree, Typed};
use hub::problem::ProblemCode as Code;
use hub::view::question::QuestionField;
use hub::view::shell::Role;
use proptest::prelude::*;
use sync_schema::{Band, CalendarDate, PersonId, Tool, WaitingKind};

fn named(name: &str) -> CheckIn {
    CheckIn { name: name.to_owned(), ..CheckIn::default() }
}

#[test]
fn names_of_every_kind_at_the_door() {
    let laptop = Laptop::first();
    laptop.seat("Jo", Role::Volunteer);
    let longest = "é".repeat(300);
    for (typed, kept) in [
        ("", None),
        (" \u{200b} ", None),
        ("X", Some("X")),
        ("👵🏽 Nan", Some("👵🏽 Nan")),
        ("عائشة", Some("عائشة")),
        ("\u{202e}live", Some("live")),
        ("👨‍👩‍👧‍👦", Some("👨‍👩‍👧‍👦")),
        ("A\u{0}n\u{7}n\u{1b}[31m", Some("Ann[31m")),
        (longest.as_str(), Some(longest.as_str())),
    ] {
        laptop.minutes_pass(1);
        laptop.hub.check_in(named(typed)).unwrap();
        let queue = laptop.hub.queue().unwrap();
        assert_eq!(queue.waiting.last().unwrap().name.as_deref(), kept, "{typed:?}");
    }
    let before = laptop.hub.queue().unwrap();
    let too_long = refused(laptop.hub.check_in(named(&"é".repeat(301))));
    assert_eq!(too_long, (Code::TooLong, Some("name".to_owned())));
    assert_eq!(laptop.hub.queue().unwrap(), before);
}

#[test]
fn a_reason_of_twenty_thousand_characters() {
    let laptop = Laptop::first();
    laptop.seat("Jo", Role::Volunteer);
    let reason = "ż".repeat(20_000);
    laptop.check_in("Łukasz", &reason);
    assert_eq!(laptop.hub.queue().unwrap().waiting[0].reason, reason);
    let longer = CheckIn { reason: "ż".repeat(20_001), ..CheckIn::default() };
    assert_eq!(refused(laptop.hub.check_in(longer)), (Code::TooLong, Some("reason".to_owned())));
    let interpreter = CheckIn { interpreter: Some("x".repeat(101)), ..CheckIn::default() };
    assert_eq!(refused(laptop.hub.check_in(interpreter)), (Code::TooLong, Some("interpreter".to_owned())));
    let companion = CheckIn { companion: Some("x".repeat(301)), ..CheckIn::default() };
    assert_eq!(refused(laptop.hub.check_in(companion)), (Code::TooLong, Some("companion".to_owned())));
}

fn with_person() -> (Laptop, PersonId, sync_schema::ConversationId) {
    let laptop = Laptop::first();
    laptop.seat("Sam", Role::Worker);
    let visit = laptop.check_in("Mair", "").visit;
    let conversation = laptop.hub.begin_conversation(visit, None).unwrap();
    let person = laptop.hub.conversation(conversation).unwrap().person;
    (laptop, person, conversation)
}

#[test]
fn what_is_known_of_a_person() {
    let (laptop, person, _) = with_person();
    let hub = &laptop.hub;
    let born = |day: &str, month: &str, year: &str| {
        let (day, month, year) = (day.to_owned(), month.to_owned(), year.to_owned());
        hub.change_person(person, PersonChange::BornOn { day, month, year, approximate: true })
    };
    let about = |code, field: &str| (code, Some(field.to_owned()));
    assert_eq!(refused(born("24", "11", "2026")), about(Code::DateInFuture, "bornOn"));
    assert_eq!(refused(born("23", "11", "1896")), about(Code::DateTooLongAgo, "bornOn"));
    assert_eq!(refused(born("31", "2", "1950")), about(Code::NotADate, "bornOn"));
    born("27", "3", "1948").unwrap();
    let view = hub.person(person).unwrap();
    assert_eq!(view.born_on.map(|day| day.to_string()).as_deref(), Some("1948-03-27"));
    assert!(view.born_approximate);
    born("", "", "").unwrap();
    assert_eq!(hub.person(person).unwrap().born_on, None);

    let change = |change| refused(hub.change_person(person, change));
    assert_eq!(change(PersonChange::Phone("none".to_owned())), about(Code::NotAPhone, "phone"));
    assert_eq!(change(PersonChange::Postcode("BS1".to_owned())), about(Code::NotAPostcode, "postcode"));
    assert_eq!(change(PersonChange::Name("x".repeat(301))), about(Code::TooLong, "name"));
    let answer = hub.answer_question(person, QuestionField::BornOn, "yesterday".to_owned());
    assert_eq!(refused(answer), about(Code::NotADate, "bornOn"));
    hub.change_person(person, PersonChange::Postcode("bs14st".to_owned())).unwrap();
    assert_eq!(hub.person(person).unwrap().postcode.as_deref(), Some("BS1 4ST"));
    let nobody = hub.change_person(PersonId::from_bytes([7; 16]), PersonChange::Name("Eve".to_owned()));
    assert_eq!(refused(nobody), (Code::NotFound, None));
}

#[test]
fn what_is_agreed_and_written() {
    let (laptop, _, conversation) = with_person();
    let hub = &laptop.hub;
    let agree = |who: &str, what: &str| {
        let agree = Agree { who: who.to_owned(), what: what.to_owned(), by_when: None };
        refused(hub.agree(conversation, agree))
    };
    assert_eq!(agree(" ", "Rings"), (Code::Empty, Some("who".to_owned())));
    assert_eq!(agree("Sam", ""), (Code::Empty, Some("what".to_owned())));
    assert_eq!(agree("Sam", &"x".repeat(2_001)), (Code::TooLong, Some("what".to_owned())));
    let long = hub.write(conversation, Tool::Notes, Typed::now("x".repeat(20_001)));
    assert_eq!(refused(long), (Code::TooLong, Some("text".to_owned())));
    hub.write(conversation, Tool::Notes, Typed::now("a\u{0}b\nc\td")).unwrap();
    let texts = hub.conversation(conversation).unwrap().texts;
    assert!(texts.iter().any(|under| under.text == "ab\nc\td"));
}

#[test]
fn days_of_asking() {
    let (laptop, person, _) = with_person();
    let ask = |day: &str| {
        let requested_on: CalendarDate = day.parse().unwrap();
        let kind = WaitingKind::Assessment;
        laptop.hub.add_to_waiting_list(AddToWaitingList { person, kind, band: Band::Low, requested_on, hub: None })
    };
    assert_eq!(refused(ask("2026-11-24")), (Code::DateInFuture, Some("requestedOn".to_owned())));
    assert_eq!(refused(ask("1989-12-31")), (Code::DateTooLongAgo, Some("requestedOn".to_owned())));
    let entry = ask("2026-11-23").unwrap();
    assert_eq!(refused(laptop.hub.close_entry(entry, String::new())), (Code::Empty, Some("outcome".to_owned())));
    let past = laptop.hub.kept_in_touch(entry, Some("2026-11-22".parse().unwrap()));
    assert_eq!(refused(past), (Code::DateTooLongAgo, Some("nextDue".to_owned())));
}

#[test]
fn whatever_is_typed_at_the_door_is_kept_clean_or_refused() {
    let laptop = Laptop::first();
    laptop.seat("Jo", Role::Volunteer);
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 64, fork: false, ..ProptestConfig::default() });
    runner
        .run(&(any::<String>(), any::<String>()), |(name, reason)| {
            let checked_in = laptop.hub.check_in(CheckIn { name, reason, ..CheckIn::default() }).unwrap();
            let queue = laptop.hub.queue().unwrap();
            let row = queue.waiting.iter().find(|row| row.visit == checked_in.visit).unwrap();
            prop_assert!(row.name.iter().all(|name| !name.is_empty() && !name.chars().any(char::is_control)));
            prop_assert!(!row.reason.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
            Ok(())
        })
        .unwrap();
    assert!(laptop.hub.verify().unwrap().is_whole());
}
