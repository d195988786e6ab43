//! Who this laptop is, and what it knows of its council, as one exchange needs it.

use std::collections::{BTreeMap, BTreeSet};

use sealed_log::{Access, CouncilId, Holdings, LaptopId, LogId, Members, ScopeId, Short, Shown, StreamId};
use sync_schema::Scope;

use crate::error::HubError;
use crate::hub::identity::{Identity, scope_of};
use crate::policy::{self, Grant};
use crate::store::Rows;
use crate::store::sync::segment;
use crate::store::sync::waiting::{self, Claim};
use crate::view::shell::Role;

/// Every scope that this version of the program knows.
pub(super) const SCOPES: [Scope; 6] =
    [Scope::FrontDesk, Scope::Casework, Scope::WaitingList, Scope::Directory, Scope::Team, Scope::Community];

/// This laptop in its council.
pub(crate) struct Here {
    pub(crate) identity: Identity,
    pub(crate) members: Members,
    /// The scopes that this laptop may read and this version knows.
    pub(super) scopes: BTreeMap<ScopeId, Scope>,
    /// How far each stream is taken whose log has ended.
    pub(super) cuts: BTreeMap<StreamId, u64>,
}

impl Here {
    /// With what the roster says.
    pub(crate) fn of(identity: Identity) -> Self {
        let members = identity.roster.fold();
        let mut here = Self { members, scopes: BTreeMap::new(), cuts: BTreeMap::new(), identity };
        here.find_scopes();
        here
    }

    /// Folds the roster again.
    pub(super) fn roster_changed(&mut self) {
        self.members = self.identity.roster.fold();
        self.identity.follow(&self.members);
        self.find_scopes();
    }

    fn find_scopes(&mut self) {
        let (council, laptop) = (*self.council(), self.laptop());
        self.scopes = SCOPES
            .into_iter()
            .map(|scope| (scope_of(council, scope), scope))
            .filter(|(id, _)| self.members.may_read(&laptop, id))
            .collect();
    }

    /// What this laptop may hold now.
    pub(crate) fn grants(&self) -> Vec<Grant> {
        let may_write = |id| self.members.may_write(&self.log(), id);
        self.scopes.iter().map(|(id, scope)| Grant { scope: *scope, write: may_write(id) }).collect()
    }

    /// The role that a laptop's grants are those of, if it is in the council and no administrator's.
    pub(super) fn role_of(&self, laptop: &LaptopId) -> Option<Role> {
        let held = &self.members.laptop(laptop)?.grants;
        let of = |scope: Scope| {
            let access = held.get(&scope_of(*self.council(), scope))?;
            Some(Grant { scope, write: *access == Access::Write })
        };
        policy::role_of(&SCOPES.into_iter().filter_map(of).collect::<Vec<_>>())
    }

    /// True while this laptop belongs to the council.
    pub(crate) fn is_live(&self) -> bool {
        self.members.is_live(&self.laptop())
    }

    pub(crate) fn council(&self) -> &CouncilId {
        self.identity.roster.council()
    }

    pub(crate) fn laptop(&self) -> LaptopId {
        self.identity.laptop.laptop()
    }

    /// The log that is written now.
    pub(super) fn log(&self) -> LogId {
        self.identity.incarnation.log()
    }

    /// True for the log that is written now, and for those of this laptop's earlier lives.
    pub(super) fn is_ours(&self, log: &LogId) -> bool {
        self.members.laptop_of(log) == Some(self.laptop())
    }

    /// True for what this laptop puts on a carrier: all that it may read, and its own of any scope.
    pub(super) fn passes_on(&self, stream: &StreamId) -> bool {
        self.scopes.contains_key(&stream.scope) || self.is_ours(&stream.log)
    }

    pub(super) fn readable(&self) -> BTreeSet<ScopeId> {
        self.scopes.keys().copied().collect()
    }

    /// The scope whose key everyone holds.
    pub(super) fn team(&self) -> ScopeId {
        scope_of(*self.council(), Scope::Team)
    }
}

/// How far a stream is held, and the ends of its ways.
struct HeldStream {
    high: u64,
    parted: Option<u64>,
    ends: Vec<(u64, Short)>,
}

/// What is held, beside what a carrier shows.
pub(super) struct Held {
    streams: BTreeMap<StreamId, HeldStream>,
    shown: BTreeSet<(StreamId, u64, Short)>,
}

impl Held {
    pub(super) fn load(connection: &Rows, shown: &Shown) -> Result<Self, HubError> {
        let mut held = Self { streams: BTreeMap::new(), shown: BTreeSet::new() };
        for row in segment::streams(connection)? {
            let parted = segment::parted(connection, &row.stream)?;
            let ends = segment::ends(connection, &row.stream, row.high)?;
            held.streams.insert(row.stream, HeldStream { high: row.high, parted, ends });
        }
        for (stream, tips) in shown {
            for (seq, short) in tips {
                let claim = Claim { stream: *stream, seq: *seq, short: *short };
                let linked = segment::hashes(connection, stream, *seq)?.iter().any(|hash| hash.short() == *short);
                if linked || waiting::is_parked(connection, &claim)? {
                    held.shown.insert((*stream, *seq, *short));
                }
            }
        }
        Ok(held)
    }
}

impl Holdings for Held {
    fn streams(&self) -> Vec<StreamId> {
        self.streams.keys().copied().collect()
    }

    fn high(&self, stream: &StreamId) -> u64 {
        self.streams.get(stream).map_or(0, |held| held.high)
    }

    fn holds(&self, stream: &StreamId, seq: u64, short: &Short) -> bool {
        self.shown.contains(&(*stream, seq, *short))
    }

    fn parted(&self, stream: &StreamId) -> Option<u64> {
        self.streams.get(stream)?.parted
    }

    fn ends(&self, stream: &StreamId) -> Vec<(u64, Short)> {
        self.streams.get(stream).map(|held| held.ends.clone()).unwrap_or_default()
    }
}
