//! Sharing through a folder.

use std::path::{Path, PathBuf};

use super::Hub;
use crate::error::HubError;
use crate::policy::Ask;
use crate::store::{outbox, setting};
use crate::view::laptop::Exchanged;
use crate::view::shell::SyncState;

/// Where the folder to share through is kept.
const FOLDER: &str = "sync folder";

impl Hub {
    /// What is saved, shared and held.
    pub(crate) fn sync_state(&self) -> Result<SyncState, HubError> {
        let to_share = self.store.read(outbox::documents_waiting)?;
        Ok(SyncState {
            to_share,
            to_be_held: 0,
            last_shared: None,
            folder_set: self.sync_folder_set(),
            trouble: None,
            parked: 0,
            refused: 0,
        })
    }

    /// Sets the folder to share through; `None`: none.
    ///
    /// # Errors
    /// [`HubError::NotSignedIn`]; [`HubError::SyncFolderMissing`].
    pub fn set_sync_folder(&self, folder: Option<PathBuf>) -> Result<(), HubError> {
        self.asked_by_anyone(Ask::Share)?;
        match folder {
            Some(folder) if !folder.is_dir() => Err(HubError::SyncFolderMissing),
            Some(folder) => self.store.write(|tx| setting::put(tx.connection(), FOLDER, &folder)),
            None => self.store.write(|tx| setting::remove(tx.connection(), FOLDER)),
        }
    }

    /// The folder to share through, if one is set.
    pub(crate) fn sync_folder(&self) -> Result<Option<PathBuf>, HubError> {
        self.store.read(|rows| setting::get(rows, FOLDER))
    }

    /// True when a folder to share through is set.
    #[must_use]
    pub fn sync_folder_set(&self) -> bool {
        matches!(self.sync_folder(), Ok(Some(_)))
    }

    /// Shares through the folder that is set.
    ///
    /// # Errors
    /// [`HubError::NoSyncFolder`] and those of [`Hub::sync_with`].
    pub fn share(&self) -> Result<Exchanged, HubError> {
        let folder = self.sync_folder()?.ok_or(HubError::NoSyncFolder)?;
        self.sync_with(&folder)
    }

    /// Shares through a folder, once.
    ///
    /// # Errors
    /// The folder's own: missing, read-only, another council's, failed.
    pub fn sync_with(&self, _folder: &Path) -> Result<Exchanged, HubError> {
        Err(HubError::unexpected("sync_with"))
    }
}
