//! The tables of the truth, from the first release on. Released steps are never edited: tables only grow.
//!
//! What is derived is not here: `projection` drops and makes its tables again when their shape changes.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::{document, draft, erase, outbox, setting, sync};
use crate::error::HubError;

/// One step a table and release. The number of steps is the file's `user_version`.
const STEPS: &[M<'_>] = &[
    M::up(document::V1),
    M::up(outbox::V1),
    M::up(setting::V1),
    M::up(draft::V1),
    M::up(sync::V1),
    M::up(sync::V2),
    M::up(erase::V1),
    M::up(sync::V3),
    M::up(sync::snapshot::V1),
    M::up(sync::sealed::V1),
];

/// Brings an older file up to this version.
pub(super) fn up(connection: &mut Connection) -> Result<(), HubError> {
    Migrations::from_slice(STEPS).to_latest(connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
        rusqlite_migration::Error::MigrationDefinition(_) => HubError::MadeByNewer,
        _ => HubError::unexpected("store/migration"),
    })
}

/// The file's version, 0 when no table was ever made.
pub(super) fn version_of(connection: &Connection) -> Result<usize, HubError> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    usize::try_from(version).map_err(|_| HubError::Damaged)
}

/// The version this program makes.
pub(super) const fn newest() -> usize {
    STEPS.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_run_up_from_nothing() {
        Migrations::from_slice(STEPS).validate().unwrap();
    }
}
