//! What a laptop and a relay say of snapshots.

use std::collections::BTreeSet;

use super::{DecodeError, Front, MAX_STREAMS, Message, Write, put_list, sorted};
use crate::id::{ScopeId, SnapshotId};

/// A snapshot of a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SnapshotName {
    /// The scope.
    pub scope: ScopeId,
    /// The snapshot.
    pub id: SnapshotId,
}

/// The snapshots that are whole at a relay, as far as the laptop that asks may read them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshots(pub BTreeSet<SnapshotName>);

/// Give me these parts of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotAsk {
    /// Which.
    pub name: SnapshotName,
    /// Its manifest, too.
    pub manifest: bool,
    /// Chunks, by number, the most wanted first.
    pub chunks: Vec<u64>,
}

/// Those parts of a snapshot that were asked for and are there, as far as they go into one message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SnapshotGiven {
    /// The manifest.
    pub manifest: Option<Vec<u8>>,
    /// What chunks there are, each with its size: said where the manifest is asked for.
    pub held: BTreeSet<(u64, u64)>,
    /// Chunks with their numbers.
    pub chunks: Vec<(u64, Vec<u8>)>,
}

/// Take these parts of a snapshot. The manifest, which says what the whole is, comes last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotPut {
    /// Which.
    pub name: SnapshotName,
    /// Chunks with their numbers.
    pub chunks: Vec<(u64, Vec<u8>)>,
    /// The manifest.
    pub manifest: Option<Vec<u8>>,
}

impl SnapshotName {
    fn put(&self, out: &mut Vec<u8>) {
        out.put(self.scope.as_bytes());
        out.put(self.id.as_bytes());
    }

    fn take(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        let scope = ScopeId::from_bytes(from.0.array()?);
        Ok(Self { scope, id: SnapshotId::from_bytes(from.0.array()?) })
    }
}

fn put_chunks(out: &mut Vec<u8>, chunks: &[(u64, Vec<u8>)]) {
    put_list(out, chunks.iter(), |out, (index, bytes)| {
        out.put_number(*index);
        out.put_bytes(bytes);
    });
}

fn take_chunks(from: &mut Front<'_, '_>) -> Result<Vec<(u64, Vec<u8>)>, DecodeError> {
    from.list(MAX_STREAMS, |from| Ok((from.0.number()?, from.bytes()?)))
}

fn put_one(out: &mut Vec<u8>, bytes: Option<&Vec<u8>>) {
    put_list(out, bytes.into_iter(), |out, bytes| out.put_bytes(bytes));
}

fn take_one(from: &mut Front<'_, '_>) -> Result<Option<Vec<u8>>, DecodeError> {
    Ok(from.list(1, Front::bytes)?.pop())
}

impl Message for SnapshotName {
    fn write(&self, out: &mut Vec<u8>) {
        self.put(out);
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        Self::take(from)
    }
}

impl Message for Snapshots {
    fn write(&self, out: &mut Vec<u8>) {
        put_list(out, self.0.iter(), |out, name| name.put(out));
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        let names = sorted(from.list(MAX_STREAMS, SnapshotName::take)?)?;
        Ok(Self(names.into_iter().collect()))
    }
}

impl Message for SnapshotAsk {
    fn write(&self, out: &mut Vec<u8>) {
        self.name.put(out);
        out.push(u8::from(self.manifest));
        put_list(out, self.chunks.iter(), |out, index| out.put_number(*index));
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        let name = SnapshotName::take(from)?;
        let manifest = match from.0.byte()? {
            0 => false,
            1 => true,
            _ => return Err(DecodeError::NotCanonical),
        };
        Ok(Self { name, manifest, chunks: from.list(MAX_STREAMS, |from| from.0.number())? })
    }
}

impl Message for SnapshotGiven {
    fn write(&self, out: &mut Vec<u8>) {
        put_one(out, self.manifest.as_ref());
        put_list(out, self.held.iter(), |out, (index, length)| {
            out.put_number(*index);
            out.put_number(*length);
        });
        put_chunks(out, &self.chunks);
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        let manifest = take_one(from)?;
        let held = sorted(from.list(MAX_STREAMS, |from| Ok((from.0.number()?, from.0.number()?)))?)?;
        Ok(Self { manifest, held: held.into_iter().collect(), chunks: take_chunks(from)? })
    }
}

impl Message for SnapshotPut {
    fn write(&self, out: &mut Vec<u8>) {
        self.name.put(out);
        put_chunks(out, &self.chunks);
        put_one(out, self.manifest.as_ref());
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        let name = SnapshotName::take(from)?;
        Ok(Self { name, chunks: take_chunks(from)?, manifest: take_one(from)? })
    }
}
