//! Which entries stand. Three rules decide it, from the entries alone:
//!
//! 1. An entry needs its author's right, given by entries that stand and come before it.
//! 2. Once a laptop has been taken out, its acts that the taking out does not come after are void, so that nobody can
//!    write into the past; its incarnations are void only after it, for what others held of them by then stands.
//! 3. Where takings-out contradict one another, those that no other touches are decided first; if there is none, the
//!    root's comes first, then the senior's (whose own enrolment stands earlier), then the one with the lower hash. Of
//!    two that name one another only the senior's counts. What was decided is not taken back. Nobody but the root takes
//!    the last administrator out.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{At, Graph};
use super::kind::{Kind, Rank};
use crate::id::{CouncilId, Hash, LaptopId};
use crate::key::{council_of, laptop_of};

/// What an author may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Right {
    Laptop,
    Administrator,
    Root,
}

/// What was decided.
pub(super) struct Standing {
    /// The entries that stand.
    pub(super) stands: BTreeSet<At>,
    /// The entries whose authors had the right, whatever became of them since: kept and passed on, for a void entry may
    /// stand again when more is known.
    pub(super) entitled: BTreeSet<At>,
    /// The takings-out that stand, by whom they name.
    pub(super) ended: BTreeMap<LaptopId, Vec<At>>,
}

/// Decides.
pub(super) fn decide(council: &CouncilId, graph: &Graph<'_>) -> Standing {
    let mut court = Court { council, graph, ended: BTreeMap::new(), decided: BTreeSet::new(), spared: BTreeSet::new() };
    let entitled = court.pass().stands;
    loop {
        let pass = court.pass();
        let open = court.open(&pass);
        if open.is_empty() {
            return Standing { stands: pass.stands, entitled, ended: court.ended };
        }
        for at in court.next(&pass, open) {
            court.accept(&pass, at);
        }
    }
}

struct Court<'a> {
    council: &'a CouncilId,
    graph: &'a Graph<'a>,
    ended: BTreeMap<LaptopId, Vec<At>>,
    decided: BTreeSet<At>,
    /// Takings-out that would have left nobody.
    spared: BTreeSet<At>,
}

/// What stands, the takings-out decided so far being what they are.
#[derive(Default)]
struct Pass {
    stands: BTreeSet<At>,
    rights: BTreeMap<LaptopId, Vec<(At, Right)>>,
    keepers: BTreeMap<LaptopId, Vec<(At, bool)>>,
    roots: BTreeMap<At, LaptopId>,
}

impl Pass {
    fn is_administrator(&self, laptop: &LaptopId) -> bool {
        self.rights.get(laptop).into_iter().flatten().any(|(_, right)| *right == Right::Administrator)
    }
}

