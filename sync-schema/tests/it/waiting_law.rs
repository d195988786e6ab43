//! A waiting-list entry: a clock that cannot be lost, a priority that never falls by itself, and nobody closed unseen.

use automerge::AutoCommit;
use proptest::prelude::*;
use sync_schema::document::waiting_entry::{self, EventKind, NewEntry, Outcome};
use sync_schema::merge::waiting::{Standing, stand};
use sync_schema::{Band, EntryId, HubId, PersonId, WaitingKind};

use crate::common::{bring, cases, day, edit, event, meet, orders, skew};

pub(crate) fn asked() -> AutoCommit {
    let new = NewEntry {
        person: PersonId::from_bytes([1; 16]),
        kind: WaitingKind::OccupationalTherapy,
        hub: HubId::from_bytes([7; 16]),
        locality: Some("North".to_owned()),
        requested_on: day(11, 2),
        band: Band::Medium,
    };
    waiting_entry::create(EntryId::from_bytes([9; 16]), new, [event(1, 101), event(1, 102)], &edit(1, 0)).unwrap()
}

fn standing(doc: &AutoCommit) -> Standing {
    stand(&waiting_entry::read(doc).unwrap().history)
}

fn note(doc: &mut AutoCommit, laptop: u8, n: u8, kind: EventKind) {
    waiting_entry::note_event(doc, event(laptop, n), &kind, &edit(laptop, 0)).unwrap();
}

fn seen() -> EventKind {
    EventKind::Closed { on: day(11, 20), outcome: Outcome::Seen }
}

#[test]
fn the_earliest_request_not_struck_starts_the_clock() {
    let mut doc = asked();
    note(&mut doc, 1, 1, EventKind::Requested { on: day(9, 14) });
    assert_eq!(standing(&doc).requested_on, Some(day(9, 14)));
    note(&mut doc, 1, 2, EventKind::Struck { event: event(1, 1) });
    assert_eq!(standing(&doc).requested_on, Some(day(11, 2)));
}

#[test]
fn of_two_bands_at_once_the_higher_stands_and_is_asked_about() {
    let mut one = asked();
    let mut two = one.clone();
    note(&mut one, 1, 1, EventKind::Banded { band: Band::Low });
    note(&mut two, 2, 1, EventKind::Banded { band: Band::Urgent });
    bring(&mut one, &mut two);
    let at_once = standing(&one);
    assert_eq!((at_once.band, at_once.band_in_question), (Band::Urgent, true));
    note(&mut one, 1, 2, EventKind::Banded { band: Band::Low });
    let settled = standing(&one);
    assert_eq!((settled.band, settled.band_in_question), (Band::Low, false));
}

#[test]
fn closed_here_and_escalated_there_is_open_with_an_alert() {
    let mut one = asked();
    let mut two = one.clone();
    note(&mut one, 1, 1, seen());
    assert!(standing(&one).closed.is_some());
    note(&mut two, 2, 1, EventKind::Escalated { band: Band::Urgent });
    bring(&mut one, &mut two);
    let clashing = standing(&one);
    assert!(clashing.closed.is_none() && clashing.clash);
    assert_eq!(clashing.band, Band::Urgent);
    note(&mut one, 1, 2, seen());
    let settled = standing(&one);
    assert!(settled.closed.is_some() && !settled.clash);
}

#[test]
fn closed_twice_at_once_is_closed_once() {
    let mut one = asked();
    let mut two = one.clone();
    note(&mut one, 1, 1, seen());
    note(&mut two, 2, 1, EventKind::Closed { on: day(11, 21), outcome: Outcome::Other("newer".to_owned()) });
    bring(&mut one, &mut two);
    bring(&mut two, &mut one);
    assert!(standing(&one).closed.is_some());
    assert_eq!(standing(&one), standing(&two));
}

#[test]
fn reopened_by_someone_who_saw_it_closed_goes_on() {
    let mut doc = asked();
    note(&mut doc, 1, 1, seen());
    note(&mut doc, 1, 2, EventKind::Reopened);
    let open = standing(&doc);
    assert!(open.closed.is_none() && !open.clash);
}

