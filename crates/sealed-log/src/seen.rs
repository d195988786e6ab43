//! *Seen*: a laptop's signed statement of how far it holds every stream it may read.

use std::collections::{BTreeMap, BTreeSet};

use crate::codec::{DecodeError, Reader, Write};
use crate::id::{CouncilId, Hash, LogId, ScopeId, Short, StreamId};
use crate::key::{Incarnation, Purpose, verifies};
use crate::roster::Members;
use crate::stop::{Refusal, Stop, Waits};

const VERSION: u8 = 1;
const MAX_SEEN: usize = 1 << 20;
const MAX_STREAMS: usize = 65_536;
const MAX_SCOPES: usize = 64;
/// Most of the roster's heads that one statement names.
pub const MAX_HEADS: usize = 4_096;
const MAX_WANTS: usize = 256;
const MAX_NOTE: usize = 1024;
const MAX_MORE: usize = 64 * 1024;
const MAX_VERSION: usize = 40;

/// How far a stream is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamHead {
    /// The highest number with nothing missing below it.
    pub seq: u64,
    /// The start of the hash of the envelope there.
    pub head: Short,
}

/// The statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The council.
    pub council: CouncilId,
    /// The log whose incarnation states it.
    pub log: LogId,
    /// Which of its statements this is; the highest counts.
    pub number: u64,
    /// What it holds.
    pub vector: BTreeMap<StreamId, StreamHead>,
    /// Segments it found damaged, or without a body, and asks others to put again.
    pub wants: BTreeSet<(StreamId, u64)>,
    /// The roster's heads as it knows them.
    pub roster: Vec<Hash>,
    /// Its clock, UTC milliseconds.
    pub clock: i64,
    /// Its program's version.
    pub version: String,
    /// Sealed words about the laptop (its name) that carriers cannot read; empty if none.
    pub note: Vec<u8>,
    /// What a newer version adds.
    pub more: Vec<u8>,
}

/// Why a statement could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the statement is beyond its bounds")]
pub struct SeenError;

impl Seen {
    /// Signs it.
    ///
    /// # Errors
    /// When something in it is beyond its bound.
    pub fn sign(&self, signer: &Incarnation) -> Result<Vec<u8>, SeenError> {
        let mut out = self.body();
        let signature = signer.sign(Purpose::Seen, &out);
        out.put(&signature);
        match Self::decode(&out) {
            Ok((again, _)) if again == *self => Ok(out),
            _ => Err(SeenError),
        }
    }

    /// Reads and trusts one, or says why not.
    ///
    /// # Errors
    /// As for segments: another council's, unknown log, wrong signature, wrong form.
    pub fn verify(bytes: &[u8], council: &CouncilId, members: &Members) -> Result<Self, Stop> {
        let (seen, signature) = Self::decode(bytes)?;
        if seen.council != *council {
            return Err(Refusal::ForeignCouncil.into());
        }
        let Some(key) = members.log_key(&seen.log) else {
            return Err(Waits::UnknownLog.into());
        };
        let (body, _) = bytes.split_at_checked(bytes.len().saturating_sub(64)).ok_or(Refusal::CutShort)?;
        if verifies(key, Purpose::Seen, body, &signature) { Ok(seen) } else { Err(Refusal::BadSignature.into()) }
    }

    /// Reads one that was verified before it was kept.
    ///
    /// # Errors
    /// What is wrong with its form.
    pub fn read_kept(bytes: &[u8]) -> Result<Self, DecodeError> {
        Self::decode(bytes).map(|(seen, _)| seen)
    }

