//! Keeping what is here: the directory's file, figures out, and proof that all is whole.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Hub;
use super::identity::Identity;
use crate::error::HubError;
use crate::export;
use crate::folder::Passphrase;
use crate::policy::Ask;
use crate::ports::Ports;
use crate::store::{Rows, Store, Verified, document};
use crate::sync::{self, Here};

/// What came of importing a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// Listings that were not here before.
    pub added: u32,
    /// Listings that differ from what was here.
    pub changed: u32,
    /// Listings that are the same.
    pub unchanged: u32,
    /// Entries of the file that could not be read as a listing.
    pub skipped: u32,
}

/// What was written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Exported {
    /// Files.
    pub files: u32,
    /// Rows in all of them.
    pub rows: u32,
}

impl Hub {
    /// Takes a directory in Open Referral UK JSON.
    ///
    /// # Errors
    /// [`HubError::NotOpenReferral`], [`HubError::FileFailed`], [`HubError::NotAllowed`].
    pub fn import_directory(&self, file: &Path) -> Result<Imported, HubError> {
        Ok(self.import_directory_told(file)?.imported)
    }

    /// Proves the database whole, the projections equal to a rebuild, and the log's chain unbroken.
    ///
    /// # Errors
    /// [`HubError::Damaged`] when the database cannot even be read; what is merely wrong is in [`Verified`].
    pub fn verify(&self) -> Result<Verified, HubError> {
        let here = Here::of(self.identity().clone());
        verified(&self.store, |_| Ok(here))
    }

    /// The same for records that nobody has open, without beginning a run of the program on them: every file stays
    /// byte for byte as it was, so that damage can be looked into.
    ///
    /// # Errors
    /// As [`Hub::open`].
    pub fn verify_closed(dir: &Path, passphrase: &Passphrase, ports: &Ports) -> Result<Verified, HubError> {
        let (_folder, store) = Self::unlocked(dir, passphrase, ports)?;
        verified(&store, |rows| Identity::find(rows).map(Here::of))
    }

    /// Writes the figures as CSV files into a folder.
    ///
    /// # Errors
    /// [`HubError::FileFailed`].
    pub fn export_csv(&self, dir: &Path) -> Result<Exported, HubError> {
        self.asked_by_anyone(Ask::SeeLaptop)?;
        let holds = |scope| self.grants().iter().any(|grant| grant.scope == scope);
        let done = self.store.read(|rows| export::write(rows, holds, dir, self.day().naive()))?;
        Ok(Exported { files: done.files, rows: done.rows })
    }

    /// Makes every projection and search index again from the documents, and says how many documents there are.
    ///
    /// # Errors
    /// The store's own.
    pub fn rebuild_projections(&self) -> Result<u64, HubError> {
        self.store.rebuild()?;
        self.store.read(document::count)
    }
}

/// What the store says of itself, and what the streams in it say.
fn verified(store: &Store, here: impl FnOnce(&Rows) -> Result<Here, HubError>) -> Result<Verified, HubError> {
    let of_store = store.verify()?;
    if of_store.page_faults > 0 {
        return Ok(of_store);
    }
    let broken_streams = store.read(|rows| sync::broken_streams(rows, &here(rows)?))?;
    Ok(Verified { broken_streams, ..of_store })
}
