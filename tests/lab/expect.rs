//! What must be there in the end: every change of every action that was saved, but for those that no laptop and no folder
//! had any more.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use automerge::ChangeHash;
use sync_schema::DocId;

use crate::laptop::{Documents, Laptop};

/// One change, by its document and hash.
type Key = (DocId, ChangeHash);

/// What is known of a change that was saved.
#[derive(Debug, Clone)]
struct Saved {
    what: String,
    by: usize,
    /// The folders that its laptop has ever shared it through.
    told: BTreeSet<usize>,
    /// Those of them from which nothing has gone since.
    safe: BTreeSet<usize>,
    /// True while no laptop has it.
    orphan: bool,
}

/// Everything that was saved, and can still be had from somewhere.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    saved: BTreeMap<Key, Saved>,
    /// What is gone, so that it is not expected again.
    pub(crate) lost: usize,
}

impl Expected {
    /// An action returned: its changes are saved.
    pub(crate) fn saved(&mut self, by: usize, what: &str, document: DocId, heads: BTreeSet<ChangeHash>) {
        for hash in heads {
            self.saved.entry((document, hash)).or_insert_with(|| Saved {
                what: what.to_owned(),
                by,
                told: BTreeSet::new(),
                safe: BTreeSet::new(),
                orphan: false,
            });
        }
    }

    /// An exchange returned: what was saved on this laptop is in the folder.
    pub(crate) fn shared(&mut self, by: usize, folder: usize) {
        for saved in self.saved.values_mut().filter(|saved| saved.by == by && !saved.orphan) {
            if saved.told.insert(folder) {
                saved.safe.insert(folder);
            }
        }
    }

    /// Something went from a folder, or was spoiled in it.
    pub(crate) fn spoiled(&mut self, folder: usize, laptops: &[Laptop]) -> Result<()> {
        for saved in self.saved.values_mut() {
            saved.safe.remove(&folder);
        }
        self.let_go(laptops)
    }

    /// A laptop's records were put back from an earlier day. What only it had, and no folder has, is gone.
    pub(crate) fn put_back(&mut self, laptops: &[Laptop]) -> Result<()> {
        let all = laptops.iter().map(Laptop::documents).collect::<Result<Vec<_>>>()?;
        for (key, saved) in &mut self.saved {
            saved.orphan = !all.iter().any(|documents| has(documents, key));
        }
        self.let_go(laptops)
    }

    fn let_go(&mut self, laptops: &[Laptop]) -> Result<()> {
        let gone = |saved: &Saved| saved.orphan && saved.safe.is_empty();
        if !self.saved.values().any(gone) {
            return Ok(());
        }
        let all = laptops.iter().map(Laptop::documents).collect::<Result<Vec<_>>>()?;
        let before = self.saved.len();
        self.saved.retain(|key, saved| !gone(saved) || all.iter().any(|documents| has(documents, key)));
        self.lost += before - self.saved.len();
        Ok(())
    }

    /// All of it is on every laptop that may hold it.
    pub(crate) fn all_there(&self, laptops: &[Laptop], documents: &[Documents]) -> Result<()> {
        for (key, saved) in &self.saved {
            let scope = documents.iter().find_map(|all| all.get(&key.0)).map(|document| document.scope.clone());
            ensure!(scope.is_some(), "\"{}\" was saved on {}, and is nowhere", saved.what, laptops[saved.by].name);
            for (laptop, all) in laptops.iter().zip(documents) {
                ensure!(
                    !laptop.reads(&scope.clone().unwrap_or_default()) || has(all, key),
                    "\"{}\" was saved on {}, and is not on {}",
                    saved.what,
                    laptops[saved.by].name,
                    laptop.name
                );
            }
        }
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.saved.len()
    }
}

fn has(documents: &Documents, (id, hash): &Key) -> bool {
    documents.get(id).is_some_and(|document| document.history.contains(hash))
}
