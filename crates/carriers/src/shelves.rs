//! Files under names, wherever they lie: what a folder and a bucket have in common. Which name says what, in which order
//! things are put and taken away, and what is passed over is decided here; what went wrong with a disk or a store is its
//! own to say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use futures_util::StreamExt;
use object_store::path::Path;
use object_store::{
    Error, GetResult, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, UpdateVersion,
};
use sealed_log::{FileRange, Hash, LogId, ScopeId, Short, Shown, SnapshotId, StreamId};

use crate::traffic::Meter;
use crate::{Carrier, CarrierError, Parcel, Traffic, Unpacked, frame, name, redact, snapshots, tidy};

/// No file of ours is larger.
pub(crate) const MAX_FILE: u64 = 12 << 20;
/// Segments that are put together go into files of about this size.
const FILE_AIM: usize = 1 << 20;
/// No roster entry or statement is larger.
const MAX_SMALL: u64 = 1 << 20;

/// So often a file is put on a condition, and another is there each time.
const TRIES: usize = 4;

/// What the files lie on, and what its errors mean.
#[allow(async_fn_in_trait, reason = "driven on one thread; nobody needs the futures to be Send")]
pub trait Medium: Debug {
    /// By what they are reached.
    type Store: ObjectStore;
    /// True where a file can be put on the condition that none is there, or that the one there is the one last looked
    /// at. A stick's file system cannot; a store of objects can.
    const CONDITIONS: bool;

    /// What stops a listing; `None` for one name that cannot be told, which is not ours.
    fn of_listing(&self, error: &Error) -> Option<CarrierError>;

    /// What stops reading; `None` for one file that cannot be read (gone, closed, on a bad spot, not brought here by a
    /// sync client), which stops nothing else.
    fn of_reading(&self, error: &Error) -> Option<CarrierError>;

    /// What stops writing.
    fn of_writing(&self, error: &Error) -> CarrierError;

    /// Takes a file away; one that will not go stays.
    async fn remove(&self, store: &Self::Store, path: &Path) {
        let _ = store.delete(path).await;
    }
}

/// A council's files on a medium.
#[derive(Debug)]
pub struct Shelves<M: Medium> {
    store: M::Store,
    medium: M,
    /// What lies above the councils' own folders: nothing, or a bucket's prefix.
    above: Option<Path>,
    root: String,
    meter: Meter,
}

impl<M: Medium> Shelves<M> {
    pub(crate) fn on(medium: M, store: M::Store, above: &str, council: &str) -> Self {
        let root = if above.is_empty() { council.to_owned() } else { format!("{above}/{council}") };
        let above = (!above.is_empty()).then(|| Path::from(above));
        Self { store, medium, above, root, meter: Meter::default() }
    }

    fn path(&self, below: &str) -> Path {
        Path::from(format!("{}/{below}", self.root))
    }

    /// Every file below a folder, by its path from there. What cannot be named or looked at is not ours.
    pub(crate) async fn list(&self, folder: &str) -> Result<Vec<(String, u64)>, CarrierError> {
        self.meter.call();
        let prefix = self.path(folder);
        let mut found = Vec::new();
        let mut listing = self.store.list(Some(&prefix));
        while let Some(item) = listing.next().await {
            match item {
                Ok(meta) => found.extend(self.below(&prefix, &meta)),
                Err(error) => match self.medium.of_listing(&error) {
                    Some(stop) => return Err(stop),
                    None => self.meter.foreign(1),
                },
            }
        }
        Ok(found)
    }

    fn below(&self, prefix: &Path, meta: &ObjectMeta) -> Option<(String, u64)> {
        let name = meta.location.as_ref().strip_prefix(prefix.as_ref())?.trim_start_matches('/');
        self.meter.came(name.len());
        Some((name.to_owned(), meta.size))
    }

    pub(crate) async fn get(&self, below: &str) -> Result<Option<Vec<u8>>, CarrierError> {
        self.read(below).await.map(|read| read.map(|(bytes, _)| bytes))
    }

