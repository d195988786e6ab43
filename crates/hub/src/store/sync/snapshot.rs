//! Snapshots as sharing remembers them: those that are being taken and how far, and where streams begin whose earlier
//! segments a snapshot stands for.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use sealed_log::{End, Hash, LogId, ScopeId, StreamId};

use super::{segment, sql};
use crate::error::HubError;

/// `sync_arriving`: the snapshot of a scope that is being taken, by its manifest, and how many of its chunks of rows and of
/// documents have been. `sync_base`: the ends that a snapshot covers, which segments follow as they follow a segment.
/// `sync_taken`: the last snapshot taken or written of a scope.
pub(in crate::store) const V1: &str = "
CREATE TABLE sync_arriving (
    scope     BLOB PRIMARY KEY NOT NULL CHECK (length(scope) = 16),
    manifest  BLOB NOT NULL,
    rows      INTEGER NOT NULL DEFAULT 0,
    documents INTEGER NOT NULL DEFAULT 0,
    shown     INTEGER NOT NULL DEFAULT 0,
    come      INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_base (
    log   BLOB NOT NULL CHECK (length(log) = 16),
    scope BLOB NOT NULL CHECK (length(scope) = 16),
    seq   INTEGER NOT NULL,
    hash  BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (log, scope, seq, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_taken (
    scope    BLOB PRIMARY KEY NOT NULL CHECK (length(scope) = 16),
    manifest BLOB NOT NULL
) STRICT, WITHOUT ROWID;
";

/// A snapshot that is being taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arriving {
    /// Of this scope.
    pub scope: ScopeId,
    /// Its manifest, verified when it was begun.
    pub manifest: Vec<u8>,
    /// Chunks of rows that have been taken.
    pub rows: usize,
    /// Chunks of documents that have been taken.
    pub documents: usize,
    /// Documents whose rows have been.
    pub shown: u64,
    /// Documents that have come.
    pub come: u64,
}

/// Every snapshot that is being taken.
///
/// # Errors
/// The database's own.
pub fn arriving(connection: &Connection) -> Result<Vec<Arriving>, HubError> {
    let mut select =
        connection.prepare_cached("SELECT scope, manifest, rows, documents, shown, come FROM sync_arriving")?;
    let rows = select.query_map([], |row| {
        Ok(Arriving {
            scope: ScopeId::from_bytes(row.get(0)?),
            manifest: row.get(1)?,
            rows: usize::try_from(row.get::<_, i64>(2)?).unwrap_or(0),
            documents: usize::try_from(row.get::<_, i64>(3)?).unwrap_or(0),
            shown: row.get::<_, i64>(4)?.unsigned_abs(),
            come: row.get::<_, i64>(5)?.unsigned_abs(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// True while any is being taken.
///
/// # Errors
/// The database's own.
pub fn any_arriving(connection: &Connection) -> Result<bool, HubError> {
    Ok(connection.prepare_cached("SELECT 1 FROM sync_arriving")?.exists([])?)
}

/// Begins to take a snapshot, in the place of one of the same scope that was begun.
///
/// # Errors
/// The database's own.
pub fn begin(connection: &Connection, scope: &ScopeId, manifest: &[u8]) -> Result<(), HubError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO sync_arriving (scope, manifest) VALUES (?1, ?2)")?
        .execute(params![scope.as_bytes(), manifest])?;
    Ok(())
}

/// Notes how far the taking has got.
///
/// # Errors
/// The database's own.
pub fn keep(connection: &Connection, now: &Arriving) -> Result<(), HubError> {
    connection
        .prepare_cached("UPDATE sync_arriving SET rows = ?2, documents = ?3, shown = ?4, come = ?5 WHERE scope = ?1")?
        .execute(params![
            now.scope.as_bytes(),
            sql(now.rows as u64),
            sql(now.documents as u64),
            sql(now.shown),
            sql(now.come)
        ])?;
    Ok(())
}

/// The taking has ended, one way or the other.
///
/// # Errors
/// The database's own.
pub fn end(connection: &Connection, scope: &ScopeId) -> Result<(), HubError> {
    connection.prepare_cached("DELETE FROM sync_arriving WHERE scope = ?1")?.execute([scope.as_bytes()])?;
    Ok(())
}

/// All that a snapshot covers is here: its streams go on from its ends.
///
/// # Errors
/// The database's own.
pub fn stand_on(
    connection: &Connection,
    scope: &ScopeId,
    ends: impl IntoIterator<Item = End>,
    manifest: &[u8],
) -> Result<(), HubError> {
    let mut streams: BTreeMap<LogId, Vec<(u64, Hash)>> = BTreeMap::new();
    for end in ends {
        streams.entry(end.log).or_default().push((end.seq, end.hash));
    }
    for (log, ends) in streams {
        segment::stand_on(connection, &StreamId { log, scope: *scope }, &ends)?;
    }
    note_taken(connection, scope, manifest)
}

/// Remembers the last snapshot of a scope that was taken or written here.
///
/// # Errors
/// The database's own.
pub fn note_taken(connection: &Connection, scope: &ScopeId, manifest: &[u8]) -> Result<(), HubError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO sync_taken (scope, manifest) VALUES (?1, ?2)")?
        .execute(params![scope.as_bytes(), manifest])?;
    Ok(())
}

/// The manifest of the last snapshot of a scope that was taken or written here.
///
/// # Errors
/// The database's own.
pub fn taken(connection: &Connection, scope: &ScopeId) -> Result<Option<Vec<u8>>, HubError> {
    let mut select = connection.prepare_cached("SELECT manifest FROM sync_taken WHERE scope = ?1")?;
    Ok(select.query_row([scope.as_bytes()], |row| row.get(0)).optional()?)
}

/// The ends of a stream that a snapshot stands for, lowest first.
///
/// # Errors
/// The database's own.
pub fn base(connection: &Connection, stream: &StreamId) -> Result<Vec<(u64, Hash)>, HubError> {
    let mut select = connection
        .prepare_cached("SELECT seq, hash FROM sync_base WHERE log = ?1 AND scope = ?2 ORDER BY seq, hash")?;
    let rows = select.query_map(params![stream.log.as_bytes(), stream.scope.as_bytes()], |row| {
        Ok((row.get::<_, i64>(0)?.unsigned_abs(), Hash::from_bytes(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The logs of a scope of which anything is held.
///
/// # Errors
/// The database's own.
pub fn logs(connection: &Connection, scope: &ScopeId) -> Result<Vec<LogId>, HubError> {
    let mut select = connection.prepare_cached("SELECT log FROM sync_stream WHERE scope = ?1")?;
    let rows = select.query_map([scope.as_bytes()], |row| row.get(0).map(LogId::from_bytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
