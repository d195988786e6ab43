//! The roster's entries as they were signed, laptops' names, and what each laptop last stated.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use sealed_log::{Hash, LaptopId, LogId};

use crate::error::HubError;

/// A laptop's own words about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaptopRow {
    /// Which.
    pub laptop: LaptopId,
    /// What it is called.
    pub name: String,
    /// The letter of its tickets.
    pub letter: String,
    /// The role it was invited for, as a code; none on the founding laptop.
    pub role: Option<String>,
}

/// A laptop's last statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRow {
    /// Whose.
    pub log: LogId,
    /// Which.
    pub number: u64,
    /// As it was signed.
    pub statement: Vec<u8>,
}

/// Every entry.
///
/// # Errors
/// The database's own.
pub fn entries(connection: &Connection) -> Result<Vec<Vec<u8>>, HubError> {
    let mut select = connection.prepare_cached("SELECT entry FROM sync_roster")?;
    let rows = select.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every entry's hash.
///
/// # Errors
/// The database's own.
pub fn hashes(connection: &Connection) -> Result<BTreeSet<Hash>, HubError> {
    let mut select = connection.prepare_cached("SELECT hash FROM sync_roster")?;
    let rows = select.query_map([], |row| row.get(0).map(Hash::from_bytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps an entry.
///
/// # Errors
/// The database's own.
pub fn add_entry(connection: &Connection, hash: &Hash, entry: &[u8]) -> Result<(), HubError> {
    connection
        .prepare_cached("INSERT INTO sync_roster (hash, entry) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![hash.as_bytes(), entry])?;
    Ok(())
}

/// What a laptop is called.
///
/// # Errors
/// The database's own.
pub fn put_laptop(connection: &Connection, row: &LaptopRow) -> Result<(), HubError> {
    connection
        .prepare_cached(
            "INSERT INTO sync_laptop (laptop, name, letter, role) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET name = excluded.name, letter = excluded.letter, role = excluded.role",
        )?
        .execute(params![row.laptop.as_bytes(), row.name, row.letter, row.role])?;
    Ok(())
}

/// Every laptop that has a name.
///
/// # Errors
/// The database's own.
pub fn laptops(connection: &Connection) -> Result<Vec<LaptopRow>, HubError> {
    let mut select = connection.prepare_cached("SELECT laptop, name, letter, role FROM sync_laptop")?;
    let rows = select.query_map([], |row| {
        Ok(LaptopRow {
            laptop: LaptopId::from_bytes(row.get(0)?),
            name: row.get(1)?,
            letter: row.get(2)?,
            role: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps a statement in the place of the log's older one.
///
/// # Errors
/// The database's own.
pub fn put_seen(connection: &Connection, log: &LogId, number: u64, statement: &[u8]) -> Result<(), HubError> {
    connection
        .prepare_cached(
            "INSERT INTO sync_seen (log, number, statement) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET number = excluded.number, statement = excluded.statement
             WHERE excluded.number > sync_seen.number",
        )?
        .execute(params![log.as_bytes(), super::sql(number), statement])?;
    Ok(())
}

/// Every log's last statement.
///
/// # Errors
/// The database's own.
pub fn seen(connection: &Connection) -> Result<Vec<SeenRow>, HubError> {
    let mut select = connection.prepare_cached("SELECT log, number, statement FROM sync_seen")?;
    let rows = select.query_map([], read_seen)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One log's last statement.
///
/// # Errors
/// The database's own.
pub fn seen_of(connection: &Connection, log: &LogId) -> Result<Option<SeenRow>, HubError> {
    let mut select = connection.prepare_cached("SELECT log, number, statement FROM sync_seen WHERE log = ?1")?;
    Ok(select.query_row([log.as_bytes()], read_seen).optional()?)
}

fn read_seen(row: &rusqlite::Row<'_>) -> rusqlite::Result<SeenRow> {
    Ok(SeenRow {
        log: LogId::from_bytes(row.get(0)?),
        number: row.get::<_, i64>(1)?.unsigned_abs(),
        statement: row.get(2)?,
    })
}

/// What grows whenever the roster does, and whenever somebody states anew.
///
/// # Errors
/// The database's own.
pub fn newest(connection: &Connection) -> Result<(u64, u64), HubError> {
    let newest: (i64, i64) = connection.query_row(
        "SELECT (SELECT count(*) FROM sync_roster), (SELECT coalesce(sum(number), 0) FROM sync_seen)",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok((newest.0.unsigned_abs(), newest.1.unsigned_abs()))
}
