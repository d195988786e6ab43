//! What a store does with snapshots: chunks that come one by one, and the manifest that makes them one.

use std::collections::{BTreeMap, BTreeSet};

use sealed_log::wire::SnapshotName;
use sealed_log::{Hash, LaptopId, ScopeId};

use super::{Answer, CouncilKey};

/// A chunk on its way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChunk {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub hash: Hash,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Chunks by number, each with its length and hash.
pub type Chunks = BTreeMap<u64, (u64, Hash)>;

/// Parts of a snapshot on their way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewParts {
    /// Which.
    pub name: SnapshotName,
    /// The laptop that puts it: whose it is from the first part on.
    pub laptop: LaptopId,
    /// When, in UTC milliseconds.
    pub now: i64,
    /// Chunks.
    pub chunks: Vec<NewChunk>,
    /// The manifest, with the chunks that it names.
    pub manifest: Option<(Vec<u8>, Chunks)>,
}

/// What became of parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// They are here, and durable.
    Here,
    /// The snapshot is another laptop's, or whole in another way.
    Another,
    /// The chunks are here; the manifest is not, for others that it names are missing.
    NotWhole,
}

/// What every store does with snapshots. Each call is one transaction, durable when it returns.
pub trait Snapshots {
    /// Those of these scopes that are whole.
    fn snapshots(&self, council: CouncilKey, scopes: BTreeSet<ScopeId>) -> Answer<'_, BTreeSet<SnapshotName>>;
    /// One's manifest, if it is whole.
    fn manifest(&self, council: CouncilKey, name: SnapshotName) -> Answer<'_, Option<Vec<u8>>>;
    /// Which of its chunks are here.
    fn chunks_here(&self, council: CouncilKey, name: SnapshotName) -> Answer<'_, Chunks>;
    /// Some of its chunks, in the order they are wanted, until they come to so many bytes; one at the least.
    fn chunks(
        &self,
        council: CouncilKey,
        name: SnapshotName,
        wanted: Vec<u64>,
        most: usize,
    ) -> Answer<'_, Vec<(u64, Vec<u8>)>>;
    /// Keeps parts.
    fn put_parts(&self, council: CouncilKey, parts: NewParts) -> Answer<'_, Placed>;
    /// Takes one away.
    fn remove_snapshot(&self, council: CouncilKey, name: SnapshotName) -> Answer<'_, ()>;
    /// Takes those away that were not whole at a time and have not been gone on with since.
    fn remove_halves(&self, council: CouncilKey, before: i64) -> Answer<'_, ()>;
}

/// True if a snapshot that is whole is what the parts say.
pub(super) fn is_the_same(parts: &NewParts, manifest: &[u8], here: &Chunks) -> bool {
    let chunk = |chunk: &NewChunk| here.get(&chunk.number).is_some_and(|(_, hash)| *hash == chunk.hash);
    parts.chunks.iter().all(chunk) && parts.manifest.as_ref().is_none_or(|(bytes, _)| bytes == manifest)
}
