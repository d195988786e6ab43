//! A folder as a carrier: a stick, a shared drive, a folder that another program keeps in step.
//!
//! Half-written files, conflict copies, foreign and vanished files are normal weather: passed over and counted. A put
//! has succeeded when file and folder are on the disk and the bytes read back are the same.

use std::error::Error;
use std::io::ErrorKind;
use std::path::Path as FsPath;

use object_store::local::LocalFileSystem;
use sealed_log::CouncilId;

use crate::CarrierError;
use crate::shelves::{Medium, Shelves};

/// A folder that is there.
pub type Folder = Shelves<Disk>;

/// A file system, of which little is sure: a stick's knows no links and no conditions.
#[derive(Debug)]
pub struct Disk;

impl Shelves<Disk> {
    /// Looks at a folder, in which a council has a top folder of its own; several councils may share it.
    ///
    /// # Errors
    /// [`CarrierError::Missing`] when it is not there, [`CarrierError::Unreadable`] when it may not be looked at.
    pub fn at(path: &FsPath, council: &CouncilId) -> Result<Self, CarrierError> {
        let there = std::fs::metadata(path).map_err(|error| of_io(error.kind()))?;
        if !there.is_dir() {
            return Err(CarrierError::Missing);
        }
        let store = LocalFileSystem::new_with_prefix(path).map_err(|error| of_store(&error))?.with_fsync(true);
        Ok(Self::on(Disk, store, "", &council.folder()))
    }

    /// Every council that has a top folder of its own there, by the folder alone: whose it is, its roster tells.
    ///
    /// # Errors
    /// As [`Shelves::at`].
    pub fn of_each_council(path: &FsPath) -> Result<Vec<Self>, CarrierError> {
        let below = std::fs::read_dir(path).map_err(|error| of_io(error.kind()))?;
        let names = below.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut councils: Vec<String> = names.filter(|name| CouncilId::is_folder(name)).collect();
        councils.sort();
        let on = |name: &String| {
            let store = LocalFileSystem::new_with_prefix(path).map_err(|error| of_store(&error))?.with_fsync(true);
            Ok(Self::on(Disk, store, "", name))
        };
        councils.iter().map(on).collect()
    }
}

impl Medium for Disk {
    type Store = LocalFileSystem;
    const CONDITIONS: bool = false;

    fn of_listing(&self, error: &object_store::Error) -> Option<CarrierError> {
        (io_kind(error) == Some(ErrorKind::PermissionDenied)).then_some(CarrierError::Unreadable)
    }

    fn of_reading(&self, _error: &object_store::Error) -> Option<CarrierError> {
        None
    }

    fn of_writing(&self, error: &object_store::Error) -> CarrierError {
        of_writing(error)
    }
}

fn io_kind(error: &object_store::Error) -> Option<ErrorKind> {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = source {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            return Some(io.kind());
        }
        source = error.source();
    }
    None
}

fn of_store(error: &object_store::Error) -> CarrierError {
    match error {
        object_store::Error::NotFound { .. } => CarrierError::Missing,
        other => of_io(io_kind(other).unwrap_or(ErrorKind::Other)),
    }
}

/// The same refusal means more when something was to be written.
fn of_writing(error: &object_store::Error) -> CarrierError {
    match of_store(error) {
        CarrierError::Unreadable => CarrierError::ReadOnly,
        other => other,
    }
}

fn of_io(kind: ErrorKind) -> CarrierError {
    match kind {
        ErrorKind::NotFound => CarrierError::Missing,
        ErrorKind::PermissionDenied => CarrierError::Unreadable,
        ErrorKind::ReadOnlyFilesystem => CarrierError::ReadOnly,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => CarrierError::Full,
        other => CarrierError::Failed(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_disk_says_has_a_name() {
        assert_eq!(of_io(ErrorKind::NotFound), CarrierError::Missing);
        assert_eq!(of_io(ErrorKind::ReadOnlyFilesystem), CarrierError::ReadOnly);
        assert_eq!(of_io(ErrorKind::StorageFull), CarrierError::Full);
        let source = Box::new(std::io::Error::from(ErrorKind::PermissionDenied));
        let error = object_store::Error::Generic { store: "x", source };
        assert_eq!(of_store(&error), CarrierError::Unreadable);
        assert_eq!(of_writing(&error), CarrierError::ReadOnly);
    }

    #[test]
    fn a_full_stick_and_a_spent_quota_are_told_apart_from_a_broken_one() {
        for (kind, told) in [
            (ErrorKind::StorageFull, CarrierError::Full),
            (ErrorKind::QuotaExceeded, CarrierError::Full),
            (ErrorKind::TimedOut, CarrierError::Failed("timed out".to_owned())),
        ] {
            let error = object_store::Error::Generic { store: "test", source: Box::new(std::io::Error::from(kind)) };
            assert_eq!(of_writing(&error), told);
        }
    }
}
