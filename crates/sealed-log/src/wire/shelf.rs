//! What a relay has.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    DecodeError, Front, MAX_MANY, MAX_STREAMS, Message, RosterName, Write, put_list, put_statement, put_stream, sorted,
};
use crate::id::{LogId, Short, StreamId};
use crate::plan::Shown;

/// What a relay has of a council, as far as the laptop that asks may read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf {
    /// It changes whenever anything is put: what to wait on for news.
    pub turn: u64,
    /// The names of the roster's entries.
    pub roster: BTreeSet<RosterName>,
    /// The newest number of each log's *seen* statements.
    pub seen: BTreeMap<LogId, u64>,
    /// The ends of the streams.
    pub tips: Shown,
}

impl Message for Shelf {
    fn write(&self, out: &mut Vec<u8>) {
        out.put_number(self.turn);
        put_list(out, self.roster.iter(), |out, name| out.put(name));
        put_list(out, self.seen.iter(), |out, (log, number)| put_statement(out, (log, *number)));
        let tips: Vec<(&StreamId, &(u64, Short))> =
            self.tips.iter().flat_map(|(stream, tips)| tips.iter().map(move |tip| (stream, tip))).collect();
        put_list(out, tips.into_iter(), |out, (stream, (seq, short))| {
            put_stream(out, stream);
            out.put_number(*seq);
            out.put(short.as_bytes());
        });
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        let turn = from.0.number()?;
        let roster = sorted(from.list(MAX_MANY, |from| from.0.array())?)?;
        let seen = sorted(from.list(MAX_MANY, Front::statement)?)?;
        let tips = sorted(from.list(MAX_STREAMS, |from| {
            let stream = from.stream()?;
            Ok((stream, from.0.number()?, Short::from_bytes(from.0.array()?)))
        })?)?;
        let mut shown = Shown::new();
        for (stream, seq, short) in tips {
            shown.entry(stream).or_default().insert((seq, short));
        }
        let logs: BTreeMap<LogId, u64> = seen.iter().copied().collect();
        if logs.len() != seen.len() {
            return Err(DecodeError::NotCanonical);
        }
        Ok(Self { turn, roster: roster.into_iter().collect(), seen: logs, tips: shown })
    }
}
