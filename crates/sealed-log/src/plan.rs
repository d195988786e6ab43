//! What to fetch from a carrier and what to put on it: a pure function of what is here, what the carrier shows and what
//! may be read.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{LogId, ScopeId, Short, StreamId};

/// Most segments asked for of one log that nobody vouches for.
const UNKNOWN_LOG_MOST: u64 = 16;

/// Most streams asked for at a time of logs that nobody vouches for: when somebody does, all is asked for anyway.
const UNKNOWN_LOGS_MOST: usize = 64;

/// What a carrier shows of one stream: each tip's number with the start of its envelope's hash.
pub type Shown = BTreeMap<StreamId, BTreeSet<(u64, Short)>>;

/// What is held here.
pub trait Holdings {
    /// The streams of which anything is held.
    fn streams(&self) -> Vec<StreamId>;
    /// The highest number of a stream with nothing missing below it; 0 if none.
    fn high(&self, stream: &StreamId) -> u64;
    /// True if an envelope with this number and start of hash is held, parked or refused.
    fn holds(&self, stream: &StreamId, seq: u64, short: &Short) -> bool;
    /// The lowest number that two envelopes bear, if the stream's log went two ways.
    fn parted(&self, stream: &StreamId) -> Option<u64>;
    /// Number and start of hash of the end of each way the stream went: what a carrier should show.
    fn ends(&self, stream: &StreamId) -> Vec<(u64, Short)>;
}

/// Segments to be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fetch {
    /// Of this stream,
    pub stream: StreamId,
    /// from this number
    pub first: u64,
    /// to this one.
    pub last: u64,
}

/// Segments to be put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Put {
    /// Of this stream,
    pub stream: StreamId,
    /// from this number
    pub first: u64,
    /// to this one.
    pub last: u64,
}

/// What to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What to fetch, in the order of streams.
    pub fetch: Vec<Fetch>,
    /// What to put, in the order of streams.
    pub put: Vec<Put>,
    /// What is to be put as far as no file holds it: a tip that could not be had stands above it, and a tip is only a
    /// name, which anybody may have written.
    pub doubtful: Vec<Put>,
}

/// Decides. `readable` are the scopes whose keys this laptop may hold: of others nothing is fetched, and nothing kept.
/// `known` says whether the roster vouches for a log.
pub fn plan(held: &impl Holdings, shown: &Shown, readable: &BTreeSet<ScopeId>, known: impl Fn(&LogId) -> bool) -> Plan {
    let mut plan = Plan::default();
    let mut strangers = UNKNOWN_LOGS_MOST;
    for (stream, tips) in shown {
        if readable.contains(&stream.scope) {
            let known = known(&stream.log);
            if let Some(fetch) = fetch_one(held, stream, tips, known).filter(|_| known || strangers > 0) {
                strangers -= usize::from(!known);
                plan.fetch.push(fetch);
            }
        }
    }
    for stream in held.streams() {
        if readable.contains(&stream.scope) {
            let tips = shown.get(&stream);
            plan.put.extend(put_one(held, stream, tips));
            plan.doubtful.extend(tips.and_then(|tips| doubtful(held, stream, tips)));
        }
    }
    plan.put.sort_unstable();
    plan
}

fn fetch_one(held: &impl Holdings, stream: &StreamId, tips: &BTreeSet<(u64, Short)>, known: bool) -> Option<Fetch> {
    let high = held.high(stream);
    let new = tips.iter().filter(|(seq, short)| !held.holds(stream, *seq, short));
    let (mut first, mut last) = (u64::MAX, 0);
    for (seq, _) in new {
        // Above what is here, everything between is wanted; below, a fork of which the tip is what shows.
        first = first.min(if *seq > high { high + 1 } else { *seq });
        last = last.max(*seq);
    }
    if !known {
        last = last.min(first.saturating_add(UNKNOWN_LOG_MOST - 1));
    }
    (first <= last).then_some(Fetch { stream: *stream, first, last })
}

