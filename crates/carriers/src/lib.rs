//! The ways sealed records travel between laptops.
//!
//! A carrier sees opaque names and sealed bytes. It decides nothing: what to fetch and what to put is `sealed-log`'s to
//! say. No clock, no key and no meaning of a record may enter here.

pub mod bucket;
pub mod folder;
pub mod frame;
pub mod hall;
pub mod name;
pub mod relay;

mod asked;
mod redact;
mod shelf;
mod shelves;
mod snapshots;
mod tidy;
mod traffic;

use std::collections::{BTreeMap, BTreeSet};

use sealed_log::{Fetch, FileRange, Hash, LogId, ScopeId, Short, Shown, SnapshotId, StreamId};
use thiserror::Error;

pub use bucket::{Bucket, BucketAddress, BucketCredential, BucketPatience, BucketTrouble};
pub use folder::Folder;
pub use relay::{Relay, RelayTrouble};
pub use traffic::Traffic;

/// What stops a carrier.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CarrierError {
    /// It is not there.
    #[error("the folder is not there")]
    Missing,
    /// It can be read and not written.
    #[error("the folder can only be read")]
    ReadOnly,
    /// It has no room left.
    #[error("the folder has no room left")]
    Full,
    /// It may not be read.
    #[error("the folder may not be read")]
    Unreadable,
    /// What was read back is not what was put.
    #[error("the folder did not keep what was put into it")]
    NotKept,
    /// Anything else, by its kind.
    #[error("the folder failed ({0})")]
    Failed(String),
    /// A relay's own.
    #[error("{0}")]
    Relay(RelayTrouble),
    /// A bucket's own.
    #[error("{0}")]
    Bucket(BucketTrouble),
}

/// One segment on its way to a carrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Its number in its stream.
    pub seq: u64,
    /// The start of its envelope's hash.
    pub short: Short,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The bodies that travel apart from it, under their hashes.
    pub apart: Vec<(Hash, Vec<u8>)>,
}

/// What came out of one file of segments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unpacked {
    /// The segments, as far as the file is whole.
    pub segments: Vec<Vec<u8>>,
    /// True if the file ends in the middle of one.
    pub cut_short: bool,
}

/// What will be asked for next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Roster entries, by [`name::roster`].
    pub roster: Vec<String>,
    /// Statements, by log and number.
    pub seen: Vec<(LogId, u64)>,
    /// Segments.
    pub ranges: Vec<Fetch>,
}

/// What have you; give me these; take these. A relay and a hall fit behind the same calls.
#[allow(async_fn_in_trait, reason = "driven on one thread; nobody needs the futures to be Send")]
pub trait Carrier {
    /// The names of the roster's entries that are here, by [`name::roster`].
    async fn roster(&self) -> Result<BTreeSet<String>, CarrierError>;

    /// One entry's bytes; `None` if it has gone.
    async fn roster_entry(&self, name: &str) -> Result<Option<Vec<u8>>, CarrierError>;

    /// Puts an entry.
    async fn put_roster_entry(&self, hash: &Hash, bytes: &[u8]) -> Result<(), CarrierError>;

    /// Puts several, each after those that it rests on.
    async fn put_roster_entries(&self, entries: &[(Hash, Vec<u8>)]) -> Result<(), CarrierError> {
        for (hash, bytes) in entries {
            self.put_roster_entry(hash, bytes).await?;
        }
        Ok(())
    }

    /// False for one who is only asked: nothing is put there, and the calls that put need not be made.
    fn takes(&self) -> bool {
        true
    }

    /// What will be asked for next, so that a carrier where each call costs a while may bring all of it in few.
    async fn ahead(&self, _wanted: Wanted) -> Result<(), CarrierError> {
        Ok(())
    }

    /// Takes away a file that has an entry's name and is not an entry, so that whoever has the entry puts it again. What
    /// will not go stays.
    async fn remove_roster_entry(&self, name: &str);

    /// The newest number of each log's *seen* statements.
    async fn seen(&self) -> Result<BTreeMap<LogId, u64>, CarrierError>;

    /// One statement's bytes; `None` if it has gone.
    async fn seen_statement(&self, log: &LogId, number: u64) -> Result<Option<Vec<u8>>, CarrierError>;