#[test]
fn the_newest_call_says_when_to_ring_next() {
    let mut doc = asked();
    note(&mut doc, 1, 1, EventKind::Contacted { next_due: Some(day(12, 8)) });
    assert_eq!(standing(&doc).next_call_due, Some(day(12, 8)));
    note(&mut doc, 1, 2, EventKind::Contacted { next_due: None });
    assert_eq!(standing(&doc).next_call_due, None);
}

#[test]
fn what_was_undone_counts_for_nothing() {
    let undo = |doc: &mut AutoCommit, n: u8, of: u8| note(doc, 1, n, EventKind::Undone { event: event(1, of) });
    let mut doc = asked();
    let before = standing(&doc);
    for (n, kind) in [
        (1, EventKind::Escalated { band: Band::Urgent }),
        (3, EventKind::Banded { band: Band::Low }),
        (5, EventKind::Contacted { next_due: Some(day(12, 8)) }),
        (7, seen()),
        (9, EventKind::Requested { on: day(9, 14) }),
        (11, EventKind::Struck { event: event(1, 101) }),
    ] {
        note(&mut doc, 1, n, kind);
        assert_ne!(standing(&doc), before);
        undo(&mut doc, n + 1, n);
        assert_eq!(standing(&doc), before);
    }
    // A closing that was undone is no clash with an escalation elsewhere, and one escalated by mistake closes.
    let mut two = doc.clone();
    note(&mut doc, 1, 21, seen());
    note(&mut two, 2, 1, EventKind::Escalated { band: Band::Urgent });
    bring(&mut doc, &mut two);
    assert!(standing(&doc).clash);
    undo(&mut doc, 22, 21);
    assert!(!standing(&doc).clash);
    note(&mut doc, 1, 23, EventKind::Undone { event: event(2, 1) });
    note(&mut doc, 1, 24, seen());
    assert!(standing(&doc).closed.is_some());
    // Undoing the request itself takes the entry off: it was noted in error.
    note(&mut doc, 1, 25, EventKind::Undone { event: event(1, 101) });
    assert_eq!(standing(&doc).requested_on, None);
}

#[test]
fn hundreds_of_events_are_folded_at_once() {
    let mut doc = asked();
    for n in 0..60 {
        note(&mut doc, 1, n, EventKind::Banded { band: Band::High });
        note(&mut doc, 2, n, seen());
        note(&mut doc, 3, n, EventKind::Escalated { band: Band::Urgent });
    }
    let history = waiting_entry::read(&doc).unwrap().history;
    assert_eq!(history.known_to([event(3, 59)]).len(), history.events().len() - 1);
    let standing = stand(&history);
    assert_eq!((standing.band, standing.closed, standing.clash), (Band::Urgent, None, false));
}

fn kinds() -> impl Strategy<Value = EventKind> {
    let bands = || prop::sample::select(Band::ALL.to_vec());
    prop_oneof![
        (1..13_u32).prop_map(|month| EventKind::Requested { on: day(month, 9) }),
        (0..4_u8, 0..3_u8).prop_map(|(laptop, n)| EventKind::Struck { event: event(laptop, n) }),
        bands().prop_map(|band| EventKind::Banded { band }),
        bands().prop_map(|band| EventKind::Escalated { band }),
        Just(EventKind::Contacted { next_due: Some(day(12, 8)) }),
        Just(seen()),
        Just(EventKind::Reopened),
    ]
}

