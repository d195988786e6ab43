//! Documents, what is derived from them, and what waits to be shared: together, or not at all, and the same everywhere.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod store_support;

use automerge::Change;
use hub::error::HubError;
use hub::store::{Merged, outbox};
use store_support::{Laptop, laptop};
use sync_schema::document::visit::{self, EventKind};
use sync_schema::document::{conversation, council, hub as hub_document, listing, person, team_member, waiting_entry};
use sync_schema::{
    ActionId, Band, CalendarDate, ConversationId, DocId, EntryId, EventId, HubId, Instant, Kind, ListingId, Need,
    Scope, SignpostId, VisitId, WaitingKind,
};

fn note(laptop: &Laptop, id: VisitId, kind: EventKind) {
    let (event, edit) = (EventId::from_bytes(laptop.ports.random().unwrap()), laptop.edit());
    laptop.store.write(|tx| tx.edit(id, |doc| visit::note_event(doc, event, kind, &edit))).unwrap();
}

fn deliver(to: &Laptop, scope: Scope, row: &outbox::Waiting) -> Merged {
    let change = Change::from_bytes(row.change.clone()).unwrap();
    to.store.write(|tx| tx.merge(row.document, scope, vec![change])).unwrap()
}

const VISIT: &str =
    "id, hub, day, came_at, name, reason, needs, ticket_letter, ticket_number, state, since, outside_until";
const PERSON: &str = "id, name, phone, postcode, born_on, needs";
const QUESTION: &str = "field, rank, value, by_name, laptop, at";

#[test]
fn one_check_in_is_a_document_a_row_and_something_to_share() {
    let door = laptop("Green Lane 1", 1);
    let id = door.check_in("Mair", 3);
    assert_eq!(door.rows("visit", "name, ticket_letter, ticket_number, state"), ["Mair | A | 3 | waiting"]);
    let waiting = door.waiting();
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].0, waiting[0].1.document, waiting[0].1.run), (Scope::FrontDesk, id.into(), [1; 16]));

    note(&door, id, EventKind::SteppedOutside { until: Instant::from_millis(1_790_000_600_000) });
    assert_eq!(door.rows("visit", "state, outside_until"), ["outside | 1790000600000"]);
    assert_eq!(door.waiting().len(), 2);
    assert_eq!(door.store.read(outbox::documents_waiting).unwrap(), 1);

    let seqs: Vec<i64> = door.waiting().iter().map(|(_, row)| row.seq).collect();
    door.store.write(|tx| outbox::sealed(tx.connection(), &seqs)).unwrap();
    assert!(door.waiting().is_empty());
}