    /// Puts a statement, and takes away the one with the number `older`.
    async fn put_seen(&self, log: &LogId, number: u64, older: Option<u64>, bytes: &[u8]) -> Result<(), CarrierError>;

    /// The tips of all streams.
    async fn tips(&self) -> Result<Shown, CarrierError>;

    /// The files of one stream.
    async fn files(&self, stream: &StreamId) -> Result<Vec<FileRange>, CarrierError>;

    /// The segments in one file; `None` if it has gone.
    async fn fetch(&self, stream: &StreamId, file: &FileRange) -> Result<Option<Unpacked>, CarrierError>;

    /// The bodies that are kept apart here.
    async fn blobs(&self) -> Result<BTreeSet<Hash>, CarrierError>;

    /// One body that is kept apart; `None` if it is not here.
    async fn blob(&self, hash: &Hash) -> Result<Option<Vec<u8>>, CarrierError>;

    /// Puts segments, the bodies that are apart before them, durably, without a tip: to mend what is damaged or has vanished.
    async fn put_segments(&self, stream: &StreamId, parcels: &[Parcel]) -> Result<(), CarrierError>;

    /// Puts segments that follow one another, durably, then the tip; then takes away the tips in `passed`.
    async fn put(
        &self,
        stream: &StreamId,
        parcels: &[Parcel],
        passed: &BTreeSet<(u64, Short)>,
    ) -> Result<(), CarrierError>;

    /// Puts segments whose erased bodies were taken out in the place of those that still have them, and takes away the
    /// bodies in `gone` that travelled apart.
    async fn redact(&self, stream: &StreamId, parcels: &[Parcel], gone: &BTreeSet<Hash>) -> Result<(), CarrierError>;

    /// Joins small files of a stream that this laptop owns. What fails is left for another time.
    async fn tidy(&self, stream: &StreamId) -> Result<(), CarrierError>;

    /// True if snapshots can be put here. The calls below are then all this carrier's own.
    fn keeps_snapshots(&self) -> bool {
        false
    }

    /// The snapshots of a scope that are here: those whose manifest is, for it is put last.
    async fn snapshots(&self, _scope: &ScopeId) -> Result<BTreeSet<SnapshotId>, CarrierError> {
        Ok(BTreeSet::new())
    }

    /// A snapshot's manifest; `None` if it is not here, or not yet.
    async fn manifest(&self, _scope: &ScopeId, _id: &SnapshotId) -> Result<Option<Vec<u8>>, CarrierError> {
        Ok(None)
    }

    /// The numbers of a snapshot's chunks that are here, each with its size.
    async fn chunks(&self, _scope: &ScopeId, _id: &SnapshotId) -> Result<BTreeMap<usize, u64>, CarrierError> {
        Ok(BTreeMap::new())
    }

    /// One chunk; `None` if it is not here.
    async fn chunk(&self, _scope: &ScopeId, _id: &SnapshotId, _index: usize) -> Result<Option<Vec<u8>>, CarrierError> {
        Ok(None)
    }

    /// Puts a chunk: durably at the latest when the manifest is put.
    async fn put_chunk(
        &self,
        _scope: &ScopeId,
        _id: &SnapshotId,
        _index: usize,
        _bytes: &[u8],
    ) -> Result<(), CarrierError> {
        Err(CarrierError::NotKept)
    }

    /// Puts a manifest, durably, when every chunk that it names is here: with it the snapshot is.
    async fn put_manifest(&self, _scope: &ScopeId, _id: &SnapshotId, _bytes: &[u8]) -> Result<(), CarrierError> {
        Err(CarrierError::NotKept)
    }

    /// Takes a snapshot away, its manifest first. What will not go stays.
    async fn remove_snapshot(&self, _scope: &ScopeId, _id: &SnapshotId) -> Result<(), CarrierError> {
        Ok(())
    }

    /// Takes a file of segments away that a snapshot covers. What will not go stays.
    async fn remove_file(&self, _stream: &StreamId, _file: &FileRange) -> Result<(), CarrierError> {
        Ok(())
    }

    /// Names of files that are not ours, at the top and in the council's own part.
    async fn look_round(&self) -> Result<(), CarrierError>;

    /// Calls and bytes so far.
    fn traffic(&self) -> Traffic;
}
