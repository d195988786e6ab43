//! From entries to members: what stands, and what it makes of the council.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::Entry;
use super::graph::{At, Graph};
use super::kind::{Access, Grant, Kind, Rank};
use super::members::{Epoch, Laptop, Members, Pruning, State};
use super::standing::{self, Standing};
use crate::id::{CouncilId, EpochId, Hash, LaptopId, ScopeId};
use crate::key::{Publics, council_of, laptop_of, log_of};

/// The code of the one scope that only administrators write.
pub const TEAM_SCOPE: &str = "team";

pub(super) fn fold(council: &CouncilId, entries: &BTreeMap<Hash, Entry>) -> Members {
    let graph = Graph::of(entries);
    let standing = standing::decide(council, &graph);
    let hashes = |of: &BTreeSet<At>| of.iter().filter_map(|at| graph.node(*at)).map(|node| node.hash).collect();
    let mut members = Members {
        laptops: BTreeMap::new(),
        logs: BTreeMap::new(),
        roots: BTreeMap::new(),
        epochs: BTreeMap::new(),
        erased: BTreeSet::new(),
        erasures: BTreeSet::new(),
        prunings: BTreeMap::new(),
        proposed_roots: BTreeMap::new(),
        team: ScopeId::of(council, TEAM_SCOPE),
        standing: hashes(&standing.stands),
        entitled: hashes(&standing.entitled),
    };
    let making = Making { council, graph: &graph, standing: &standing };
    let voided = making.voided();
    making.laptops(&mut members, &voided);
    making.logs(&mut members, &voided);
    making.roots(&mut members);
    making.epochs(&mut members);
    making.acts(&mut members);
    members
}

struct Making<'a> {
    council: &'a CouncilId,
    graph: &'a Graph<'a>,
    standing: &'a Standing,
}

/// What was ever said of one laptop.
#[derive(Default)]
struct Said<'a> {
    identity: Option<Publics>,
    rank: Option<Rank>,
    grants: Vec<(At, Rank, &'a [Grant])>,
    keeper: Vec<(At, bool)>,
}

/// What was said of laptops by authors who had been taken out, or had their right from one who had, which others may have
/// acted upon before they heard.
#[derive(Default)]
struct Voided<'a> {
    identities: BTreeMap<LaptopId, Publics>,
    grants: BTreeMap<LaptopId, Vec<VoidGrant<'a>>>,
}

/// What a laptop was granted, as what rank, and the takings-out that made it void.
type VoidGrant<'a> = (Rank, &'a [Grant], BTreeSet<At>);

impl Voided<'_> {
    /// The takings-out that made void what a laptop was granted.
    fn ends(&self, laptop: &LaptopId) -> BTreeSet<At> {
        self.grants.get(laptop).into_iter().flatten().flat_map(|(_, _, ends)| ends).copied().collect()
    }
}

impl<'a> Making<'a> {
    fn standing(&self) -> impl Iterator<Item = (At, &'a Entry)> {
        self.standing.stands.iter().filter_map(|at| Some((*at, self.graph.node(*at)?.entry)))
    }

