//! Laptops that edit one document apart and meet in any order.

use automerge::AutoCommit;
use proptest::prelude::*;
use sync_schema::{CalendarDate, Edit, EventId, Instant, TeamMemberId};

/// 3 November 2026, 10:05.
pub(crate) const MORNING: i64 = 1_793_700_300_000;

/// An edit on laptop `n`, whose clock is `skew` milliseconds out.
pub(crate) fn edit(n: u8, skew: i64) -> Edit {
    Edit {
        actor: [n; 16],
        now: Instant::from_millis(MORNING + skew),
        by: TeamMemberId::from_bytes([n; 16]),
        by_name: format!("Worker {n}"),
        laptop: format!("Green Lane {n}"),
    }
}

/// The `n`th event id of laptop `laptop`.
pub(crate) fn event(laptop: u8, n: u8) -> EventId {
    let mut bytes = [laptop; 16];
    bytes[0] = n.wrapping_mul(97);
    bytes[1] = n;
    EventId::from_bytes(bytes)
}

pub(crate) fn day(month: u32, day: u32) -> CalendarDate {
    CalendarDate::from_ymd(2026, month, day).unwrap()
}

/// What `from` holds reaches `to`.
pub(crate) fn bring(to: &mut AutoCommit, from: &mut AutoCommit) {
    let changes = from.get_changes(&to.get_heads());
    to.apply_changes(changes).unwrap();
}

/// Every laptop hears of every other, in the order given, some more than once.
pub(crate) fn meet(laptops: &mut [AutoCommit], order: &[(usize, usize)]) {
    let count = laptops.len();
    let every = (0..count).flat_map(|to| (0..count).map(move |from| (to, from)));
    let order: Vec<(usize, usize)> =
        order.iter().map(|(to, from)| (to % count, from % count)).chain(every.clone()).chain(every).collect();
    for (to, from) in order {
        if to != from {
            let mut from = laptops[from].clone();
            bring(&mut laptops[to], &mut from);
        }
    }
}

/// Some order of meetings.
pub(crate) fn orders() -> impl Strategy<Value = Vec<(usize, usize)>> {
    prop::collection::vec((0..8_usize, 0..8_usize), 0..12)
}

/// A clock that may be years out.
pub(crate) fn skew() -> impl Strategy<Value = i64> {
    const THREE_YEARS: i64 = 3 * 365 * 86_400_000;
    prop_oneof![-THREE_YEARS..THREE_YEARS, -60_000..60_000_i64, Just(0)]
}

pub(crate) fn cases() -> ProptestConfig {
    ProptestConfig { cases: 48, ..ProptestConfig::default() }
}
