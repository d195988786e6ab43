//! The council's register: its name, its hubs, its people.

use rusqlite::{OptionalExtension, Row};
use sync_schema::{HubId, TeamMemberId};

use super::{Connection, HubError};
use crate::view::shell::{HubRow, Me, Role};

/// The council's name, once its document is here.
///
/// # Errors
/// The database's own.
pub fn council_name(connection: &Connection) -> Result<Option<String>, HubError> {
    let mut select = connection.prepare_cached("SELECT name FROM council ORDER BY id LIMIT 1")?;
    Ok(select.query_row([], |row| row.get(0)).optional()?)
}

/// A hub's name, once its document is here.
///
/// # Errors
/// The database's own.
pub fn hub_name(connection: &Connection, hub: HubId) -> Result<Option<String>, HubError> {
    let mut select = connection.prepare_cached("SELECT name FROM hub WHERE id = ?1")?;
    Ok(select.query_row([hub.as_bytes()], |row| row.get(0)).optional()?)
}

/// The hubs, by name.
///
/// # Errors
/// The database's own.
pub fn hubs(connection: &Connection) -> Result<Vec<HubRow>, HubError> {
    let mut select = connection.prepare_cached("SELECT id, name FROM hub ORDER BY name, id")?;
    let rows =
        select.query_map([], |row| Ok(HubRow { id: HubId::from_bytes(row.get("id")?), name: row.get("name")? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A hub's locality, if it has one.
///
/// # Errors
/// [`HubError::NotFound`]; the database's own.
pub fn locality(connection: &Connection, hub: HubId) -> Result<Option<String>, HubError> {
    let mut select = connection.prepare_cached("SELECT locality FROM hub WHERE id = ?1")?;
    Ok(select.query_row([hub.as_bytes()], |row| row.get(0))?)
}

/// When a hub's session on a weekday (1 Monday to 7) closes, `HH:MM`; `None` when it does not open.
///
/// # Errors
/// The database's own.
pub fn closes(connection: &Connection, hub: HubId, weekday: u32) -> Result<Option<String>, HubError> {
    let mut select = connection.prepare_cached("SELECT sessions FROM hub WHERE id = ?1")?;
    let sessions: Option<String> = select.query_row([hub.as_bytes()], |row| row.get(0)).optional()?;
    let sessions: std::collections::BTreeMap<String, String> =
        sessions.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    let span = sessions.get(&weekday.to_string());
    Ok(span.and_then(|span| span.split_once('-')).map(|(_, closes)| closes.trim().to_owned()))
}

/// People of the register who are active, by name.
///
/// # Errors
/// The database's own.
pub fn team(connection: &Connection) -> Result<Vec<Me>, HubError> {
    let mut select =
        connection.prepare_cached("SELECT id, name, role FROM team_member WHERE active = 1 ORDER BY name, id")?;
    let rows = select.query_map([], member)?;
    Ok(rows.collect::<Result<Vec<Option<Me>>, _>>()?.into_iter().flatten().collect())
}

/// A role of a newer version cannot sign in here.
fn member(row: &Row<'_>) -> rusqlite::Result<Option<Me>> {
    let id = TeamMemberId::from_bytes(row.get("id")?);
    let name = row.get("name")?;
    Ok(Role::from_code(&row.get::<_, String>("role")?).map(|role| Me { id, name, role }))
}
