//! Writing a snapshot of a scope: by a keeper, when enough is new since the last.

use std::collections::BTreeSet;

use carriers::Carrier;
use sealed_log::{ChunkNote, End, EpochKey, Hash, Kind, Manifest, Part, ScopeId, SnapshotId, seal_chunk};
use sync_schema::{DocId, Scope};

use super::form::{self, Piece};
use super::in_order;
use crate::error::HubError;
use crate::ports::Ports;
use crate::store::projection::{self, ready::Layout};
use crate::store::sync::{segment, snapshot as kept, waiting};
use crate::store::{Rows, Store, document, ready_rows, setting};
use crate::sync::here::Here;

/// So many documents are in one chunk of documents.
const DOCUMENTS: usize = 256;
/// So many documents' rows are in one chunk of rows.
const ROWS: usize = 4_096;
/// A chunk is closed when it reaches this size.
const AIM: usize = 1 << 20;
/// A snapshot is worth its while when so many records are new,
const NEW_LEAST: u64 = 2_000;
/// and they are at least one for so many documents of the last.
const NEW_SHARE: u64 = 5;
/// So many snapshots of a scope are left: the newest, and the one that somebody may be reading.
const LEFT: usize = 2;
/// Where the snapshot that is being written is kept, with the scope's name behind it.
const BEGUN: &str = "snapshot begun ";

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Snapshots, one a scope.
    pub snapshots: u32,
    /// Documents in them.
    pub documents: u64,
    /// Chunks.
    pub chunks: u32,
    /// Bytes, sealed.
    pub bytes: u64,
}

/// Writes those of the scopes of which enough is new.
pub(in crate::sync) async fn write_due<C: Carrier>(
    carrier: &C,
    store: &Store,
    here: &Here,
    ports: &Ports,
) -> Result<(), HubError> {
    if !carrier.keeps_snapshots() {
        return Ok(());
    }
    for (id, scope) in in_order(here) {
        if here.members.may_keep(&here.log(), &id) && store.read(|rows| is_due(rows, here, &id))? {
            write_one(carrier, store, here, ports, (id, scope)).await?;
        }
    }
    Ok(())
}

/// Writes one of each scope that this laptop keeps and that has anything in it.
///
/// # Errors
/// [`HubError::NotAllowed`] when it keeps none; the carrier's and the store's own.
pub(crate) async fn write<C: Carrier>(
    carrier: &C,
    store: &Store,
    here: &Here,
    ports: &Ports,
) -> Result<Written, HubError> {
    let mut written = Written::default();
    let mut keeps = false;
    for (id, scope) in in_order(here) {
        if here.members.may_keep(&here.log(), &id) {
            keeps = true;
            if let Some(one) = write_one(carrier, store, here, ports, (id, scope)).await? {
                written.snapshots += 1;
                written.documents += one.documents;
                written.chunks += one.chunks;
                written.bytes += one.bytes;
            }
        }
    }
    if keeps { Ok(written) } else { Err(HubError::NotAllowed) }
}

fn is_due(rows: &Rows, here: &Here, scope: &ScopeId) -> Result<bool, HubError> {
    let last = kept::taken(rows, scope)?.and_then(|bytes| Manifest::read_kept(&bytes).ok());
    if last.as_ref().is_some_and(|last| predates_an_erasure(here, last)) {
        return Ok(covers(rows, scope)?.is_some());
    }
    let covered = |log| {
        let ends = last.iter().flat_map(|last| &last.ends);
        ends.filter(|end| end.log == log).map(|end| end.seq).max().unwrap_or(0)
    };
    let mut new: u64 = 0;
    for row in segment::streams(rows)?.into_iter().filter(|row| row.stream.scope == *scope) {
        new += u64::from(segment::records(rows, &row.stream, covered(row.stream.log), row.high)?);
    }
    let documents = last.as_ref().map_or(0, Manifest::documents);
    Ok(new >= NEW_LEAST.max(documents / NEW_SHARE) && covers(rows, scope)?.is_some())
}

