//! The manifest: what a snapshot covers, which chunks it has, and who says so.

use std::collections::BTreeSet;

use super::{MAX_CHUNK, MAX_MANIFEST, MAX_SEALED};
use crate::codec::{DecodeError, Reader, Write};
use crate::envelope::SEAL;
use crate::id::{CouncilId, EpochId, Hash, LogId, ScopeId, SnapshotId};
use crate::key::{Incarnation, Purpose, verifies};
use crate::roster::Members;
use crate::seen::MAX_HEADS;
use crate::stop::{Refusal, Stop, Waits};

const VERSION: u8 = 1;
const MAX_ENDS: usize = 65_536;
const MAX_CHUNKS: usize = 65_536;
const MAX_DOCUMENTS: usize = 16_384;
const MAX_MORE: usize = 64 * 1024;
const SIGNATURE: usize = 64;

/// The end of one way that a stream went: everything from its first number up to here is in the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct End {
    /// Whose log.
    pub log: LogId,
    /// The number.
    pub seq: u64,
    /// The envelope's hash there.
    pub hash: Hash,
}

/// What is in a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Rows that are ready to be shown.
    Rows,
    /// The documents that they were made from.
    Documents,
}

impl Part {
    pub(super) const fn number(self) -> u8 {
        match self {
            Self::Rows => 1,
            Self::Documents => 2,
        }
    }
}

/// One chunk, as the manifest names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChunkNote {
    /// What is in it.
    pub part: Part,
    /// Of how many documents.
    pub documents: usize,
    /// Bytes before it was packed.
    pub plain: usize,
    /// Bytes as it is sealed.
    pub length: usize,
    /// The sealed bytes' hash.
    pub hash: Hash,
}

/// The manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The council.
    pub council: CouncilId,
    /// The log whose incarnation signs it.
    pub log: LogId,
    /// The scope.
    pub scope: ScopeId,
    /// A random name, which the chunks are sealed under.
    pub id: SnapshotId,
    /// The epoch whose key seals the chunks.
    pub epoch: EpochId,
    /// The version of the rows: another version makes its own.
    pub projection: u64,
    /// The writer's clock, UTC milliseconds.
    pub clock: i64,
    /// What of the scope's log it covers.
    pub ends: BTreeSet<End>,
    /// The roster's heads as the writer knew them.
    pub roster: BTreeSet<Hash>,
    /// The chunks, in the order in which they are to be read.
    pub chunks: Vec<ChunkNote>,
    /// What a newer version adds.
    pub more: Vec<u8>,
}

/// Why a manifest could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the manifest is beyond its bounds")]
pub struct ManifestError;

impl Manifest {
    /// Signs it.
    ///
    /// # Errors
    /// When something in it is beyond its bound.
    pub fn sign(&self, signer: &Incarnation) -> Result<Vec<u8>, ManifestError> {
        let mut out = self.body();
        let signature = signer.sign(Purpose::Snapshot, &out);
        out.put(&signature);
        match Self::decode(&out) {
            Ok((again, _)) if again == *self => Ok(out),
            _ => Err(ManifestError),
        }
    }

    /// Reads and trusts one, or says why not: its council, a log of ours, its signature, a keeper who may write here.
    ///
    /// # Errors
    /// [`Waits`] for what may be known later, otherwise a [`Refusal`].
    pub fn verify(bytes: &[u8], council: &CouncilId, members: &Members) -> Result<Self, Stop> {
        let (manifest, signature) = Self::decode(bytes)?;
        if manifest.council != *council {
            return Err(Refusal::ForeignCouncil.into());
        }
        let Some(key) = members.log_key(&manifest.log) else {
            return Err(Waits::UnknownLog.into());
        };
        let (body, _) = bytes.split_at_checked(bytes.len().saturating_sub(SIGNATURE)).ok_or(Refusal::CutShort)?;
        if !verifies(key, Purpose::Snapshot, body, &signature) {
            return Err(Refusal::BadSignature.into());
        }
        if !members.may_keep(&manifest.log, &manifest.scope) {
            return Err(Refusal::NoGrant.into());
        }
        Ok(manifest)
    }

    /// Reads one that was verified before it was kept.
    ///
    /// # Errors
    /// What is wrong with its form.
    pub fn read_kept(bytes: &[u8]) -> Result<Self, DecodeError> {
        Self::decode(bytes).map(|(manifest, _)| manifest)
    }