fn put_one(held: &impl Holdings, stream: StreamId, tips: Option<&BTreeSet<(u64, Short)>>) -> Option<Put> {
    let last = held.high(&stream);
    if last == 0 {
        return None;
    }
    let empty = BTreeSet::new();
    let tips = tips.unwrap_or(&empty);
    let parted = held.parted(&stream);
    // What is shown further than it is held may well go on from what is held, unless the log went two ways.
    let ahead = tips.iter().filter(|(seq, short)| !held.holds(&stream, *seq, short)).map(|(seq, _)| *seq).max();
    let may_be_passed = |seq| parted.is_none() && ahead.is_some_and(|ahead| ahead > seq);
    let lacking = |end: &(u64, Short)| !tips.contains(end) && !may_be_passed(end.0);
    if !held.ends(&stream).iter().any(lacking) {
        return None;
    }
    // A tip of a branch that is not held says nothing of what lies below it here.
    let common = tips
        .iter()
        .filter(|(seq, short)| *seq <= last && held.holds(&stream, *seq, short))
        .map(|(seq, _)| *seq)
        .max()
        .unwrap_or(0);
    // Each way is put from where they part, for the tip that is shown may be the other's.
    let first = (common + 1).min(last).min(parted.unwrap_or(last));
    Some(Put { stream, first, last })
}

