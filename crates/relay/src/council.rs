//! A council that the relay carries for: its roster, folded here as on every laptop, and its turn.

use std::collections::BTreeSet;
use std::sync::Arc;

use sealed_log::{Added, CouncilId, Hash, Kind, LaptopId, Members, Roster, ScopeId, Stop};
use tokio::sync::{Mutex, watch};

use crate::refusal::Refused;
use crate::store::{CouncilKey, NewEntry, Store, StoreError};

/// One council.
#[derive(Debug)]
pub(crate) struct Council {
    /// Its id.
    pub id: CouncilId,
    /// Its number in the store.
    pub key: CouncilKey,
    known: Mutex<Known>,
    /// Changes whenever something was put.
    pub turn: watch::Sender<u64>,
    /// Bytes in the store: as last counted, and put since.
    pub size: Mutex<Size>,
    /// Erasing goes on one at a time.
    pub erasing: Mutex<()>,
}

#[derive(Debug)]
struct Known {
    roster: Roster,
    /// Entries in the store when the roster was read.
    count: u64,
    members: Arc<Members>,
}

/// How much a council has here.
#[derive(Debug, Default)]
pub(crate) struct Size {
    /// In bytes.
    pub bytes: u64,
    /// When it was counted, in UTC milliseconds.
    pub counted: Option<i64>,
}

impl Council {
    /// A council, with nothing read of it yet.
    #[must_use]
    pub(crate) fn new(id: CouncilId, key: CouncilKey, turn: u64) -> Self {
        let roster = Roster::new(id);
        let members = Arc::new(roster.fold());
        let known = Mutex::new(Known { roster, count: 0, members });
        Self { id, key, known, turn: watch::Sender::new(turn), size: Mutex::default(), erasing: Mutex::default() }
    }

    /// Who belongs to it, as the store's roster says now.
    ///
    /// # Errors
    /// The store's own.
    pub(crate) async fn members(&self, store: &dyn Store) -> Result<Arc<Members>, StoreError> {
        let mut known = self.known.lock().await;
        self.refresh(&mut known, store).await?;
        Ok(Arc::clone(&known.members))
    }

    /// True if whoever knew these heads of the roster had heard of every erasure in a scope that stands.
    ///
    /// # Errors
    /// The store's own.
    pub(crate) async fn had_heard_of_erasures(
        &self,
        store: &dyn Store,
        heads: &BTreeSet<Hash>,
        scope: &ScopeId,
    ) -> Result<bool, StoreError> {
        let mut known = self.known.lock().await;
        self.refresh(&mut known, store).await?;
        let heads: Vec<Hash> = heads.iter().copied().collect();
        let (roster, members) = (&known.roster, &known.members);
        Ok(roster.entries().all(|(hash, entry)| match &entry.kind {
            Kind::Erase { documents } if members.has(hash) => {
                documents.iter().all(|(there, _)| there != scope) || roster.is_known_to(&heads, hash)
            }
            _ => true,
        }))
    }

    /// Another relay may have taken entries in.
    async fn refresh(&self, known: &mut Known, store: &dyn Store) -> Result<(), StoreError> {
        let count = store.entry_count(self.key).await?;
        if count == known.count {
            return Ok(());
        }
        let mut roster = Roster::new(self.id);
        for entry in store.entries(self.key).await? {
            // What was kept was looked at before.
            let _ = roster.add(&entry.bytes);
        }
        known.members = Arc::new(roster.fold());
        *known = Known { roster, count, members: Arc::clone(&known.members) };
        Ok(())
    }

    /// Takes roster entries in, as far as they stand. Says why not for each that does not, and whether any was new.
    ///
    /// # Errors
    /// The store's own.
    pub(crate) async fn take_entries(
        &self,
        store: &dyn Store,
        entries: &[Vec<u8>],
    ) -> Result<(Vec<Option<&'static str>>, bool), StoreError> {
        let mut known = self.known.lock().await;
        self.refresh(&mut known, store).await?;
        let mut roster = known.roster.clone();
        let mut outcomes = Vec::with_capacity(entries.len());
        let mut new: Vec<(Hash, &Vec<u8>)> = Vec::new();
        for bytes in entries {
            match roster.add(bytes) {
                Ok(Added::New(hash)) => {
                    new.push((hash, bytes));
                    outcomes.push(Ok(Some(hash)));
                }
                Ok(Added::Known(_)) => outcomes.push(Ok(None)),
                Err(stop) => outcomes.push(Err(code(&stop))),
            }
        }
        let hashes: Vec<Hash> = new.iter().map(|(hash, _)| *hash).collect();
        let fallen = roster.settle(&hashes);
        let why = |hash: &Hash| fallen.iter().find(|(fell, _)| fell == hash).map(|(_, stop)| code(stop));
        let standing: Vec<NewEntry> = new
            .iter()
            .filter(|(hash, _)| why(hash).is_none())
            .map(|(hash, bytes)| NewEntry { name: name(hash), bytes: (*bytes).clone() })
            .collect();
        let any = !standing.is_empty();
        if any {
            let added = standing.len() as u64;
            store.put_entries(self.key, standing).await?;
            let members = Arc::new(roster.fold());
            *known = Known { roster, count: known.count + added, members };
        }
        let said = outcomes.into_iter().map(|outcome| match outcome {
            Ok(hash) => hash.as_ref().and_then(why),
            Err(code) => Some(code),
        });
        Ok((said.collect(), any))
    }
}

/// The name of a roster entry on every carrier.
pub(crate) fn name(hash: &Hash) -> [u8; 16] {
    let mut name = [0; 16];
    name.copy_from_slice(hash.as_bytes().split_at(16).0);
    name
}

/// Why something is not taken, as the laptop is told.
pub(crate) fn code(stop: &Stop) -> &'static str {
    match stop {
        Stop::Refused(reason) => reason.code(),
        Stop::Waits(reason) => reason.code(),
    }
}

/// Whether a laptop is one of the council's now, and the scopes that it may read. One that has left or was taken out
/// may read none.
pub(crate) fn readable(members: &Members, laptop: &LaptopId) -> Result<(bool, BTreeSet<ScopeId>), Refused> {
    let known = members.laptop(laptop).ok_or(Refused::NotOneOfThem)?;
    let live = members.is_live(laptop);
    let scopes = if live { known.grants.keys().copied().collect() } else { BTreeSet::new() };
    Ok((live, scopes))
}
