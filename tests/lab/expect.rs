//! What must be there in the end: every change of every action that was saved, but for those that no laptop and no folder
//! had any more.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use automerge::ChangeHash;
use sealed_log::{Hash, LaptopId, ScopeId, State};
use sync_schema::{DocId, Scope};

use crate::laptop::{Document, Documents, Known, Laptop};

/// One change, by its document and hash.
type Key = (DocId, ChangeHash);

/// What is known of a change that was saved.
#[derive(Debug, Clone)]
struct Saved {
    what: String,
    by: usize,
    /// Who wrote it, in the roster.
    writer: LaptopId,
    scope: Scope,
    /// The folders that its laptop has ever shared it through.
    told: BTreeSet<usize>,
    /// Those of them from which nothing has gone since.
    safe: BTreeSet<usize>,
    /// True while no laptop has it.
    orphan: bool,
    /// True once a laptop has erased it: if that was void, whoever has it yet gives it back.
    erased: bool,
    /// The laptops that had it when they heard that its writer might write no more: what they had stands.
    held: BTreeSet<usize>,
    /// The laptops that its writer knew to have been taken out, with the words that did it: they may never have it.
    hidden_from: BTreeMap<LaptopId, BTreeSet<Hash>>,
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
    pub(crate) fn saved(&mut self, (by, laptop): (usize, &Laptop), what: &str, document: DocId) -> Result<()> {
        let Some((scope, heads)) = laptop.heads(document)? else { return Ok(()) };
        let known = laptop.known()?;
        for hash in heads {
            self.saved.entry((document, hash)).or_insert_with(|| Saved {
                what: what.to_owned(),
                by,
                writer: laptop.id,
                scope,
                told: BTreeSet::new(),
                safe: BTreeSet::new(),
                orphan: false,
                erased: false,
                held: BTreeSet::new(),
                hidden_from: taken_out(&known),
            });
        }
        Ok(())
    }

    /// An exchange returned: what was saved on this laptop is in the folder.
    pub(crate) fn shared(&mut self, (by, laptop): (usize, &Laptop), folder: usize) -> Result<()> {
        let grants = laptop.grants()?;
        let writes = |scope| grants.iter().any(|grant| grant.scope == scope && grant.write);
        for saved in self.saved.values_mut().filter(|saved| saved.by == by && !saved.orphan && writes(saved.scope)) {
            if saved.told.insert(folder) {
                saved.safe.insert(folder);
            }
        }
        Ok(())
    }

    /// A laptop that held all this has just heard that these may write no more: what it held of theirs stands.
    pub(crate) fn heard(&mut self, who: usize, ended: &BTreeSet<(LaptopId, ScopeId)>, of: &Known, held: &Documents) {
        for (key, saved) in &mut self.saved {
            if ended.contains(&(saved.writer, of.scope(saved.scope.code()))) && has(held, key) {
                saved.held.insert(who);
            }
        }
    }

    /// A laptop has erased what it knew to be erased, and taken it out of folders: if that turns out to have been void, it
    /// has it from others.
    pub(crate) fn erased(&mut self, who: usize, known: &Known) {
        for ((document, _), saved) in &mut self.saved {
            let document = sealed_log::DocId::from_bytes(*document.as_bytes());
            if known.members.is_erased(&known.scope(saved.scope.code()), &document) {
                saved.safe.clear();
                saved.held.remove(&who);
                saved.erased = true;
            }
        }
    }

    /// A laptop may not hold these scopes any more: what it held stands there for nothing.
    pub(crate) fn let_go_of(&mut self, who: usize, scope: Scope) {
        for saved in self.saved.values_mut().filter(|saved| saved.scope == scope) {
            saved.held.remove(&who);
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
            saved.held.retain(|who| all.get(*who).is_some_and(|documents| has(documents, key)));
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

    /// All of it is on every laptop that may hold it; `before` is what each had when quiet came.
    pub(crate) fn all_there(
        &self,
        (truth, laptops): (&Known, &[Laptop]),
        before: &[Documents],
        documents: &[Documents],
    ) -> Result<()> {
        let live: Vec<usize> = (0..laptops.len()).filter(|who| truth.members.is_live(&laptops[*who].id)).collect();
        for (key, saved) in &self.saved {
            let erased = sealed_log::DocId::from_bytes(*key.0.as_bytes());
            if truth.members.is_erased(&truth.scope(saved.scope.code()), &erased) {
                continue;
            }
            let readers = live.iter().filter(|who| truth.grant(&laptops[**who].id, saved.scope).is_some());
            let readers: Vec<usize> = readers.copied().collect();
            let stands = truth.members.is_live(&saved.writer);
            let here = !saved.safe.is_empty() || live.iter().any(|who| has(&before[*who], key));
            // Only one that has gone had it, or one had that erased it.
            let gone = saved.erased || before.iter().any(|documents| has(documents, key));
            let somewhere = here || !gone;
            let owed = (stands && somewhere) || saved.held.iter().any(|who| readers.contains(who));
            for who in readers.iter().filter(|_| owed) {
                ensure!(
                    has(&documents[*who], key),
                    "\"{}\" was saved on {}, and is not on {} ({} {})",
                    saved.what,
                    laptops[saved.by].name,
                    laptops[*who].name,
                    saved.scope.code(),
                    key.0
                );
            }
            self.nobody_else_has(saved, key, (truth, laptops), documents)?;
        }
        Ok(())
    }

    /// Those whom its writer knew to be out of the council have never had it.
    #[allow(clippy::unused_self, reason = "it says what is expected")]
    fn nobody_else_has(
        &self,
        saved: &Saved,
        key: &Key,
        (truth, laptops): (&Known, &[Laptop]),
        documents: &[Documents],
    ) -> Result<()> {
        let out = taken_out(truth);
        for (laptop, all) in laptops.iter().zip(documents) {
            let (Some(then), Some(now)) = (saved.hidden_from.get(&laptop.id), out.get(&laptop.id)) else { continue };
            ensure!(
                then.is_disjoint(now) || !has(all, key),
                "\"{}\" was saved on {} when {} was known to be out, and {} has it",
                saved.what,
                laptops[saved.by].name,
                laptop.name,
                laptop.name
            );
        }
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.saved.len()
    }
}

/// The laptops that have gone, with the words that ended them.
fn taken_out(known: &Known) -> BTreeMap<LaptopId, BTreeSet<Hash>> {
    let ended = known.members.laptops().filter_map(|(id, laptop)| match &laptop.state {
        State::Live => None,
        State::Retired(by) | State::Revoked(by) => Some((*id, by.iter().copied().collect())),
    });
    ended.collect()
}

fn has(documents: &Documents, (id, hash): &Key) -> bool {
    documents.get(id).is_some_and(|document: &Document| document.history.contains(hash))
}
