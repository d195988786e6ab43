//! The epochs' keys that a laptop holds: those that the roster wraps to it, as long as they live.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{CouncilId, EpochId, LaptopId, ScopeId};
use crate::key::{EpochKey, LaptopIdentity, RootSeed};
use crate::roster::{Kind, Members, Roster, Wrap};
use crate::wrap::unwrap_key;

/// The live epochs' keys, by scope. A set, not a chain: two administrators may rotate at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keyring {
    keys: BTreeMap<(ScopeId, EpochId), EpochKey>,
    sealing: BTreeMap<ScopeId, EpochId>,
}

impl Keyring {
    /// Takes a key in. The first of a scope seals, until [`Self::follow`] says which.
    pub fn add(&mut self, scope: ScopeId, key: EpochKey) {
        let id = key.id();
        self.keys.insert((scope, id), key);
        self.sealing.entry(scope).or_insert(id);
    }

    /// Takes in every key that the roster wraps to a laptop and of whose scope it may read, lets go of those whose epochs
    /// are retired, and seals from now on under the newest of those here that the roster lets seal. True if it gained or
    /// lost a key.
    pub fn follow(&mut self, roster: &Roster, members: &Members, laptop: &LaptopIdentity) -> bool {
        let name = laptop.laptop();
        let reads = |scope: &ScopeId| members.may_read(&name, scope);
        self.follow_as(roster, members, (&name, &laptop.agreement_secret()), reads)
    }

    /// The same for the root: with the recovery sheet every key is open.
    pub fn follow_root(&mut self, roster: &Roster, members: &Members, root: &RootSeed) -> bool {
        let name = LaptopId::of_signing(&root.public());
        self.follow_as(roster, members, (&name, &root.agreement_secret()), |_| true)
    }

    fn follow_as(
        &mut self,
        roster: &Roster,
        members: &Members,
        (name, secret): (&LaptopId, &[u8; 32]),
        reads: impl Fn(&ScopeId) -> bool,
    ) -> bool {
        let before: Vec<(ScopeId, EpochId)> = self.keys.keys().copied().collect();
        for (_, entry) in roster.entries() {
            match &entry.kind {
                Kind::Rotate { scope, epoch, wraps } if reads(scope) => {
                    let own = wraps.iter().find(|wrap| wrap.to == *name);
                    self.open(roster.council(), members, (*scope, *epoch), own, secret);
                }
                Kind::Share { keys } => {
                    for key in keys.iter().filter(|key| key.wrap.to == *name && reads(&key.scope)) {
                        self.open(roster.council(), members, (key.scope, key.epoch), Some(&key.wrap), secret);
                    }
                }
                _ => {}
            }
        }
        self.keys.retain(|(scope, epoch), _| !members.is_retired(scope, epoch));
        self.sealing = self
            .scopes()
            .into_iter()
            .filter_map(|scope| Some((scope, members.sealing_epoch_among(&scope, |epoch| self.has(&scope, epoch))?)))
            .collect();
        before != self.keys.keys().copied().collect::<Vec<_>>()
    }

    fn open(
        &mut self,
        council: &CouncilId,
        members: &Members,
        (scope, epoch): (ScopeId, EpochId),
        wrap: Option<&Wrap>,
        secret: &[u8; 32],
    ) {
        if let Some(wrap) = wrap
            && !self.keys.contains_key(&(scope, epoch))
            && !members.is_retired(&scope, &epoch)
            && let Some(key) = unwrap_key(&wrap.sealed, council, &scope, &epoch, (&wrap.to, secret))
        {
            self.keys.insert((scope, epoch), key);
        }
    }

    /// The key of an epoch of a scope.
    #[must_use]
    pub fn get(&self, scope: &ScopeId, epoch: &EpochId) -> Option<&EpochKey> {
        self.keys.get(&(*scope, *epoch))
    }

    /// The key that seals in a scope; none while no epoch is fit to.
    #[must_use]
    pub fn sealing(&self, scope: &ScopeId) -> Option<&EpochKey> {
        self.get(scope, self.sealing.get(scope)?)
    }

    /// The key under which a laptop seals its last words in a scope that it may not write any more, saved before it heard
    /// of that: the newest here. What nobody else could open either is nobody's.
    #[must_use]
    pub fn parting(&self, members: &Members, scope: &ScopeId) -> Option<&EpochKey> {
        let newest =
            members.epochs(scope).filter(|(epoch, _)| self.has(scope, epoch)).max_by_key(|(_, known)| known.since);
        self.sealing(scope).or_else(|| self.get(scope, newest?.0))
    }

    fn has(&self, scope: &ScopeId, epoch: &EpochId) -> bool {
        self.keys.contains_key(&(*scope, *epoch))
    }

    /// The scopes of which any key is here.
    #[must_use]
    pub fn scopes(&self) -> BTreeSet<ScopeId> {
        self.keys.keys().map(|(scope, _)| *scope).collect()
    }

    /// Lets go of a scope's keys.
    pub fn forget(&mut self, scope: &ScopeId) {
        self.keys.retain(|(of, _), _| of != scope);
        self.sealing.remove(scope);
    }

    /// Every key, to be put under lock.
    pub fn keys(&self) -> impl Iterator<Item = (ScopeId, &EpochKey)> + '_ {
        self.keys.iter().map(|((scope, _), key)| (*scope, key))
    }
}
