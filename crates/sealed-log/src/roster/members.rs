//! The council as the standing entries make it: its laptops, their logs, keys and rights.

use std::collections::{BTreeMap, BTreeSet};

use super::kind::{Access, Rank};
use crate::id::{DocId, EpochId, Hash, LaptopId, LogId, ScopeId};
use crate::key::Publics;

/// A laptop of the council.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laptop {
    /// Its identity's keys.
    pub identity: Publics,
    /// What it may do to the roster.
    pub rank: Rank,
    /// What it may read and write; what it might, when it has left.
    pub grants: BTreeMap<ScopeId, Access>,
    /// True if it writes snapshots and prunes.
    pub keeper: bool,
    /// Whether it is still here.
    pub state: State,
    /// The scopes it could write in once and cannot any more, with the entries that took it away.
    pub(super) closed: BTreeMap<ScopeId, Vec<Hash>>,
}

/// Whether a laptop is still here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It is.
    Live,
    /// It left in good order, by these entries.
    Retired(Vec<Hash>),
    /// It was taken out, by these entries.
    Revoked(Vec<Hash>),
}

/// A scope's epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch {
    /// How deep in the roster it began, and the entry that began it: the newest is the last by this.
    pub since: (u32, Hash),
    /// Everyone to whom its key was ever wrapped, the roots among them.
    pub recipients: BTreeSet<LaptopId>,
    /// The entry that retired it, if one did.
    pub retired: Option<Hash>,
}

/// A keeper's word that a snapshot stands for a scope's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pruning {
    /// The scope.
    pub scope: ScopeId,
    /// The snapshot's manifest.
    pub snapshot: Hash,
    /// Who said so.
    pub by: LaptopId,
    /// The other keepers that found nothing missing.
    pub confirmed: BTreeSet<LaptopId>,
}

/// The council's laptops and their logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    pub(super) laptops: BTreeMap<LaptopId, Laptop>,
    pub(super) logs: BTreeMap<LogId, ([u8; 32], LaptopId)>,
    pub(super) roots: BTreeMap<LaptopId, [u8; 32]>,
    pub(super) epochs: BTreeMap<(ScopeId, EpochId), Epoch>,
    pub(super) erased: BTreeSet<(ScopeId, DocId)>,
    pub(super) erasures: BTreeSet<Hash>,
    pub(super) prunings: BTreeMap<Hash, Pruning>,
    pub(super) proposed_roots: BTreeMap<Publics, BTreeSet<LaptopId>>,
    pub(super) team: ScopeId,
    pub(crate) standing: BTreeSet<Hash>,
    pub(crate) entitled: BTreeSet<Hash>,
}

impl Members {
    /// Every laptop there ever was.
    pub fn laptops(&self) -> impl Iterator<Item = (&LaptopId, &Laptop)> {
        self.laptops.iter()
    }

    /// Those that are still here.
    pub fn live(&self) -> impl Iterator<Item = (&LaptopId, &Laptop)> {
        self.laptops.iter().filter(|(_, laptop)| laptop.state == State::Live)
    }

    /// The administrators that are still here.
    pub fn administrators(&self) -> impl Iterator<Item = &LaptopId> {
        self.live().filter(|(_, laptop)| laptop.rank == Rank::Administrator).map(|(id, _)| id)
    }

    /// A laptop.
    #[must_use]
    pub fn laptop(&self, laptop: &LaptopId) -> Option<&Laptop> {
        self.laptops.get(laptop)
    }

    /// True if it belongs to the council and is still here.
    #[must_use]
    pub fn is_live(&self, laptop: &LaptopId) -> bool {
        self.laptop(laptop).is_some_and(|laptop| laptop.state == State::Live)
    }