    /// True if it says the same as `other` but for its number and clock.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let mut other = other.clone();
        other.number = self.number;
        other.clock = self.clock;
        *self == other
    }

    fn body(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256 + self.vector.len() * 12);
        out.push(VERSION);
        out.put(self.council.as_bytes());
        out.put(self.log.as_bytes());
        out.put_number(self.number);
        let scopes: BTreeSet<ScopeId> =
            self.vector.keys().chain(self.wants.iter().map(|(stream, _)| stream)).map(|stream| stream.scope).collect();
        let index: BTreeMap<ScopeId, usize> = scopes.iter().copied().zip(0..).collect();
        let at = |scope: &ScopeId| index.get(scope).copied().unwrap_or(0);
        out.put_count(scopes.len());
        for scope in &scopes {
            out.put(scope.as_bytes());
        }
        let mut logs: BTreeMap<LogId, Vec<(usize, StreamHead)>> = BTreeMap::new();
        for (stream, head) in &self.vector {
            logs.entry(stream.log).or_default().push((at(&stream.scope), *head));
        }
        out.put_count(logs.len());
        for (log, heads) in logs {
            out.put(log.as_bytes());
            out.put_count(heads.len());
            for (scope, head) in heads {
                out.put_count(scope);
                out.put_number(head.seq);
                out.put(head.head.as_bytes());
            }
        }
        out.put_count(self.wants.len());
        for (stream, seq) in &self.wants {
            out.put(stream.log.as_bytes());
            out.put_count(at(&stream.scope));
            out.put_number(*seq);
        }
        out.put_count(self.roster.len());
        for head in &self.roster {
            out.put(head.as_bytes());
        }
        out.put(&self.clock.to_le_bytes());
        out.put_bytes(self.version.as_bytes());
        out.put_bytes(&self.note);
        out.put_bytes(&self.more);
        out
    }

    fn decode(bytes: &[u8]) -> Result<(Self, [u8; 64]), DecodeError> {
        if bytes.len() > MAX_SEEN {
            return Err(DecodeError::TooLarge);
        }
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let council = CouncilId::from_bytes(reader.array()?);
        let log = LogId::from_bytes(reader.array()?);
        let number = reader.seq()?;
        let mut scopes = Vec::new();
        for _ in 0..reader.count(MAX_SCOPES)? {
            scopes.push(ScopeId::from_bytes(reader.array()?));
        }
        let vector = read_vector(&mut reader, &scopes)?;
        let mut wants = BTreeSet::new();
        for _ in 0..reader.count(MAX_WANTS)? {
            let log = LogId::from_bytes(reader.array()?);
            let stream = StreamId { log, scope: read_scope(&mut reader, &scopes)? };
            wants.insert((stream, reader.seq()?));
        }
        let mut roster = Vec::new();
        for _ in 0..reader.count(MAX_HEADS)? {
            roster.push(Hash::from_bytes(reader.array()?));
        }
        let clock = i64::from_le_bytes(reader.array()?);
        let version = reader.text(MAX_VERSION)?;
        let note = reader.bytes(MAX_NOTE)?.to_vec();
        let more = reader.bytes(MAX_MORE)?.to_vec();
        let signature = reader.array()?;
        reader.end()?;
        let seen = Self { council, log, number, vector, wants, roster, clock, version, note, more };
        Ok((seen, signature))
    }
}

fn read_scope(reader: &mut Reader<'_>, scopes: &[ScopeId]) -> Result<ScopeId, DecodeError> {
    let index = reader.count(MAX_SCOPES)?;
    scopes.get(index).copied().ok_or(DecodeError::NotCanonical)
}

fn read_vector(reader: &mut Reader<'_>, scopes: &[ScopeId]) -> Result<BTreeMap<StreamId, StreamHead>, DecodeError> {
    let mut vector = BTreeMap::new();
    for _ in 0..reader.count(MAX_STREAMS)? {
        let log = LogId::from_bytes(reader.array()?);
        for _ in 0..reader.count(MAX_SCOPES)? {
            let scope = read_scope(reader, scopes)?;
            let head = StreamHead { seq: reader.seq()?, head: Short::from_bytes(reader.array()?) };
            vector.insert(StreamId { log, scope }, head);
        }
    }
    Ok(vector)
}

/// Of a stream known here up to `high`, the numbers that a laptop's statement does not cover; all of it without one.
#[must_use]
pub fn unconfirmed(stream: &StreamId, high: u64, seen: Option<&Seen>) -> std::ops::RangeInclusive<u64> {
    let covered = seen.and_then(|seen| seen.vector.get(stream)).map_or(0, |head| head.seq);
    covered.saturating_add(1)..=high
}
