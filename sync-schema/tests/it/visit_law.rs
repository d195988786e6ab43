//! A visit: what is noted at the door and what a worker notes both stand, in one order, whatever the clocks.

use automerge::AutoCommit;
use proptest::prelude::*;
use sync_schema::document::visit::{self, EventKind, NewVisit, State};
use sync_schema::{ConversationId, HubId, Instant, Need, Ticket, VisitId};

use crate::common::{MORNING, bring, cases, day, edit, event, meet, orders, skew};

pub(crate) fn mair() -> NewVisit {
    NewVisit {
        hub: HubId::from_bytes([7; 16]),
        came_at: Instant::from_millis(MORNING),
        name: Some("Mair".to_owned()),
        reason: "Since Dad's fall I can't leave him".to_owned(),
        needs: vec![Need::Welsh],
        interpreter: None,
        been_before: Some(true),
        companion: None,
        ticket: Ticket { letter: "A".to_owned(), number: 3, day: day(11, 3) },
    }
}

pub(crate) fn visit_of(new: NewVisit) -> AutoCommit {
    visit::create(VisitId::from_bytes([1; 16]), new, &edit(1, 0)).unwrap()
}

fn outside() -> EventKind {
    EventKind::SteppedOutside { until: Instant::from_millis(MORNING + 600_000) }
}

fn taken(n: u8) -> EventKind {
    EventKind::Taken { conversation: ConversationId::from_bytes([n; 16]) }
}

fn kinds() -> impl Strategy<Value = EventKind> {
    prop_oneof![
        Just(EventKind::Left),
        Just(EventKind::CameBack),
        Just(EventKind::Done),
        Just(outside()),
        (0..4_u8).prop_map(taken),
        (0..4_u8, 0..3_u8).prop_map(|(laptop, n)| EventKind::Undone { event: event(laptop, n) }),
    ]
}

#[test]
fn needs_corrected_and_stepped_outside_and_taken_elsewhere_all_stand() {
    let mut door = visit_of(mair());
    let mut table = door.clone();
    visit::correct_needs(&mut door, &[Need::Welsh, Need::LargePrint], None, &edit(1, 5_000)).unwrap();
    visit::note_event(&mut door, event(1, 1), outside(), &edit(1, 6_000)).unwrap();
    visit::note_event(&mut table, event(2, 1), taken(2), &edit(2, 7_000)).unwrap();
    bring(&mut door, &mut table);
    bring(&mut table, &mut door);
    let read = visit::read(&door).unwrap();
    assert_eq!(read, visit::read(&table).unwrap());
    assert_eq!(read.needs, [Need::Welsh, Need::LargePrint]);
    let State::BeingSeen { outside_until, .. } = read.state() else { panic!("{:?}", read.state()) };
    assert_eq!(outside_until, Some(Instant::from_millis(MORNING + 600_000)));
}

#[test]
fn a_worker_who_saw_that_they_were_outside_has_them_back() {
    let mut doc = visit_of(mair());
    visit::note_event(&mut doc, event(1, 1), outside(), &edit(1, 0)).unwrap();
    assert!(matches!(visit::read(&doc).unwrap().state(), State::Outside { .. }));
    visit::note_event(&mut doc, event(2, 1), taken(2), &edit(2, -9_000_000)).unwrap();
    assert!(matches!(visit::read(&doc).unwrap().state(), State::BeingSeen { outside_until: None, .. }));
}

#[test]
fn taken_by_two_at_once_shows_both() {
    let mut one = visit_of(mair());
    let mut two = one.clone();
    visit::note_event(&mut one, event(1, 1), taken(1), &edit(1, 0)).unwrap();
    visit::note_event(&mut two, event(2, 1), taken(2), &edit(2, 0)).unwrap();
    bring(&mut one, &mut two);
    let read = visit::read(&one).unwrap();
    let workers: Vec<&str> = read.taken().map(|event| event.by_name.as_str()).collect();
    assert_eq!(workers, ["Worker 1", "Worker 2"]);
}