    /// True if an entry stands: its author had the right, and nothing has made it void.
    #[must_use]
    pub fn has(&self, entry: &Hash) -> bool {
        self.standing.contains(entry)
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

    /// True if a laptop may hold a scope's key now.
    #[must_use]
    pub fn may_read(&self, laptop: &LaptopId, scope: &ScopeId) -> bool {
        self.is_live(laptop) && self.laptop(laptop).is_some_and(|laptop| laptop.grants.contains_key(scope))
    }

    /// True if a log may carry new records of a scope.
    #[must_use]
    pub fn may_write(&self, log: &LogId, scope: &ScopeId) -> bool {
        self.could_write(log, scope) && self.closed_by(log, scope).is_empty()
    }

    /// True if a log may carry records of a scope, or might once: [`Self::closed_by`] says what ended it.
    #[must_use]
    pub fn could_write(&self, log: &LogId, scope: &ScopeId) -> bool {
        self.laptop_of(log).and_then(|laptop| self.laptop(&laptop)).is_some_and(|laptop| {
            let writes = laptop.grants.get(scope) == Some(&Access::Write);
            let granted = writes && (*scope != self.team || laptop.rank == Rank::Administrator);
            granted || laptop.closed.contains_key(scope)
        })
    }

    /// The entries after which a log carries nothing new in a scope: they took its laptop out, or the right away. None
    /// if it goes on.
    #[must_use]
    pub fn closed_by(&self, log: &LogId, scope: &ScopeId) -> &[Hash] {
        let laptop = self.laptop_of(log).and_then(|laptop| self.laptop(&laptop));
        match laptop.map(|laptop| (&laptop.state, laptop)) {
            Some((State::Revoked(by) | State::Retired(by), _)) => by,
            Some((State::Live, laptop)) => laptop.closed.get(scope).map_or(&[], Vec::as_slice),
            None => &[],
        }
    }

    /// True if a log's laptop may write snapshots of a scope: a keeper's, or an administrator's.
    #[must_use]
    pub fn may_keep(&self, log: &LogId, scope: &ScopeId) -> bool {
        let laptop = self.laptop_of(log).and_then(|laptop| self.laptop(&laptop));
        let keeps = laptop.is_some_and(|laptop| laptop.keeper || laptop.rank == Rank::Administrator);
        keeps && self.may_write(log, scope)
    }

    /// True if both logs belong to one laptop.
    #[must_use]
    pub fn same_laptop(&self, a: &LogId, b: &LogId) -> bool {
        self.laptop_of(a).is_some() && self.laptop_of(a) == self.laptop_of(b)
    }

    /// True for the public key of a root that stands: the founding one, or the newest that two administrators agreed on.
    #[must_use]
    pub fn is_root(&self, public: &[u8; 32]) -> bool {
        self.roots.contains_key(&LaptopId::of_signing(public))
    }

    /// The keys of the roots that stand to which every epoch is wrapped, by the names they have as recipients.
    pub fn roots(&self) -> impl Iterator<Item = (&LaptopId, &[u8; 32])> {
        self.roots.iter()
    }

    /// Roots that one administrator has proposed and no second has agreed to, with those who proposed them.
    pub fn proposed_roots(&self) -> impl Iterator<Item = (&Publics, &BTreeSet<LaptopId>)> {
        self.proposed_roots.iter()
    }

    /// A scope's epochs that stand.
    pub fn epochs(&self, scope: &ScopeId) -> impl Iterator<Item = (&EpochId, &Epoch)> {
        let least = (*scope, EpochId::from_bytes([0; EpochId::LENGTH]));
        let most = (*scope, EpochId::from_bytes([255; EpochId::LENGTH]));
        self.epochs.range(least..=most).map(|((_, epoch), known)| (epoch, known))
    }

    /// True if an epoch may still seal: nobody who has its key has been taken out or lost the scope, and it has not been
    /// retired.
    #[must_use]
    pub fn is_usable(&self, scope: &ScopeId, epoch: &EpochId) -> bool {
        let may_have = |laptop: &LaptopId| {
            let retired = self.laptop(laptop).is_some_and(|laptop| matches!(laptop.state, State::Retired(_)));
            retired || self.roots.contains_key(laptop) || self.may_read(laptop, scope)
        };
        self.epochs
            .get(&(*scope, *epoch))
            .is_some_and(|epoch| epoch.retired.is_none() && epoch.recipients.iter().all(may_have))
    }

    /// True if an epoch's key is in the hands of a laptop that may not read the scope: one that left in good order too,
    /// whose having it is no reason to stop sealing before there is another.
    #[must_use]
    pub fn is_known_outside(&self, scope: &ScopeId, epoch: &EpochId) -> bool {
        let outside = |laptop: &LaptopId| !self.roots.contains_key(laptop) && !self.may_read(laptop, scope);
        self.epochs.get(&(*scope, *epoch)).is_some_and(|epoch| epoch.recipients.iter().any(outside))
    }

    /// True if an epoch's key is to be destroyed everywhere.
    #[must_use]
    pub fn is_retired(&self, scope: &ScopeId, epoch: &EpochId) -> bool {
        self.epochs.get(&(*scope, *epoch)).is_some_and(|epoch| epoch.retired.is_some())
    }

    /// The epoch under which a scope's records are sealed now: the newest that is usable.
    #[must_use]
    pub fn sealing_epoch(&self, scope: &ScopeId) -> Option<EpochId> {
        self.sealing_epoch_among(scope, |_| true)
    }

    /// The same for one who does not hold every epoch's key.
    #[must_use]
    pub fn sealing_epoch_among(&self, scope: &ScopeId, held: impl Fn(&EpochId) -> bool) -> Option<EpochId> {
        let usable = self.epochs(scope).filter(|(epoch, _)| held(epoch) && self.is_usable(scope, epoch));
        usable.max_by_key(|(_, known)| known.since).map(|(epoch, _)| *epoch)
    }

    /// True if a document is to be erased everywhere.
    #[must_use]
    pub fn is_erased(&self, scope: &ScopeId, document: &DocId) -> bool {
        self.erased.contains(&(*scope, *document))
    }

    /// Everything that is to be erased.
    pub fn erased(&self) -> impl Iterator<Item = &(ScopeId, DocId)> {
        self.erased.iter()
    }

    /// The entries that said so: a laptop whose statement knows of one has done it.
    pub fn erasures(&self) -> impl Iterator<Item = &Hash> {
        self.erasures.iter()
    }

    /// What keepers said may be pruned, by the entry that says it.
    pub fn prunings(&self) -> impl Iterator<Item = (&Hash, &Pruning)> {
        self.prunings.iter()
    }
}
