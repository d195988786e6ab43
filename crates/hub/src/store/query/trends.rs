//! Stays on a waiting list, and the hubs they are charted by.

use std::collections::HashMap;

use chrono::NaiveDate;
use rusqlite::{Connection, params};
use sync_schema::{Band, HubId, WaitingKind};

use crate::error::HubError;

/// One stay on a list, as the rows say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StayRow {
    /// The day the clock started.
    pub requested_on: NaiveDate,
    /// The day it was closed, and with what outcome, if it is closed.
    pub closed: Option<(NaiveDate, String)>,
}

/// A hub with its opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubOpening {
    /// The hub.
    pub id: HubId,
    /// Its name.
    pub name: String,
    /// The day it opened, if that is known.
    pub opened_on: Option<NaiveDate>,
}

/// The stays on a list that were not over before `from`: of one kind, and of one hub or band where one is given.
///
/// # Errors
/// The database's own.
pub fn stays(
    connection: &Connection,
    kind: WaitingKind,
    hub: Option<HubId>,
    band: Option<Band>,
    from: NaiveDate,
) -> Result<Vec<StayRow>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT requested_on, CASE open WHEN 0 THEN closed_on END, outcome FROM waiting_entry \
         WHERE kind = ?1 AND (?2 IS NULL OR hub = ?2) AND (?3 IS NULL OR band = ?3) \
         AND (open = 1 OR closed_on >= ?4)",
    )?;
    let hub = hub.as_ref().map(HubId::as_bytes);
    let rows = select.query_map(params![kind.code(), hub, band.map(Band::code), from.to_string()], |row| {
        let (asked, closed) = (row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?);
        Ok((asked, closed, row.get::<_, Option<String>>(2)?))
    })?;
    let mut stays = Vec::new();
    for row in rows {
        let (asked, closed, outcome) = row?;
        let Ok(requested_on) = asked.parse() else { continue };
        let closed = closed.and_then(|day| day.parse().ok()).map(|day| (day, outcome.unwrap_or_default()));
        stays.push(StayRow { requested_on, closed });
    }
    Ok(stays)
}

/// Every hub, by name.
///
/// # Errors
/// The database's own.
pub fn hubs(connection: &Connection) -> Result<Vec<HubOpening>, HubError> {
    let mut select = connection.prepare_cached("SELECT id, name, opened_on FROM hub ORDER BY name, id")?;
    let rows = select.query_map([], |row| {
        Ok(HubOpening {
            id: HubId::from_bytes(row.get("id")?),
            name: row.get("name")?,
            opened_on: row.get::<_, Option<String>>("opened_on")?.and_then(|day| day.parse().ok()),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The council's targets, in days, by kind.
///
/// # Errors
/// The database's own.
pub fn targets(connection: &Connection) -> Result<HashMap<String, u32>, HubError> {
    let mut select = connection.prepare_cached("SELECT targets FROM council ORDER BY id")?;
    let mut all = HashMap::new();
    for json in select.query_map([], |row| row.get::<_, String>(0))? {
        all.extend(serde_json::from_str::<HashMap<String, u32>>(&json?).unwrap_or_default());
    }
    Ok(all)
}