fn doubtful(held: &impl Holdings, stream: StreamId, tips: &BTreeSet<(u64, Short)>) -> Option<Put> {
    let last = held.high(&stream);
    let above = tips.iter().any(|(seq, short)| *seq > last && !held.holds(&stream, *seq, short));
    let shown = held.ends(&stream).iter().all(|end| tips.contains(end));
    (last > 0 && above && !shown && held.parted(&stream).is_none()).then_some(Put { stream, first: 1, last })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Held: per log letter, its heads' hash bytes by number (the last is the high).
    struct Here(BTreeMap<StreamId, Vec<Vec<u8>>>);

    impl Holdings for Here {
        fn streams(&self) -> Vec<StreamId> {
            self.0.keys().copied().collect()
        }
        fn high(&self, stream: &StreamId) -> u64 {
            self.0.get(stream).map_or(0, |held| held.len() as u64)
        }
        fn holds(&self, stream: &StreamId, seq: u64, short: &Short) -> bool {
            self.0
                .get(stream)
                .and_then(|held| held.get(seq as usize - 1))
                .is_some_and(|at| at.contains(&short.as_bytes()[0]))
        }
        fn parted(&self, stream: &StreamId) -> Option<u64> {
            let at = self.0.get(stream)?.iter().position(|at| at.len() > 1)?;
            Some(at as u64 + 1)
        }
        // In these tables the second of two ways follows the second before it, and ends where there is only one.
        fn ends(&self, stream: &StreamId) -> Vec<(u64, Short)> {
            let Some(held) = self.0.get(stream) else { return Vec::new() };
            let next = |at: usize| held.get(at + 1).map_or(0, Vec::len);
            let ends = |(at, here): (usize, &Vec<u8>)| {
                here.iter().skip(next(at)).map(|byte| (at as u64 + 1, short(*byte))).collect::<Vec<_>>()
            };
            held.iter().enumerate().flat_map(ends).collect()
        }
    }

    fn short(byte: u8) -> Short {
        Short::from_bytes([byte; 5])
    }

    fn stream(log: u8, scope: u8) -> StreamId {
        StreamId { log: LogId::from_bytes([log; 16]), scope: ScopeId::from_bytes([scope; 16]) }
    }

    /// One stream: what is held (hash bytes per number), what the carrier shows, and the ranges to fetch and to put.
    #[allow(clippy::type_complexity)]
    fn check(name: &str, held: &[&[u8]], shown: &[(u64, u8)], fetch: Option<(u64, u64)>, put: Option<(u64, u64)>) {
        check_with(name, held, shown, true, true, fetch, put);
    }

    fn check_with(
        name: &str,
        held: &[&[u8]],
        shown: &[(u64, u8)],
        readable: bool,
        known: bool,
        fetch: Option<(u64, u64)>,
        put: Option<(u64, u64)>,
    ) {
        let at = stream(1, 1);
        let mut here = BTreeMap::new();
        if !held.is_empty() {
            here.insert(at, held.iter().map(|at| at.to_vec()).collect());
        }
        let mut on_carrier = Shown::new();
        if !shown.is_empty() {
            on_carrier.insert(at, shown.iter().map(|(seq, hash)| (*seq, short(*hash))).collect());
        }
        let scopes = readable.then_some(at.scope).into_iter().collect();
        let made = plan(&Here(here), &on_carrier, &scopes, |_| known);
        let fetched = made.fetch.first().map(|f| (f.first, f.last));
        let given = made.put.first().map(|p| (p.first, p.last));
        assert_eq!((fetched, given), (fetch, put), "{name}");
    }

    #[test]
    fn table() {
        let three: &[&[u8]] = &[&[1], &[2], &[3]];
        check("nothing anywhere", &[], &[], None, None);
        check("both alike", three, &[(3, 3)], None, None);
        check("all new here", &[], &[(3, 3)], Some((1, 3)), None);
        check("carrier further", three, &[(5, 5)], Some((4, 5)), None);
        check("carrier empty", three, &[], None, Some((1, 3)));
        check("carrier put back from before", three, &[(1, 1)], None, Some((2, 3)));
        check("old tips left beside the new", three, &[(1, 1), (3, 3)], None, None);
        check("a fork at the tip", three, &[(3, 33)], Some((3, 3)), Some((1, 3)));
        check("a fork, both shown", three, &[(3, 3), (3, 33)], Some((3, 3)), None);
        check("a fork below", three, &[(2, 22)], Some((2, 2)), Some((1, 3)));
        check("a fork held, one shown", &[&[1], &[2, 22]], &[(2, 2)], None, Some((2, 2)));
        check("a short way held, the long one shown", &[&[1], &[2, 22], &[3]], &[(3, 3)], None, Some((2, 3)));
        check("a long way held, the short one shown", &[&[1], &[2, 22], &[3]], &[(2, 22)], None, Some((2, 3)));
        check("both ways held and shown", &[&[1], &[2, 22], &[3]], &[(2, 22), (3, 3)], None, None);
        check("a fork ahead", three, &[(3, 3), (4, 44), (5, 5)], Some((4, 5)), None);
    }

    #[test]
    fn of_many_unknown_logs_few_are_asked_at_a_time_and_the_known_all() {
        let known = stream(255, 1);
        let shown: Shown = (0..=255).map(|log| (stream(log, 1), BTreeSet::from([(1, short(1))]))).collect();
        let made = plan(&Here(BTreeMap::new()), &shown, &BTreeSet::from([known.scope]), |log| *log == known.log);
        assert_eq!(made.fetch.len(), UNKNOWN_LOGS_MOST + 1);
        assert!(made.fetch.iter().any(|fetch| fetch.stream == known));
        // What was taken makes room for the next.
        let held = shown.keys().take(UNKNOWN_LOGS_MOST).map(|stream| (*stream, vec![vec![1]])).collect();
        let next = plan(&Here(held), &shown, &BTreeSet::from([known.scope]), |log| *log == known.log);
        assert_eq!(next.fetch.len(), UNKNOWN_LOGS_MOST + 1);
    }

    #[test]
    fn a_tip_that_cannot_be_had_hides_nothing() {
        let at = stream(1, 1);
        let here = || Here(BTreeMap::from([(at, vec![vec![1], vec![2]])]));
        let doubtful = |tips: &[(u64, u8)]| {
            let shown = Shown::from([(at, tips.iter().map(|(seq, hash)| (*seq, short(*hash))).collect())]);
            plan(&here(), &shown, &BTreeSet::from([at.scope]), |_| true).doubtful
        };
        assert_eq!(doubtful(&[(9, 99)]), [Put { stream: at, first: 1, last: 2 }]);
        assert_eq!(doubtful(&[(1, 1), (9, 99)]), [Put { stream: at, first: 1, last: 2 }]);
        assert_eq!(doubtful(&[(2, 2), (9, 99)]), []);
        assert_eq!(doubtful(&[(1, 1)]), []);
    }

    #[test]
    fn what_may_not_be_read_is_neither_fetched_nor_put() {
        check_with("other scope", &[], &[(3, 3)], false, true, None, None);
        check_with("scope no longer ours", &[&[1]], &[], false, true, None, None);
    }

    #[test]
    fn of_an_unknown_log_little_is_asked() {
        check_with("stranger", &[], &[(3, 3)], true, false, Some((1, 3)), None);
        check_with("long stranger", &[], &[(900, 3)], true, false, Some((1, 16)), None);
    }
}
