//! Two laptops that meet: what each did meanwhile stands on both. Changes are handed over from store to store here; how
//! they travel is tested elsewhere.

use std::path::Path;

use sync_schema::{DocId, Instant, Need, Scope};

use super::{Found, Hub, Join};
use crate::action::check_in::CheckIn;
use crate::action::person::PersonChange;
use crate::action::write_conversation::Typed;
use crate::error::HubError;
use crate::ports::Virtual;
use crate::store::{Merged, document};
use crate::view::question::QuestionField;
use crate::view::shell::Role;

/// 23 November 2026 at ten in the morning.
const TEN: Instant = Instant::from_millis(1_795_428_000_000);

struct Hall {
    door: Hub,
    table: Hub,
    _folder: tempfile::TempDir,
}

impl Hall {
    /// Green Lane 1 with a volunteer, Green Lane 2 with a worker; both know the council.
    fn opened() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = |name: &str| folder.path().join(name);
        let found = Found {
            council: "Aberwen".to_owned(),
            hub: "Green Lane".to_owned(),
            laptop: String::new(),
            passphrase: "three plain words".into(),
        };
        let (door, _) = Hub::found(&dir("one"), found, &Virtual::new(1, TEN).ports()).unwrap();
        std::fs::write(dir("join"), door.invite(Role::Worker, None).unwrap().as_slice()).unwrap();
        let table = joined(&dir("join"), &dir("two"));
        door.sign_in_as("Jo", Role::Volunteer).unwrap();
        table.sign_in_as("Sam", Role::Worker).unwrap();
        let hall = Self { door, table, _folder: folder };
        hall.meet();
        hall
    }

    /// Each takes over all that the other has.
    fn meet(&self) {
        for (from, to) in [(&self.door, &self.table), (&self.table, &self.door)] {
            hand_over(from, to);
        }
    }
}

fn joined(file: &Path, dir: &Path) -> Hub {
    let join = Join { file, laptop: String::new(), passphrase: "three plain words".into() };
    Hub::join(dir, join, &Virtual::new(2, TEN).ports()).unwrap()
}

fn hand_over(from: &Hub, to: &Hub) {
    let mut all: Vec<(DocId, Scope, Vec<automerge::Change>)> = Vec::new();
    from.store
        .read(|rows| {
            document::for_each(rows, None, |stored| {
                let scope = Scope::from_code(&stored.scope).unwrap();
                all.push((stored.id, scope, stored.load()?.get_changes(&[])));
                Ok(())
            })
        })
        .unwrap();
    to.store
        .write(|tx| {
            for (id, scope, changes) in all {
                assert!(matches!(tx.merge(id, scope, changes)?, Merged::Applied { .. } | Merged::Known));
            }
            Ok(())
        })
        .unwrap();
}

fn mair() -> CheckIn {
    CheckIn { name: "Mair".to_owned(), needs: vec![Need::Welsh], ..CheckIn::default() }
}

#[test]
fn needs_corrected_at_the_door_and_a_conversation_begun_at_the_table_both_stand() {
    let hall = Hall::opened();
    let visit = hall.door.check_in(mair()).unwrap().visit;
    hall.meet();
    assert_eq!(hall.table.queue().unwrap(), {
        let mut queue = hall.door.queue().unwrap();
        let theirs = hall.table.queue().unwrap();
        (queue.next_ticket, queue.next_friendly) = (theirs.next_ticket, theirs.next_friendly);
        queue
    });

    let talk = hall.table.begin_conversation(visit, None).unwrap();
    hall.door.correct_needs(visit, vec![Need::Welsh, Need::LargePrint], None).unwrap();
    hall.door.note_stepped_outside(visit, 10).unwrap();
    hall.meet();
    for hub in [&hall.door, &hall.table] {
        let seen = hub.queue().unwrap().being_seen.remove(0);
        assert_eq!(seen.with, ["Sam"]);
        assert_eq!(seen.needs, [Need::Welsh, Need::LargePrint]);
        assert_eq!(seen.outside_until, Some(TEN.plus_millis(600_000)));
    }
    assert_eq!(hall.table.conversation(talk).unwrap().needs, [Need::Welsh, Need::LargePrint]);
}

