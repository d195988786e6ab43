//! The roster: who belongs to a council, and who may write what, as signed entries in a graph without clocks.
//!
//! Entries are kept and passed on as the bytes that were signed, kinds that this version does not know too. No human
//! words are in one.

mod entry;
mod fold;
mod graph;
mod kind;
mod members;
mod standing;

use std::collections::{BTreeMap, BTreeSet};

pub use entry::Entry;
pub use fold::TEAM_SCOPE;
pub use kind::{Access, Grant, Kind, Rank, Shared, Wrap};
pub use members::{Epoch, Laptop, Members, Pruning, State};

use crate::id::{CouncilId, EpochId, Hash, LaptopId, ScopeId};
use crate::stop::{Refusal, Stop, Waits};

/// Most entries kept.
const MAX_ENTRIES: usize = 20_000;

/// What taking an entry in did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New(Hash),
    /// It was here.
    Known(Hash),
}

/// Every entry known.
#[derive(Debug, Clone)]
pub struct Roster {
    council: CouncilId,
    entries: BTreeMap<Hash, Entry>,
}

impl Roster {
    /// Of a council, with nobody in it yet.
    #[must_use]
    pub fn new(council: CouncilId) -> Self {
        Self { council, entries: BTreeMap::new() }
    }

    /// The council.
    #[must_use]
    pub fn council(&self) -> &CouncilId {
        &self.council
    }

    /// Takes an entry in as it was written.
    ///
    /// # Errors
    /// Another council's, a wrong signature or form are refused; a newer version waits.
    pub fn add(&mut self, bytes: &[u8]) -> Result<Added, Stop> {
        let entry = Entry::decode(bytes)?;
        if entry.council != self.council {
            return Err(Refusal::ForeignCouncil.into());
        }
        if !entry.signature_holds() {
            return Err(Refusal::BadSignature.into());
        }
        self.take(entry)
    }

    /// Takes an entry in that [`Self::add`] took in before, from where nobody else can write: its signature is not looked
    /// at again.
    ///
    /// # Errors
    /// As [`Self::add`], but for the signature.
    pub fn add_kept(&mut self, bytes: &[u8]) -> Result<Added, Stop> {
        let entry = Entry::decode(bytes)?;
        if entry.council == self.council { self.take(entry) } else { Err(Refusal::ForeignCouncil.into()) }
    }

    fn take(&mut self, entry: Entry) -> Result<Added, Stop> {
        let hash = entry.hash();
        if self.entries.contains_key(&hash) {
            return Ok(Added::Known(hash));
        }
        if self.entries.len() >= MAX_ENTRIES {
            return Err(Refusal::TooLarge.into());
        }
        self.entries.insert(hash, entry);
        Ok(Added::New(hash))
    }

    /// Whether an entry may be kept: its ancestors are all here, and its author had the right to it by then, whatever
    /// became of them since.
    ///
    /// # Errors
    /// [`Waits::Ahead`] while an ancestor is missing; [`Refusal::Stranger`] for an author who may not write it.
    pub fn stands(&self, hash: &Hash) -> Result<(), Stop> {
        let entry = self.entries.get(hash).ok_or(Waits::Ahead)?;
        if self.fold().entitled.contains(hash) { Ok(()) } else { Err(self.why_not(entry)) }
    }

    fn why_not(&self, entry: &Entry) -> Stop {
        match self.ancestors(entry) {
            None => Waits::Ahead.into(),
            // Its author may have been given the right by what a newer version understands.
            Some(ancestors) if ancestors.iter().any(|entry| matches!(entry.kind, Kind::Unknown { .. })) => {
                Waits::NewerVersion.into()
            }
            Some(_) => Refusal::Stranger.into(),
        }
    }

    /// Forgets those of the entries just taken in that may not be kept, and says why not. They may be taken in again.
    pub fn settle(&mut self, new: &[Hash]) -> Vec<(Hash, Stop)> {
        let mut forgotten = Vec::new();
        loop {
            let members = self.fold();
            let falling: Vec<Hash> = new
                .iter()
                .filter(|hash| self.entries.contains_key(hash) && !members.entitled.contains(hash))
                .copied()
                .collect();
            if falling.is_empty() {
                return forgotten;
            }
            // All reasons before any is forgotten: what rests on one that falls waits for it.
            forgotten.extend(falling.iter().map(|hash| {
                let entry = self.entries.get(hash);
                (*hash, entry.map_or(Waits::Ahead.into(), |entry| self.why_not(entry)))
            }));
            for hash in &falling {
                self.entries.remove(hash);
            }
        }
    }

    /// An entry, to be passed on.
    #[must_use]
    pub fn get(&self, hash: &Hash) -> Option<&Entry> {
        self.entries.get(hash)
    }

    /// Every epoch's key with the laptops to which it was ever wrapped, whatever became of the entries that did.
    #[must_use]
    pub fn given(&self) -> BTreeSet<(ScopeId, EpochId, LaptopId)> {
        let mut given = BTreeSet::new();
        for entry in self.entries.values() {
            match &entry.kind {
                Kind::Rotate { scope, epoch, wraps } => {
                    given.extend(wraps.iter().map(|wrap| (*scope, *epoch, wrap.to)));
                }
                Kind::Share { keys } => given.extend(keys.iter().map(|key| (key.scope, key.epoch, key.wrap.to))),
                _ => {}
            }
        }
        given
    }

    /// Every entry's hash.
    pub fn hashes(&self) -> impl Iterator<Item = Hash> + '_ {
        self.entries.keys().copied()
    }

    /// Every entry, in the order of their hashes.
    pub fn entries(&self) -> impl Iterator<Item = (&Hash, &Entry)> {
        self.entries.iter()
    }

    /// The entries whose ancestors are all here, each after those that it rests on.
    #[must_use]
    pub fn ancestors_first(&self) -> Vec<(Hash, &Entry)> {
        let order = graph::ancestors_first(&self.entries);
        order.into_iter().filter_map(|hash| Some((hash, self.entries.get(&hash)?))).collect()
    }

    /// The entries that no other names as its parent.
    #[must_use]
    pub fn heads(&self) -> Vec<Hash> {
        let parents: BTreeSet<&Hash> = self.entries.values().flat_map(|entry| &entry.parents).collect();
        self.entries.keys().filter(|hash| !parents.contains(hash)).copied().collect()
    }

    /// True if one who knows these heads knows of an entry.
    #[must_use]
    pub fn is_known_to(&self, heads: &[Hash], entry: &Hash) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = heads.to_vec();
        while let Some(hash) = open.pop() {
            if hash == *entry {
                return true;
            }
            if seen.insert(hash)
                && let Some(entry) = self.entries.get(&hash)
            {
                open.extend(entry.parents.iter().copied());
            }
        }
        false
    }

    /// Who may do what, from the entries alone: the same for the same entries, in whatever order they came.
    #[must_use]
    pub fn fold(&self) -> Members {
        fold::fold(&self.council, &self.entries)
    }

    /// Every entry before this one; `None` if one is missing.
    fn ancestors(&self, entry: &Entry) -> Option<Vec<&Entry>> {
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        let mut open = entry.parents.clone();
        while let Some(hash) = open.pop() {
            if seen.insert(hash) {
                let entry = self.entries.get(&hash)?;
                open.extend(entry.parents.iter().copied());
                found.push(entry);
            }
        }
        Some(found)
    }
}