/// True if somebody was erased from the scope whom the writer of a snapshot had not heard to be: they are in it still.
fn predates_an_erasure(here: &Here, manifest: &Manifest) -> bool {
    let heads: Vec<Hash> = manifest.roster.iter().copied().collect();
    let roster = &here.identity.roster;
    roster.entries().any(|(hash, entry)| match &entry.kind {
        Kind::Erase { documents } => {
            let here_too = documents.iter().any(|(scope, _)| *scope == manifest.scope);
            here_too && here.members.has(hash) && !roster.is_known_to(&heads, hash)
        }
        _ => false,
    })
}

/// What of the log the documents here are made of; none while something of it waits, or is on its way.
fn covers(rows: &Rows, scope: &ScopeId) -> Result<Option<BTreeSet<End>>, HubError> {
    if waiting::any_record_of(rows, scope)? || kept::arriving(rows)?.iter().any(|one| one.scope == *scope) {
        return Ok(None);
    }
    let mut ends = BTreeSet::new();
    for row in segment::streams(rows)?.into_iter().filter(|row| row.stream.scope == *scope) {
        for seq in segment::end_hashes(rows, &row.stream, row.high)? {
            ends.insert(End { log: row.stream.log, seq: seq.0, hash: seq.1 });
        }
    }
    Ok((!ends.is_empty()).then_some(ends))
}

async fn write_one<C: Carrier>(
    carrier: &C,
    store: &Store,
    here: &Here,
    ports: &Ports,
    (id, scope): (ScopeId, Scope),
) -> Result<Option<Written>, HubError> {
    let Some(epoch) = here.identity.keyring.sealing(&id) else { return Ok(None) };
    // Before any document is read: what is made meanwhile may be in them, and comes again with the log.
    let Some(ends) = store.read(|rows| covers(rows, &id))? else { return Ok(None) };
    let name = format!("{BEGUN}{id}");
    if let Some(half) = store.read(|rows| setting::get::<String>(rows, &name))?.and_then(|text| text.parse().ok()) {
        carrier.remove_snapshot(&id, &half).await?;
    }
    let snapshot = SnapshotId::from_bytes(ports.random()?);
    store.write(|tx| setting::put(tx.connection(), &name, &snapshot.to_string()))?;
    let mut chunks = Chunks { carrier, here, ports, epoch, scope: id, snapshot, notes: Vec::new(), bytes: 0 };
    put_documents(store, &mut chunks, scope).await?;
    let (notes, bytes) = (chunks.notes, chunks.bytes);
    let manifest = Manifest {
        council: *here.council(),
        log: here.log(),
        scope: id,
        id: snapshot,
        epoch: epoch.id(),
        projection: u64::from(projection::VERSION),
        clock: ports.now().millis(),
        ends,
        roster: here.identity.roster.heads().into_iter().take(sealed_log::MAX_HEADS).collect(),
        chunks: notes,
        more: Vec::new(),
    };
    let signed = manifest.sign(&here.identity.incarnation).map_err(|_| HubError::unexpected("sync/manifest"))?;
    carrier.put_manifest(&id, &snapshot, &signed).await?;
    store.write(|tx| {
        setting::remove(tx.connection(), &name)?;
        kept::note_taken(tx.connection(), &id, &signed)
    })?;
    remove_older(carrier, here, &id).await?;
    let count = u32::try_from(manifest.chunks.len()).unwrap_or(u32::MAX);
    Ok(Some(Written { snapshots: 1, documents: manifest.documents(), chunks: count, bytes }))
}