    /// The enrolments and grants whose authors had the right, and which are void.
    fn voided(&self) -> Voided<'a> {
        let mut voided = Voided::default();
        for (at, node) in self.graph.nodes() {
            let (laptop, identity, rank, grants) = match &node.entry.kind {
                Kind::Enrol { identity, rank, grants } => {
                    (laptop_of(&identity.signing), Some(*identity), *rank, grants)
                }
                Kind::Grant { laptop, rank, grants } => (*laptop, None, *rank, grants),
                _ => continue,
            };
            if self.standing.stands.contains(&at) || !self.standing.entitled.contains(&at) {
                continue;
            }
            let of_author = self.standing.ended.get(&node.author).into_iter().flatten();
            let mut ends: BTreeSet<At> = of_author.filter(|end| !self.graph.precedes(at, **end)).copied().collect();
            ends.extend(voided.ends(&node.author));
            if !ends.is_empty() {
                voided.grants.entry(laptop).or_default().push((rank, grants.as_slice(), ends));
                if let Some(identity) = identity {
                    voided.identities.entry(laptop).or_insert(identity);
                }
            }
        }
        voided
    }

    /// The logs, in the order of the entries; of laptops whose enrolment is void those that began before that was heard of.
    fn logs(&self, members: &mut Members, voided: &Voided<'_>) {
        for (at, node) in self.graph.nodes() {
            let Kind::Incarnate { key, .. } = &node.entry.kind else { continue };
            let before = || {
                let unknown = voided.identities.contains_key(&node.author) && self.standing.entitled.contains(&at);
                unknown && !voided.ends(&node.author).iter().any(|end| self.graph.precedes(*end, at))
            };
            if self.standing.stands.contains(&at) || before() {
                members.logs.entry(log_of(key)).or_insert((*key, node.author));
            }
        }
    }

    fn laptops(&self, members: &mut Members, voided: &Voided<'_>) {
        let mut said: BTreeMap<LaptopId, Said<'_>> = BTreeMap::new();
        for (at, entry) in self.standing() {
            let (laptop, identity, rank, grants) = match &entry.kind {
                Kind::Found { identity, grants, .. } => {
                    (laptop_of(&identity.signing), Some(*identity), Rank::Administrator, grants)
                }
                Kind::Enrol { identity, rank, grants } => {
                    (laptop_of(&identity.signing), Some(*identity), *rank, grants)
                }
                Kind::Grant { laptop, rank, grants } => (*laptop, None, *rank, grants),
                Kind::Keeper { laptop, keeps } => {
                    said.entry(*laptop).or_default().keeper.push((at, *keeps));
                    continue;
                }
                _ => continue,
            };
            let of = said.entry(laptop).or_default();
            of.identity = of.identity.or(identity);
            of.rank = of.rank.max(Some(rank));
            of.grants.push((at, rank, grants.as_slice()));
        }
        for (id, said) in said {
            if let Some(laptop) = self.laptop(&id, &said) {
                members.laptops.insert(id, laptop);
            }
        }
        for (id, grants) in &voided.grants {
            let nobody = voided.identities.get(id).map(|identity| Laptop {
                identity: *identity,
                rank: Rank::Laptop,
                grants: BTreeMap::new(),
                keeper: false,
                state: State::Revoked(self.hashes(&voided.ends(id))),
                closed: BTreeMap::new(),
            });
            let laptop = members.laptops.get(id).cloned().or(nobody);
            let Some(mut laptop) = laptop else { continue };
            for (rank, grants, ends) in grants {
                self.close(&mut laptop, (*rank, grants, ends), members.team);
            }
            members.laptops.insert(*id, laptop);
        }
    }

    /// What a laptop could write by a grant that is void, and cannot by one that stands, is closed by what made it void.
    fn close(&self, laptop: &mut Laptop, (rank, grants, ends): (Rank, &[Grant], &BTreeSet<At>), team: ScopeId) {
        let writes = grants.iter().filter(|grant| grant.access == Access::Write).map(|grant| grant.scope);
        for scope in writes.filter(|scope| *scope != team || rank == Rank::Administrator) {
            if laptop.grants.get(&scope) != Some(&Access::Write) {
                let by = laptop.closed.entry(scope).or_default();
                by.extend(self.hashes(ends));
                by.sort_unstable();
                by.dedup();
            }
        }
    }

    fn hashes(&self, of: &BTreeSet<At>) -> Vec<Hash> {
        let mut hashes: Vec<Hash> = of.iter().filter_map(|at| self.graph.node(*at)).map(|node| node.hash).collect();
        hashes.sort_unstable();
        hashes
    }

    fn laptop(&self, id: &LaptopId, said: &Said<'_>) -> Option<Laptop> {
        // An administrator holds what made it one, whatever another said who had not heard of that.
        let counts = said.grants.iter().filter(|(_, rank, _)| Some(*rank) == said.rank);
        let all: Vec<At> = counts.map(|(at, ..)| *at).collect();
        let newest = self.first(&self.graph.newest(&all))?;
        let of = |at: At| said.grants.iter().find(|(by, ..)| *by == at).map_or(&[][..], |(_, _, grants)| *grants);
        let mut grants: BTreeMap<ScopeId, Access> = BTreeMap::new();
        for grant in of(newest) {
            let access = grants.entry(grant.scope).or_insert(grant.access);
            *access = (*access).max(grant.access);
        }
        let once = said.grants.iter().flat_map(|(_, _, grants)| *grants).filter(|grant| grant.access == Access::Write);
        let team = ScopeId::of(self.council, TEAM_SCOPE);
        let lost = once.map(|grant| grant.scope).filter(|scope| grants.get(scope) != Some(&Access::Write));
        // An administrator is one for good: whoever was granted to write there and is none never could.
        let lost = lost.filter(|scope| *scope != team);
        let by = self.graph.node(newest)?.hash;
        let keeper = said.keeper.iter().map(|(at, _)| *at).collect::<Vec<_>>();
        let keeper = self.graph.newest(&keeper);
        Some(Laptop {
            identity: said.identity?,
            rank: said.rank?,
            closed: lost.map(|scope| (scope, vec![by])).collect(),
            grants,
            // Of two contrary words the more careful counts.
            keeper: !keeper.is_empty() && said.keeper.iter().all(|(at, keeps)| *keeps || !keeper.contains(at)),
            state: self.state(id),
        })
    }

    fn state(&self, laptop: &LaptopId) -> State {
        let Some(ends) = self.standing.ended.get(laptop) else { return State::Live };
        let nodes: Vec<_> = ends.iter().filter_map(|at| self.graph.node(*at)).collect();
        let mut by: Vec<Hash> = nodes.iter().map(|node| node.hash).collect();
        by.sort_unstable();
        if nodes.iter().any(|node| matches!(node.entry.kind, Kind::Revoke { .. })) {
            State::Revoked(by)
        } else {
            State::Retired(by)
        }
    }

    /// Of entries of which none comes before another, the one that counts: root's, then the author's who has been here
    /// longest, then the one with the lower hash.
    fn first(&self, of: &[At]) -> Option<At> {
        let since = |author: &LaptopId| {
            let mut given = self.standing().filter(|(_, entry)| match &entry.kind {
                Kind::Found { identity, .. } => laptop_of(&identity.signing) == *author,
                Kind::Enrol { identity, rank: Rank::Administrator, .. } => laptop_of(&identity.signing) == *author,
                Kind::Grant { laptop, rank: Rank::Administrator, .. } => laptop == author,
                _ => false,
            });
            given.next().and_then(|(at, _)| self.graph.node(at)).map(|node| (node.depth, node.hash))
        };
        let key = |at: &At| {
            let node = self.graph.node(*at)?;
            let root = council_of(&node.entry.author) == *self.council;
            Some((!root, since(&node.author), node.hash))
        };
        if of.len() == 1 { of.first().copied() } else { of.iter().copied().min_by_key(key) }
    }

    fn roots(&self, members: &mut Members) {
        let mut proposed: BTreeMap<Publics, BTreeSet<LaptopId>> = BTreeMap::new();
        for (_, entry) in self.standing() {
            let author = laptop_of(&entry.author);
            match &entry.kind {
                Kind::Found { root, .. } if !self.standing.ended.contains_key(&author) => {
                    members.roots.entry(author).or_insert(*root);
                }
                Kind::ReRoot { root } => {
                    proposed.entry(*root).or_default().insert(author);
                }
                _ => {}
            }
        }
        for (root, by) in proposed {
            let name = laptop_of(&root.signing);
            if by.len() < 2 {
                members.proposed_roots.insert(root, by);
            } else if !self.standing.ended.contains_key(&name) {
                members.roots.entry(name).or_insert(root.agreement);
            }
        }
    }

    fn epochs(&self, members: &mut Members) {
        for (at, entry) in self.standing() {
            if let (Kind::Rotate { scope, epoch, .. }, Some(node)) = (&entry.kind, self.graph.node(at)) {
                let since = (node.depth, node.hash);
                let known = members.epochs.entry((*scope, *epoch)).or_insert(Epoch {
                    since,
                    recipients: BTreeSet::new(),
                    retired: None,
                });
                known.since = known.since.min(since);
            }
        }
        for (at, node) in self.graph.nodes() {
            // Whoever was given a key has it, whatever became of the entry that gave it.
            match &node.entry.kind {
                Kind::Rotate { scope, epoch, wraps } => {
                    note(members, (*scope, *epoch), wraps.iter().map(|wrap| wrap.to));
                }
                Kind::Share { keys } => {
                    keys.iter().for_each(|key| note(members, (key.scope, key.epoch), [key.wrap.to]));
                }
                Kind::RetireEpoch { scope, epoch } if self.standing.stands.contains(&at) => {
                    if let Some(known) = members.epochs.get_mut(&(*scope, *epoch)) {
                        known.retired = known.retired.into_iter().chain([node.hash]).min();
                    }
                }
                _ => {}
            }
        }
    }

    fn acts(&self, members: &mut Members) {
        for (at, entry) in self.standing() {
            let Some(node) = self.graph.node(at) else { continue };
            match &entry.kind {
                Kind::Erase { documents } => {
                    members.erased.extend(documents);
                    members.erasures.insert(node.hash);
                }
                Kind::Prune { scope, snapshot } => {
                    let pruning =
                        Pruning { scope: *scope, snapshot: *snapshot, by: node.author, confirmed: BTreeSet::new() };
                    members.prunings.insert(node.hash, pruning);
                }
                Kind::Confirm { prune } => {
                    if let Some(pruning) = members.prunings.get_mut(prune).filter(|pruning| pruning.by != node.author) {
                        pruning.confirmed.insert(node.author);
                    }
                }
                _ => {}
            }
        }
    }
}

fn note(members: &mut Members, of: (ScopeId, EpochId), recipients: impl IntoIterator<Item = LaptopId>) {
    if let Some(known) = members.epochs.get_mut(&of) {
        known.recipients.extend(recipients);
    }
}