    /// A file's bytes, and by what to say that it is still the same when it is put again.
    async fn read(&self, below: &str) -> Result<Option<(Vec<u8>, UpdateVersion)>, CarrierError> {
        self.meter.call();
        let got = match self.store.get(&self.path(below)).await {
            Ok(got) if got.meta.size > MAX_FILE => {
                self.meter.foreign(1);
                return Ok(None);
            }
            Ok(got) => take(got).await,
            Err(error) => Err(error),
        };
        match got {
            Ok((bytes, version)) => {
                self.meter.came(bytes.len());
                Ok(Some((bytes, version)))
            }
            Err(error) => {
                self.meter.vanished();
                self.medium.of_reading(&error).map_or(Ok(None), Err)
            }
        }
    }

    /// Puts a file: where it lies, it is durable when this returns.
    async fn put_file(&self, below: &str, bytes: Vec<u8>) -> Result<(), CarrierError> {
        self.put_as(below, bytes, PutMode::Overwrite).await?.map_err(|error| self.medium.of_writing(&error))
    }

    /// Puts a file on a condition; the inner error says that it does not hold.
    async fn put_as(&self, below: &str, bytes: Vec<u8>, mode: PutMode) -> Result<Result<(), Error>, CarrierError> {
        self.meter.call();
        self.meter.went(bytes.len());
        let options = PutOptions { mode, ..PutOptions::default() };
        match self.store.put_opts(&self.path(below), PutPayload::from(bytes), options).await {
            Ok(_) => Ok(Ok(())),
            Err(error @ (Error::AlreadyExists { .. } | Error::Precondition { .. })) => Ok(Err(error)),
            Err(error) => Err(self.medium.of_writing(&error)),
        }
    }

    /// Puts a file and reads it back.
    pub(crate) async fn put_and_compare(&self, below: &str, bytes: Vec<u8>) -> Result<(), CarrierError> {
        if M::CONDITIONS {
            return self.put_on_conditions(below, bytes).await;
        }
        self.put_file(below, bytes.clone()).await?;
        if self.get(below).await?.as_deref() == Some(bytes.as_slice()) { Ok(()) } else { Err(CarrierError::NotKept) }
    }

    /// Puts a file if none is there, and in the place of one only when that is the one looked at: what another laptop puts
    /// at the same moment is never written over unseen.
    async fn put_on_conditions(&self, below: &str, bytes: Vec<u8>) -> Result<(), CarrierError> {
        let mut mode = PutMode::Create;
        for _ in 0..TRIES {
            let _ = self.put_as(below, bytes.clone(), mode).await?;
            // Whether it was put or was there: what counts is what lies there now.
            mode = match self.read(below).await? {
                Some((there, _)) if there == bytes => return Ok(()),
                Some((_, version)) => PutMode::Update(version),
                None => PutMode::Create,
            };
        }
        Err(CarrierError::NotKept)
    }

    /// Takes a file away; one that will not go stays, and does no harm.
    pub(crate) async fn remove(&self, below: &str) {
        self.meter.call();
        self.medium.remove(&self.store, &self.path(below)).await;
    }

    /// The names below a folder that `read` knows; the others are counted.
    fn ours<T>(&self, names: Vec<(String, u64)>, read: impl Fn(&str, u64) -> Option<T>) -> Vec<T> {
        let all = names.len();
        let ours: Vec<T> = names.into_iter().filter_map(|(name, size)| read(&name, size)).collect();
        self.meter.foreign((all - ours.len()) as u64);
        ours
    }
}

impl<M: Medium> Carrier for Shelves<M> {
    async fn roster(&self) -> Result<BTreeSet<String>, CarrierError> {
        let names = self.list("roster").await?;
        let read = |text: &str, size| (name::is_roster(text) && size <= MAX_SMALL).then(|| text.to_owned());
        Ok(self.ours(names, read).into_iter().collect())
    }

    async fn roster_entry(&self, name: &str) -> Result<Option<Vec<u8>>, CarrierError> {
        self.get(&format!("roster/{name}")).await
    }

    async fn put_roster_entry(&self, hash: &Hash, bytes: &[u8]) -> Result<(), CarrierError> {
        self.put_and_compare(&format!("roster/{}", name::roster(hash)), bytes.to_vec()).await
    }

    async fn remove_roster_entry(&self, name: &str) {
        self.remove(&format!("roster/{name}")).await;
    }

