//! Changes made on this laptop that have not been put into a segment yet. One row a change.

use rusqlite::{Connection, params};
use sync_schema::{DocId, Scope};

use super::RunNonce;
use crate::error::HubError;

pub(super) const V1: &str = "
CREATE TABLE outbox (
    seq      INTEGER PRIMARY KEY,
    document BLOB NOT NULL CHECK (length(document) = 16),
    scope    TEXT NOT NULL,
    run      BLOB NOT NULL CHECK (length(run) = 16),
    change   BLOB NOT NULL
) STRICT;
CREATE INDEX outbox_document ON outbox (scope, document);
";

/// Most bytes of one change: as many as one record carries, beside what a record says of it.
pub const CHANGE_MOST: usize = sealed_log::MAX_RECORD - 64;

/// One change that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its number: later ones are higher, for as long as earlier ones wait.
    pub seq: i64,
    /// Whose change it is.
    pub document: DocId,
    /// The run it was made under.
    pub run: RunNonce,
    /// Automerge's raw bytes of one change.
    pub change: Vec<u8>,
}

/// What waits in a scope, document by document and each document's in the order of its making, at most `most`.
///
/// # Errors
/// The database's own.
pub fn waiting(connection: &Connection, scope: Scope, most: u32) -> Result<Vec<Waiting>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT seq, document, run, change FROM outbox WHERE scope = ?1 ORDER BY document, seq LIMIT ?2",
    )?;
    let rows = select.query_map(params![scope.code(), most], |row| {
        Ok(Waiting {
            seq: row.get("seq")?,
            document: DocId::from_bytes(row.get("document")?),
            run: row.get("run")?,
            change: row.get("change")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many documents have changes that wait.
///
/// # Errors
/// The database's own.
pub fn documents_waiting(connection: &Connection) -> Result<u32, HubError> {
    Ok(connection
        .query_row("SELECT count(*) FROM (SELECT DISTINCT scope, document FROM outbox)", [], |row| row.get(0))?)
}

/// Takes rows out, in the transaction that keeps the segment they went into.
///
/// # Errors
/// The database's own.
pub fn sealed(connection: &Connection, seqs: &[i64]) -> Result<(), HubError> {
    let mut delete = connection.prepare_cached("DELETE FROM outbox WHERE seq = ?1")?;
    for seq in seqs {
        delete.execute([seq])?;
    }
    Ok(())
}

pub(super) fn append(
    connection: &Connection,
    id: DocId,
    scope: &str,
    run: RunNonce,
    change: &[u8],
) -> Result<(), HubError> {
    connection
        .prepare_cached("INSERT INTO outbox (document, scope, run, change) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![id.as_bytes(), scope, run, change])?;
    Ok(())
}