impl Court<'_> {
    fn pass(&self) -> Pass {
        let mut pass = Pass::default();
        for (at, node) in self.graph.nodes() {
            let stands = self.decided.contains(&at)
                || (!self.spared.contains(&at) && self.is_entitled(&pass, at) && !self.is_void(at));
            if !stands {
                continue;
            }
            pass.stands.insert(at);
            match &node.entry.kind {
                Kind::Found { identity, .. } => give(&mut pass, laptop_of(&identity.signing), at, Rank::Administrator),
                Kind::Enrol { identity, rank, .. } => give(&mut pass, laptop_of(&identity.signing), at, *rank),
                Kind::Grant { laptop, rank, .. } => give(&mut pass, *laptop, at, *rank),
                Kind::Keeper { laptop, keeps } => pass.keepers.entry(*laptop).or_default().push((at, *keeps)),
                Kind::ReRoot { root } if self.is_second(&pass, at) => {
                    let name = laptop_of(&root.signing);
                    pass.rights.entry(name).or_default().push((at, Right::Root));
                    pass.roots.insert(at, name);
                }
                _ => {}
            }
        }
        pass
    }

    fn is_entitled(&self, pass: &Pass, at: At) -> bool {
        let Some(node) = self.graph.node(at) else { return false };
        let has = |right| self.has(pass, at, right);
        match &node.entry.kind {
            Kind::Found { .. } => council_of(&node.entry.author) == *self.council,
            Kind::Incarnate { .. } | Kind::Unknown { .. } => has(Right::Laptop),
            Kind::Retire { laptop } if *laptop == node.author => has(Right::Laptop),
            Kind::Prune { .. } | Kind::Confirm { .. } => self.is_keeper(pass, at),
            Kind::Enrol { .. }
            | Kind::Grant { .. }
            | Kind::Revoke { .. }
            | Kind::Retire { .. }
            | Kind::Rotate { .. }
            | Kind::Share { .. }
            | Kind::Erase { .. }
            | Kind::Keeper { .. }
            | Kind::RetireEpoch { .. }
            | Kind::ReRoot { .. } => has(Right::Administrator),
        }
    }

    /// True if the entry's author held this right when it was written.
    fn has(&self, pass: &Pass, at: At, least: Right) -> bool {
        let Some(node) = self.graph.node(at) else { return false };
        let given = pass.rights.get(&node.author).into_iter().flatten();
        council_of(&node.entry.author) == *self.council
            || given.into_iter().any(|(by, right)| *right >= least && self.graph.precedes(*by, at))
    }

    fn is_keeper(&self, pass: &Pass, at: At) -> bool {
        let Some(node) = self.graph.node(at) else { return false };
        let said: Vec<(At, bool)> = pass.keepers.get(&node.author).cloned().unwrap_or_default();
        let before: Vec<At> = said.iter().map(|(by, _)| *by).filter(|by| self.graph.precedes(*by, at)).collect();
        let newest = self.graph.newest(&before);
        !newest.is_empty() && said.iter().all(|(by, keeps)| *keeps || !newest.contains(by))
    }

    /// True for the second administrator's word for a new root.
    fn is_second(&self, pass: &Pass, at: At) -> bool {
        let Some(node) = self.graph.node(at) else { return false };
        pass.stands.iter().filter(|other| self.graph.precedes(**other, at)).any(|other| {
            self.graph.node(*other).is_some_and(|other| {
                matches!(other.entry.kind, Kind::ReRoot { .. })
                    && other.entry.kind == node.entry.kind
                    && other.author != node.author
            })
        })
    }

    fn is_void(&self, at: At) -> bool {
        let Some(node) = self.graph.node(at) else { return false };
        let life = matches!(node.entry.kind, Kind::Incarnate { .. } | Kind::Unknown { .. });
        self.ended
            .get(&node.author)
            .into_iter()
            .flatten()
            .any(|end| if life { self.graph.precedes(*end, at) } else { *end != at && !self.graph.precedes(at, *end) })
    }

    /// The takings-out that stand so far and are not decided.
    fn open(&self, pass: &Pass) -> Vec<At> {
        pass.stands
            .iter()
            .filter(|at| !self.decided.contains(at) && !self.spared.contains(at))
            .filter(|at| !self.ends(pass, **at).is_empty())
            .copied()
            .collect()
    }

    /// Whom an entry takes out.
    fn ends(&self, pass: &Pass, at: At) -> Vec<LaptopId> {
        let Some(node) = self.graph.node(at) else { return Vec::new() };
        match &node.entry.kind {
            Kind::Revoke { laptop } | Kind::Retire { laptop } => vec![*laptop],
            Kind::ReRoot { .. } if pass.roots.contains_key(&at) => self.older_roots(pass, at),
            _ => Vec::new(),
        }
    }

    fn older_roots(&self, pass: &Pass, at: At) -> Vec<LaptopId> {
        let first = self.graph.nodes().map(|(_, node)| node);
        let first = first.filter(|node| council_of(&node.entry.author) == *self.council).map(|node| node.author);
        let later = pass.roots.iter().filter(|(by, _)| self.graph.precedes(**by, at)).map(|(_, name)| *name);
        let older: BTreeSet<LaptopId> = first.chain(later).collect();
        older.into_iter().filter(|root| pass.roots.get(&at) != Some(root)).collect()
    }

    /// Of the open ones, those to be decided now.
    fn next(&self, pass: &Pass, mut open: Vec<At>) -> Vec<At> {
        open.sort_by_key(|at| self.precedence(pass, *at));
        let ends: Vec<Vec<LaptopId>> = open.iter().map(|at| self.ends(pass, *at)).collect();
        let rests: Vec<BTreeSet<At>> = open.iter().map(|at| self.rests_on(pass, *at)).collect();
        let touches = |a: usize, b: usize| match (open.get(a), ends.get(a), rests.get(b)) {
            (Some(by), Some(ends), Some(rests)) => rests.iter().any(|at| self.undoes(*by, ends, *at)),
            _ => false,
        };
        let untouched = |b: usize| (0..open.len()).all(|a| a == b || !touches(a, b) || (touches(b, a) && b < a));
        let free: Vec<At> = open.iter().enumerate().filter(|(b, _)| untouched(*b)).map(|(_, at)| *at).collect();
        if free.is_empty() { open.into_iter().take(1).collect() } else { free }
    }

    /// True if the taking-out `by` of `ends` makes the entry `at` void.
    fn undoes(&self, by: At, ends: &[LaptopId], at: At) -> bool {
        let Some(node) = self.graph.node(at) else { return false };
        by != at && ends.contains(&node.author) && !self.graph.precedes(at, by)
    }

    /// An entry, and all those that gave its author the right to it, and their authors theirs.
    fn rests_on(&self, pass: &Pass, at: At) -> BTreeSet<At> {
        let mut rests = BTreeSet::new();
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            if !rests.insert(at) {
                continue;
            }
            let given = self.graph.node(at).and_then(|node| pass.rights.get(&node.author)).into_iter().flatten();
            open.extend(given.map(|(by, _)| *by).filter(|by| self.graph.precedes(*by, at)));
        }
        rests
    }

    /// Root, then seniority, then hash.
    fn precedence(&self, pass: &Pass, at: At) -> (u32, Hash, u32, Hash) {
        let Some(node) = self.graph.node(at) else { return (u32::MAX, Hash::NONE, u32::MAX, Hash::NONE) };
        let given = pass.rights.get(&node.author).into_iter().flatten();
        let since = given.filter_map(|(by, _)| self.graph.node(*by)).map(|by| (by.depth + 1, by.hash)).min();
        let (depth, hash) = if council_of(&node.entry.author) == *self.council {
            (0, Hash::NONE)
        } else {
            since.unwrap_or((u32::MAX, Hash::NONE))
        };
        (depth, hash, node.depth, node.hash)
    }

    /// Decides one, unless it would leave no administrator.
    fn accept(&mut self, pass: &Pass, at: At) {
        let ends = self.ends(pass, at);
        self.decided.insert(at);
        for laptop in &ends {
            self.ended.entry(*laptop).or_default().push(at);
        }
        let by_root = self.graph.node(at).is_some_and(|node| council_of(&node.entry.author) == *self.council)
            || self.has(pass, at, Right::Root);
        let of_administrators = ends.iter().any(|laptop| pass.is_administrator(laptop));
        if of_administrators && !by_root && !self.anyone_left() {
            self.decided.remove(&at);
            self.spared.insert(at);
            for laptop in &ends {
                if let Some(by) = self.ended.get_mut(laptop) {
                    by.retain(|by| *by != at);
                }
            }
            self.ended.retain(|_, by| !by.is_empty());
        }
    }

    fn anyone_left(&self) -> bool {
        let pass = self.pass();
        pass.rights.keys().any(|laptop| pass.is_administrator(laptop) && !self.ended.contains_key(laptop))
    }
}

fn give(pass: &mut Pass, laptop: LaptopId, at: At, rank: Rank) {
    let right = match rank {
        Rank::Laptop => Right::Laptop,
        Rank::Administrator => Right::Administrator,
    };
    pass.rights.entry(laptop).or_default().push((at, right));
}
