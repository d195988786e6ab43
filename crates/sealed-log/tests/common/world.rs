//! Several laptops with rosters of their own, that act, and hear of one another or not.

use std::collections::BTreeSet;

use proptest::prelude::*;
use sealed_log::*;

use super::Machine;

/// How many there are. The first founds.
pub(crate) const LAPTOPS: usize = 5;

/// What happens.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Act {
    Hear { from: usize },
    Enrol { whom: usize, rank: Rank },
    Grant { whom: usize, write: bool },
    Revoke { whom: usize },
    Retire { whom: usize },
    Rotate,
    ShareKey { with: usize },
    Erase { document: u8 },
    Keeper { whom: usize, keeps: bool },
    Begin,
    ReRoot { seed: u8 },
}

pub(crate) fn acts(most: usize) -> impl Strategy<Value = Vec<(usize, Act)>> {
    let whom = 0..LAPTOPS;
    let act = prop_oneof![
        6 => whom.clone().prop_map(|from| Act::Hear { from }),
        3 => (whom.clone(), any::<bool>()).prop_map(|(whom, admin)| Act::Enrol {
            whom,
            rank: if admin { Rank::Administrator } else { Rank::Laptop },
        }),
        2 => (whom.clone(), any::<bool>()).prop_map(|(whom, write)| Act::Grant { whom, write }),
        3 => whom.clone().prop_map(|whom| Act::Revoke { whom }),
        1 => whom.clone().prop_map(|whom| Act::Retire { whom }),
        2 => Just(Act::Rotate),
        1 => whom.clone().prop_map(|with| Act::ShareKey { with }),
        1 => (0u8..4).prop_map(|document| Act::Erase { document }),
        1 => (whom.clone(), any::<bool>()).prop_map(|(whom, keeps)| Act::Keeper { whom, keeps }),
        2 => Just(Act::Begin),
        1 => (0u8..2).prop_map(|seed| Act::ReRoot { seed }),
    ];
    // One beyond the laptops is the root itself.
    proptest::collection::vec((0..=LAPTOPS, act), 1..most)
}

pub(crate) struct World {
    pub(crate) root: RootSeed,
    pub(crate) id: CouncilId,
    pub(crate) scope: ScopeId,
    pub(crate) machines: Vec<Machine>,
    /// What each has heard; the last is the root's.
    pub(crate) rosters: Vec<Roster>,
    lives: u8,
    epochs: u8,
}

impl World {
    pub(crate) fn new() -> Self {
        let root = RootSeed::from_secret(&[1; 32]);
        let id = root.council();
        let scope = ScopeId::of(&id, "casework");
        let machines: Vec<Machine> = (0..LAPTOPS).map(|at| Machine::new(10 + at as u8)).collect();
        let mut first = Roster::new(id);
        let kind = Kind::Found {
            root: root.agreement(),
            identity: machines[0].identity.publics(),
            grants: vec![Grant { scope, access: Access::Write }],
        };
        first.add(&Entry::by_root(&root, vec![], kind).encode()).unwrap();
        let rosters = vec![first; LAPTOPS + 1];
        Self { root, id, scope, machines, rosters, lives: 0, epochs: 0 }
    }

    pub(crate) fn after(acts: &[(usize, Act)]) -> Self {
        let mut world = Self::new();
        for (who, act) in acts {
            world.act(*who, *act);
        }
        world
    }

    pub(crate) fn name(&self, who: usize) -> LaptopId {
        self.machines[who].identity.laptop()
    }

    pub(crate) fn write(&mut self, who: usize, kind: Kind) -> Hash {
        let heads = self.rosters[who].heads();
        let entry = match self.machines.get(who) {
            Some(machine) => Entry::by_laptop(&machine.identity, self.id, heads, kind),
            None => Entry::by_root(&self.root, heads, kind),
        };
        let hash = entry.hash();
        self.rosters[who].add(&entry.encode()).unwrap();
        self.rosters[who].settle(&[hash]);
        hash
    }

    pub(crate) fn hear(&mut self, who: usize, from: usize) {
        let entries: Vec<Vec<u8>> = self.rosters[from].entries().map(|(_, entry)| entry.encode()).collect();
        let new: Vec<Hash> = entries
            .iter()
            .filter_map(|entry| match self.rosters[who].add(entry) {
                Ok(Added::New(hash)) => Some(hash),
                _ => None,
            })
            .collect();
        self.rosters[who].settle(&new);
    }

