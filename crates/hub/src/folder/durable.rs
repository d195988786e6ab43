//! Small files that are there whole or not at all, also after the plug was pulled.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use crate::error::HubError;

/// What a file error means to a person.
pub(super) fn problem(error: &io::Error, place: &'static str) -> HubError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => HubError::DiskFull,
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => HubError::ReadOnly,
        _ => HubError::FileFailed { place },
    }
}

/// Puts `bytes` in place of whatever was there.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), HubError> {
    let beside = path.with_extension("part");
    let put = || -> io::Result<()> {
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        sync_folder(path)
    };
    put().map_err(|error| {
        // A half-written neighbour is of no use to anyone; when it cannot be removed either, the first error is the one to tell.
        let _ = fs::remove_file(&beside);
        problem(&error, "the data folder")
    })
}

/// Reads a file of the data folder as text.
pub(super) fn read(path: &Path, place: &'static str) -> Result<String, HubError> {
    fs::read(path)
        .map_err(|error| problem(&error, place))
        .and_then(|bytes| String::from_utf8(bytes).map_err(|_| HubError::Damaged))
}

/// Moves a file into place.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), HubError> {
    fs::rename(from, to).and_then(|()| sync_folder(to)).map_err(|error| problem(&error, "the data folder"))
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> Result<(), HubError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(problem(&error, "the data folder")),
        _ => Ok(()),
    }
}

/// Makes the folder's own entry for `path` durable. Windows keeps it so by itself and does not open folders.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix)
        && let Some(folder) = path.parent()
    {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
