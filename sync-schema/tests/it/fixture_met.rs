//! Documents that two laptops of version 1 had edited apart, as they were saved after they met: events, their order, and
//! who wrote what must read the same for as long as there are readers.

use std::fs;
use std::path::PathBuf;

use automerge::AutoCommit;
use sha2::{Digest, Sha256};
use sync_schema::document::{conversation, person, visit, waiting_entry};
use sync_schema::merge::waiting::stand;
use sync_schema::{ActionId, Band, ConversationId, Instant, ListingId, Need, SignpostId, Tool};

use crate::common::{MORNING, bring, day, edit, event};
use crate::conversation_law::begun;
use crate::fixture::saved;
use crate::visit_law::{mair, visit_of};
use crate::waiting_law::asked;

fn met(of: AutoCommit, one: impl FnOnce(&mut AutoCommit), two: impl FnOnce(&mut AutoCommit)) -> AutoCommit {
    let (mut here, mut there) = (of.clone(), of);
    one(&mut here);
    two(&mut there);
    bring(&mut here, &mut there);
    here
}

fn until() -> Instant {
    Instant::from_millis(MORNING + 600_000)
}

fn visit_met() -> AutoCommit {
    use visit::EventKind;
    met(
        visit_of(mair()),
        |doc| {
            visit::correct_needs(doc, &[Need::Welsh, Need::LargePrint], Some("Polish"), &edit(1, 1_000)).unwrap();
            visit::note_event(doc, event(1, 1), EventKind::Left, &edit(1, 2_000)).unwrap();
            visit::note_event(doc, event(1, 2), EventKind::Undone { event: event(1, 1) }, &edit(1, 3_000)).unwrap();
            visit::note_event(doc, event(1, 3), EventKind::SteppedOutside { until: until() }, &edit(1, 4_000)).unwrap();
        },
        |doc| {
            let taken = EventKind::Taken { conversation: ConversationId::from_bytes([2; 16]) };
            visit::note_event(doc, event(2, 1), taken, &edit(2, 5_000)).unwrap();
        },
    )
}

fn person_met() -> AutoCommit {
    let new = person::NewPerson {
        name: Some("Mair Prosser".to_owned()),
        phone: Some("01632 960001".to_owned()),
        postcode: Some("ZZ9 9ZZ".to_owned()),
        born_on: person::BornOn::parse("1948-03-27~"),
        needs: vec![Need::Welsh],
    };
    let put = |doc: &mut AutoCommit, phone, n| person::put(doc, person::Field::Phone, phone, &edit(n, 0)).unwrap();
    met(
        person::create(sync_schema::PersonId::from_bytes([1; 16]), new, &edit(1, 0)).unwrap(),
        |doc| {
            put(doc, "07700 900111", 1);
            person::link_visit(doc, sync_schema::VisitId::from_bytes([1; 16]), &edit(1, 0)).unwrap();
        },
        |doc| put(doc, "07700 900222", 2),
    )
}

fn conversation_met() -> AutoCommit {
    let action = |what: &str| conversation::NewAction {
        who: "Mair".to_owned(),
        what: what.to_owned(),
        by_when: Some(day(11, 5)),
    };
    let to = conversation::NewSignpost {
        listing: ListingId::from_bytes([5; 16]),
        name: "Carers' Café".to_owned(),
        when: Some("Mondays".to_owned()),
        checked_on: Some(day(10, 12)),
    };
    met(
        begun(),
        |doc| {
            conversation::write(doc, Tool::Notes, "Fell in the garden.", &edit(1, 0)).unwrap();
            conversation::agree(doc, ActionId::from_bytes([3; 16]), &action("rings the café"), &edit(1, 0)).unwrap();
            conversation::agree(doc, ActionId::from_bytes([4; 16]), &action("slip"), &edit(1, 0)).unwrap();
            conversation::strike_agreed(doc, event(1, 1), ActionId::from_bytes([4; 16]), &edit(1, 0)).unwrap();
            conversation::agreed_done(doc, event(1, 2), ActionId::from_bytes([3; 16]), true, &edit(1, 0)).unwrap();
        },
        |doc| {
            conversation::signpost(doc, SignpostId::from_bytes([6; 16]), &to, &edit(2, 0)).unwrap();
            conversation::signpost(doc, SignpostId::from_bytes([7; 16]), &to, &edit(2, 0)).unwrap();
            conversation::take_back_signpost(doc, event(2, 1), SignpostId::from_bytes([7; 16]), &edit(2, 0)).unwrap();
            conversation::finish(doc, event(2, 2), &edit(2, 9_000)).unwrap();
        },
    )
}