#[test]
fn an_edit_that_fails_or_changes_nothing_leaves_nothing() {
    let door = laptop("Green Lane 1", 1);
    let id = door.check_in("Mair", 1);
    let edit = door.edit();
    let same = [Need::Welsh, Need::LargePrint];
    door.store.write(|tx| tx.edit(id, |doc| visit::correct_needs(doc, &same, None, &edit))).unwrap();
    assert_eq!(door.waiting().len(), 1, "nothing changed, nothing to share");

    let failed: Result<(), HubError> = door.store.write(|tx| {
        tx.edit(id, |doc| visit::correct_needs(doc, &[Need::Bsl], None, &edit))?;
        Err(HubError::NotAllowed)
    });
    assert_eq!(failed, Err(HubError::NotAllowed));
    assert_eq!(door.waiting().len(), 1);
    assert_eq!(door.rows("visit", "needs"), [r#"["welsh","large-print"]"#]);
    let missing: VisitId = door.id();
    let nobody = door.store.write(|tx| tx.edit(missing, |doc| visit::correct_needs(doc, &same, None, &edit)));
    assert_eq!(nobody, Err(HubError::NotFound));
    assert!(door.store.verify().unwrap().is_whole());
}

#[test]
fn whatever_the_order_two_laptops_show_the_same() {
    let (door, table) = (laptop("Green Lane 1", 1), laptop("Table 2", 2));
    let mair = door.check_in("Mair", 1);
    let owen = table.add_person("Owen Pugh");
    for (scope, row) in door.waiting() {
        assert_eq!(deliver(&table, scope, &row), Merged::Applied { created: true });
    }
    for (scope, row) in table.waiting() {
        assert_eq!(deliver(&door, scope, &row), Merged::Applied { created: true });
    }
    note(&door, mair, EventKind::SteppedOutside { until: Instant::from_millis(1_790_000_600_000) });
    let edit = table.edit();
    table.store.write(|tx| tx.edit(mair, |doc| visit::correct_needs(doc, &[Need::Bsl], None, &edit))).unwrap();
    let (at_door, at_table) = (door.edit(), table.edit());
    door.store
        .write(|tx| tx.edit(owen, |doc| person::put(doc, person::Field::Phone, "01632 960001", &at_door)))
        .unwrap();
    table
        .store
        .write(|tx| tx.edit(owen, |doc| person::put(doc, person::Field::Phone, "01632 960002", &at_table)))
        .unwrap();

    let (from_door, from_table) = (door.waiting(), table.waiting());
    for (scope, row) in &from_table {
        deliver(&door, *scope, row);
    }
    for (scope, row) in from_door.iter().chain(&from_table).chain(&from_door) {
        let again = deliver(&table, *scope, row);
        assert!(matches!(again, Merged::Applied { .. } | Merged::Known), "{again:?}");
    }
    // A third hears everything backwards: what builds on something missing waits, and is delivered again.
    let office = laptop("Office", 3);
    let mut waits: Vec<_> = from_door.iter().chain(&from_table).rev().collect();
    while !waits.is_empty() {
        let before = waits.len();
        waits.retain(|(scope, row)| deliver(&office, *scope, row) == Merged::Waits);
        assert!(waits.len() < before);
    }
    for (tables, columns) in [("visit", VISIT), ("person", PERSON), ("question", QUESTION)] {
        assert_eq!(door.rows(tables, columns), table.rows(tables, columns), "{tables}");
        assert_eq!(door.rows(tables, columns), office.rows(tables, columns), "{tables}");
    }
    assert_eq!(door.rows("question", QUESTION).len(), 2, "both telephone numbers stand");
    for laptop in [&door, &table, &office] {
        assert!(laptop.store.verify().unwrap().is_whole());
    }
}

#[test]
fn what_does_not_belong_is_refused_and_changes_nothing() {
    let (door, table) = (laptop("Green Lane 1", 1), laptop("Table 2", 2));
    door.check_in("Mair", 1);
    let (_, row) = &door.waiting()[0];
    assert_eq!(deliver(&table, Scope::Casework, row), Merged::WrongScope);
    assert!(table.rows("visit", "id").is_empty() && table.rows("document", "id").is_empty());
    assert_eq!(deliver(&table, Scope::FrontDesk, row), Merged::Applied { created: true });
    assert_eq!(deliver(&table, Scope::Casework, row), Merged::WrongScope);
    assert!(table.waiting().is_empty(), "what arrived is not sent again");
}

#[test]
fn a_long_read_sees_one_state_and_holds_up_no_check_in() {
    let door = laptop("Green Lane 1", 1);
    door.check_in("Mair", 1);
    let (before, during) = door
        .store
        .read(|connection| {
            let count = || connection.query_row("SELECT count(*) FROM visit", [], |row| row.get::<_, u32>(0));
            let before = count()?;
            door.check_in("Owen", 2);
            Ok((before, count()?))
        })
        .unwrap();
    assert_eq!((before, during, door.rows("visit", "id").len()), (1, 1, 2));
    let written = door.store.read(|connection| Ok(connection.execute("DELETE FROM visit", [])?));
    assert_eq!(written, Err(HubError::ReadOnly), "nothing is written by reading");
}

#[test]
fn a_rebuild_makes_the_same_rows() {
    let door = laptop("Green Lane 1", 1);
    let names = ["Mair", "Łukasz", "王小明", "X", "", "Siân O'Brien", "Ifan ap Rhys", "😀"];
    for (number, name) in (1..).zip(names) {
        let visit = door.check_in(name, number);
        note(&door, visit, EventKind::Left);
        let person = door.add_person(name);
        door.rename(person, &format!("{name} the {number}th"));
        let edit = door.edit();
        door.store.write(|tx| tx.edit(person, |doc| person::link_visit(doc, visit, &edit))).unwrap();
    }
    everything_else(&door);
    let tables = [
        "visit",
        "visit_event",
        "person",
        "person_visit",
        "person_name",
        "question",
        "conversation",
        "conversation_text",
        "agreed",
        "signpost",
        "waiting_entry",
        "listing",
        "listing_words",
        "council",
        "hub",
        "team_member",
    ];
    for table in tables {
        assert_eq!(door.rows(table, "*").is_empty(), table == "question", "{table}");
    }
    let before = tables.map(|table| door.rows(table, "*"));
    assert!(door.store.verify().unwrap().is_whole());
    door.store.rebuild().unwrap();
    assert_eq!(tables.map(|table| door.rows(table, "*")), before);
    assert!(door.store.verify().unwrap().is_whole());
}

#[test]
fn a_row_that_no_document_makes_is_found() {
    let door = laptop("Green Lane 1", 1);
    door.check_in("Mair", 1);
    door.add_person("Mair");
    door.store.write(|tx| Ok(tx.connection().execute("UPDATE visit SET state = 'left'", [])?)).unwrap();
    door.store.write(|tx| Ok(tx.connection().execute("UPDATE person_name SET words = 'other'", [])?)).unwrap();
    let verified = door.store.verify().unwrap();
    assert_eq!(verified.tables_differing, ["visit", "person_name", "person_search"]);
    door.store.rebuild().unwrap();
    assert!(door.store.verify().unwrap().is_whole());
}

#[test]
fn a_document_of_a_newer_kind_is_kept() {
    use automerge::transaction::Transactable;
    let door = laptop("Green Lane 1", 1);
    let mut doc = automerge::AutoCommit::new();
    doc.put(automerge::ROOT, "kind", "time-machine").unwrap();
    let id = DocId::from_bytes([8; 16]);
    let changes = doc.get_changes(&[]);
    let merged = door.store.write(|tx| tx.merge(id, Scope::Casework, changes)).unwrap();
    assert_eq!(merged, Merged::Applied { created: true });
    let verified = door.store.verify().unwrap();
    assert!(verified.is_whole());
    assert_eq!(verified.documents, 1);
}

/// One of each kind that a check-in does not make.
fn everything_else(door: &Laptop) {
    let (edit, person) = (door.edit(), door.add_person("Owen"));
    let (talk, entry, place): (ConversationId, EntryId, ListingId) = (door.id(), door.id(), door.id());
    let ids = [EventId::from_bytes([1; 16]), EventId::from_bytes([2; 16])];
    let hub_id = HubId::from_bytes([7; 16]);
    let day = CalendarDate::from_ymd(2026, 3, 1).unwrap();
    let new_talk = conversation::NewConversation { person, visit: None, own_words: "A good day".to_owned() };
    let new_entry = waiting_entry::NewEntry {
        person,
        kind: WaitingKind::OccupationalTherapy,
        hub: hub_id,
        locality: None,
        requested_on: day,
        band: Band::High,
    };
    let lunch = listing::Listing {
        name: "Lunch club".to_owned(),
        status: "active".to_owned(),
        categories: vec!["food".to_owned()],
        ..listing::Listing::default()
    };
    let aberwen = council::Council {
        name: "Aberwen".to_owned(),
        founded_on: Some(day),
        targets: vec![(WaitingKind::Review, 90)],
    };
    let green_lane = hub_document::Hub {
        name: "Green Lane".to_owned(),
        locality: None,
        opened_on: Some(day),
        sessions: vec![(1, "10:00-13:00".to_owned())],
    };
    let ffion = team_member::TeamMember { name: "Ffion".to_owned(), role: "worker".to_owned(), active: true };
    let docs = vec![
        (Kind::Conversation, talk.into(), conversation::create(talk, new_talk, &edit).unwrap()),
        (Kind::WaitingEntry, entry.into(), waiting_entry::create(entry, new_entry, ids, &edit).unwrap()),
        (Kind::Listing, place.into(), listing::create(place, &lunch, &edit).unwrap()),
        (Kind::Council, DocId::from_bytes([20; 16]), council::create(door.id(), &aberwen, &edit).unwrap()),
        (Kind::Hub, hub_id.into(), hub_document::create(hub_id, &green_lane, &edit).unwrap()),
        (Kind::TeamMember, DocId::from_bytes([21; 16]), team_member::create(door.id(), &ffion, &edit).unwrap()),
    ];
    assert_eq!(door.store.write(|tx| tx.insert_bulk(docs)), Ok(6));
    let action = conversation::NewAction { who: "Owen".to_owned(), what: "rings the club".to_owned(), by_when: None };
    let pointed =
        conversation::NewSignpost { listing: place, name: "Lunch club".to_owned(), when: None, checked_on: Some(day) };
    door.store
        .write(|tx| {
            tx.edit(talk, |doc| conversation::agree(doc, ActionId::from_bytes([3; 16]), &action, &edit))?;
            tx.edit(talk, |doc| conversation::signpost(doc, SignpostId::from_bytes([4; 16]), &pointed, &edit))
        })
        .unwrap();
    assert_eq!(
        door.rows("waiting_entry", "kind, band, band_rank, requested_on, open"),
        ["occupational-therapy | high | 3 | 2026-03-01 | 1"]
    );
    assert_eq!(door.rows("agreed", "who, what, done"), ["Owen | rings the club | 0"]);
}

#[test]
fn a_change_that_no_record_could_carry_is_refused_whole() {
    let door = laptop("Green Lane 1", 1);
    let person = door.add_person("Mair");
    let waiting = door.waiting().len();
    let put = |length: usize| {
        door.store.write(|tx| {
            tx.edit(person, |doc| {
                // Letters that no compression makes short.
                let text: String = (0..length).map(|i| char::from(b'a' + (i * 7919 % 26) as u8)).collect();
                automerge::transaction::Transactable::put(doc, automerge::ROOT, "kept by a newer version", text)?;
                Ok::<_, sync_schema::SchemaError>(())
            })
        })
    };
    assert_eq!(put(2 << 20), Err(HubError::TooLong { field: "record", most: 1_000_000 }));
    assert_eq!(door.waiting().len(), waiting);
    assert_eq!(put(1_000_000), Ok(()));
    assert_eq!(door.waiting().len(), waiting + 1);
}

#[test]
fn what_comes_before_the_change_that_says_what_it_is_waits_for_it() {
    let door = laptop("Green Lane 1", 1);
    let id = door.check_in("Mair", 1);
    let create = door.waiting().remove(0).1;
    let mut other = automerge::AutoCommit::new();
    automerge::transaction::Transactable::put(&mut other, automerge::ROOT, "of a newer version", 1).unwrap();
    let odd = outbox::Waiting { change: other.get_changes(&[])[0].raw_bytes().to_vec(), ..create.clone() };
    let rows = |name: &'static str, seed, order: [&outbox::Waiting; 3]| {
        let taker = laptop(name, seed);
        let became: Vec<Merged> = order.map(|row| deliver(&taker, Scope::FrontDesk, row)).to_vec();
        let heads = taker.store.read(|rows| hub::store::document::find(rows, id.into())).unwrap().unwrap();
        (became, taker.rows("visit", VISIT), heads.load().unwrap().get_heads())
    };
    let first = rows("Green Lane 2", 2, [&odd, &create, &odd]);
    let last = rows("Green Lane 3", 3, [&create, &odd, &odd]);
    assert_eq!(first.0[0], Merged::Waits);
    assert_eq!((first.1.len(), &first.1, &first.2), (1, &last.1, &last.2));
}

#[test]
fn a_document_never_becomes_another_kind() {
    let door = laptop("Green Lane 1", 1);
    let id = door.check_in("Mair", 1);
    let create = door.waiting().remove(0).1;
    let taker = laptop("Green Lane 2", 2);
    deliver(&taker, Scope::FrontDesk, &create);
    let stored = door.store.read(|rows| hub::store::document::find(rows, id.into())).unwrap().unwrap();
    let mut doc = stored.load().unwrap();
    let before = doc.get_heads();
    automerge::transaction::Transactable::put(&mut doc, automerge::ROOT, "kind", "person").unwrap();
    let change = doc.get_changes(&before)[0].raw_bytes().to_vec();
    let odd = outbox::Waiting { change, ..create };
    assert_eq!(deliver(&taker, Scope::FrontDesk, &odd), Merged::WrongScope);
    assert_eq!(taker.rows("visit", "name"), ["Mair"]);
}