    fn act(&mut self, who: usize, act: Act) {
        let grants = |scope, access| vec![Grant { scope, access }];
        match act {
            Act::Hear { from } => self.hear(who, from),
            Act::Enrol { whom, rank } => {
                let identity = self.machines[whom].identity.publics();
                self.write(who, Kind::Enrol { identity, rank, grants: grants(self.scope, Access::Write) });
            }
            Act::Grant { whom, write } => {
                let access = if write { Access::Write } else { Access::Read };
                let (laptop, grants) = (self.name(whom), grants(self.scope, access));
                self.write(who, Kind::Grant { laptop, rank: Rank::Laptop, grants });
            }
            Act::Revoke { whom } => {
                self.write(who, Kind::Revoke { laptop: self.name(whom) });
            }
            Act::Retire { whom } => {
                self.write(who, Kind::Retire { laptop: self.name(whom) });
            }
            Act::Rotate => self.rotate(who),
            Act::ShareKey { with } => self.share(who, with),
            Act::Erase { document } => {
                let documents = vec![(self.scope, DocId::from_bytes([document; 16]))];
                self.write(who, Kind::Erase { documents });
            }
            Act::Keeper { whom, keeps } => {
                self.write(who, Kind::Keeper { laptop: self.name(whom), keeps });
            }
            Act::Begin => {
                if let Some(machine) = self.machines.get(who) {
                    self.lives += 1;
                    let life = Incarnation::from_secret(&[self.lives; 32]);
                    let kind = Kind::incarnate(&life, &self.id, &machine.identity);
                    self.write(who, kind);
                }
            }
            Act::ReRoot { seed } => {
                let root = RootSeed::from_secret(&[200 + seed; 32]).publics();
                self.write(who, Kind::ReRoot { root });
            }
        }
    }

    /// Makes a new epoch for all who may read by what `who` has heard.
    pub(crate) fn rotate(&mut self, who: usize) {
        self.epochs += 1;
        let epoch = EpochKey::from_secret(&[self.epochs; 32]).id();
        let members = self.rosters[who].fold();
        let readers = members.live().filter(|(laptop, _)| members.may_read(laptop, &self.scope)).map(|(id, _)| *id);
        let recipients: Vec<LaptopId> = readers.chain(members.roots().map(|(id, _)| *id)).collect();
        let wraps = recipients.into_iter().map(|to| Wrap { to, sealed: [0; WRAPPED] }).collect();
        self.write(who, Kind::Rotate { scope: self.scope, epoch, wraps });
    }

    fn share(&mut self, who: usize, with: usize) {
        let Some(epoch) = self.rosters[who].fold().sealing_epoch(&self.scope) else { return };
        let wrap = Wrap { to: self.name(with), sealed: [0; WRAPPED] };
        self.write(who, Kind::Share { keys: vec![Shared { scope: self.scope, epoch, wrap }] });
    }

    /// Everything that anyone has written.
    pub(crate) fn all(&self) -> Roster {
        self.all_in(&(0..=LAPTOPS).collect::<Vec<_>>())
    }

    /// The same, heard in this order.
    pub(crate) fn all_in(&self, order: &[usize]) -> Roster {
        let mut roster = Roster::new(self.id);
        let mut open: Vec<Vec<u8>> = Vec::new();
        let mut known = BTreeSet::new();
        for who in order {
            for (hash, entry) in self.rosters[*who].entries() {
                if known.insert(*hash) {
                    open.push(entry.encode());
                }
            }
        }
        let new: Vec<Hash> = open
            .iter()
            .filter_map(|entry| match roster.add(entry) {
                Ok(Added::New(hash)) => Some(hash),
                _ => None,
            })
            .collect();
        roster.settle(&new);
        roster
    }
}

/// True if `a` comes before `b` in a roster.
pub(crate) fn precedes(roster: &Roster, a: &Hash, b: &Hash) -> bool {
    let mut open = roster.get(b).map(|entry| entry.parents.clone()).unwrap_or_default();
    let mut seen = BTreeSet::new();
    while let Some(hash) = open.pop() {
        if hash == *a {
            return true;
        }
        if seen.insert(hash) {
            open.extend(roster.get(&hash).into_iter().flat_map(|entry| entry.parents.iter().copied()));
        }
    }
    false
}
