//! The roster's entries as a graph: those whose ancestors are all here, parents before children, and which come before
//! which. Nothing in it depends on the order of arrival.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::Entry;
use crate::id::{Hash, LaptopId};
use crate::key::laptop_of;

/// An entry's place in the order.
pub(super) type At = usize;

/// The entries in order.
pub(super) struct Graph<'a> {
    nodes: Vec<Node<'a>>,
}

pub(super) struct Node<'a> {
    pub(super) hash: Hash,
    pub(super) entry: &'a Entry,
    /// Who signed it, by name: a root has one as a laptop would.
    pub(super) author: LaptopId,
    /// How long the longest way back to the beginning is.
    pub(super) depth: u32,
    before: Before,
}

/// The entries that come before one, a bit each.
#[derive(Clone, Default)]
struct Before(Vec<u64>);

impl Before {
    fn add(&mut self, at: At) {
        let (word, bit) = (at / 64, at % 64);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= 1 << bit;
        }
    }

    fn add_all(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    fn has(&self, at: At) -> bool {
        self.0.get(at / 64).is_some_and(|word| word & (1 << (at % 64)) != 0)
    }
}

impl<'a> Graph<'a> {
    pub(super) fn of(entries: &'a BTreeMap<Hash, Entry>) -> Self {
        let mut graph = Self { nodes: Vec::with_capacity(entries.len()) };
        let mut index: BTreeMap<Hash, At> = BTreeMap::new();
        for hash in ancestors_first(entries) {
            let Some(entry) = entries.get(&hash) else { continue };
            let mut before = Before::default();
            let mut depth = 0;
            for at in entry.parents.iter().filter_map(|parent| index.get(parent)) {
                before.add(*at);
                if let Some(parent) = graph.nodes.get(*at) {
                    before.add_all(&parent.before);
                    depth = depth.max(parent.depth + 1);
                }
            }
            index.insert(hash, graph.nodes.len());
            graph.nodes.push(Node { hash, entry, author: laptop_of(&entry.author), depth, before });
        }
        graph
    }

    /// Every entry, ancestors first.
    pub(super) fn nodes(&self) -> impl Iterator<Item = (At, &Node<'a>)> {
        self.nodes.iter().enumerate()
    }

    pub(super) fn node(&self, at: At) -> Option<&Node<'a>> {
        self.nodes.get(at)
    }

    /// True if `a` comes before `b`.
    pub(super) fn precedes(&self, a: At, b: At) -> bool {
        self.nodes.get(b).is_some_and(|node| node.before.has(a))
    }

    /// Of these, those that no other of them comes after.
    pub(super) fn newest(&self, of: &[At]) -> Vec<At> {
        of.iter().copied().filter(|a| !of.iter().any(|b| self.precedes(*a, *b))).collect()
    }
}

/// Entries whose ancestors are all here, parents before children, ties by hash.
pub(super) fn ancestors_first(entries: &BTreeMap<Hash, Entry>) -> Vec<Hash> {
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
