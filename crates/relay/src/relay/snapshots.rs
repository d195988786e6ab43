//! Snapshots: what a relay gives and takes of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use sealed_log::wire::{MAX_MESSAGE, SnapshotAsk, SnapshotGiven, SnapshotName, SnapshotPut, Snapshots};
use sealed_log::{CouncilId, MAX_SEALED, Manifest, Members, chunk_hash};

use super::give::ANSWER_AIM;
use super::{Guest, Relay};
use crate::refusal::Refused;
use crate::store::{Chunks, NewChunk, NewParts, Placed};

/// Half a snapshot that nobody goes on with is kept for so long, in milliseconds.
const HALF_LIVES: i64 = 24 * 60 * 60 * 1000;
/// Chunks have numbers below this.
const MAX_CHUNKS: u64 = 65_536;

impl Relay {
    /// Those that are whole, as far as the laptop may read them.
    ///
    /// # Errors
    /// [`Refused::TakenOut`]; the store's own.
    pub async fn snapshots(&self, guest: &Guest<'_>) -> Result<Snapshots, Refused> {
        guest.only_if_live()?;
        Ok(Snapshots(self.0.store.snapshots(guest.council.key, guest.scopes.clone()).await?))
    }

    /// Parts of one, as far as the laptop may read them and they go into one answer.
    ///
    /// # Errors
    /// [`Refused::TakenOut`]; the store's own.
    pub async fn parts(&self, guest: &Guest<'_>, ask: SnapshotAsk) -> Result<SnapshotGiven, Refused> {
        guest.only_if_live()?;
        let (store, key, name) = (&self.0.store, guest.council.key, ask.name);
        let mut given = SnapshotGiven::default();
        if !guest.scopes.contains(&name.scope) {
            return Ok(given);
        }
        let mut left = ANSWER_AIM;
        if ask.manifest {
            given.manifest = store.manifest(key, name).await?;
            left = left.saturating_sub(given.manifest.as_ref().map_or(0, Vec::len));
            let here = store.chunks_here(key, name).await?;
            given.held = here.into_iter().map(|(number, (length, _))| (number, length)).collect();
        }
        if left > 0 && !ask.chunks.is_empty() {
            given.chunks = store.chunks(key, name, ask.chunks, left).await?;
        }
        Ok(given)
    }

    /// Takes parts of one, from a laptop that may write snapshots of its scope.
    ///
    /// # Errors
    /// Who may not; what is not what the manifest says; no room under the quota; the store's own.
    pub async fn keep(&self, guest: &Guest<'_>, put: SnapshotPut) -> Result<(), Refused> {
        guest.only_if_keeper(&put.name)?;
        let (council, now) = (guest.council, self.0.ports.now());
        let bytes = put.chunks.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
        let bytes = bytes + put.manifest.as_ref().map_or(0, Vec::len);
        self.room_for(council, bytes).await?;
        let (id, laptop, members) = (council.id, guest.laptop, Arc::clone(&guest.members));
        let judging = tokio::task::spawn_blocking(move || {
            let name = put.name;
            let (chunks, manifest) = judge(&id, &members, put)?;
            let heads = manifest.as_ref().map(|(manifest, _)| manifest.roster.clone());
            let ours = manifest.as_ref().is_none_or(|(it, _)| members.laptop_of(&it.log) == Some(laptop));
            let manifest = manifest.map(|(manifest, bytes)| (bytes, named(&manifest)));
            ours.then_some((NewParts { name, laptop, now, chunks, manifest }, heads)).ok_or(Refused::NoGrant)
        });
        let (parts, heads) = judging.await.map_err(|_| Refused::Broken)??;
        let scope = parts.name.scope;
        if let Some(heads) = heads
            && !council.had_heard_of_erasures(&*self.0.store, &heads, &scope).await?
        {
            return Err(Refused::Behind);
        }
        let whole = parts.manifest.is_some();
        self.0.store.remove_halves(council.key, now - HALF_LIVES).await?;
        match self.0.store.put_parts(council.key, parts).await? {
            Placed::Here => {
                council.size.lock().await.bytes += bytes as u64;
                self.turned(council, whole).await
            }
            Placed::Another => Err(Refused::NoGrant),
            Placed::NotWhole => Err(Refused::NotWhole),
        }
    }

    /// Takes one away, for a laptop that may write snapshots of its scope.
    ///
    /// # Errors
    /// Who may not; the store's own.
    pub async fn drop_snapshot(&self, guest: &Guest<'_>, name: SnapshotName) -> Result<(), Refused> {
        guest.only_if_keeper(&name)?;
        self.0.store.remove_snapshot(guest.council.key, name).await?;
        // What is here is counted again.
        guest.council.size.lock().await.counted = None;
        Ok(())
    }
}

impl Guest<'_> {
    fn only_if_keeper(&self, name: &SnapshotName) -> Result<(), Refused> {
        self.only_if_live()?;
        let mut own = self.members.logs().filter(|(_, laptop)| *laptop == self.laptop);
        let keeps = own.any(|(log, _)| self.members.may_keep(&log, &name.scope));
        if keeps { Ok(()) } else { Err(Refused::NoGrant) }
    }
}

/// What the parts are, if they are in bounds and a keeper signed the manifest, for this snapshot.
#[allow(clippy::type_complexity, reason = "it goes no further than the call above")]
fn judge(
    council: &CouncilId,
    members: &Members,
    put: SnapshotPut,
) -> Result<(Vec<NewChunk>, Option<(Manifest, Vec<u8>)>), Refused> {
    let mut numbers = BTreeSet::new();
    let in_bounds = put.chunks.iter().all(|(number, bytes)| {
        let there = !bytes.is_empty() && bytes.len() <= MAX_SEALED;
        there && *number < MAX_CHUNKS && numbers.insert(*number)
    });
    if !in_bounds {
        return Err(Refused::TooLarge);
    }
    let chunk = |(number, bytes): (u64, Vec<u8>)| NewChunk { number, hash: chunk_hash(&bytes), bytes };
    let chunks = put.chunks.into_iter().map(chunk).collect();
    let Some(bytes) = put.manifest else { return Ok((chunks, None)) };
    let manifest = Manifest::verify(&bytes, council, members).map_err(|_| Refused::NoGrant)?;
    if manifest.scope != put.name.scope || manifest.id != put.name.id {
        return Err(Refused::Form);
    }
    Ok((chunks, Some((manifest, bytes))))
}

/// The chunks that a manifest names.
fn named(manifest: &Manifest) -> Chunks {
    let all = (0..).zip(&manifest.chunks);
    all.map(|(number, chunk)| (number, (chunk.length as u64, chunk.hash))).collect()
}

// One chunk goes in beside a manifest that leaves any room.
const _: () = assert!(ANSWER_AIM + MAX_SEALED < MAX_MESSAGE);
