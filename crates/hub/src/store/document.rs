//! The documents themselves: the truth, from which all else here is derived.

use automerge::AutoCommit;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sync_schema::{DocId, Kind, Scope};

use crate::error::HubError;

pub(super) const V1: &str = "
CREATE TABLE document (
    seq   INTEGER PRIMARY KEY,
    id    BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    kind  TEXT NOT NULL,
    scope TEXT NOT NULL,
    saved BLOB NOT NULL
) STRICT;
";

/// A document as it lies here. `seq` is this laptop's own number for it: rows of projections hang on it, and it says
/// nothing to another laptop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// This laptop's number.
    pub seq: i64,
    /// Its id.
    pub id: DocId,
    /// The code of its kind; one that this version does not know is kept all the same.
    pub kind: String,
    /// The code of the scope whose stream carries it.
    pub scope: String,
    /// As Automerge saved it.
    pub saved: Vec<u8>,
}

impl Stored {
    /// Its kind, if this version knows it.
    #[must_use]
    pub fn known_kind(&self) -> Option<Kind> {
        Kind::from_code(&self.kind)
    }

    /// The document.
    ///
    /// # Errors
    /// [`HubError::Damaged`] when the bytes are no document.
    pub fn load(&self) -> Result<AutoCommit, HubError> {
        AutoCommit::load(&self.saved).map_err(|_| HubError::Damaged)
    }

    fn of_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get("seq")?,
            id: DocId::from_bytes(row.get("id")?),
            kind: row.get("kind")?,
            scope: row.get("scope")?,
            saved: row.get("saved")?,
        })
    }
}

/// A document by its id.
///
/// # Errors
/// The database's own.
pub fn find(connection: &Connection, id: DocId) -> Result<Option<Stored>, HubError> {
    let mut select = connection.prepare_cached("SELECT seq, id, kind, scope, saved FROM document WHERE id = ?1")?;
    Ok(select.query_row([id.as_bytes()], Stored::of_row).optional()?)
}

/// Calls `each` for every document of a scope (of all, when `None`), in this laptop's order.
///
/// # Errors
/// The database's own, and what `each` says.
pub fn for_each(
    connection: &Connection,
    scope: Option<Scope>,
    mut each: impl FnMut(Stored) -> Result<(), HubError>,
) -> Result<(), HubError> {
    let mut select = connection
        .prepare("SELECT seq, id, kind, scope, saved FROM document WHERE ?1 IS NULL OR scope = ?1 ORDER BY seq")?;
    let mut rows = select.query([scope.map(Scope::code)])?;
    while let Some(row) = rows.next()? {
        each(Stored::of_row(row)?)?;
    }
    Ok(())
}

/// How many documents there are.
///
/// # Errors
/// The database's own.
pub fn count(connection: &Connection) -> Result<u64, HubError> {
    let count: i64 = connection.query_row("SELECT count(*) FROM document", [], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// Adds one, and says its number. `None` when the id is taken.
pub(super) fn insert(
    connection: &Connection,
    id: DocId,
    kind: &str,
    scope: &str,
    saved: &[u8],
) -> Result<Option<i64>, HubError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO document (id, kind, scope, saved) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO NOTHING",
    )?;
    let added = insert.execute(params![id.as_bytes(), kind, scope, saved])?;
    Ok((added == 1).then(|| connection.last_insert_rowid()))
}

/// Puts a later state in its place.
pub(super) fn update(connection: &Connection, seq: i64, saved: &[u8]) -> Result<(), HubError> {
    connection.prepare_cached("UPDATE document SET saved = ?2 WHERE seq = ?1")?.execute(params![seq, saved])?;
    Ok(())
}
