//! From entries to members. Ancestors first; what an author may do rests on entries that are its entry's ancestors, so
//! that the order of arrival changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{Access, Entry, Grant, Kind, Rank};
use crate::id::{CouncilId, Hash, LaptopId, LogId, ScopeId};
use crate::key::{Publics, council_of, laptop_of, log_of};

/// The code of the one scope that only administrators write.
pub const TEAM_SCOPE: &str = "team";

/// A laptop of the council.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laptop {
    /// Its identity's keys.
    pub identity: Publics,
    /// What it may do to the roster.
    pub rank: Rank,
    /// What it may read and write.
    pub grants: BTreeMap<ScopeId, Access>,
}

/// The council's laptops and their logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    laptops: BTreeMap<LaptopId, Laptop>,
    logs: BTreeMap<LogId, ([u8; 32], LaptopId)>,
    team: ScopeId,
    pub(crate) standing: BTreeSet<Hash>,
}

impl Members {
    /// Every laptop.
    pub fn laptops(&self) -> impl Iterator<Item = (&LaptopId, &Laptop)> {
        self.laptops.iter()
    }

    /// A laptop.
    #[must_use]
    pub fn laptop(&self, laptop: &LaptopId) -> Option<&Laptop> {
        self.laptops.get(laptop)
    }

    /// The laptop whose log this is.
    #[must_use]
    pub fn laptop_of(&self, log: &LogId) -> Option<LaptopId> {
        self.logs.get(log).map(|(_, laptop)| *laptop)
    }

    /// Every log with its laptop.
    pub fn logs(&self) -> impl Iterator<Item = (LogId, LaptopId)> + '_ {
        self.logs.iter().map(|(log, (_, laptop))| (*log, *laptop))
    }

    /// The key that signs a log.
    #[must_use]
    pub fn log_key(&self, log: &LogId) -> Option<&[u8; 32]> {
        self.logs.get(log).map(|(key, _)| key)
    }

    pub(crate) fn log_keys(&self) -> impl Iterator<Item = &[u8; 32]> {
        self.logs.values().map(|(key, _)| key)
    }

    /// True if a laptop may hold a scope's key.
    #[must_use]
    pub fn may_read(&self, laptop: &LaptopId, scope: &ScopeId) -> bool {
        self.laptop(laptop).is_some_and(|laptop| laptop.grants.contains_key(scope))
    }

    /// True if a log may carry records of a scope.
    #[must_use]
    pub fn may_write(&self, log: &LogId, scope: &ScopeId) -> bool {
        self.laptop_of(log).and_then(|laptop| self.laptop(&laptop)).is_some_and(|laptop| {
            laptop.grants.get(scope) == Some(&Access::Write)
                && (*scope != self.team || laptop.rank == Rank::Administrator)
        })
    }

    /// True if a log's laptop may write snapshots of a scope.
    #[must_use]
    pub fn may_keep(&self, log: &LogId, scope: &ScopeId) -> bool {
        let laptop = self.laptop_of(log).and_then(|laptop| self.laptop(&laptop));
        self.may_write(log, scope) && laptop.is_some_and(|laptop| laptop.rank == Rank::Administrator)
    }

    /// True if both logs belong to one laptop.
    #[must_use]
    pub fn same_laptop(&self, a: &LogId, b: &LogId) -> bool {
        self.laptop_of(a).is_some() && self.laptop_of(a) == self.laptop_of(b)
    }

    fn take_in(&mut self, identity: &Publics, rank: Rank, grants: &[Grant]) {
        let laptop = self.laptops.entry(laptop_of(&identity.signing)).or_insert_with(|| Laptop {
            identity: *identity,
            rank,
            grants: BTreeMap::new(),
        });
        laptop.rank = laptop.rank.max(rank);
        for grant in grants {
            let access = laptop.grants.entry(grant.scope).or_insert(grant.access);
            *access = (*access).max(grant.access);
        }
    }
}

/// What one standing entry lets later ones rest on.
#[derive(Default, Clone)]
struct Before {
    enrolled: BTreeSet<[u8; 32]>,
    administrators: BTreeSet<[u8; 32]>,
}

pub(super) fn fold(council: &CouncilId, entries: &BTreeMap<Hash, Entry>) -> Members {
    let mut members = Members {
        laptops: BTreeMap::new(),
        logs: BTreeMap::new(),
        team: ScopeId::of(council, TEAM_SCOPE),
        standing: BTreeSet::new(),
    };
    // What each entry's descendants may rest on; an entry that does not stand passes its parents' through.
    let mut before: BTreeMap<Hash, Before> = BTreeMap::new();
    for hash in ancestors_first(entries) {
        let Some(entry) = entries.get(&hash) else {
            continue;
        };
        let mut known = Before::default();
        for parent in entry.parents.iter().filter_map(|parent| before.get(parent)) {
            known.enrolled.extend(&parent.enrolled);
            known.administrators.extend(&parent.administrators);
        }
        if stands(council, entry, &known) {
            members.standing.insert(hash);
            apply(&mut members, &mut known, entry);
        }
        before.insert(hash, known);
    }
    members
}

fn stands(council: &CouncilId, entry: &Entry, known: &Before) -> bool {
    let root = council_of(&entry.author) == *council;
    match &entry.kind {
        Kind::Found { .. } => root,
        Kind::Enrol { .. } => root || known.administrators.contains(&entry.author),
        Kind::Incarnate { .. } => known.enrolled.contains(&entry.author),
        Kind::Unknown { .. } => root || known.enrolled.contains(&entry.author),
    }
}

fn apply(members: &mut Members, known: &mut Before, entry: &Entry) {
    match &entry.kind {
        Kind::Found { identity, grants, .. } => {
            members.take_in(identity, Rank::Administrator, grants);
            known.enrolled.insert(identity.signing);
            known.administrators.insert(identity.signing);
        }
        Kind::Enrol { identity, rank, grants } => {
            members.take_in(identity, *rank, grants);
            known.enrolled.insert(identity.signing);
            if *rank == Rank::Administrator {
                known.administrators.insert(identity.signing);
            }
        }
        Kind::Incarnate { key, .. } => {
            members.logs.entry(log_of(key)).or_insert((*key, laptop_of(&entry.author)));
        }
        Kind::Unknown { .. } => {}
    }
}

/// Entries whose ancestors are all here, parents before children, ties by hash.
fn ancestors_first(entries: &BTreeMap<Hash, Entry>) -> Vec<Hash> {
    let mut missing: BTreeMap<Hash, usize> = BTreeMap::new();
    let mut children: BTreeMap<Hash, Vec<Hash>> = BTreeMap::new();
    let mut ready = BTreeSet::new();
    for (hash, entry) in entries {
        missing.insert(*hash, entry.parents.len());
        if entry.parents.is_empty() {
            ready.insert(*hash);
        }
        for parent in &entry.parents {
            children.entry(*parent).or_default().push(*hash);
        }
    }
    let mut order = Vec::with_capacity(entries.len());
    while let Some(hash) = ready.pop_first() {
        order.push(hash);
        for child in children.remove(&hash).unwrap_or_default() {
            if let Some(count) = missing.get_mut(&child) {
                *count -= 1;
                if *count == 0 {
                    ready.insert(child);
                }
            }
        }
    }
    order
}
