//! Founding a council in two steps: its recovery words are shown to be written down, and only when they were typed again
//! from the paper is anything made. Whoever stops in between has lost nothing, and nothing exists that nobody could
//! bring back.

use std::path::{Path, PathBuf};

use sealed_log::{RecoveryWords, RootSeed};

use super::Hub;
use super::opening::Found;
use crate::error::HubError;
use crate::folder::{self, Holds};
use crate::ports::Ports;

/// A council that is about to be founded. Its root is in memory alone, and is wiped with this.
pub struct Founding {
    dir: PathBuf,
    found: Found,
    root: RootSeed,
}

impl Founding {
    /// Looks at what was typed and at the data folder, and draws the root.
    ///
    /// # Errors
    /// As [`Hub::found`].
    pub fn begin(dir: &Path, found: Found, ports: &Ports) -> Result<Self, HubError> {
        found.check()?;
        if folder::holds(dir)? == Holds::Records {
            return Err(HubError::AlreadyRecords);
        }
        Ok(Self { dir: dir.to_owned(), found, root: root(ports)? })
    }

    /// The words to be written down.
    #[must_use]
    pub fn words(&self) -> RecoveryWords {
        RecoveryWords::of(&self.root)
    }

    /// Founds the council, once `typed` are the words on the paper.
    ///
    /// # Errors
    /// [`HubError::NotTheSheet`] when they are not: nothing is made, and it can be tried again. As [`Hub::found`].
    pub fn finish(&self, typed: &str, ports: &Ports) -> Result<Hub, HubError> {
        let read = RecoveryWords::read(typed).map_err(|_| HubError::NotTheSheet)?;
        if read.council() != self.root.council() {
            return Err(HubError::NotTheSheet);
        }
        Hub::found_under(&self.dir, &self.found, ports, |_| Ok(read)).map(|(hub, _)| hub)
    }
}

impl std::fmt::Debug for Founding {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Founding(secret)")
    }
}

/// A fresh root.
pub(super) fn root(ports: &Ports) -> Result<RootSeed, HubError> {
    Ok(RootSeed::from_secret(&zeroize::Zeroizing::new(ports.random()?)))
}