/// Takes away this laptop's own snapshots that newer ones have followed, and everybody's in which somebody is who was
/// erased since.
async fn remove_older<C: Carrier>(carrier: &C, here: &Here, scope: &ScopeId) -> Result<(), HubError> {
    let mut all = Vec::new();
    for id in carrier.snapshots(scope).await? {
        let Some(bytes) = carrier.manifest(scope, &id).await? else { continue };
        if let Ok(manifest) = Manifest::verify(&bytes, here.council(), &here.members) {
            all.push(manifest);
        }
    }
    all.sort_by_key(|manifest| std::cmp::Reverse(manifest.ends.iter().map(|end| end.seq).sum::<u64>()));
    let (erased, mut standing): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| predates_an_erasure(here, one));
    standing.retain(|one| here.is_ours(&one.log));
    for old in erased.iter().chain(standing.iter().skip(LEFT)) {
        carrier.remove_snapshot(scope, &old.id).await?;
    }
    Ok(())
}

/// Chunks on their way to a carrier.
struct Chunks<'a, C> {
    carrier: &'a C,
    here: &'a Here,
    ports: &'a Ports,
    epoch: &'a EpochKey,
    scope: ScopeId,
    snapshot: SnapshotId,
    notes: Vec<ChunkNote>,
    bytes: u64,
}

impl<C: Carrier> Chunks<'_, C> {
    async fn put(&mut self, open: &mut Open) -> Result<(), HubError> {
        if open.documents == 0 {
            return Ok(());
        }
        let place = (self.here.council(), &self.scope, &self.snapshot);
        let what = (open.part, open.documents);
        let index = self.notes.len();
        let sealed = seal_chunk(place, index, what, self.epoch, &open.plain, self.ports.random()?)
            .map_err(|_| HubError::unexpected("sync/chunk"))?;
        self.carrier.put_chunk(&self.scope, &self.snapshot, index, &sealed.bytes).await?;
        self.bytes += sealed.bytes.len() as u64;
        self.notes.push(sealed.note);
        open.plain.clear();
        open.documents = 0;
        Ok(())
    }

    async fn add(&mut self, open: &mut Open, piece: &Piece<'_>) -> Result<(), HubError> {
        if open.documents > 0 && open.plain.len() + piece.size() > AIM {
            self.put(open).await?;
        }
        if !form::put(&mut open.plain, piece) {
            return Err(HubError::unexpected("sync/piece"));
        }
        open.documents += 1;
        if open.documents == open.most { self.put(open).await } else { Ok(()) }
    }
}

/// A chunk that is being filled.
struct Open {
    part: Part,
    most: usize,
    plain: Vec<u8>,
    documents: usize,
}

impl Open {
    fn new(part: Part, most: usize) -> Self {
        Self { part, most, plain: Vec::with_capacity(AIM), documents: 0 }
    }
}

/// Every document of the scope and its rows, some hundreds at a time, so that no screen waits.
async fn put_documents<C: Carrier>(store: &Store, chunks: &mut Chunks<'_, C>, scope: Scope) -> Result<(), HubError> {
    let (mut rows, mut documents) = (Open::new(Part::Rows, ROWS), Open::new(Part::Documents, DOCUMENTS));
    let mut behind: Option<DocId> = None;
    loop {
        let some = store.read(|connection| {
            let layout = Layout::of(connection)?;
            let most = u32::try_from(DOCUMENTS).unwrap_or(u32::MAX);
            let stored = document::following(connection, scope, behind, most)?;
            let with_rows = |stored: document::Stored| {
                let rows = ready_rows(connection, &layout, &stored)?;
                Ok::<_, HubError>((stored, rows))
            };
            stored.into_iter().map(with_rows).collect::<Result<Vec<_>, _>>()
        })?;
        let Some((last, _)) = some.last() else { break };
        behind = Some(last.id);
        for (stored, made) in &some {
            chunks.add(&mut rows, &Piece { id: stored.id, kind: &stored.kind, bytes: made }).await?;
            chunks.add(&mut documents, &Piece { id: stored.id, kind: &stored.kind, bytes: &stored.saved }).await?;
        }
    }
    chunks.put(&mut rows).await?;
    chunks.put(&mut documents).await
}
