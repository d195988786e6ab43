//! A relay as a carrier: a server that carries what it cannot read, over HTTPS.
//!
//! Nothing a relay says is believed: what it gives is judged as what lies in a folder is. It is asked for much in few
//! calls, each bounded in time and size; what it does wrong has a name. Pauses between tries are the caller's.

mod knock;
mod link;
mod snapshots;
pub(crate) mod tls;
mod trouble;
mod way;

use std::collections::{BTreeMap, BTreeSet};

use sealed_log::wire::{Ask, Given, KnockAnswer, Knocks, MAX_MESSAGE, Message, Push, Pushed, Shelf, SnapshotName};
use sealed_log::{FileRange, Hash, LogId, Request, ScopeId, Short, Shown, SnapshotId, StreamId};

pub use knock::Door;
pub use link::{Guest, Token};
pub use trouble::RelayTrouble;
pub(crate) use trouble::of_connection;
pub use way::{Address, Patience, Wait};

use crate::asked::{Asked, Line};
use crate::traffic::Meter;
use crate::{Carrier, CarrierError, Parcel, Traffic, Unpacked, Wanted};
use link::Link;
use snapshots::Stock;

/// What is put in one call comes to about so many bytes.
const PUSH_AIM: usize = 4 << 20;

/// A relay that is asked on behalf of one laptop.
#[derive(Debug)]
pub struct Relay {
    asked: Asked<Wire>,
    stock: Stock,
}

/// The link, with what it cost.
#[derive(Debug)]
struct Wire {
    link: Link,
    meter: Meter,
}

impl Line for Wire {
    async fn look(&self) -> Result<Shelf, CarrierError> {
        let bytes = self.link.get(&self.meter, "look").await?;
        Ok(Shelf::decode(&bytes).map_err(|_| RelayTrouble::Nonsense)?)
    }

    async fn ask(&self, ask: &Ask) -> Result<Given, CarrierError> {
        let bytes = self.link.post(&self.meter, "ask", &ask.encode()).await?;
        let given = Given::decode(&bytes).map_err(|_| RelayTrouble::Nonsense)?;
        if given.ranges.len() != ask.ranges.len() {
            return Err(RelayTrouble::Nonsense.into());
        }
        Ok(given)
    }
}

impl Relay {
    /// Sets out for a relay; nothing is asked of it yet.
    ///
    /// # Errors
    /// [`RelayTrouble::Address`], [`RelayTrouble::Certificate`] when what is given is not one.
    pub fn at(address: &Address, guest: Guest, patience: Patience) -> Result<Self, RelayTrouble> {
        let link = Link::new(address, guest, patience)?;
        Ok(Self { asked: Asked::over(Wire { link, meter: Meter::default() }), stock: Stock::default() })
    }

    /// What to give the next [`Relay`] of the same laptop, so that it need not say again who it is.
    #[must_use]
    pub fn token(&self) -> Option<Token> {
        self.wire().link.token()
    }

    /// What changes when anything new is put there, as the relay said last.
    ///
    /// # Errors
    /// The relay's own.
    pub async fn turn(&self) -> Result<u64, CarrierError> {
        self.asked.turn().await
    }

    /// Forgets what the relay said it has: it is asked again.
    pub fn look_again(&self) {
        self.asked.forget();
    }

    /// Waits until the relay has another turn than `turn`, and says which.
    ///
    /// # Errors
    /// The relay's own; the connection ends now and then.
    pub async fn news(&self, turn: u64) -> Result<u64, CarrierError> {
        Ok(self.wire().link.wake(&self.wire().meter, turn).await?)
    }

    /// The requests to join that wait there: an administrator's to see.
    ///
    /// # Errors
    /// The relay's own.
    pub async fn knocks(&self) -> Result<Vec<Vec<u8>>, CarrierError> {
        let bytes = self.wire().link.get(&self.wire().meter, "knocks").await?;
        Ok(Knocks::decode(&bytes).map_err(|_| RelayTrouble::Nonsense)?.0)
    }

