//! Sharing through a folder.

use std::path::{Path, PathBuf};

use super::Hub;
use crate::error::HubError;
use crate::view::laptop::Exchanged;
use crate::view::shell::SyncState;

impl Hub {
    /// What is saved, shared and held.
    pub(crate) fn sync_state(&self) -> Result<SyncState, HubError> {
        Err(HubError::unexpected("sync_state"))
    }

    /// Sets the folder to share through; `None`: none.
    ///
    /// # Errors
    /// [`HubError::NotSignedIn`]; [`HubError::SyncFolderMissing`].
    pub fn set_sync_folder(&self, _folder: Option<PathBuf>) -> Result<(), HubError> {
        Err(HubError::unexpected("set_sync_folder"))
    }

    /// True when a folder to share through is set.
    #[must_use]
    pub fn sync_folder_set(&self) -> bool {
        false
    }

    /// Shares through the folder that is set.
    ///
    /// # Errors
    /// [`HubError::NoSyncFolder`] and those of [`Hub::sync_with`].
    pub fn share(&self) -> Result<Exchanged, HubError> {
        Err(HubError::unexpected("share"))
    }

    /// Shares through a folder, once.
    ///
    /// # Errors
    /// The folder's own: missing, read-only, another council's, failed.
    pub fn sync_with(&self, _folder: &Path) -> Result<Exchanged, HubError> {
        Err(HubError::unexpected("sync_with"))
    }
}
