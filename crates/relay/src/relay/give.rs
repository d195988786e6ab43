//! What a relay gives to a laptop that asks.

use std::collections::{BTreeMap, BTreeSet};

use sealed_log::wire::{Ask, Found, Given, Shelf};
use sealed_log::{Fetch, Hash};

use super::{Guest, Relay};
use crate::refusal::Refused;
use crate::store::Statement;

/// One answer holds about so many bytes of what was asked for.
pub(super) const ANSWER_AIM: usize = 6 << 20;

impl Relay {
    /// What there is, as far as the laptop may read it.
    ///
    /// # Errors
    /// The store's own.
    pub async fn look(&self, guest: &Guest<'_>) -> Result<Shelf, Refused> {
        // Before the rest: what comes meanwhile is news.
        let turn = *guest.council.turn.borrow();
        let (store, key) = (&self.0.store, guest.council.key);
        let roster = store.entries(key).await?.into_iter().map(|entry| entry.name).collect();
        let seen = if guest.live { store.seen(key).await? } else { BTreeMap::new() };
        let tips = store.tips(key, guest.scopes.clone()).await?;
        Ok(Shelf { turn, roster, seen, tips })
    }

    /// Gives what is asked for, as far as the laptop may read it and it goes into one answer.
    ///
    /// # Errors
    /// The store's own.
    pub async fn give(&self, guest: &Guest<'_>, ask: Ask) -> Result<Given, Refused> {
        let (store, key) = (&self.0.store, guest.council.key);
        let mut given = Given::default();
        let mut room = Room(ANSWER_AIM);
        if !ask.roster.is_empty() {
            let wanted: BTreeSet<_> = ask.roster.into_iter().collect();
            let entries = store.entries(key).await?.into_iter().filter(|entry| wanted.contains(&entry.name));
            given.roster = entries
                .take_while(|entry| room.takes(entry.bytes.len()))
                .map(|entry| (entry.name, entry.bytes))
                .collect();
        }
        if !ask.seen.is_empty() {
            guest.only_if_live()?;
            let found = store.statements(key, ask.seen).await?;
            let fits = found.into_iter().take_while(|one| room.takes(one.bytes.len()));
            given.seen = fits.map(|Statement { log, number, bytes }| (log, number, bytes)).collect();
        }
        for range in ask.ranges {
            given.ranges.push(self.range(guest, range, &mut room).await?);
        }
        for hash in ask.blobs {
            if room.0 == 0 {
                break;
            }
            let blob = store.blob(key, guest.scopes.clone(), hash).await?;
            given.blobs.extend(blob.filter(|bytes| room.takes(bytes.len())));
        }
        Ok(given)
    }

    async fn range(&self, guest: &Guest<'_>, range: Fetch, room: &mut Room) -> Result<Found, Refused> {
        let Fetch { stream, first, last } = range;
        let nothing = Found { through: first.saturating_sub(1), segments: Vec::new() };
        if room.0 == 0 || first > last {
            return Ok(nothing);
        }
        if !guest.scopes.contains(&stream.scope) {
            return Ok(Found { through: last, ..nothing });
        }
        let segments = self.0.store.segments(guest.council.key, stream, first, last, room.0).await?;
        let size: usize = segments.iter().map(|(_, bytes)| bytes.len()).sum();
        let whole = size < room.0;
        room.0 = room.0.saturating_sub(size.max(1));
        if whole {
            return Ok(Found { through: last, segments });
        }
        // The store stopped for want of room: the last number may be there in another way, too.
        let reached = segments.last().map_or(first, |(seq, _)| *seq);
        let alone = segments.first().is_none_or(|(seq, _)| *seq == reached);
        let through = if alone { reached } else { reached - 1 };
        let segments = segments.into_iter().filter(|(seq, _)| *seq <= through).collect();
        Ok(Found { through, segments })
    }

    /// The bodies that are kept apart, as far as the laptop may read them.
    ///
    /// # Errors
    /// The store's own.
    pub async fn bodies(&self, guest: &Guest<'_>) -> Result<BTreeSet<Hash>, Refused> {
        guest.only_if_live()?;
        Ok(self.0.store.blobs(guest.council.key, guest.scopes.clone()).await?)
    }
}

/// How many bytes still go into an answer.
struct Room(usize);

impl Room {
    /// The first always goes in.
    fn takes(&mut self, bytes: usize) -> bool {
        let fits = bytes <= self.0 || self.0 == ANSWER_AIM;
        self.0 = self.0.saturating_sub(bytes.max(1));
        fits
    }
}
