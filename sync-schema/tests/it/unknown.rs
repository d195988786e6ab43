//! What a newer version wrote survives an older one, and one wrong-typed field hides nothing else.

use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT, ReadDoc, ScalarValue, Value};
use sync_schema::document::{conversation, council, hub, listing, person, team_member, visit, waiting_entry};
use sync_schema::{Kind, Need, SchemaError, Tool, kind_code};

use crate::common::{edit, event};
use crate::conversation_law::begun;
use crate::fixture::make;
use crate::visit_law::{mair, visit_of};
use crate::waiting_law::asked;

#[test]
fn fields_needs_and_events_of_a_newer_version_survive_an_edit() {
    let mut doc = visit_of(mair());
    doc.put(ROOT, "pronouns", "they").unwrap();
    let (_, needs) = doc.get(ROOT, "needs").unwrap().unwrap();
    doc.put(&needs, "assistance-dog", true).unwrap();
    let (_, events) = doc.get(ROOT, "events").unwrap().unwrap();
    let newer = doc.put_object(&events, event(8, 8).to_string(), ObjType::Map).unwrap();
    doc.put(&newer, "kind", "teleported").unwrap();
    doc.commit();
    visit::correct_needs(&mut doc, &[Need::Bsl], None, &edit(2, 0)).unwrap();
    visit::note_event(&mut doc, event(2, 1), visit::EventKind::Left, &edit(2, 0)).unwrap();
    let doc = automerge::AutoCommit::load(&doc.save()).unwrap();
    let string = |key: &str| doc.get(ROOT, key).unwrap().unwrap().0;
    assert_eq!(string("pronouns"), Value::from("they"));
    assert_eq!(doc.get(&needs, "assistance-dog").unwrap().unwrap().0, Value::from(true));
    let read = visit::read(&doc).unwrap();
    assert_eq!(read.needs, [Need::Bsl]);
    assert_eq!(read.state(), visit::State::Left);
    assert!(read.history.events().iter().any(|event| event.kind.is_none()));
}

#[test]
fn one_wrong_typed_field_hides_nothing_else() {
    let mut doc = visit_of(mair());
    for key in ["hub", "cameAt", "name", "needs", "interpreter", "beenBefore", "number", "day"] {
        doc.put(ROOT, key, ScalarValue::F64(1.5)).unwrap();
    }
    let read = visit::read(&doc).unwrap();
    assert_eq!(read.reason, "Since Dad's fall I can't leave him");
    assert_eq!(read.state(), visit::State::Waiting);
    assert_eq!((read.hub, read.name, read.ticket, read.been_before), (None, None, None, None));
    assert_eq!(visit::correct_needs(&mut doc, &[Need::Bsl], None, &edit(1, 0)), Err(SchemaError::PartMissing));
}

/// What a document says, field by field, as its reader shows it.
fn shown(kind: Kind, doc: &automerge::AutoCommit) -> Vec<String> {
    let whole = match kind {
        Kind::Council => format!("{:#?}", council::read(doc).unwrap()),
        Kind::Hub => format!("{:#?}", hub::read(doc).unwrap()),
        Kind::TeamMember => format!("{:#?}", team_member::read(doc).unwrap()),
        Kind::Visit => format!("{:#?}", visit::read(doc).unwrap()),
        Kind::Person => format!("{:#?}", person::read(doc).unwrap()),
        Kind::Conversation => format!("{:#?}", conversation::read(doc).unwrap()),
        Kind::WaitingEntry => format!("{:#?}", waiting_entry::read(doc).unwrap()),
        Kind::Listing => format!("{:#?}", listing::read(doc).unwrap()),
    };
    let mut fields: Vec<String> = Vec::new();
    for line in whole.lines() {
        let begins = line.strip_prefix("    ").is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        match fields.last_mut() {
            Some(field) if !begins => field.push_str(line),
            _ => fields.push(line.to_owned()),
        }
    }
    fields
}

