//! What a laptop that nobody knows yet says to a relay, and what an administrator answers: a mailbox for requests to join.

use super::{DecodeError, Front, MAX_MANY, MAX_REQUEST, Message, Write, put_all_bytes};
use crate::id::{CouncilId, Hash};

/// Most bytes of an answer to a request, 4 MiB.
pub const MAX_APPROVAL: usize = 4 << 20;

/// For whom a word in the mailbox is: by name, or for the one council that the relay carries for.
fn put_council(out: &mut Vec<u8>, council: Option<&CouncilId>) {
    out.push(u8::from(council.is_some()));
    if let Some(council) = council {
        out.put(council.as_bytes());
    }
}

fn take_council(from: &mut Front<'_, '_>) -> Result<Option<CouncilId>, DecodeError> {
    match from.0.byte()? {
        0 => Ok(None),
        1 => Ok(Some(CouncilId::from_bytes(from.0.array()?))),
        _ => Err(DecodeError::NotCanonical),
    }
}

/// Keep this request until an administrator looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knock {
    /// The council; none, where the relay carries for one.
    pub council: Option<CouncilId>,
    /// The request.
    pub request: Vec<u8>,
}

/// Has this request been answered?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnockAgain {
    /// The council; none, where the relay carries for one.
    pub council: Option<CouncilId>,
    /// The request's name.
    pub name: Hash,
}

/// The requests that wait.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Knocks(pub Vec<Vec<u8>>);

/// An administrator's answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnockAnswer {
    /// The request's name.
    pub name: Hash,
    /// The approval.
    pub approval: Vec<u8>,
}

impl Message for Knock {
    fn write(&self, out: &mut Vec<u8>) {
        put_council(out, self.council.as_ref());
        out.put_bytes(&self.request);
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        Ok(Self { council: take_council(from)?, request: from.0.bytes(MAX_REQUEST)?.to_vec() })
    }
}

impl Message for KnockAgain {
    fn write(&self, out: &mut Vec<u8>) {
        put_council(out, self.council.as_ref());
        out.put(self.name.as_bytes());
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        Ok(Self { council: take_council(from)?, name: Hash::from_bytes(from.0.array()?) })
    }
}

impl Message for Knocks {
    fn write(&self, out: &mut Vec<u8>) {
        put_all_bytes(out, &self.0);
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        Ok(Self(from.list(MAX_MANY, |from| from.0.bytes(MAX_REQUEST).map(<[u8]>::to_vec))?))
    }
}

impl Message for KnockAnswer {
    fn write(&self, out: &mut Vec<u8>) {
        out.put(self.name.as_bytes());
        out.put_bytes(&self.approval);
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        let name = Hash::from_bytes(from.0.array()?);
        Ok(Self { name, approval: from.0.bytes(MAX_APPROVAL)?.to_vec() })
    }
}