    /// Leaves an answer to one of them.
    ///
    /// # Errors
    /// The relay's own.
    pub async fn answer(&self, request: &[u8], approval: &[u8]) -> Result<(), CarrierError> {
        let answer = KnockAnswer { name: Request::name(request), approval: approval.to_vec() };
        self.wire().link.post(&self.wire().meter, "answer", &answer.encode()).await?;
        Ok(())
    }

    fn wire(&self) -> &Wire {
        self.asked.line()
    }

    /// What was not taken, by its place.
    async fn push(&self, push: &Push) -> Result<Vec<(u64, String)>, CarrierError> {
        let bytes = self.wire().link.post(&self.wire().meter, "push", &push.encode()).await?;
        Ok(Pushed::decode(&bytes).map_err(|_| RelayTrouble::Nonsense)?.refused)
    }

    async fn push_segments(&self, parcels: &[Parcel]) -> Result<(), CarrierError> {
        let mut rest = parcels;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(fits(rest, |parcel| {
                parcel.bytes.len() + parcel.apart.iter().map(|(_, bytes)| bytes.len()).sum::<usize>()
            }));
            rest = later;
            let blobs = now.iter().flat_map(|parcel| parcel.apart.iter().map(|(_, bytes)| bytes.clone())).collect();
            let segments = now.iter().map(|parcel| parcel.bytes.clone()).collect();
            let refused = self.push(&Push { blobs, segments, ..Push::default() }).await?;
            if let Some((_, code)) = refused.into_iter().next() {
                return Err(RelayTrouble::Refused(code).into());
            }
        }
        Ok(())
    }
}

/// How many from the front go into one call; one at the least.
fn fits<T>(all: &[T], size: impl Fn(&T) -> usize) -> usize {
    let mut sum = 0;
    let fitting = all.iter().take_while(|one| {
        sum += size(one) + 8;
        sum <= PUSH_AIM
    });
    fitting.count().max(1)
}

impl Carrier for Relay {
    async fn roster(&self) -> Result<BTreeSet<String>, CarrierError> {
        self.asked.roster().await
    }

    async fn roster_entry(&self, name: &str) -> Result<Option<Vec<u8>>, CarrierError> {
        self.asked.roster_entry(name).await
    }

    async fn put_roster_entry(&self, hash: &Hash, bytes: &[u8]) -> Result<(), CarrierError> {
        self.put_roster_entries(&[(*hash, bytes.to_vec())]).await
    }