    async fn seen(&self) -> Result<BTreeMap<LogId, u64>, CarrierError> {
        let names = self.list("seen").await?;
        let read = |text: &str, size| name::read_seen(text).filter(|_| size <= MAX_SMALL);
        let mut newest = BTreeMap::new();
        for (log, number) in self.ours(names, read) {
            let known = newest.entry(log).or_insert(number);
            *known = number.max(*known);
        }
        Ok(newest)
    }

    async fn seen_statement(&self, log: &LogId, number: u64) -> Result<Option<Vec<u8>>, CarrierError> {
        self.get(&format!("seen/{}", name::seen(log, number))).await
    }

    async fn put_seen(&self, log: &LogId, number: u64, older: Option<u64>, bytes: &[u8]) -> Result<(), CarrierError> {
        self.put_file(&format!("seen/{}", name::seen(log, number)), bytes.to_vec()).await?;
        if let Some(older) = older {
            self.remove(&format!("seen/{}", name::seen(log, older))).await;
        }
        Ok(())
    }

    async fn tips(&self) -> Result<Shown, CarrierError> {
        let names = self.list("tip").await?;
        let read = |text: &str, _| {
            let (scope, tip) = text.split_once('/')?;
            let (log, seq, short) = name::read_tip(tip)?;
            Some((StreamId { log, scope: scope.parse::<ScopeId>().ok()? }, seq, short))
        };
        let mut shown = Shown::new();
        for (stream, seq, short) in self.ours(names, read) {
            shown.entry(stream).or_default().insert((seq, short));
        }
        Ok(shown)
    }

    async fn files(&self, stream: &StreamId) -> Result<Vec<FileRange>, CarrierError> {
        let names = self.list(&format!("seg/{}", name::stream(stream))).await?;
        Ok(self.ours(names, name::read_file))
    }

    async fn fetch(&self, stream: &StreamId, file: &FileRange) -> Result<Option<Unpacked>, CarrierError> {
        let bytes = self.get(&format!("seg/{}/{}", name::stream(stream), file.name)).await?;
        let unpacked = bytes.map(|bytes| frame::unpack(&bytes));
        if unpacked.as_ref().is_some_and(|unpacked| unpacked.cut_short) {
            self.meter.half_written();
        }
        Ok(unpacked)
    }

    async fn blobs(&self) -> Result<BTreeSet<Hash>, CarrierError> {
        let names = self.list("blob").await?;
        let read = |text: &str, size| name::read_blob(text).filter(|_| size <= MAX_FILE);
        Ok(self.ours(names, read).into_iter().collect())
    }

    async fn blob(&self, hash: &Hash) -> Result<Option<Vec<u8>>, CarrierError> {
        self.get(&format!("blob/{}", name::blob(hash))).await
    }

    async fn put_segments(&self, stream: &StreamId, parcels: &[Parcel]) -> Result<(), CarrierError> {
        for (hash, bytes) in parcels.iter().flat_map(|parcel| &parcel.apart) {
            self.put_and_compare(&format!("blob/{}", name::blob(hash)), bytes.clone()).await?;
        }
        for group in grouped(parcels) {
            let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
            let bytes = frame::pack(group.iter().map(|parcel| parcel.bytes.as_slice()));
            let file = name::file(first.seq, last.seq, &last.short);
            self.put_and_compare(&format!("seg/{}/{file}", name::stream(stream)), bytes).await?;
        }
        Ok(())
    }

    async fn put(
        &self,
        stream: &StreamId,
        parcels: &[Parcel],
        passed: &BTreeSet<(u64, Short)>,
    ) -> Result<(), CarrierError> {
        self.put_segments(stream, parcels).await?;
        let Some(newest) = parcels.iter().map(|parcel| parcel.seq).max() else { return Ok(()) };
        let tips: BTreeSet<(u64, Short)> =
            parcels.iter().filter(|parcel| parcel.seq == newest).map(|parcel| (newest, parcel.short)).collect();
        let at = |(seq, short): &(u64, Short)| format!("tip/{}/{}", stream.scope, name::tip(&stream.log, *seq, short));
        for tip in &tips {
            // Not empty: some sync clients pass empty files over. Nobody reads it; the name says all.
            self.put_file(&at(tip), b"tip\n".to_vec()).await?;
        }
        for old in passed.difference(&tips) {
            self.remove(&at(old)).await;
        }
        Ok(())
    }

