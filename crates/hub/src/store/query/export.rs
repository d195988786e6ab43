//! Rows for the files of an export, as text, a row at a time.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params_from_iter};

use crate::error::HubError;

/// What each file's rows are: the query's columns, in the order of the file's heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// Everyone who is or was on a list; names where `casework` is held.
    WaitingList,
    /// The same without names.
    WaitingListWithoutNames,
    /// Every visit.
    Visits,
    /// Every listing.
    Listings,
}

impl Rows {
    const fn sql(self) -> &'static str {
        match self {
            Self::WaitingList => {
                "SELECT lower(hex(w.id)), p.name, w.kind, w.band, h.name, w.locality, w.requested_on, w.next_call_due, \
                 CASE w.open WHEN 1 THEN 'waiting' ELSE 'closed' END, w.closed_on, w.outcome \
                 FROM waiting_entry AS w LEFT JOIN hub AS h ON h.id = w.hub LEFT JOIN person AS p ON p.id = w.person \
                 ORDER BY w.requested_on, w.id"
            }
            Self::WaitingListWithoutNames => {
                "SELECT lower(hex(w.id)), w.kind, w.band, h.name, w.locality, w.requested_on, w.next_call_due, \
                 CASE w.open WHEN 1 THEN 'waiting' ELSE 'closed' END, w.closed_on, w.outcome \
                 FROM waiting_entry AS w LEFT JOIN hub AS h ON h.id = w.hub ORDER BY w.requested_on, w.id"
            }
            Self::Visits => {
                "SELECT v.day, h.name, v.ticket_letter || v.ticket_number, v.name, v.reason, \
                 (SELECT group_concat(value, '; ') FROM json_each(v.needs)), v.interpreter, v.companion, \
                 CASE v.been_before WHEN 1 THEN 'yes' WHEN 0 THEN 'no' END, \
                 strftime('%Y-%m-%dT%H:%M:%SZ', v.came_at / 1000, 'unixepoch'), v.state \
                 FROM visit AS v LEFT JOIN hub AS h ON h.id = v.hub ORDER BY v.came_at, v.id"
            }
            Self::Listings => {
                "SELECT l.name, l.organisation, l.summary, l.opening, l.place, l.cost, l.phone, l.email, l.url, l.address, \
                 l.postcode, (SELECT group_concat(value, '; ') FROM json_each(l.categories)), \
                 CASE l.active WHEN 1 THEN 'active' ELSE 'not active' END, l.checked_on \
                 FROM listing AS l ORDER BY l.name, l.id"
            }
        }
    }
}

/// Calls `each` for every row, its cells as text; nothing is an empty cell.
///
/// # Errors
/// The database's own, and what `each` says.
pub fn for_each(
    connection: &Connection,
    rows: Rows,
    mut each: impl FnMut(&[String]) -> Result<(), HubError>,
) -> Result<(), HubError> {
    let mut select = connection.prepare(rows.sql())?;
    let columns = select.column_count();
    let mut found = select.query(params_from_iter(std::iter::empty::<i64>()))?;
    while let Some(row) = found.next()? {
        let mut cells = Vec::with_capacity(columns);
        for column in 0..columns {
            cells.push(match row.get_ref(column)? {
                ValueRef::Integer(number) => number.to_string(),
                ValueRef::Real(number) => number.to_string(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                ValueRef::Null | ValueRef::Blob(_) => String::new(),
            });
        }
        each(&cells)?;
    }
    Ok(())
}
