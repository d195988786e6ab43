//! Whether the database is whole, and its projections what its documents make of them. Changes nothing.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::{document, erase, projection, search, sync};
use crate::error::HubError;

/// What a check found. All is well when [`Verified::is_whole`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// Documents that were read; 0 when there are faults, for then nothing more is read.
    pub documents: u64,
    /// Faults in pages or tables, as counted by SQLite and SQLCipher.
    pub page_faults: u32,
    /// Rows that point to nothing.
    pub orphans: u32,
    /// Projection and search tables whose rows are not what a rebuild makes.
    pub tables_differing: Vec<&'static str>,
    /// Streams of the shared log that are not an unbroken chain of whole, signed segments. The store alone cannot tell.
    pub broken_streams: u32,
}

impl Verified {
    /// True when nothing is wrong.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.page_faults == 0 && self.orphans == 0 && self.tables_differing.is_empty() && self.broken_streams == 0
    }
}

pub(super) fn verify(connection: &Connection) -> Result<Verified, HubError> {
    look_afresh(connection)?;
    if sync::snapshot::any_arriving(connection)? {
        return Err(HubError::StillArriving);
    }
    let page_faults = page_faults(connection)?;
    if page_faults > 0 {
        // Nothing that is read from here on could be relied upon.
        return Ok(Verified { page_faults, ..Verified::default() });
    }
    let orphans = lines(connection, "PRAGMA foreign_key_check", "")?;
    let shadow = Connection::open_in_memory()?;
    shadow.pragma_update(None, "foreign_keys", false)?;
    projection::make_tables(&shadow)?;
    erase::tell(&shadow, &erase::all(connection)?)?;
    projection::project_all(connection, &shadow)?;
    let mut tables_differing = Vec::new();
    for table in projection::TABLES {
        if digest(connection, table)? != digest(&shadow, table)? {
            tables_differing.push(*table);
        }
    }
    Ok(Verified { documents: document::count(connection)?, page_faults, orphans, tables_differing, broken_streams: 0 })
}

/// Faults in pages and tables. A page so damaged that it ends the check is one more.
fn page_faults(connection: &Connection) -> Result<u32, HubError> {
    let mut faults = 0;
    for (check, well) in [("PRAGMA cipher_integrity_check", ""), ("PRAGMA integrity_check", "ok")] {
        faults += match lines(connection, check, well) {
            Err(HubError::Damaged) => 1,
            counted => counted?,
        };
    }
    Ok(faults)
}

/// Search tables whose words are not those of the tables they index. Needs a connection that may write, and writes nothing.
pub(super) fn search_differing(connection: &Connection) -> Result<Vec<&'static str>, HubError> {
    let mut differing = Vec::new();
    for table in search::NAMES {
        match connection.execute_batch(&format!("INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")) {
            Ok(()) => {}
            Err(error) => match HubError::from(error) {
                HubError::Damaged => differing.push(*table),
                other => return Err(other),
            },
        }
    }
    Ok(differing)
}

/// Lets the search tables forget where their words lay before another connection wrote: SQLite's own check does not ask,
/// and would report as damaged what has only moved.
fn look_afresh(connection: &Connection) -> Result<(), HubError> {
    for table in search::NAMES {
        connection
            .prepare_cached(&format!("SELECT count(*) FROM {table} WHERE {table} MATCH 'any'"))?
            .query_row([], |_| Ok(()))?;
    }
    Ok(())
}

/// How many rows a check gives, other than the one that says all is well.
fn lines(connection: &Connection, check: &str, well: &str) -> Result<u32, HubError> {
    let mut statement = connection.prepare(check)?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        let says_well = matches!(row.get_ref(0)?, ValueRef::Text(text) if text == well.as_bytes());
        count += u32::from(!says_well);
    }
    Ok(count)
}

/// A hash over every row of a table, in the order of its key.
fn digest(connection: &Connection, table: &str) -> Result<blake3::Hash, HubError> {
    let mut select = connection.prepare(&format!("SELECT * FROM {table}"))?;
    let columns = select.column_count();
    let mut rows = select.query([])?;
    let mut hashes = Vec::new();
    while let Some(row) = rows.next()? {
        let mut hasher = blake3::Hasher::new();
        for column in 0..columns {
            hash_value(&mut hasher, row.get_ref(column)?);
        }
        hashes.push(*hasher.finalize().as_bytes());
    }
    hashes.sort_unstable();
    let mut all = blake3::Hasher::new();
    for hash in &hashes {
        all.update(hash);
    }
    Ok(all.finalize())
}

fn hash_value(hasher: &mut blake3::Hasher, value: ValueRef<'_>) {
    let (kind, bytes): (u8, Vec<u8>) = match value {
        ValueRef::Null => (0, Vec::new()),
        ValueRef::Integer(number) => (1, number.to_be_bytes().to_vec()),
        ValueRef::Real(number) => (2, number.to_be_bytes().to_vec()),
        ValueRef::Text(text) => (3, text.to_vec()),
        ValueRef::Blob(blob) => (4, blob.to_vec()),
    };
    hasher.update(&[kind]);
    hasher.update(&(bytes.len() as u64).to_be_bytes());
    hasher.update(&bytes);
}
