//! A new recovery sheet between being shown and being proposed: its root stays here, in memory.

use std::sync::{MutexGuard, PoisonError};

use hub::problem::Problem;
use hub::{NewSheet, Passphrase};
use zeroize::Zeroizing;

use super::{Program, not_open};

impl Program {
    /// Begins a new recovery sheet, and says the groups of its words. An earlier one is forgotten.
    pub(crate) fn begin_sheet(&self) -> Result<Vec<String>, Problem> {
        let hub = self.hub().ok_or_else(not_open)?;
        let mut held = self.sheet();
        drop(held.take());
        let sheet = held.insert(hub.begin_sheet().map_err(|error| error.problem())?);
        Ok(groups(sheet.words().as_str()))
    }

    /// Proposes it, once the words were typed from the paper. When they were not those, it can be tried again.
    pub(crate) fn propose_sheet(&self, words: String, passphrase: String) -> Result<(), Problem> {
        let (words, passphrase) = (Zeroizing::new(words), Passphrase::new(passphrase));
        let hub = self.hub().ok_or_else(not_open)?;
        let mut held = self.sheet();
        let sheet = held.as_ref().ok_or_else(not_open)?;
        hub.propose_sheet(sheet, &words, &passphrase).map_err(|error| error.problem())?;
        *held = None;
        drop(held);
        self.tell_screens();
        Ok(())
    }

    /// Proposes none.
    pub(crate) fn stop_sheet(&self) {
        drop(self.sheet().take());
    }

    fn sheet(&self) -> MutexGuard<'_, Option<NewSheet>> {
        self.inner.sheet.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Recovery words, group by group.
pub(super) fn groups(words: &str) -> Vec<String> {
    words.split(' ').map(str::to_owned).collect()
}
