//! What a laptop puts on a relay.

use super::{DecodeError, Front, MAX_MANY, Message, Write, put_all_bytes, put_list};

/// Take these. Taken in this order, each once however often it is put.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Push {
    /// Roster entries.
    pub roster: Vec<Vec<u8>>,
    /// Statements.
    pub seen: Vec<Vec<u8>>,
    /// Bodies that travel apart from the segments below.
    pub blobs: Vec<Vec<u8>>,
    /// Segments, each after those that it follows.
    pub segments: Vec<Vec<u8>>,
}

/// What became of a push: everything is durable but what is named here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pushed {
    /// The places, counted through the whole push, of what was not taken, each with a code that says why.
    pub refused: Vec<(u64, String)>,
}

/// No code is longer.
const MAX_CODE: usize = 40;

impl Message for Push {
    fn write(&self, out: &mut Vec<u8>) {
        for all in [&self.roster, &self.seen, &self.blobs, &self.segments] {
            put_all_bytes(out, all);
        }
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        Ok(Self {
            roster: from.all_bytes()?,
            seen: from.all_bytes()?,
            blobs: from.all_bytes()?,
            segments: from.all_bytes()?,
        })
    }
}

impl Message for Pushed {
    fn write(&self, out: &mut Vec<u8>) {
        put_list(out, self.refused.iter(), |out, (place, code)| {
            out.put_number(*place);
            out.put_bytes(code.as_bytes());
        });
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        let refused = from.list(MAX_MANY, |from| Ok((from.0.number()?, from.0.text(MAX_CODE)?)))?;
        Ok(Self { refused })
    }
}