/// Something noted, and whether it is undone at once.
fn slips() -> impl Strategy<Value = Vec<(EventKind, bool)>> {
    prop::collection::vec((kinds(), any::<bool>()), 1..12)
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_order_of_meeting_gives_one_standing(
        notes in prop::collection::vec((0..4_u8, kinds(), skew()), 1..10),
        order in orders(),
    ) {
        let mut laptops = vec![asked(); 4];
        let mut counts = [0_u8; 4];
        for (laptop, kind, skew) in &notes {
            let place = usize::from(*laptop);
            let id = event(*laptop, counts[place]);
            waiting_entry::note_event(&mut laptops[place], id, kind, &edit(*laptop, *skew)).unwrap();
            counts[place] += 1;
        }
        let apart: Vec<Standing> = laptops.iter().map(standing).collect();
        meet(&mut laptops, &order);
        let together = standing(&laptops[0]);
        for doc in &laptops {
            prop_assert_eq!(&together, &standing(doc));
        }
        // Each laptop set its bands knowing only its own, so no merge takes a priority below any of theirs that moved.
        let moved = |n: usize| notes.iter().any(|(laptop, kind, _)| {
            usize::from(*laptop) == n && matches!(kind, EventKind::Banded { .. } | EventKind::Escalated { .. })
        });
        for (n, alone) in apart.iter().enumerate() {
            if moved(n) {
                prop_assert!(together.band >= alone.band);
            }
        }
        let all = waiting_entry::read(&laptops[0]).unwrap().history;
        let struck = |id| all.events().iter().any(|other| other.kind == Some(EventKind::Struck { event: id }));
        let requests = all.events().iter().filter(|event| !struck(event.id)).filter_map(|event| match event.kind {
            Some(EventKind::Requested { on }) => Some(on),
            _ => None,
        });
        prop_assert_eq!(together.requested_on, requests.min());
        // Nobody knew of another's band: the highest of the last that each set, and a question when they differ.
        let set: Vec<Band> = (0..4).filter(|n| moved(*n)).map(|n| apart[n].band).collect();
        if let Some(highest) = set.iter().max() {
            prop_assert_eq!(together.band, *highest);
            prop_assert_eq!(together.band_in_question, set.iter().any(|band| band != highest));
        }
    }

    /// On one laptop, noting and undoing comes to what it would have come to without either.
    #[test]
    fn undoing_leaves_what_would_have_stood(notes in slips()) {
        let (mut slipped, mut plain) = (asked(), asked());
        for (n, (kind, undone)) in (0..).zip(&notes) {
            note(&mut slipped, 1, n * 2, kind.clone());
            if *undone {
                note(&mut slipped, 1, n * 2 + 1, EventKind::Undone { event: event(1, n * 2) });
            } else {
                note(&mut plain, 1, n * 2, kind.clone());
            }
        }
        prop_assert_eq!(standing(&slipped), standing(&plain));
    }

    /// Whatever is undone by whom, in whatever order laptops meet, they come to the same.
    #[test]
    fn undone_in_any_order_of_meeting_is_one_standing(
        notes in prop::collection::vec((0..4_u8, kinds(), prop::option::of((0..4_u8, 0..4_u8)), skew()), 1..10),
        order in orders(),
    ) {
        let mut laptops = vec![asked(); 4];
        let mut counts = [0_u8; 4];
        for (laptop, kind, undone, skew) in &notes {
            let place = usize::from(*laptop);
            let kind = undone.map_or(kind.clone(), |(of, n)| EventKind::Undone { event: event(of, n) });
            let id = event(*laptop, counts[place]);
            waiting_entry::note_event(&mut laptops[place], id, &kind, &edit(*laptop, *skew)).unwrap();
            counts[place] += 1;
        }
        meet(&mut laptops, &order);
        let together = standing(&laptops[0]);
        for doc in &laptops {
            prop_assert_eq!(&together, &standing(doc));
        }
    }

    #[test]
    fn escalated_somewhere_and_closed_only_elsewhere_is_never_closed(closers in 1..4_u8, order in orders()) {
        let mut laptops = vec![asked(); 4];
        note(&mut laptops[0], 9, 1, EventKind::Escalated { band: Band::High });
        for n in 1..=closers {
            note(&mut laptops[usize::from(n)], n, 1, seen());
        }
        meet(&mut laptops, &order);
        for doc in &laptops {
            let together = standing(doc);
            prop_assert!(together.closed.is_none() && together.clash);
        }
    }
}
