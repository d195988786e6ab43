//! What a laptop asks of a relay, and what it is given.

use super::{
    DecodeError, Front, MAX_MANY, MAX_STREAMS, Message, RosterName, Write, put_all_bytes, put_list, put_statement,
    put_stream,
};
use crate::id::{Hash, LogId};
use crate::plan::Fetch;

/// Give me these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// Roster entries, by name.
    pub roster: Vec<RosterName>,
    /// Statements, by log and number.
    pub seen: Vec<(LogId, u64)>,
    /// Segments, by stream and number.
    pub ranges: Vec<Fetch>,
    /// Bodies that are kept apart.
    pub blobs: Vec<Hash>,
}

/// What there is of one range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Everything that is here from the first number to this one is in the answer; below the first if nothing fitted in.
    pub through: u64,
    /// The segments with their numbers, in their order.
    pub segments: Vec<(u64, Vec<u8>)>,
}

/// What was found of what was asked, as far as it goes into one answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// Roster entries with their names.
    pub roster: Vec<(RosterName, Vec<u8>)>,
    /// Statements with log and number.
    pub seen: Vec<(LogId, u64, Vec<u8>)>,
    /// For each range asked for, in that order.
    pub ranges: Vec<Found>,
    /// Bodies that are kept apart.
    pub blobs: Vec<Vec<u8>>,
}

impl Message for Ask {
    fn write(&self, out: &mut Vec<u8>) {
        put_list(out, self.roster.iter(), |out, name| out.put(name));
        put_list(out, self.seen.iter(), |out, (log, number)| put_statement(out, (log, *number)));
        put_list(out, self.ranges.iter(), |out, range| {
            put_stream(out, &range.stream);
            out.put_number(range.first);
            out.put_number(range.last);
        });
        put_list(out, self.blobs.iter(), |out, hash| out.put(hash.as_bytes()));
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        Ok(Self {
            roster: from.list(MAX_MANY, |from| from.0.array())?,
            seen: from.list(MAX_MANY, Front::statement)?,
            ranges: from.list(MAX_STREAMS, |from| {
                Ok(Fetch { stream: from.stream()?, first: from.0.number()?, last: from.0.number()? })
            })?,
            blobs: from.list(MAX_MANY, |from| from.0.array().map(Hash::from_bytes))?,
        })
    }
}

impl Message for Given {
    fn write(&self, out: &mut Vec<u8>) {
        put_list(out, self.roster.iter(), |out, (name, bytes)| {
            out.put(name);
            out.put_bytes(bytes);
        });
        put_list(out, self.seen.iter(), |out, (log, number, bytes)| {
            put_statement(out, (log, *number));
            out.put_bytes(bytes);
        });
        put_list(out, self.ranges.iter(), |out, found| {
            out.put_number(found.through);
            put_list(out, found.segments.iter(), |out, (seq, bytes)| {
                out.put_number(*seq);
                out.put_bytes(bytes);
            });
        });
        put_all_bytes(out, &self.blobs);
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        // In all ranges together: what holds a segment takes many times the room of the two bytes that name none.
        let mut left = MAX_MANY;
        Ok(Self {
            roster: from.list(MAX_MANY, |from| Ok((from.0.array()?, from.bytes()?)))?,
            seen: from.list(MAX_MANY, |from| {
                let (log, number) = from.statement()?;
                Ok((log, number, from.bytes()?))
            })?,
            ranges: from.list(MAX_STREAMS, |from| {
                let through = from.0.number()?;
                let segments = from.list(left, |from| Ok((from.0.number()?, from.bytes()?)))?;
                left -= segments.len();
                Ok(Found { through, segments })
            })?,
            blobs: from.all_bytes()?,
        })
    }
}