#[test]
fn a_slip_taken_back_is_as_if_it_had_not_been() {
    let mut doc = visit_of(mair());
    visit::note_event(&mut doc, event(1, 1), EventKind::Left, &edit(1, 0)).unwrap();
    assert_eq!(visit::read(&doc).unwrap().state(), State::Left);
    visit::note_event(&mut doc, event(1, 2), EventKind::Undone { event: event(1, 1) }, &edit(1, 0)).unwrap();
    assert_eq!(visit::read(&doc).unwrap().state(), State::Waiting);
}

#[test]
fn an_event_from_the_far_future_does_not_freeze_the_queue() {
    let mut doc = visit_of(mair());
    visit::note_event(&mut doc, event(1, 1), outside(), &edit(1, i64::MAX - MORNING)).unwrap();
    for n in 2..30 {
        let kind = if n % 2 == 0 { EventKind::CameBack } else { outside() };
        visit::note_event(&mut doc, event(2, n), kind, &edit(2, 0)).unwrap();
        let back = visit::read(&doc).unwrap().state() == State::Waiting;
        assert_eq!(back, n % 2 == 0, "event {n}");
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_order_of_meeting_gives_one_queue(
        notes in prop::collection::vec((0..4_u8, kinds(), skew()), 1..12),
        order in orders(),
    ) {
        let first = visit_of(mair());
        let mut laptops = vec![first; 4];
        let mut counts = [0_u8; 4];
        for (n, (laptop, kind, skew)) in notes.iter().enumerate() {
            let place = usize::from(*laptop);
            let doc = &mut laptops[place];
            visit::note_event(doc, event(*laptop, counts[place]), *kind, &edit(*laptop, *skew)).unwrap();
            counts[place] += 1;
            if n % 3 == 2 {
                let mut other = laptops[(place + 1) % 4].clone();
                bring(&mut laptops[place], &mut other);
            }
        }
        meet(&mut laptops, &order);
        let read = visit::read(&laptops[0]).unwrap();
        prop_assert_eq!(read.history.events().len(), notes.len());
        for other in &laptops {
            let other = visit::read(other).unwrap();
            prop_assert_eq!(&read, &other);
            prop_assert_eq!(read.state_since(), other.state_since());
        }
    }

    #[test]
    fn no_event_stands_before_one_it_came_after(
        notes in prop::collection::vec((0..3_u8, skew()), 1..10),
    ) {
        let mut doc = visit_of(mair());
        for (n, (laptop, skew)) in notes.iter().enumerate() {
            let id = event(*laptop, u8::try_from(n).unwrap());
            visit::note_event(&mut doc, id, EventKind::CameBack, &edit(*laptop, *skew)).unwrap();
        }
        let read = visit::read(&doc).unwrap();
        let ids: Vec<_> = read.history.events().iter().map(|event| event.id).collect();
        let noted: Vec<_> = notes.iter().enumerate()
            .map(|(n, (laptop, _))| event(*laptop, u8::try_from(n).unwrap())).collect();
        prop_assert_eq!(ids, noted);
    }

    #[test]
    fn each_need_is_corrected_apart(first in needs(), second in needs(), order in orders()) {
        let base = visit_of(mair());
        let mut laptops = vec![base.clone(), base];
        visit::correct_needs(&mut laptops[0], &first, None, &edit(1, 0)).unwrap();
        visit::correct_needs(&mut laptops[1], &second, None, &edit(2, 0)).unwrap();
        meet(&mut laptops, &order);
        let read = visit::read(&laptops[0]).unwrap();
        prop_assert_eq!(&read, &visit::read(&laptops[1]).unwrap());
        for need in Need::ALL {
            let was = *need == Need::Welsh;
            let (one, two) = (first.contains(need), second.contains(need));
            // Whoever changed it is heard; both can only have changed it to the same.
            let wanted = if was { one && two } else { one || two };
            prop_assert_eq!(read.needs.contains(need), wanted);
        }
    }
}

fn needs() -> impl Strategy<Value = Vec<Need>> {
    prop::sample::subsequence(Need::ALL.to_vec(), 0..=Need::ALL.len())
}
