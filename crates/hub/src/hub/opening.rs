//! How a data folder comes to be open: founded, joined, or opened again.

use std::path::Path;

use zeroize::Zeroizing;

use super::Hub;
use crate::error::HubError;
use crate::folder::Passphrase;
use crate::ports::Ports;
use crate::view::shell::{Role, Start};

/// What founding a council needs.
#[derive(Debug, Clone)]
pub struct Found {
    /// The council's name.
    pub council: String,
    /// The first hub's name.
    pub hub: String,
    /// This laptop's name; the hub's with a number when empty.
    pub laptop: String,
    /// What will open the records here.
    pub passphrase: Passphrase,
}

/// What joining a council needs.
#[derive(Debug, Clone)]
pub struct Join<'a> {
    /// The join file.
    pub file: &'a Path,
    /// What this laptop is to be called; empty: as the invitation says.
    pub laptop: String,
    /// What will open the records here.
    pub passphrase: Passphrase,
}

/// The founding key as words to be written down: shown once, never kept.
#[derive(Clone)]
pub struct RecoveryWords(pub(crate) Zeroizing<String>);

/// A join file's bytes: whoever has them can join.
pub type JoinFileBytes = Zeroizing<Vec<u8>>;

/// How far a data folder has got, before anything is opened.
///
/// # Errors
/// [`HubError::Damaged`] when there are records whose key is gone.
pub fn start(_dir: &Path, _ports: &Ports) -> Result<Start, HubError> {
    Err(HubError::unexpected("start"))
}

impl Hub {
    /// Founds a council on this laptop, which becomes an administrator's.
    ///
    /// # Errors
    /// [`HubError::AlreadyRecords`], [`HubError::PassphraseTooShort`], what was typed, and the disk's own.
    pub fn found(_dir: &Path, _found: Found, _ports: &Ports) -> Result<(Self, RecoveryWords), HubError> {
        Err(HubError::unexpected("found"))
    }

    /// Joins a council with a join file.
    ///
    /// # Errors
    /// [`HubError::NotAJoinFile`], [`HubError::JoinFileOther`], and as [`Hub::found`].
    pub fn join(_dir: &Path, _join: Join<'_>, _ports: &Ports) -> Result<Self, HubError> {
        Err(HubError::unexpected("join"))
    }

    /// Opens the records that are here.
    ///
    /// # Errors
    /// [`HubError::WrongPassphrase`] and whatever state the folder and the database are in.
    pub fn open(_dir: &Path, _passphrase: &Passphrase, _ports: &Ports) -> Result<Self, HubError> {
        Err(HubError::unexpected("open"))
    }

    /// Makes a join file for a new laptop in this role.
    ///
    /// # Errors
    /// [`HubError::NotAllowed`] when this laptop is not an administrator's.
    pub fn invite(&self, _role: Role, _laptop: Option<String>) -> Result<JoinFileBytes, HubError> {
        Err(HubError::unexpected("invite"))
    }
}