    async fn put_roster_entries(&self, entries: &[(Hash, Vec<u8>)]) -> Result<(), CarrierError> {
        let mut rest = entries;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(fits(rest, |(_, bytes)| bytes.len()));
            rest = later;
            let roster = now.iter().map(|(_, bytes)| bytes.clone()).collect();
            // One that does not stand, or that the relay is too old for, is in nobody's way.
            self.push(&Push { roster, ..Push::default() }).await?;
        }
        Ok(())
    }

    async fn ahead(&self, wanted: Wanted) -> Result<(), CarrierError> {
        self.asked.ahead(wanted).await
    }

    async fn remove_roster_entry(&self, _name: &str) {}

    async fn seen(&self) -> Result<BTreeMap<LogId, u64>, CarrierError> {
        self.asked.seen().await
    }

    async fn seen_statement(&self, log: &LogId, number: u64) -> Result<Option<Vec<u8>>, CarrierError> {
        self.asked.seen_statement(log, number).await
    }

    async fn put_seen(
        &self,
        _log: &LogId,
        _number: u64,
        _older: Option<u64>,
        bytes: &[u8],
    ) -> Result<(), CarrierError> {
        // Whoever it is refused to will hear it from another; it stops nothing here.
        self.push(&Push { seen: vec![bytes.to_vec()], ..Push::default() }).await.map(drop)
    }

    async fn tips(&self) -> Result<Shown, CarrierError> {
        self.asked.tips().await
    }

    async fn files(&self, stream: &StreamId) -> Result<Vec<FileRange>, CarrierError> {
        self.asked.files(stream).await
    }

    async fn fetch(&self, stream: &StreamId, file: &FileRange) -> Result<Option<Unpacked>, CarrierError> {
        self.asked.fetch(stream, file).await
    }

    async fn blobs(&self) -> Result<BTreeSet<Hash>, CarrierError> {
        let bytes = self.wire().link.get(&self.wire().meter, "bodies").await?;
        let (hashes, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() {
            return Err(RelayTrouble::Nonsense.into());
        }
        Ok(hashes.iter().map(|hash| Hash::from_bytes(*hash)).collect())
    }

    async fn blob(&self, hash: &Hash) -> Result<Option<Vec<u8>>, CarrierError> {
        self.asked.blob(hash).await
    }

    async fn put_segments(&self, _stream: &StreamId, parcels: &[Parcel]) -> Result<(), CarrierError> {
        self.push_segments(parcels).await
    }

    async fn put(
        &self,
        _stream: &StreamId,
        parcels: &[Parcel],
        _passed: &BTreeSet<(u64, Short)>,
    ) -> Result<(), CarrierError> {
        self.push_segments(parcels).await
    }

    async fn tidy(&self, _stream: &StreamId) -> Result<(), CarrierError> {
        Ok(())
    }

    /// A relay erases by the roster's word, of which it was told before. It takes the marks only when it has.
    async fn redact(&self, _: &StreamId, parcels: &[Parcel], _: &BTreeSet<Hash>) -> Result<(), CarrierError> {
        self.push_segments(parcels).await
    }

    fn keeps_snapshots(&self) -> bool {
        true
    }

    async fn snapshots(&self, scope: &ScopeId) -> Result<BTreeSet<SnapshotId>, CarrierError> {
        let all = self.stock.snapshots(self.wire()).await?;
        Ok(all.into_iter().filter(|name| name.scope == *scope).map(|name| name.id).collect())
    }

    async fn manifest(&self, scope: &ScopeId, id: &SnapshotId) -> Result<Option<Vec<u8>>, CarrierError> {
        self.stock.manifest(self.wire(), SnapshotName { scope: *scope, id: *id }).await
    }

    async fn chunks(&self, scope: &ScopeId, id: &SnapshotId) -> Result<BTreeMap<usize, u64>, CarrierError> {
        self.stock.chunks(self.wire(), SnapshotName { scope: *scope, id: *id }).await
    }

    async fn chunk(&self, scope: &ScopeId, id: &SnapshotId, index: usize) -> Result<Option<Vec<u8>>, CarrierError> {
        self.stock.chunk(self.wire(), SnapshotName { scope: *scope, id: *id }, index).await
    }

    async fn put_chunk(
        &self,
        scope: &ScopeId,
        id: &SnapshotId,
        index: usize,
        bytes: &[u8],
    ) -> Result<(), CarrierError> {
        self.stock.put_chunk(self.wire(), SnapshotName { scope: *scope, id: *id }, index, bytes).await
    }

    async fn put_manifest(&self, scope: &ScopeId, id: &SnapshotId, bytes: &[u8]) -> Result<(), CarrierError> {
        self.stock.put_manifest(self.wire(), SnapshotName { scope: *scope, id: *id }, bytes).await
    }

    async fn remove_snapshot(&self, scope: &ScopeId, id: &SnapshotId) -> Result<(), CarrierError> {
        self.stock.remove(self.wire(), SnapshotName { scope: *scope, id: *id }).await
    }

    async fn look_round(&self) -> Result<(), CarrierError> {
        Ok(())
    }

    fn traffic(&self) -> Traffic {
        self.wire().meter.read()
    }
}

// A message holds every push.
const _: () = assert!(PUSH_AIM + sealed_log::MAX_SEGMENT * 2 < MAX_MESSAGE);
const _: () = assert!(PUSH_AIM + sealed_log::MAX_SEALED < MAX_MESSAGE && sealed_log::MAX_MANIFEST < MAX_MESSAGE);
