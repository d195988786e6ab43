//! What a relay, or a laptop, said it has, and what it gave before it was asked for. Kept for one exchange.

use std::collections::{BTreeMap, BTreeSet};

use sealed_log::wire::{Ask, Found, Given, RosterName};
use sealed_log::{Fetch, FileRange, Hash, LogId, Shown, StreamId, body_hash, wire};

/// Segments are handed on so many at a time.
const FILE: u64 = 64;
/// So many streams are asked for at once.
const RANGES: usize = 4096;

#[derive(Debug, Default)]
pub(crate) struct Shelf {
    told: Option<wire::Shelf>,
    entries: BTreeMap<RosterName, Vec<u8>>,
    statements: BTreeMap<(LogId, u64), Vec<u8>>,
    expected: BTreeMap<StreamId, (u64, u64)>,
    /// Of each stream, how far everything has come, and what has not been handed on.
    runs: BTreeMap<StreamId, Run>,
    blobs: BTreeMap<Hash, Vec<u8>>,
}

#[derive(Debug)]
struct Run {
    first: u64,
    through: u64,
    segments: BTreeMap<u64, Vec<Vec<u8>>>,
}

impl Shelf {
    pub(crate) fn is_known(&self) -> bool {
        self.told.is_some()
    }

    pub(crate) fn learn(&mut self, told: wire::Shelf) {
        self.told = Some(told);
    }

    pub(crate) fn turn(&self) -> u64 {
        self.told.as_ref().map_or(0, |told| told.turn)
    }

    pub(crate) fn roster(&self) -> impl Iterator<Item = &RosterName> {
        self.told.iter().flat_map(|told| &told.roster)
    }

    pub(crate) fn seen(&self) -> &BTreeMap<LogId, u64> {
        const NONE: &BTreeMap<LogId, u64> = &BTreeMap::new();
        self.told.as_ref().map_or(NONE, |told| &told.seen)
    }

    pub(crate) fn tips(&self) -> &Shown {
        const NONE: &Shown = &Shown::new();
        self.told.as_ref().map_or(NONE, |told| &told.tips)
    }

    pub(crate) fn has_entry(&self, name: &RosterName) -> bool {
        self.entries.contains_key(name)
    }

    pub(crate) fn entry(&mut self, name: &RosterName) -> Option<Vec<u8>> {
        self.entries.remove(name)
    }

    pub(crate) fn has_statement(&self, log: &LogId, number: u64) -> bool {
        self.statements.contains_key(&(*log, number))
    }

    pub(crate) fn statement(&mut self, log: &LogId, number: u64) -> Option<Vec<u8>> {
        self.statements.remove(&(*log, number))
    }

    pub(crate) fn blob(&mut self, hash: &Hash) -> Option<Vec<u8>> {
        self.blobs.remove(hash)
    }

    pub(crate) fn expect(&mut self, ranges: Vec<Fetch>) {
        for Fetch { stream, first, last } in ranges {
            let known = self.expected.entry(stream).or_insert((first, last));
            *known = (known.0.min(first), known.1.max(last));
        }
    }

    /// A stream's segments as if they lay in files: those expected, those below, those above.
    pub(crate) fn files(&self, stream: &StreamId) -> Vec<FileRange> {
        let high = self.tips().get(stream).and_then(|tips| tips.last()).map_or(0, |(seq, _)| *seq);
        let (first, last) = self.expected.get(stream).copied().unwrap_or((high + 1, high));
        let mut files = Vec::new();
        let mut add = |mut from: u64, to: u64| {
            while from <= to {
                let end = to.min(from.saturating_add(FILE - 1));
                files.push(FileRange { first: from, last: end, size: 0, name: format!("{from}-{end}") });
                from = end + 1;
            }
        };
        let last = last.min(high);
        add(1, first.saturating_sub(1).min(high));
        add(first, last);
        add(last.max(first.saturating_sub(1)).saturating_add(1), high);
        files
    }

    /// What to ask for so that a file is here: that first, then whatever else is expected. `None` when it is here.
    pub(crate) fn lacking(&self, stream: &StreamId, file: &FileRange) -> Option<Vec<Fetch>> {
        let reached = self.reached(stream, file);
        if reached >= file.last {
            return None;
        }
        let last = self.expected.get(stream).map_or(file.last, |(_, last)| file.last.max(*last));
        let mut ranges = vec![Fetch { stream: *stream, first: reached + 1, last }];
        // Others that are expected and of which nothing has come yet.
        let others = self.expected.iter().filter(|(other, _)| *other != stream && !self.runs.contains_key(other));
        ranges.extend(others.map(|(stream, (first, last))| Fetch { stream: *stream, first: *first, last: *last }));
        ranges.truncate(RANGES);
        Some(ranges)
    }

    fn reached(&self, stream: &StreamId, file: &FileRange) -> u64 {
        let run = self.runs.get(stream).filter(|run| run.first <= file.first);
        run.map_or(file.first - 1, |run| run.through.max(file.first - 1))
    }

