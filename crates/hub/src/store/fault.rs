//! What an error of SQLite means to a person. Its own text never leaves: it could quote what was typed.

use rusqlite::ffi;
use sync_schema::SchemaError;

use crate::error::HubError;

impl From<rusqlite::Error> for HubError {
    fn from(error: rusqlite::Error) -> Self {
        match &error {
            rusqlite::Error::QueryReturnedNoRows => Self::NotFound,
            // A page that fails its check comes back as a bare SQLITE_ERROR; a mistake in our SQL would bring words of its own.
            rusqlite::Error::SqliteFailure(failure, text)
                if failure.extended_code == ffi::SQLITE_ERROR
                    && text.as_deref().is_none_or(|text| text == "SQL logic error") =>
            {
                Self::Damaged
            }
            rusqlite::Error::SqliteFailure(failure, _) => of_code(failure.extended_code),
            rusqlite::Error::SqlInputError { error: failure, .. } => of_code(failure.extended_code),
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..) => Self::unexpected("store/column"),
            _ => Self::unexpected("store"),
        }
    }
}

impl From<SchemaError> for HubError {
    fn from(error: SchemaError) -> Self {
        match error {
            SchemaError::NotThisKind => Self::unexpected("schema/kind"),
            SchemaError::PartMissing => Self::unexpected("schema/part"),
            SchemaError::Refused => Self::unexpected("schema/edit"),
        }
    }
}

fn of_code(extended: i32) -> HubError {
    match extended {
        ffi::SQLITE_IOERR_DELETE | ffi::SQLITE_CANTOPEN_FULLPATH => {
            return HubError::FileFailed { place: "the database" };
        }
        // Growing the shared-memory file or syncing a folder fails so on a full disk, where writing would say FULL.
        ffi::SQLITE_IOERR_SHMSIZE => return HubError::DiskFull,
        _ => {}
    }
    match extended & 0xff {
        ffi::SQLITE_FULL => HubError::DiskFull,
        ffi::SQLITE_READONLY | ffi::SQLITE_PERM => HubError::ReadOnly,
        ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB => HubError::Damaged,
        ffi::SQLITE_IOERR | ffi::SQLITE_CANTOPEN => HubError::FileFailed { place: "the database" },
        _ => HubError::Unexpected { place: "store", code: extended },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_sqlite_s_codes_has_its_sentence() {
        for (code, told) in [
            (ffi::SQLITE_FULL, HubError::DiskFull),
            (ffi::SQLITE_IOERR_SHMSIZE, HubError::DiskFull),
            (ffi::SQLITE_READONLY_DBMOVED, HubError::ReadOnly),
            (ffi::SQLITE_READONLY_DIRECTORY, HubError::ReadOnly),
            (ffi::SQLITE_CORRUPT_INDEX, HubError::Damaged),
            (ffi::SQLITE_NOTADB, HubError::Damaged),
            (ffi::SQLITE_IOERR_WRITE, HubError::FileFailed { place: "the database" }),
            (ffi::SQLITE_CANTOPEN_FULLPATH, HubError::FileFailed { place: "the database" }),
            (ffi::SQLITE_BUSY, HubError::Unexpected { place: "store", code: ffi::SQLITE_BUSY }),
        ] {
            assert_eq!(of_code(code), told, "{code}");
        }
    }
}
