//! What a laptop and a relay say to one another, or two laptops in one hall, as bytes: one version byte, then one spelling for every value.
//!
//! A relay is asked by (stream, number), never by a cursor of its own, so that any relay before the same database, or
//! before another that was filled anew, gives the same answer.

mod ask;
mod greeting;
mod knock;
mod login;
mod push;
mod shelf;
mod snapshot;

pub use ask::{Ask, Found, Given};
pub use greeting::{Answer, Greeting};
pub use knock::{Knock, KnockAgain, KnockAnswer, Knocks, MAX_APPROVAL};
pub use login::Login;
pub use push::{Push, Pushed};
pub use shelf::Shelf;
pub use snapshot::{SnapshotAsk, SnapshotGiven, SnapshotName, SnapshotPut, Snapshots};

use crate::codec::{DecodeError, Reader, Write};
use crate::id::{LogId, ScopeId, StreamId};

/// Most bytes of one message, either way.
pub const MAX_MESSAGE: usize = 16 << 20;
/// Most bytes of a request to join.
pub const MAX_REQUEST: usize = 1024;
/// Most of anything that is counted in one message: more than a council has.
const MAX_MANY: usize = 131_072;
const MAX_STREAMS: usize = 65_536;

const VERSION: u8 = 1;

/// The first bytes of a roster entry's hash: its name on every carrier.
pub type RosterName = [u8; 16];

/// One kind of message.
pub trait Message: Sized {
    /// As bytes.
    #[must_use]
    fn encode(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        self.write(&mut out);
        out
    }

    /// From bytes, every length bounded before anything is copied.
    ///
    /// # Errors
    /// What is wrong with their form.
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > MAX_MESSAGE {
            return Err(DecodeError::TooLarge);
        }
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let read = Self::read(&mut Front(&mut reader))?;
        reader.end()?;
        Ok(read)
    }

    #[doc(hidden)]
    fn write(&self, out: &mut Vec<u8>);
    #[doc(hidden)]
    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError>;
}

/// Reads the parts of a message.
pub struct Front<'a, 'b>(&'a mut Reader<'b>);

impl Front<'_, '_> {
    fn list<T>(
        &mut self,
        most: usize,
        mut one: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let count = self.0.count(most)?;
        // Each takes one byte at the least.
        let mut list = Vec::with_capacity(count.min(self.0.rest().len()).min(4096));
        for _ in 0..count {
            list.push(one(self)?);
        }
        Ok(list)
    }

    fn bytes(&mut self) -> Result<Vec<u8>, DecodeError> {
        self.0.bytes(MAX_MESSAGE).map(<[u8]>::to_vec)
    }

    fn all_bytes(&mut self) -> Result<Vec<Vec<u8>>, DecodeError> {
        self.list(MAX_MANY, Self::bytes)
    }

    fn stream(&mut self) -> Result<StreamId, DecodeError> {
        let scope = ScopeId::from_bytes(self.0.array()?);
        Ok(StreamId { log: LogId::from_bytes(self.0.array()?), scope })
    }

    fn statement(&mut self) -> Result<(LogId, u64), DecodeError> {
        Ok((LogId::from_bytes(self.0.array()?), self.0.number()?))
    }
}

fn put_list<T>(out: &mut Vec<u8>, list: impl ExactSizeIterator<Item = T>, mut one: impl FnMut(&mut Vec<u8>, T)) {
    out.put_count(list.len());
    for item in list {
        one(out, item);
    }
}

fn put_all_bytes(out: &mut Vec<u8>, all: &[Vec<u8>]) {
    put_list(out, all.iter(), |out, bytes| out.put_bytes(bytes));
}

fn put_stream(out: &mut Vec<u8>, stream: &StreamId) {
    out.put(stream.scope.as_bytes());
    out.put(stream.log.as_bytes());
}

fn put_statement(out: &mut Vec<u8>, (log, number): (&LogId, u64)) {
    out.put(log.as_bytes());
    out.put_number(number);
}