    /// Hands a file's segments on.
    pub(crate) fn segments(&mut self, stream: &StreamId, file: &FileRange) -> Vec<Vec<u8>> {
        let Some(run) = self.runs.get_mut(stream) else { return Vec::new() };
        let numbers: Vec<u64> = run.segments.range(file.first..=file.last).map(|(seq, _)| *seq).collect();
        let segments = numbers.iter().filter_map(|seq| run.segments.remove(seq)).flatten().collect();
        // What was handed on is not here any more.
        run.first = run.first.max(file.last.saturating_add(1));
        segments
    }

    /// Takes what was given of what was asked, and nothing else.
    pub(crate) fn take(&mut self, ask: &Ask, given: Given) {
        let names: BTreeSet<_> = ask.roster.iter().collect();
        self.entries.extend(given.roster.into_iter().filter(|(name, _)| names.contains(name)));
        let numbers: BTreeSet<_> = ask.seen.iter().copied().collect();
        let statements = given.seen.into_iter().map(|(log, number, bytes)| ((log, number), bytes));
        self.statements.extend(statements.filter(|(key, _)| numbers.contains(key)));
        for (range, found) in ask.ranges.iter().zip(given.ranges) {
            self.take_range(range, found);
        }
        let wanted: BTreeSet<_> = ask.blobs.iter().collect();
        self.blobs.extend(
            given.blobs.into_iter().map(|bytes| (body_hash(&bytes), bytes)).filter(|(hash, _)| wanted.contains(hash)),
        );
    }

    fn take_range(&mut self, range: &Fetch, found: Found) {
        let through = found.through.min(range.last);
        if through < range.first {
            return;
        }
        let new = Run { first: range.first, through: range.first - 1, segments: BTreeMap::new() };
        let run = self.runs.entry(range.stream).or_insert(new);
        if run.through + 1 != range.first || run.first > range.first {
            *run = Run { first: range.first, through: 0, segments: BTreeMap::new() };
        }
        run.through = through;
        for (seq, bytes) in found.segments.into_iter().filter(|(seq, _)| (range.first..=through).contains(seq)) {
            run.segments.entry(seq).or_default().push(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use sealed_log::{ScopeId, Short};

    use super::*;

    fn stream(byte: u8) -> StreamId {
        StreamId { log: LogId::from_bytes([byte; 16]), scope: ScopeId::from_bytes([1; 16]) }
    }

    fn shelf(high: u64) -> Shelf {
        let tips = BTreeMap::from([
            (stream(1), BTreeSet::from([(high, Short::from_bytes([1; 5]))])),
            (stream(2), BTreeSet::from([(3, Short::from_bytes([1; 5]))])),
        ]);
        let mut shelf = Shelf::default();
        shelf.learn(wire::Shelf { tips, ..wire::Shelf::default() });
        shelf
    }

    fn ranges(shelf: &Shelf) -> Vec<(u64, u64)> {
        shelf.files(&stream(1)).into_iter().map(|file| (file.first, file.last)).collect()
    }

    #[test]
    fn what_is_expected_begins_a_file() {
        let mut shelf = shelf(150);
        assert_eq!(ranges(&shelf), [(1, 64), (65, 128), (129, 150)]);
        shelf.expect(vec![Fetch { stream: stream(1), first: 101, last: 140 }]);
        assert_eq!(ranges(&shelf), [(1, 64), (65, 100), (101, 140), (141, 150)]);
        assert_eq!(shelf.files(&stream(9)), []);
    }

    #[test]
    fn one_answer_serves_every_stream_that_is_expected() {
        let mut shelf = shelf(5);
        let wanted = |byte, first, last| Fetch { stream: stream(byte), first, last };
        shelf.expect(vec![wanted(1, 4, 5), wanted(2, 1, 3)]);
        let file = shelf.files(&stream(1)).pop().unwrap();
        let asked = shelf.lacking(&stream(1), &file).unwrap();
        assert_eq!(asked, [wanted(1, 4, 5), wanted(2, 1, 3)]);
        let found = |through, segments: &[u64]| Found {
            through,
            segments: segments.iter().map(|seq| (*seq, vec![u8::try_from(*seq).unwrap()])).collect(),
        };
        let ask = Ask { ranges: asked, ..Ask::default() };
        // Beside what was asked for, nothing is taken.
        let given = Given { ranges: vec![found(5, &[4, 5, 5, 9]), found(2, &[1, 2])], ..Given::default() };
        shelf.take(&ask, given);
        assert_eq!(shelf.lacking(&stream(1), &file), None);
        assert_eq!(shelf.segments(&stream(1), &file), [vec![4], vec![5], vec![5]]);
        let second = shelf.files(&stream(2)).pop().unwrap();
        assert_eq!(shelf.lacking(&stream(2), &second), Some(vec![wanted(2, 3, 3)]));
        let rest = Ask { ranges: vec![wanted(2, 3, 3)], ..Ask::default() };
        shelf.take(&rest, Given { ranges: vec![found(3, &[3])], ..Given::default() });
        assert_eq!(shelf.segments(&stream(2), &second), [vec![1], vec![2], vec![3]]);
        // Asked again, it is fetched again.
        assert_eq!(shelf.lacking(&stream(2), &second), Some(vec![wanted(2, 1, 3)]));
    }
}
