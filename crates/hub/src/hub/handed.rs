//! What is handed from laptop to laptop as a file when one is taken in: its request, and the approval that lies beside it
//! afterwards. Neither is a secret; nothing that is there already is written over.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use sync_schema::HubId;

use super::{Asking, Hub};
use crate::error::HubError;
use crate::folder::Passphrase;
use crate::view::shell::Role;

/// No request or approval is larger, in bytes.
const FILE_MOST: u64 = 4 << 20;
/// How a request's file ends, and its approval's.
const REQUEST: &str = "request";
const APPROVAL: &str = "approval";

/// What an administrator answers a request with.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    /// The file that the new laptop saved.
    pub request: &'a Path,
    /// The code that it shows.
    pub code: &'a str,
    /// What it is for.
    pub role: Role,
    /// The hub it works at; this laptop's own, if none is said.
    pub hub: Option<HubId>,
}

impl Asking {
    /// Saves the request into a folder, or under a name of its own, and says where.
    ///
    /// # Errors
    /// [`HubError::FileFailed`], [`HubError::SyncFolderFull`] when there is no room.
    pub fn save_request(&self, to: &Path) -> Result<PathBuf, HubError> {
        let bytes = self.request()?;
        let name = blake3::hash(&bytes).to_hex().chars().take(6).collect::<String>();
        let file = if to.is_dir() { to.join(format!("talking-point-{name}.{REQUEST}")) } else { to.to_owned() };
        if fs::read(&file).is_ok_and(|there| there == bytes) {
            return self.keep_saved(file);
        }
        New::at(file.clone())?.filled(&bytes)?;
        self.keep_saved(file)
    }

    /// Becomes a laptop of the council whose approval is in this file.
    ///
    /// # Errors
    /// As [`Asking::finish`].
    pub fn finish_with(self, approval: &Path, called: &str, passphrase: &Passphrase) -> Result<Hub, HubError> {
        self.finish(&read(approval)?, called, passphrase)
    }
}

impl Hub {
    /// Takes a laptop in that asked, and saves the approval beside its request; says where.
    ///
    /// # Errors
    /// As [`Hub::approve`]; [`HubError::FileFailed`].
    pub fn answer(&self, answer: &Answer<'_>, passphrase: &Passphrase) -> Result<PathBuf, HubError> {
        let request = read(answer.request)?;
        // There is room for the approval before anything is done that cannot be taken back.
        let file = New::at(answer.request.with_extension(APPROVAL))?;
        let at = (None, answer.hub);
        match self.approve_at(&request, answer.code, (answer.role, at), passphrase) {
            Ok(approval) => file.filled(&approval),
            Err(error) => {
                file.given_up();
                Err(error)
            }
        }
    }
}

/// Where the approval is expected of a request that was saved here.
pub(super) fn approval_of(request: &Path) -> PathBuf {
    request.with_extension(APPROVAL)
}

/// A file that was not there before.
struct New {
    path: PathBuf,
    file: File,
}

impl New {
    fn at(path: PathBuf) -> Result<Self, HubError> {
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => Ok(Self { path, file }),
            Err(error) => Err(problem(&error)),
        }
    }

    fn filled(mut self, bytes: &[u8]) -> Result<PathBuf, HubError> {
        match self.file.write_all(bytes).and_then(|()| self.file.sync_all()) {
            Ok(()) => Ok(self.path),
            Err(error) => {
                self.given_up();
                Err(problem(&error))
            }
        }
    }

    fn given_up(self) {
        drop(self.file);
        // An empty file is in nobody's way when it cannot be removed either.
        let _ = fs::remove_file(&self.path);
    }
}

fn read(path: &Path) -> Result<Vec<u8>, HubError> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(FILE_MOST + 1).read_to_end(&mut bytes))
        .map_err(|_| HubError::FileFailed { place: "the file that was named" })?;
    Ok(bytes)
}

fn problem(error: &std::io::Error) -> HubError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => HubError::SyncFolderFull,
        _ => HubError::FileFailed { place: "the file to write" },
    }
}
