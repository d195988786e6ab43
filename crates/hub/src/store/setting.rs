//! What this laptop alone knows about itself, by name: its name, letter, folder to share through, keys of its own.
//! Never shared, and covered by the same encryption.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::HubError;

pub(super) const V1: &str = "
CREATE TABLE setting (
    name  TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
";

/// A setting's bytes.
///
/// # Errors
/// The database's own.
pub fn bytes(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>, HubError> {
    let mut select = connection.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
    Ok(select.query_row([name], |row| row.get(0)).optional()?)
}

/// Sets a setting's bytes.
///
/// # Errors
/// The database's own.
pub fn put_bytes(connection: &Connection, name: &str, value: &[u8]) -> Result<(), HubError> {
    connection
        .prepare_cached(
            "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute(params![name, value])?;
    Ok(())
}

/// A setting kept as JSON. `None` when it is missing, or is not what is asked for.
///
/// # Errors
/// The database's own.
pub fn get<T: DeserializeOwned>(connection: &Connection, name: &str) -> Result<Option<T>, HubError> {
    Ok(bytes(connection, name)?.and_then(|value| serde_json::from_slice(&value).ok()))
}

/// Sets a setting as JSON.
///
/// # Errors
/// The database's own.
pub fn put<T: Serialize>(connection: &Connection, name: &str, value: &T) -> Result<(), HubError> {
    put_bytes(connection, name, &serde_json::to_vec(value).map_err(|_| HubError::unexpected("store/setting"))?)
}

/// The settings whose names begin so, by name. What is not what is asked for is left out.
///
/// # Errors
/// The database's own.
pub fn beginning<T: DeserializeOwned>(connection: &Connection, with: &str) -> Result<Vec<(String, T)>, HubError> {
    let mut select =
        connection.prepare_cached("SELECT name, value FROM setting WHERE substr(name, 1, length(?1)) = ?1")?;
    let rows = select.query_map([with], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    let all = rows.collect::<Result<Vec<(String, Vec<u8>)>, _>>()?;
    Ok(all.into_iter().filter_map(|(name, value)| Some((name, serde_json::from_slice(&value).ok()?))).collect())
}

/// Removes a setting.
///
/// # Errors
/// The database's own.
pub fn remove(connection: &Connection, name: &str) -> Result<(), HubError> {
    connection.prepare_cached("DELETE FROM setting WHERE name = ?1")?.execute([name])?;
    Ok(())
}
