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

/// What stands in the place of a document of which only rows have come yet: no document begins so. Behind it a hash of those
/// rows, or nothing when none are shown.
const COMING: u8 = 0;

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
    /// [`HubError::StillArriving`] when only its rows are here; [`HubError::Damaged`] when the bytes are no document.
    pub fn load(&self) -> Result<AutoCommit, HubError> {
        if !self.has_come() {
            return Err(HubError::StillArriving);
        }
        AutoCommit::load(&self.saved).map_err(|_| HubError::Damaged)
    }

    /// False while only its rows are here, and the document itself is on its way.
    #[must_use]
    pub fn has_come(&self) -> bool {
        self.saved.first() != Some(&COMING)
    }

    /// The hash of the rows that are shown until it comes.
    pub(super) fn rows_shown(&self) -> Option<&[u8]> {
        self.saved.split_first().filter(|(mark, hash)| **mark == COMING && !hash.is_empty()).map(|(_, hash)| hash)
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

/// The documents of a scope behind an id, in the order of their ids, at most `most`.
///
/// # Errors
/// The database's own.
pub fn following(
    connection: &Connection,
    scope: Scope,
    behind: Option<DocId>,
    most: u32,
) -> Result<Vec<Stored>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT seq, id, kind, scope, saved FROM document WHERE scope = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
    )?;
    let behind = behind.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    let rows = select.query_map(params![scope.code(), behind, most], Stored::of_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Number, id and kind of each of a scope's documents of which only rows are here.
pub(super) fn coming(connection: &Connection, scope: Scope) -> Result<Vec<(i64, DocId, String)>, HubError> {
    let mut select =
        connection.prepare("SELECT seq, id, kind FROM document WHERE scope = ?1 AND substr(saved, 1, 1) = x'00'")?;
    let rows =
        select.query_map([scope.code()], |row| Ok((row.get(0)?, DocId::from_bytes(row.get(1)?), row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The rows shown for documents that are on their way are gone: the documents will have to make them.
pub(super) fn nothing_shown(connection: &Connection) -> Result<(), HubError> {
    connection.execute("UPDATE document SET saved = x'00' WHERE substr(saved, 1, 1) = x'00'", [])?;
    Ok(())
}

/// Adds the place of a document whose rows are shown before it comes. `None` when the id is taken.
pub(super) fn expect(
    connection: &Connection,
    id: DocId,
    (kind, scope): (&str, &str),
    rows: &[u8; 32],
) -> Result<Option<i64>, HubError> {
    let place = [[COMING].as_slice(), rows].concat();
    insert(connection, id, kind, scope, &place)
}

/// Takes one out; its rows go with it.
pub(super) fn remove(connection: &Connection, seq: i64) -> Result<(), HubError> {
    connection.prepare_cached("DELETE FROM document WHERE seq = ?1")?.execute([seq])?;
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
