//! The frozen envelope of a segment: what is signed once and stays true when a body is erased.

use crate::codec::{DecodeError, Reader, Write};
use crate::id::{CouncilId, DocId, EpochId, Hash, LogId, ScopeId, StreamId};
use crate::{MAX_ITEMS, MAX_RECORD, MAX_SEGMENT};

const VERSION: u8 = 1;
/// What sealing adds to a body: nonce and tag.
pub(crate) const SEAL: usize = 24 + 16;

/// One record of a segment, as the envelope names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// The document.
    pub document: DocId,
    /// Bytes of the sealed body.
    pub length: usize,
    /// The sealed body's hash.
    pub hash: Hash,
}

/// The envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The council.
    pub council: CouncilId,
    /// The log it belongs to.
    pub log: LogId,
    /// The scope.
    pub scope: ScopeId,
    /// Its number in the stream, from 1.
    pub seq: u64,
    /// The hash of the envelope before it, [`Hash::NONE`] for the first.
    pub prev: Hash,
    /// The epoch whose key seals the bodies.
    pub epoch: EpochId,
    /// The records.
    pub items: Vec<Item>,
}

impl Envelope {
    /// The stream it belongs to.
    #[must_use]
    pub fn stream(&self) -> StreamId {
        StreamId { log: self.log, scope: self.scope }
    }

    /// The hash that the next envelope follows.
    #[must_use]
    pub fn hash(&self) -> Hash {
        hash_of(&self.encode())
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(128 + self.items.len() * 51);
        out.push(VERSION);
        out.put(self.council.as_bytes());
        out.put(self.log.as_bytes());
        out.put(self.scope.as_bytes());
        out.put_number(self.seq);
        out.put(self.prev.as_bytes());
        out.put(self.epoch.as_bytes());
        out.put_count(self.items.len());
        for item in &self.items {
            out.put(item.document.as_bytes());
            out.put_count(item.length);
            out.put(item.hash.as_bytes());
        }
        out
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let council = CouncilId::from_bytes(reader.array()?);
        let log = LogId::from_bytes(reader.array()?);
        let scope = ScopeId::from_bytes(reader.array()?);
        let seq = reader.seq()?;
        let prev = Hash::from_bytes(reader.array()?);
        let epoch = EpochId::from_bytes(reader.array()?);
        let count = reader.count(MAX_ITEMS)?;
        let mut items = Vec::with_capacity(count.min(reader.rest().len() / 49));
        let mut total = 0;
        for _ in 0..count {
            let item = Item {
                document: DocId::from_bytes(reader.array()?),
                length: reader.count(MAX_RECORD + 1024)?,
                hash: Hash::from_bytes(reader.array()?),
            };
            total += item.length;
            if total > MAX_SEGMENT {
                return Err(DecodeError::TooLarge);
            }
            if item.length < SEAL {
                return Err(DecodeError::NotCanonical);
            }
            items.push(item);
        }
        reader.end()?;
        if seq == 0 || items.is_empty() || (seq == 1) != (prev == Hash::NONE) {
            return Err(DecodeError::NotCanonical);
        }
        Ok(Self { council, log, scope, seq, prev, epoch, items })
    }
}

pub(crate) fn hash_of(envelope: &[u8]) -> Hash {
    Hash::of("talking-point v1 envelope", envelope)
}
