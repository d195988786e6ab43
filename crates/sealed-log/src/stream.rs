//! A stream's place: the highest segment with nothing missing below it.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::Hash;

/// What is known of one stream: every envelope's hash by its number (more than one where the log forked), and how far
/// nothing is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stream {
    high: u64,
    heads: BTreeSet<Hash>,
    /// Envelopes above `high`, and what each follows.
    ahead: BTreeMap<u64, BTreeSet<(Hash, Hash)>>,
}

/// Where an envelope goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It follows what is here: take it.
    Next,
    /// Something before it is missing: keep it until that comes.
    Ahead,
    /// It has the number of one that is here, and another hash: keep both, pass both on, and take it too.
    Fork,
    /// It is at or below what is here; whether it is the same one, only the store can say.
    Below,
}

impl Stream {
    /// A stream known up to `high`, whose envelopes with that number are `heads`.
    #[must_use]
    pub fn at(high: u64, heads: impl IntoIterator<Item = Hash>) -> Self {
        Self { high, heads: heads.into_iter().collect(), ahead: BTreeMap::new() }
    }

    /// The highest number with nothing missing below it; 0 for an empty stream.
    #[must_use]
    pub fn high(&self) -> u64 {
        self.high
    }

    /// The envelopes with that number: one, unless the log forked.
    pub fn heads(&self) -> impl Iterator<Item = &Hash> {
        self.heads.iter()
    }

    /// The first head: what the next segment follows.
    #[must_use]
    pub fn head(&self) -> Hash {
        self.heads.first().copied().unwrap_or(Hash::NONE)
    }

    /// Where an envelope with this number and hash, following `prev`, goes.
    #[must_use]
    pub fn place(&self, seq: u64, hash: &Hash, prev: &Hash) -> Place {
        if seq == self.high + 1 && self.follows(prev) {
            Place::Next
        } else if seq > self.high {
            Place::Ahead
        } else if seq == self.high && !self.heads.contains(hash) {
            Place::Fork
        } else {
            Place::Below
        }
    }

    /// Takes an envelope in, and says how far the stream now goes: the hashes that became part of it, in order.
    pub fn take(&mut self, seq: u64, hash: Hash, prev: Hash) -> Vec<(u64, Hash)> {
        match self.place(seq, &hash, &prev) {
            Place::Below => return Vec::new(),
            Place::Fork => {
                self.heads.insert(hash);
                return vec![(seq, hash)];
            }
            Place::Next | Place::Ahead => {
                self.ahead.entry(seq).or_default().insert((hash, prev));
            }
        }
        let mut taken = Vec::new();
        loop {
            let next = self.high + 1;
            let Some(candidates) = self.ahead.get_mut(&next) else {
                return taken;
            };
            let heads = &self.heads;
            let fits: BTreeSet<(Hash, Hash)> = candidates
                .iter()
                .filter(|(_, prev)| heads.contains(prev) || (next == 1 && *prev == Hash::NONE))
                .copied()
                .collect();
            if fits.is_empty() {
                return taken;
            }
            candidates.retain(|candidate| !fits.contains(candidate));
            if candidates.is_empty() {
                self.ahead.remove(&next);
            }
            self.high = next;
            self.heads = fits.iter().map(|(hash, _)| *hash).collect();
            taken.extend(fits.iter().map(|(hash, _)| (next, *hash)));
        }
    }

    fn follows(&self, prev: &Hash) -> bool {
        self.heads.contains(prev) || (self.high == 0 && *prev == Hash::NONE)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hash(byte: u8) -> Hash {
        if byte == 0 { Hash::NONE } else { Hash::from_bytes([byte; 32]) }
    }

    proptest! {
        #[test]
        fn any_order_and_repetition_ends_alike(order in proptest::collection::vec(1u8..=20, 0..200)) {
            let mut stream = Stream::default();
            let mut taken = Vec::new();
            for seq in order.iter().copied().chain(1..=20) {
                taken.extend(stream.take(u64::from(seq), hash(seq), hash(seq - 1)));
            }
            prop_assert_eq!(stream.high(), 20);
            let expected: Vec<_> = (1..=20u8).map(|seq| (u64::from(seq), hash(seq))).collect();
            prop_assert_eq!(taken, expected);
        }
    }

    #[test]
    fn nothing_is_skipped() {
        let mut stream = Stream::default();
        assert!(stream.take(3, hash(3), hash(2)).is_empty());
        assert_eq!(stream.place(2, &hash(2), &hash(1)), Place::Ahead);
        assert_eq!(stream.take(1, hash(1), hash(0)), vec![(1, hash(1))]);
        assert_eq!(stream.high(), 1);
        assert_eq!(stream.take(2, hash(2), hash(1)).len(), 2);
        assert_eq!(stream.high(), 3);
    }

    #[test]
    fn both_of_a_fork_are_kept_and_either_may_be_followed() {
        let mut stream = Stream::at(4, [hash(4)]);
        assert_eq!(stream.place(4, &hash(44), &hash(3)), Place::Fork);
        assert_eq!(stream.take(4, hash(44), hash(3)), vec![(4, hash(44))]);
        assert_eq!(stream.place(5, &hash(55), &hash(44)), Place::Next);
        stream.take(5, hash(55), hash(44));
        assert_eq!(stream.high(), 5);
    }

    #[test]
    fn what_follows_nothing_here_waits() {
        let mut stream = Stream::at(4, [hash(4)]);
        assert!(stream.take(5, hash(50), hash(40)).is_empty());
        assert_eq!(stream.high(), 4);
    }
}
