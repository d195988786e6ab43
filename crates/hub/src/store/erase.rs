//! Documents that are erased for good. Their ids are kept, so that what arrives later about them is not shown and not kept;
//! nothing else of them is.

use rusqlite::{Connection, params};
use sync_schema::{DocId, Kind};

use super::{document, projection};
use crate::error::HubError;

pub(super) const V1: &str = "
CREATE TABLE erased (
    document BLOB PRIMARY KEY NOT NULL CHECK (length(document) = 16)
) STRICT, WITHOUT ROWID;
";

/// True if a document was erased.
///
/// # Errors
/// The database's own.
pub fn is_erased(connection: &Connection, id: DocId) -> Result<bool, HubError> {
    Ok(connection.prepare_cached("SELECT 1 FROM erased WHERE document = ?1")?.exists([id.as_bytes()])?)
}

/// Erases a document: itself, its rows, its words in the index, what was being typed, and what waited to be shared. True
/// if it had not been erased before.
///
/// # Errors
/// The database's own.
pub fn erase(connection: &Connection, id: DocId) -> Result<bool, HubError> {
    let mut note = connection.prepare_cached("INSERT INTO erased (document) VALUES (?1) ON CONFLICT DO NOTHING")?;
    if note.execute([id.as_bytes()])? == 0 {
        return Ok(false);
    }
    if let Some(stored) = document::find(connection, id)? {
        if let Some(kind) = stored.known_kind() {
            projection::unproject(connection, kind, stored.seq, id)?;
        }
        connection.prepare_cached("DELETE FROM document WHERE seq = ?1")?.execute([stored.seq])?;
    }
    connection.prepare_cached("DELETE FROM outbox WHERE document = ?1")?.execute([id.as_bytes()])?;
    connection.prepare_cached("DELETE FROM conversation_draft WHERE conversation = ?1")?.execute([id.as_bytes()])?;
    projection::hide_what_names(connection, id)?;
    Ok(true)
}

/// A document may come again: it was not to be erased.
///
/// # Errors
/// The database's own.
pub fn take_back(connection: &Connection, id: DocId) -> Result<(), HubError> {
    connection.prepare_cached("DELETE FROM erased WHERE document = ?1")?.execute([id.as_bytes()])?;
    Ok(())
}

/// The ids of what was erased.
///
/// # Errors
/// The database's own.
pub fn all(connection: &Connection) -> Result<Vec<DocId>, HubError> {
    let mut select = connection.prepare("SELECT document FROM erased ORDER BY document")?;
    let rows = select.query_map([], |row| row.get(0).map(DocId::from_bytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Tells another database, in which rows are made for comparing, what was erased.
pub(super) fn tell(to: &Connection, erased: &[DocId]) -> Result<(), HubError> {
    to.execute_batch(V1)?;
    for id in erased {
        to.prepare_cached("INSERT INTO erased (document) VALUES (?1)")?.execute([id.as_bytes()])?;
    }
    Ok(())
}

/// Drops every document of a scope that this laptop may not hold any more, and what was derived from them.
///
/// # Errors
/// The database's own.
pub fn forget_scope(connection: &Connection, scope: &str) -> Result<(), HubError> {
    let mut select = connection.prepare("SELECT seq, id, kind FROM document WHERE scope = ?1")?;
    let rows = select.query_map([scope], |row| {
        Ok((row.get::<_, i64>(0)?, DocId::from_bytes(row.get(1)?), row.get::<_, String>(2)?))
    })?;
    for (seq, id, kind) in rows.collect::<Result<Vec<_>, _>>()? {
        if let Some(kind) = Kind::from_code(&kind) {
            projection::unproject(connection, kind, seq, id)?;
        }
        connection.prepare_cached("DELETE FROM document WHERE seq = ?1")?.execute(params![seq])?;
    }
    Ok(())
}
