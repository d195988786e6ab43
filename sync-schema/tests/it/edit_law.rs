//! What holds for every edit of every kind: one change, in its author's name and time; and a place after all that is held.

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ObjType, ROOT, ReadDoc};
use proptest::prelude::*;
use sync_schema::document::visit::EventKind;
use sync_schema::document::{conversation, listing, person, visit, waiting_entry};
use sync_schema::{Band, Edit, Instant, Kind, Need, SchemaError, Stamp, Tool};

use crate::common::{bring, cases, edit, event, meet, orders};
use crate::fixture::make;
use crate::visit_law::{mair, visit_of};

type Change = fn(&mut AutoCommit, &Edit) -> Result<(), SchemaError>;

/// Edits of each kind that has any.
const EDITS: &[(Kind, Change)] = &[
    (Kind::Visit, |doc, edit| visit::correct_needs(doc, &[Need::Bsl], Some("Somali"), edit)),
    (Kind::Visit, |doc, edit| visit::note_event(doc, event(5, 1), EventKind::Left, edit)),
    (Kind::Person, |doc, edit| person::put(doc, person::Field::Phone, "07700 900111", edit)),
    (Kind::Person, |doc, edit| person::correct_needs(doc, &[Need::Bsl], edit)),
    (Kind::Conversation, |doc, edit| conversation::write(doc, Tool::Notes, "Rang her son.", edit)),
    (Kind::Conversation, |doc, edit| conversation::finish(doc, event(5, 1), edit)),
    (Kind::WaitingEntry, |doc, edit| {
        waiting_entry::note_event(doc, event(5, 1), &waiting_entry::EventKind::Banded { band: Band::Low }, edit)
    }),
    (Kind::Listing, |doc, edit| {
        let now = listing::Listing { cost: Some("£5".to_owned()), ..listing::read(doc)? };
        listing::update(doc, &now, edit).map(|_| ())
    }),
];

#[test]
fn an_edit_is_one_change_by_its_author_at_its_time() {
    let by = edit(7, 60_000);
    for (kind, change) in EDITS {
        let mut doc = make(*kind);
        let heads = doc.get_heads();
        change(&mut doc, &by).unwrap();
        let made = doc.get_changes(&heads);
        assert_eq!(made.len(), 1, "{kind:?}");
        assert_eq!(made[0].actor_id(), &ActorId::from(by.actor), "{kind:?}");
        assert_eq!(made[0].timestamp(), by.now.millis() / 1000, "{kind:?}");
        assert_eq!(made[0].deps(), heads, "{kind:?}");
    }
}

#[test]
fn every_nested_object_is_made_in_the_first_change_or_under_a_fresh_id() {
    for (kind, change) in EDITS {
        let mut doc = make(*kind);
        let objects = |doc: &AutoCommit| -> Vec<(String, automerge::ObjId)> {
            let keys: Vec<String> = doc.keys(ROOT).collect();
            keys.into_iter()
                .filter_map(|key| match doc.get(ROOT, &key) {
                    Ok(Some((value, id))) if value.is_object() => Some((key, id)),
                    _ => None,
                })
                .collect()
        };
        let before = objects(&doc);
        change(&mut doc, &edit(7, 0)).unwrap();
        assert_eq!(objects(&doc), before, "{kind:?}");
    }
}

#[test]
fn a_forged_tick_at_either_end_freezes_nothing_and_the_order_is_shared() {
    for forged in [i64::MAX, i64::MIN, Instant::LATEST.millis(), Instant::LATEST.millis() + 1] {
        let mut one = visit_of(mair());
        let (_, events) = one.get(ROOT, "events").unwrap().unwrap();
        let poison = one.put_object(&events, event(9, 1).to_string(), ObjType::Map).unwrap();
        one.put(&poison, "kind", "came-back").unwrap();
        one.put(&poison, "tick", forged).unwrap();
        one.commit();
        let mut two = one.clone();
        for n in 2..12 {
            visit::note_event(&mut one, event(1, n), EventKind::Left, &edit(1, 0)).unwrap();
            assert_eq!(visit::read(&one).unwrap().state(), visit::State::Left, "{forged} {n}");
            visit::note_event(&mut one, event(1, 50 + n), EventKind::CameBack, &edit(1, 0)).unwrap();
            assert_eq!(visit::read(&one).unwrap().state(), visit::State::Waiting, "{forged} {n}");
            visit::note_event(&mut two, event(2, n), EventKind::CameBack, &edit(2, 0)).unwrap();
        }
        bring(&mut one, &mut two);
        bring(&mut two, &mut one);
        assert_eq!(visit::read(&one).unwrap(), visit::read(&two).unwrap());
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_next_stamp_stands_after_all_that_is_held(now in any::<i64>(), held in any::<i64>()) {
        let (id, now) = (event(1, 1), Instant::from_millis(now));
        let next = Stamp::next(now, Some(held), id);
        prop_assert!(next.tick > Stamp::clamp(held) && next.tick >= now.millis());
        prop_assert_eq!(Stamp::next(now, None, id).tick, now.millis());
        prop_assert_eq!(Stamp::clamp(Stamp::clamp(held)), Stamp::clamp(held));
    }

    #[test]
    fn edits_of_every_kind_meet_in_any_order_and_stay(which in 0..EDITS.len(), order in orders()) {
        let (kind, change) = EDITS[which];
        let mut laptops = vec![make(kind); 3];
        change(&mut laptops[0], &edit(7, 0)).unwrap();
        let own = laptops[0].get_heads();
        let others: Vec<_> = EDITS.iter().enumerate().filter(|(n, (of, _))| *of == kind && *n != which).collect();
        for (_, (_, other)) in others {
            other(&mut laptops[1], &edit(8, 0)).unwrap();
        }
        meet(&mut laptops, &order);
        let heads = laptops[0].get_heads();
        prop_assert!(own.iter().all(|hash| laptops[2].get_change_by_hash(hash).is_some()));
        for doc in &mut laptops {
            prop_assert_eq!(&doc.get_heads(), &heads);
        }
    }
}