#[test]
fn of_every_kind_a_wrong_typed_field_hides_at_most_what_it_said() {
    for kind in Kind::ALL {
        let sound = make(*kind);
        let keys: Vec<String> = sound.keys(ROOT).filter(|key| key != "kind").collect();
        for key in keys {
            for wrong in [ScalarValue::F64(1.5), ScalarValue::Null, ScalarValue::Bytes(vec![1]), ScalarValue::Int(-1)] {
                let mut doc = sound.clone();
                doc.put(ROOT, &key, wrong).unwrap();
                let (before, after) = (shown(*kind, &sound), shown(*kind, &doc));
                // `texts` of a conversation is one field for all headings.
                let fewer = before.iter().filter(|field| !after.contains(field)).count();
                assert!(fewer <= 1, "{kind:?}.{key}: {before:#?} {after:#?}");
            }
        }
    }
}

#[test]
fn a_wrong_typed_event_hides_no_other() {
    let mut doc = visit_of(mair());
    for n in 1..4 {
        visit::note_event(&mut doc, event(1, n), visit::EventKind::CameBack, &edit(1, 0)).unwrap();
    }
    visit::note_event(&mut doc, event(1, 4), visit::EventKind::Left, &edit(1, 0)).unwrap();
    let (_, events) = doc.get(ROOT, "events").unwrap().unwrap();
    doc.put(&events, event(1, 1).to_string(), "not a map").unwrap();
    doc.put(&events, "not an id", ScalarValue::Null).unwrap();
    let (_, second) = doc.get(&events, event(1, 2).to_string()).unwrap().unwrap();
    for field in ["tick", "at", "kind", "by", "byName", "laptop", "after"] {
        doc.put(&second, field, ScalarValue::F64(1.5)).unwrap();
    }
    let read = visit::read(&doc).unwrap();
    assert_eq!(read.history.events().len(), 3);
    assert_eq!(read.state(), visit::State::Left);
}

#[test]
fn of_every_kind_what_a_newer_version_wrote_survives_saving() {
    for kind in Kind::ALL {
        let mut doc = make(*kind);
        let newer = doc.put_object(ROOT, "newer", ObjType::Map).unwrap();
        doc.put(&newer, "inside", 7).unwrap();
        doc.commit();
        let before = shown(*kind, &doc);
        assert_eq!(before, shown(*kind, &make(*kind)), "{kind:?}");
        let doc = automerge::AutoCommit::load(&doc.save()).unwrap();
        assert_eq!(doc.get(&newer, "inside").unwrap().unwrap().0, Value::from(7));
    }
}

#[test]
fn a_document_of_another_kind_is_refused() {
    let mut doc = visit_of(mair());
    assert_eq!(kind_code(&doc).as_deref(), Some("visit"));
    assert_eq!(person::read(&doc).unwrap_err(), SchemaError::NotThisKind);
    assert_eq!(conversation::write(&mut doc, Tool::Notes, "x", &edit(1, 0)), Err(SchemaError::NotThisKind));
    assert_eq!(visit::read(&begun()).unwrap_err(), SchemaError::NotThisKind);
    let empty = automerge::AutoCommit::new();
    assert_eq!(waiting_entry::read(&empty).unwrap_err(), SchemaError::NotThisKind);
    assert_eq!(kind_code(&empty), None);
}

#[test]
fn events_forged_into_a_ring_still_read() {
    let mut doc = asked();
    let (_, events) = doc.get(ROOT, "events").unwrap().unwrap();
    for (n, other) in [(1, 2), (2, 1)] {
        let forged = doc.put_object(&events, event(8, n).to_string(), ObjType::Map).unwrap();
        doc.put(&forged, "kind", "reopened").unwrap();
        doc.put(&forged, "tick", i64::MIN).unwrap();
        doc.put(&forged, "after", ScalarValue::Bytes(event(8, other).as_bytes().to_vec())).unwrap();
    }
    assert_eq!(waiting_entry::read(&doc).unwrap().history.events().len(), 4);
}
