//! Waiting lists: how many wait, and who has waited longest.

use chrono::{NaiveDate, NaiveTime};
use rusqlite::{Connection, Row, params};
use sync_schema::{Band, CalendarDate, EntryId, HubId, Instant, PersonId, WaitingKind};

use crate::error::HubError;

/// One cell of the table of kinds and bands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// For what.
    pub kind: WaitingKind,
    /// How soon.
    pub band: Band,
    /// How many wait.
    pub people: u32,
    /// The earliest day any of them asked.
    pub since: Option<CalendarDate>,
}

/// One who waits, as the rows say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The entry.
    pub id: EntryId,
    /// Who.
    pub person: PersonId,
    /// Their name; `None` as well when names were not asked for.
    pub name: Option<String>,
    /// For what.
    pub kind: WaitingKind,
    /// How soon.
    pub band: Band,
    /// Two bands were set at once.
    pub band_in_question: bool,
    /// The hub's name; empty while its document has not arrived.
    pub hub: String,
    /// The day the clock started.
    pub requested_on: CalendarDate,
    /// The next keep-in-touch call.
    pub next_call_due: Option<CalendarDate>,
    /// Closed here and escalated there.
    pub clash: bool,
}

/// Which entries.
#[derive(Debug, Clone, Copy, Default)]
pub struct Which {
    /// One kind only.
    pub kind: Option<WaitingKind>,
    /// One band only.
    pub band: Option<Band>,
    /// One hub only.
    pub hub: Option<HubId>,
}

/// The beginning of the newest day on which somebody asked or was taken off a list, as far as is known here. Kind by
/// kind, so that each is one look at the end of an index.
///
/// # Errors
/// The database's own.
pub fn newest_day(connection: &Connection) -> Result<Option<Instant>, HubError> {
    let mut newest: Option<String> = None;
    for column in ["requested_on", "closed_on"] {
        let of_kind = format!("SELECT max({column}) FROM waiting_entry WHERE kind = ?1 AND {column} IS NOT NULL");
        let mut select = connection.prepare(&of_kind)?;
        for kind in WaitingKind::ALL {
            newest = newest.max(select.query_row([kind.code()], |row| row.get(0))?);
        }
    }
    let day = newest.and_then(|day| day.parse::<NaiveDate>().ok());
    Ok(day.map(|day| Instant::from_millis(day.and_time(NaiveTime::MIN).and_utc().timestamp_millis())))
}

/// How many wait, by kind and band. A kind or band of a newer version is not counted: there is no word for it here.
///
/// # Errors
/// The database's own.
pub fn cells(connection: &Connection) -> Result<Vec<Cell>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT kind, band, count(*) AS people, min(requested_on) AS since FROM waiting_entry WHERE open = 1 \
         GROUP BY kind, band ORDER BY kind, band",
    )?;
    let rows = select.query_map([], |row| {
        let (kind, band) = (row.get::<_, String>("kind")?, row.get::<_, String>("band")?);
        let cell = (WaitingKind::from_code(&kind)).zip(Band::from_code(&band));
        let (people, since) = (row.get("people")?, day(row, "since")?);
        Ok(cell.map(|(kind, band)| Cell { kind, band, people, since }))
    })?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// Those who wait, longest first, at most `most`; and how many there are in all.
///
/// # Errors
/// The database's own.
pub fn longest(connection: &Connection, which: Which, names: bool, most: u32) -> Result<(Vec<Entry>, u32), HubError> {
    const WHERE: &str =
        "w.open = 1 AND (?1 IS NULL OR w.kind = ?1) AND (?2 IS NULL OR w.band = ?2) AND (?3 IS NULL OR w.hub = ?3)";
    let (kind, band) = (which.kind.map(WaitingKind::code), which.band.map(Band::code));
    let hub = which.hub.as_ref().map(HubId::as_bytes);
    let total = connection
        .prepare_cached(&format!("SELECT count(*) FROM waiting_entry AS w WHERE {WHERE}"))?
        .query_row(params![kind, band, hub], |row| row.get(0))?;
    let mut select = connection.prepare_cached(&format!(
        "SELECT w.id, w.person, CASE WHEN ?4 THEN p.name END AS name, w.kind, w.band, w.band_in_question, \
         coalesce(h.name, '') AS hub, w.requested_on, w.next_call_due, w.clash \
         FROM waiting_entry AS w LEFT JOIN hub AS h ON h.id = w.hub LEFT JOIN person AS p ON ?4 AND p.id = w.person \
         WHERE {WHERE} ORDER BY w.requested_on, w.id LIMIT ?5"
    ))?;
    let rows = select.query_map(params![kind, band, hub, names, most], entry)?;
    Ok((rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect(), total))
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Option<Entry>> {
    let kind = WaitingKind::from_code(&row.get::<_, String>("kind")?);
    let band = Band::from_code(&row.get::<_, String>("band")?);
    let (Some(kind), Some(band), Some(requested_on)) = (kind, band, day(row, "requested_on")?) else { return Ok(None) };
    Ok(Some(Entry {
        id: EntryId::from_bytes(row.get("id")?),
        person: PersonId::from_bytes(row.get("person")?),
        name: row.get("name")?,
        kind,
        band,
        band_in_question: row.get("band_in_question")?,
        hub: row.get("hub")?,
        requested_on,
        next_call_due: day(row, "next_call_due")?,
        clash: row.get("clash")?,
    }))
}

fn day(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<CalendarDate>> {
    Ok(row.get::<_, Option<String>>(column)?.and_then(|text| text.parse().ok()))
}
