//! When an envelope is part of its stream: it is the first, or it follows one that is. What is part of a stream has
//! nothing missing below it, so the highest such number is the stream's place in the vector. A log that forked has
//! several envelopes with one number, each following its own; all are kept, and all are passed on.

use crate::envelope::Envelope;
use crate::id::Hash;

impl Envelope {
    /// True if this envelope is part of its stream, given whether the stream has `prev` with the number before.
    #[must_use]
    pub fn follows(&self, has: impl FnOnce(u64, &Hash) -> bool) -> bool {
        follows(self.seq, &self.prev, has)
    }
}

/// As [`Envelope::follows`], for what is left of an envelope in a table.
#[must_use]
pub fn follows(seq: u64, prev: &Hash, has: impl FnOnce(u64, &Hash) -> bool) -> bool {
    match seq {
        0 => false,
        1 => *prev == Hash::NONE,
        _ => has(seq - 1, prev),
    }
}