    /// The name of the snapshot that these bytes are the manifest of.
    #[must_use]
    pub fn name_of(bytes: &[u8]) -> Hash {
        Hash::of("talking-point v1 snapshot", bytes)
    }

    /// How many documents it holds.
    #[must_use]
    pub fn documents(&self) -> u64 {
        let count = |chunk: &ChunkNote| u64::try_from(chunk.documents).unwrap_or(u64::MAX);
        self.chunks.iter().filter(|chunk| chunk.part == Part::Documents).map(count).sum()
    }

    fn body(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(512 + self.ends.len() * 52 + self.chunks.len() * 42);
        out.push(VERSION);
        out.put(self.council.as_bytes());
        out.put(self.log.as_bytes());
        out.put(self.scope.as_bytes());
        out.put(self.id.as_bytes());
        out.put(self.epoch.as_bytes());
        out.put_number(self.projection);
        out.put(&self.clock.to_le_bytes());
        out.put_count(self.ends.len());
        for end in &self.ends {
            out.put(end.log.as_bytes());
            out.put_number(end.seq);
            out.put(end.hash.as_bytes());
        }
        out.put_count(self.roster.len());
        for head in &self.roster {
            out.put(head.as_bytes());
        }
        out.put_count(self.chunks.len());
        for chunk in &self.chunks {
            out.push(chunk.part.number());
            out.put_count(chunk.documents);
            out.put_count(chunk.plain);
            out.put_count(chunk.length);
            out.put(chunk.hash.as_bytes());
        }
        out.put_bytes(&self.more);
        out
    }

    fn decode(bytes: &[u8]) -> Result<(Self, [u8; SIGNATURE]), DecodeError> {
        if bytes.len() > MAX_MANIFEST {
            return Err(DecodeError::TooLarge);
        }
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let manifest = Self {
            council: CouncilId::from_bytes(reader.array()?),
            log: LogId::from_bytes(reader.array()?),
            scope: ScopeId::from_bytes(reader.array()?),
            id: SnapshotId::from_bytes(reader.array()?),
            epoch: EpochId::from_bytes(reader.array()?),
            projection: reader.number()?,
            clock: i64::from_le_bytes(reader.array()?),
            ends: read_set(&mut reader, MAX_ENDS, read_end)?,
            roster: read_set(&mut reader, MAX_HEADS, |reader| Ok(Hash::from_bytes(reader.array()?)))?,
            chunks: read_chunks(&mut reader)?,
            more: reader.bytes(MAX_MORE)?.to_vec(),
        };
        let signature = reader.array()?;
        reader.end()?;
        Ok((manifest, signature))
    }
}

/// A set has one spelling: each once, in order.
fn read_set<T: Ord + Copy>(
    reader: &mut Reader<'_>,
    most: usize,
    read: impl Fn(&mut Reader<'_>) -> Result<T, DecodeError>,
) -> Result<BTreeSet<T>, DecodeError> {
    let mut set = BTreeSet::new();
    for _ in 0..reader.count(most)? {
        let next = read(reader)?;
        if set.last().is_some_and(|last| *last >= next) {
            return Err(DecodeError::NotCanonical);
        }
        set.insert(next);
    }
    Ok(set)
}

fn read_end(reader: &mut Reader<'_>) -> Result<End, DecodeError> {
    let end =
        End { log: LogId::from_bytes(reader.array()?), seq: reader.seq()?, hash: Hash::from_bytes(reader.array()?) };
    if end.seq == 0 { Err(DecodeError::NotCanonical) } else { Ok(end) }
}

fn read_chunks(reader: &mut Reader<'_>) -> Result<Vec<ChunkNote>, DecodeError> {
    let count = reader.count(MAX_CHUNKS)?;
    let mut chunks = Vec::with_capacity(count.min(reader.rest().len() / 36));
    for _ in 0..count {
        let part = match reader.byte()? {
            1 => Part::Rows,
            2 => Part::Documents,
            _ => return Err(DecodeError::NotCanonical),
        };
        let documents = reader.count(MAX_DOCUMENTS)?;
        let plain = reader.count(MAX_CHUNK)?;
        let length = reader.count(MAX_SEALED)?;
        if length < SEAL {
            return Err(DecodeError::NotCanonical);
        }
        chunks.push(ChunkNote { part, documents, plain, length, hash: Hash::from_bytes(reader.array()?) });
    }
    Ok(chunks)
}