#[test]
fn a_visit_taken_on_both_shows_both_workers() {
    let hall = Hall::opened();
    let visit = hall.door.check_in(mair()).unwrap().visit;
    hall.meet();
    hall.door.sign_in_as("Alex", Role::Worker).unwrap();
    hall.door.begin_conversation(visit, None).unwrap();
    hall.table.begin_conversation(visit, None).unwrap();
    hall.meet();
    for hub in [&hall.door, &hall.table] {
        let mut with = hub.queue().unwrap().being_seen.remove(0).with;
        with.sort();
        assert_eq!(with, ["Alex", "Sam"]);
        assert_eq!(hub.begin_conversation(visit, None), Err(HubError::AlreadyTaken));
    }
}

#[test]
fn a_phone_number_changed_on_both_shows_both_and_asks() {
    let hall = Hall::opened();
    let visit = hall.door.check_in(mair()).unwrap().visit;
    hall.meet();
    let talk = hall.table.begin_conversation(visit, None).unwrap();
    let person = hall.table.conversation(talk).unwrap().person;
    hall.meet();
    hall.door.sign_in_as("Alex", Role::Worker).unwrap();
    hall.door.change_person(person, PersonChange::Phone("0117 496 0001".to_owned())).unwrap();
    hall.table.change_person(person, PersonChange::Phone("0117 496 0002".to_owned())).unwrap();
    hall.meet();
    let questions = hall.door.questions().unwrap();
    assert_eq!(questions, hall.table.questions().unwrap());
    let question = &questions[0];
    assert_eq!((questions.len(), question.field, question.values.len()), (1, QuestionField::Phone, 2));
    let mut who: Vec<(&str, &str)> =
        question.values.iter().map(|value| (value.by.as_str(), value.laptop.as_str())).collect();
    who.sort_unstable();
    assert_eq!(who, [("Alex", "Green Lane 1"), ("Sam", "Green Lane 2")]);
    assert_eq!(hall.door.person(person).unwrap().questions.len(), 1);

    hall.table.answer_question(person, QuestionField::Phone, "0117 496 0001".to_owned()).unwrap();
    hall.meet();
    for hub in [&hall.door, &hall.table] {
        assert_eq!(hub.questions().unwrap(), []);
        assert_eq!(hub.person(person).unwrap().phone.as_deref(), Some("0117 496 0001"));
    }
}

#[test]
fn notes_typed_over_what_another_laptop_wrote_lose_nothing() {
    use sync_schema::Tool::Notes;
    let hall = Hall::opened();
    let visit = hall.door.check_in(mair()).unwrap().visit;
    hall.meet();
    let talk = hall.table.begin_conversation(visit, None).unwrap();
    hall.table.write(talk, Notes, Typed::now("Likes tea. ")).unwrap();
    hall.meet();
    hall.door.sign_in_as("Alex", Role::Worker).unwrap();
    hall.table.keep_draft(talk, Notes, Typed::now("Likes tea. Walks the dog.")).unwrap();
    hall.door.write(talk, Notes, Typed::now("Likes green tea. ")).unwrap();
    hall.meet();
    hall.table.write(talk, Notes, Typed::now("Likes tea. Walks the dog.")).unwrap();
    hall.meet();
    for hub in [&hall.door, &hall.table] {
        let texts = hub.conversation(talk).unwrap().texts;
        assert!(texts.iter().any(|under| under.text == "Likes green tea. Walks the dog."), "{texts:?}");
    }
}

#[test]
fn what_came_between_reading_and_writing_stands() {
    use sync_schema::Tool::Notes;
    let hall = Hall::opened();
    let visit = hall.door.check_in(mair()).unwrap().visit;
    hall.meet();
    let talk = hall.table.begin_conversation(visit, None).unwrap();
    hall.table.write(talk, Notes, Typed::over("", "Likes tea.")).unwrap();
    hall.meet();
    hall.door.sign_in_as("Alex", Role::Worker).unwrap();
    hall.door.write(talk, Notes, Typed::over("Likes tea.", "Likes tea. Walks the dog.")).unwrap();
    hall.meet();
    // The screen at the table has not been drawn again: it goes on from what it last showed.
    hall.table.keep_draft(talk, Notes, Typed::over("Likes tea.", "Likes green tea.")).unwrap();
    let texts = hall.table.conversation(talk).unwrap().texts;
    assert!(texts.iter().any(|under| under.text == "Likes green tea. Walks the dog."), "{texts:?}");
    hall.table.write(talk, Notes, Typed::over("Likes tea.", "Likes green tea, two sugars.")).unwrap();
    hall.meet();
    for hub in [&hall.door, &hall.table] {
        let texts = hub.conversation(talk).unwrap().texts;
        assert!(texts.iter().any(|under| under.text == "Likes green tea, two sugars. Walks the dog."), "{texts:?}");
    }
}