fn entry_met() -> AutoCommit {
    use waiting_entry::{EventKind, Outcome};
    let note = |doc: &mut AutoCommit, laptop, n, kind| {
        waiting_entry::note_event(doc, event(laptop, n), &kind, &edit(laptop, 0)).unwrap();
    };
    met(
        asked(),
        |doc| {
            note(doc, 1, 1, EventKind::Requested { on: day(9, 14) });
            note(doc, 1, 2, EventKind::Requested { on: day(1, 9) });
            note(doc, 1, 3, EventKind::Struck { event: event(1, 2) });
            note(doc, 1, 4, EventKind::Contacted { next_due: Some(day(12, 8)) });
            note(doc, 1, 5, EventKind::Banded { band: Band::Low });
            note(doc, 1, 6, EventKind::Offered { on: day(11, 19) });
            note(doc, 1, 7, EventKind::Closed { on: day(11, 20), outcome: Outcome::Withdrew });
        },
        |doc| note(doc, 2, 1, EventKind::Escalated { band: Band::Urgent }),
    )
}

#[test]
fn a_visit_of_version_1_that_two_laptops_edited() {
    let read = visit::read(&saved("v1", "visit-met", visit_met)).unwrap();
    let since = Instant::from_millis(MORNING + 5_000);
    assert_eq!(read.state(), visit::State::BeingSeen { since, outside_until: Some(until()) });
    assert_eq!((read.needs, read.interpreter.as_deref()), (vec![Need::Welsh, Need::LargePrint], Some("Polish")));
    let order: Vec<_> = read.history.events().iter().map(|event| (event.id, event.laptop.as_str())).collect();
    let (one, two) = ("Green Lane 1", "Green Lane 2");
    assert_eq!(order, [(event(1, 1), one), (event(1, 2), one), (event(1, 3), one), (event(2, 1), two)]);
    assert!(!read.history.knew(event(2, 1), event(1, 3)) && read.history.knew(event(1, 3), event(1, 1)));
}

#[test]
fn a_person_of_version_1_in_question() {
    let doc = saved("v1", "person-met", person_met);
    let read = person::read(&doc).unwrap();
    assert_eq!((read.postcode.as_deref(), read.born_on), (Some("ZZ9 9ZZ"), person::BornOn::parse("1948-03-27~")));
    assert_eq!((read.needs, read.visits.len()), (vec![Need::Welsh], 1));
    let asked = person::questions(&doc).unwrap();
    let said = asked.iter().flat_map(|question| &question.values);
    let mut said: Vec<_> = said.map(|said| (said.value.as_str(), said.by_name.as_str(), said.at.millis())).collect();
    said.sort_unstable();
    assert_eq!(said, [("07700 900111", "Worker 1", MORNING), ("07700 900222", "Worker 2", MORNING)]);
}

#[test]
fn a_conversation_of_version_1_with_what_was_agreed() {
    let read = conversation::read(&saved("v1", "conversation-met", conversation_met)).unwrap();
    assert_eq!(read.text(Tool::Notes), "Fell in the garden.");
    assert_eq!(read.agreed.len(), 1);
    assert!(read.agreed[0].done && read.agreed[0].action.by_when == Some(day(11, 5)));
    assert_eq!(read.signposts.len(), 1);
    assert_eq!(read.signposts[0].signpost.when.as_deref(), Some("Mondays"));
    assert_eq!(read.finished_at, Some(Instant::from_millis(MORNING + 9_000)));
}

#[test]
fn a_waiting_entry_of_version_1_that_clashes() {
    let standing = stand(&waiting_entry::read(&saved("v1", "waiting-entry-met", entry_met)).unwrap().history);
    assert_eq!((standing.requested_on, standing.next_call_due), (Some(day(9, 14)), Some(day(12, 8))));
    assert_eq!((standing.band, standing.band_in_question), (Band::Urgent, true));
    assert!(standing.clash && standing.closed.is_none());
}

/// The beginning of each file's SHA-256.
const FILES: &[(&str, &str)] = &[
    ("conversation", "2d3a603a15b98c17"),
    ("conversation-met", "6e44c8ccdf0e01c9"),
    ("council", "57d67fffcb540462"),
    ("hub", "4c1e496a86e68b45"),
    ("listing", "ecdbd542f3ec0a47"),
    ("person", "729e5a02d87047e6"),
    ("person-met", "b86eeff6e5b12eb1"),
    ("team-member", "085d08931cb8351a"),
    ("visit", "6916dbe1cff43eda"),
    ("visit-met", "49c2051157f452ae"),
    ("waiting-entry", "691a183307170a32"),
    ("waiting-entry-met", "6fb6de6f9a6e48ba"),
];

#[test]
fn no_saved_document_was_ever_written_again() {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "fixtures", "v1"].iter().collect();
    let mut found: Vec<(String, String)> = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        let hash = Sha256::digest(fs::read(file.path()).unwrap());
        let hex: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        found.push((file.file_name().into_string().unwrap(), hex));
    }
    found.sort_unstable();
    let known: Vec<(String, String)> = FILES.iter().map(|(n, h)| ((*n).to_owned(), (*h).to_owned())).collect();
    assert_eq!(found, known);
}