/// One order only, and nothing twice.
fn sorted<T: Ord>(list: Vec<T>) -> Result<Vec<T>, DecodeError> {
    if list.is_sorted_by(|a, b| a < b) { Ok(list) } else { Err(DecodeError::NotCanonical) }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;
    use crate::id::{CouncilId, Hash, Short, SnapshotId};
    use crate::plan::Fetch;

    fn stream(byte: u8) -> StreamId {
        StreamId { log: LogId::from_bytes([byte; 16]), scope: ScopeId::from_bytes([byte ^ 1; 16]) }
    }

    fn check<M: Message + PartialEq + std::fmt::Debug>(message: &M) {
        let bytes = message.encode();
        assert_eq!(M::decode(&bytes).as_ref(), Ok(message));
        for cut in 0..bytes.len() {
            assert!(M::decode(&bytes[..cut]).is_err(), "{cut} of {}", bytes.len());
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert_eq!(M::decode(&longer), Err(DecodeError::NotCanonical));
        let mut newer = bytes;
        newer[0] = 2;
        assert_eq!(M::decode(&newer), Err(DecodeError::Newer(2)));
    }

    #[test]
    fn each_comes_back_and_nothing_else_passes_for_it() {
        check(&Login {
            council: CouncilId::from_bytes([1; 32]),
            signing: [2; 32],
            challenge: vec![3; 40],
            signature: [4; 64],
            roster: vec![vec![5; 300], Vec::new()],
        });
        check(&Shelf {
            turn: 300,
            roster: BTreeSet::from([[1; 16], [2; 16]]),
            seen: BTreeMap::from([(LogId::from_bytes([1; 16]), 9), (LogId::from_bytes([2; 16]), 1 << 40)]),
            tips: BTreeMap::from([(stream(1), BTreeSet::from([(4, Short::from_bytes([1; 5]))]))]),
        });
        check(&Ask {
            roster: vec![[1; 16]],
            seen: vec![(LogId::from_bytes([1; 16]), 9)],
            ranges: vec![Fetch { stream: stream(7), first: 1, last: 200 }],
            blobs: vec![Hash::from_bytes([3; 32])],
        });
        check(&Given {
            roster: vec![([1; 16], vec![9; 9])],
            seen: vec![(LogId::from_bytes([1; 16]), 9, vec![8; 8])],
            ranges: vec![Found { through: 4, segments: vec![(3, vec![1]), (4, vec![2, 2])] }],
            blobs: vec![vec![7; 7]],
        });
        check(&Push {
            roster: vec![vec![1]],
            seen: vec![vec![2, 2]],
            blobs: vec![vec![3; 3]],
            segments: vec![vec![4; 4], vec![5; 5]],
        });
        let greeting = Greeting { signing: [2; 32], signature: [4; 64], roster: vec![vec![5; 300]] };
        check(&greeting);
        check(&Answer::Known(greeting));
        check(&Answer::Unknown);
        check(&Answer::Stranger);
        let name = |byte| SnapshotName { scope: ScopeId::from_bytes([byte; 16]), id: SnapshotId::from_bytes([3; 16]) };
        check(&name(1));
        check(&Snapshots(BTreeSet::from([name(1), name(2)])));
        check(&SnapshotAsk { name: name(1), manifest: true, chunks: vec![300, 2] });
        let (chunks, held) = (vec![(300, vec![8; 8]), (0, Vec::new())], BTreeSet::from([(0, 9), (300, 8)]));
        check(&SnapshotGiven { manifest: Some(vec![6; 6]), held, chunks: chunks.clone() });
        check(&SnapshotPut { name: name(2), chunks, manifest: None });
        let council = Some(CouncilId::from_bytes([1; 32]));
        check(&Knock { council, request: vec![5; 300] });
        check(&Knock { council: None, request: vec![5; MAX_REQUEST] });
        check(&KnockAgain { council, name: Hash::from_bytes([6; 32]) });
        check(&Knocks(vec![vec![5; 300], Vec::new()]));
        check(&KnockAnswer { name: Hash::from_bytes([6; 32]), approval: vec![7; 400] });
        let long = Knock { council: None, request: vec![5; MAX_REQUEST + 1] };
        assert_eq!(Knock::decode(&long.encode()), Err(DecodeError::TooLarge));
        check(&Pushed { refused: vec![(1, "gap".to_owned()), (300, "noGrant".to_owned())] });
    }

    #[test]
    fn an_answer_of_many_ranges_holds_no_more_segments_than_one_of_few() {
        let found = |count| Found { through: 0, segments: vec![(0, Vec::new()); count] };
        let given = |counts: [usize; 2]| Given { ranges: counts.map(found).into(), ..Given::default() };
        let (most, beyond) = (given([MAX_MANY - 1, 1]), given([MAX_MANY, 1]));
        assert!(Given::decode(&most.encode()).is_ok_and(|read| read == most));
        assert_eq!(Given::decode(&beyond.encode()).map(drop), Err(DecodeError::TooLarge));
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_wild(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut bytes = bytes;
            bytes.insert(0, VERSION);
            if let Ok(read) = Ask::decode(&bytes) { prop_assert_eq!(read.encode(), bytes.clone()); }
            if let Ok(read) = Given::decode(&bytes) { prop_assert_eq!(read.encode(), bytes.clone()); }
            if let Ok(read) = Push::decode(&bytes) { prop_assert_eq!(read.encode(), bytes.clone()); }
            if let Ok(read) = Shelf::decode(&bytes) { prop_assert_eq!(read.encode(), bytes.clone()); }
            if let Ok(read) = Answer::decode(&bytes) { prop_assert_eq!(read.encode(), bytes.clone()); }
            if let Ok(read) = Knock::decode(&bytes) { prop_assert_eq!(read.encode(), bytes.clone()); }
            if let Ok(read) = Knocks::decode(&bytes) { prop_assert_eq!(read.encode(), bytes.clone()); }
            if let Ok(read) = Snapshots::decode(&bytes) { prop_assert_eq!(read.encode(), bytes.clone()); }
            if let Ok(read) = SnapshotAsk::decode(&bytes) { prop_assert_eq!(read.encode(), bytes.clone()); }
            if let Ok(read) = SnapshotGiven::decode(&bytes) { prop_assert_eq!(read.encode(), bytes.clone()); }
            if let Ok(read) = SnapshotPut::decode(&bytes) { prop_assert_eq!(read.encode(), bytes.clone()); }
            if let Ok(read) = Login::decode(&bytes) { prop_assert_eq!(read.encode(), bytes.clone()); }
            if let Ok(read) = Pushed::decode(&bytes) { prop_assert_eq!(read.encode(), bytes); }
        }
    }
}