    async fn redact(&self, stream: &StreamId, parcels: &[Parcel], gone: &BTreeSet<Hash>) -> Result<(), CarrierError> {
        redact::redact(self, stream, parcels, gone).await
    }

    async fn tidy(&self, stream: &StreamId) -> Result<(), CarrierError> {
        tidy::tidy(self, stream).await
    }

    fn keeps_snapshots(&self) -> bool {
        true
    }

    async fn snapshots(&self, scope: &ScopeId) -> Result<BTreeSet<SnapshotId>, CarrierError> {
        snapshots::list(self, scope).await
    }

    async fn manifest(&self, scope: &ScopeId, id: &SnapshotId) -> Result<Option<Vec<u8>>, CarrierError> {
        self.get(&snapshots::manifest(scope, id)).await
    }

    async fn chunks(&self, scope: &ScopeId, id: &SnapshotId) -> Result<BTreeMap<usize, u64>, CarrierError> {
        snapshots::chunks(self, scope, id).await
    }

    async fn chunk(&self, scope: &ScopeId, id: &SnapshotId, index: usize) -> Result<Option<Vec<u8>>, CarrierError> {
        self.get(&snapshots::chunk(scope, id, index)).await
    }

    async fn put_chunk(
        &self,
        scope: &ScopeId,
        id: &SnapshotId,
        index: usize,
        bytes: &[u8],
    ) -> Result<(), CarrierError> {
        self.put_and_compare(&snapshots::chunk(scope, id, index), bytes.to_vec()).await
    }

    async fn put_manifest(&self, scope: &ScopeId, id: &SnapshotId, bytes: &[u8]) -> Result<(), CarrierError> {
        self.put_and_compare(&snapshots::manifest(scope, id), bytes.to_vec()).await
    }

    async fn remove_snapshot(&self, scope: &ScopeId, id: &SnapshotId) -> Result<(), CarrierError> {
        snapshots::remove(self, scope, id).await
    }

    async fn remove_file(&self, stream: &StreamId, file: &FileRange) -> Result<(), CarrierError> {
        self.remove(&format!("seg/{}/{}", name::stream(stream), file.name)).await;
        Ok(())
    }

    async fn look_round(&self) -> Result<(), CarrierError> {
        for folder in [self.above.clone(), Some(Path::from(self.root.as_str()))] {
            self.meter.call();
            match self.store.list_with_delimiter(folder.as_ref()).await {
                Ok(listed) => self.meter.foreign(listed.objects.len() as u64),
                Err(Error::NotFound { .. }) => {}
                // One name that cannot be told (not Unicode, say) is foreign too.
                Err(_) => self.meter.foreign(1),
            }
        }
        Ok(())
    }

    fn traffic(&self) -> Traffic {
        self.meter.read()
    }
}

async fn take(got: GetResult) -> Result<(Vec<u8>, UpdateVersion), Error> {
    let version = UpdateVersion { e_tag: got.meta.e_tag.clone(), version: got.meta.version.clone() };
    Ok((got.bytes().await?.to_vec(), version))
}

/// Runs of segments that follow one another, of about [`FILE_AIM`] bytes. Branches of a fork never share a file.
fn grouped(parcels: &[Parcel]) -> Vec<Vec<&Parcel>> {
    let mut groups: Vec<Vec<&Parcel>> = Vec::new();
    let mut size = 0;
    for parcel in parcels {
        let follows = groups.last().and_then(|group| group.last()).is_some_and(|last| last.seq + 1 == parcel.seq);
        if follows && size + parcel.bytes.len() <= FILE_AIM {
            size += parcel.bytes.len();
            if let Some(group) = groups.last_mut() {
                group.push(parcel);
            }
        } else {
            size = parcel.bytes.len();
            groups.push(vec![parcel]);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_together_shares_files() {
        let parcel =
            |seq, size| Parcel { seq, short: Short::from_bytes([0; 5]), bytes: vec![0; size], apart: Vec::new() };
        let parcels = [parcel(1, 10), parcel(2, 10), parcel(2, 10), parcel(3, FILE_AIM), parcel(4, 10), parcel(6, 10)];
        let sizes: Vec<usize> = grouped(&parcels).iter().map(Vec::len).collect();
        assert_eq!(sizes, [2, 1, 1, 1, 1]);
    }
}
