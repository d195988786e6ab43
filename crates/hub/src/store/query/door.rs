//! The door: a hub's visits of one day.

use rusqlite::{Row, params};
use sync_schema::{CalendarDate, HubId, Instant, Ticket, VisitId};

use super::{Connection, HubError, instant, maybe_instant, needs, small};
use crate::ticket;
use crate::view::board::BoardTicket;
use crate::view::queue::{BeingSeen, WAIT_FRESH_BELOW_MIN, WAIT_LONG_FROM_MIN, WaitLength, Waiting};

/// A hub on one of its days.
#[derive(Debug, Clone, Copy)]
pub struct HubDay {
    /// The hub.
    pub hub: HubId,
    /// The day.
    pub day: CalendarDate,
}

const COLUMNS: &str = "doc, id, name, reason, needs, interpreter, been_before, companion, came_at, since, \
                       ticket_letter, ticket_number, day, outside_until";

/// The highest ticket number of a letter, 0 when none was given.
///
/// # Errors
/// The database's own.
pub fn highest_number(connection: &Connection, at: HubDay, letter: &str) -> Result<u32, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT coalesce(max(ticket_number), 0) FROM visit WHERE day = ?1 AND ticket_letter = ?2 AND hub = ?3",
    )?;
    Ok(small(select.query_row(params![at.day.to_string(), letter, at.hub.as_bytes()], |row| row.get(0))?))
}

/// Who waits, longest first; those who have stepped outside among them.
///
/// # Errors
/// The database's own.
pub fn waiting(connection: &Connection, at: HubDay, now: Instant) -> Result<Vec<Waiting>, HubError> {
    let mut select = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM visit WHERE hub = ?1 AND day = ?2 AND state IN ('waiting', 'outside') ORDER BY came_at, id"
    ))?;
    let rows = select.query_map(params![at.hub.as_bytes(), at.day.to_string()], |row| waiting_row(row, at, now))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many wait.
///
/// # Errors
/// The database's own.
pub fn count_waiting(connection: &Connection, at: HubDay) -> Result<u32, HubError> {
    count(connection, at, "'waiting', 'outside'")
}

/// How many have been and gone.
///
/// # Errors
/// The database's own.
pub fn count_finished(connection: &Connection, at: HubDay) -> Result<u32, HubError> {
    count(connection, at, "'left', 'done'")
}

/// Who is with a worker, those taken last first.
///
/// # Errors
/// The database's own.
pub fn being_seen(connection: &Connection, at: HubDay) -> Result<Vec<BeingSeen>, HubError> {
    let mut select = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM visit WHERE hub = ?1 AND day = ?2 AND state = 'beingSeen' ORDER BY since DESC, id"
    ))?;
    let mut takers = connection.prepare_cached(
        "SELECT by_name FROM visit_event WHERE doc = ?1 AND kind = 'taken' AND undone = 0 ORDER BY tick, event",
    )?;
    let mut rows = select.query(params![at.hub.as_bytes(), at.day.to_string()])?;
    let mut seen = Vec::new();
    while let Some(row) = rows.next()? {
        let mut with: Vec<String> = Vec::new();
        for name in takers.query_map([row.get::<_, i64>("doc")?], |taker| taker.get(0))? {
            let name = name?;
            if !with.contains(&name) {
                with.push(name);
            }
        }
        seen.push(being_seen_row(row, at, with)?);
    }
    Ok(seen)
}

/// Tickets that wait, in order, and those called last, newest first, at most four.
///
/// # Errors
/// The database's own.
pub fn tickets(connection: &Connection, at: HubDay) -> Result<(Vec<BoardTicket>, Vec<BoardTicket>), HubError> {
    let told = |states: &str, order: &str, most: i64| -> Result<Vec<BoardTicket>, HubError> {
        let mut select = connection.prepare_cached(&format!(
            "SELECT name IS NULL AS unnamed, ticket_letter, ticket_number FROM visit \
             WHERE hub = ?1 AND day = ?2 AND state IN ({states}) ORDER BY {order} LIMIT ?3"
        ))?;
        let rows = select.query_map(params![at.hub.as_bytes(), at.day.to_string(), most], |row| {
            let given = ticket_of(row, at)?;
            let friendly = row.get::<_, bool>("unnamed")?.then(|| ticket::friendly(&given));
            Ok(BoardTicket { ticket: ticket::shown(&given), friendly })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    Ok((told("'waiting', 'outside'", "came_at, id", 200)?, told("'beingSeen'", "since DESC, id", 4)?))
}

/// The name and reason given at the door; `None` when the visit is not here.
///
/// # Errors
/// The database's own; [`HubError::NotFound`].
pub fn name_given(connection: &Connection, visit: VisitId) -> Result<Option<String>, HubError> {
    Ok(connection
        .prepare_cached("SELECT name FROM visit WHERE id = ?1")?
        .query_row([visit.as_bytes()], |row| row.get(0))?)
}

/// The newest thing known to have happened anywhere: a visit, or a conversation begun. Cheap: one look a hub.
///
/// # Errors
/// The database's own.
pub fn newest_event(connection: &Connection) -> Result<Option<Instant>, HubError> {
    let visit: Option<i64> = connection.query_row(
        "SELECT max((SELECT max(came_at) FROM visit AS v WHERE v.hub = h.id AND v.day = \
         (SELECT max(day) FROM visit AS w WHERE w.hub = h.id))) FROM hub AS h",
        [],
        |row| row.get(0),
    )?;
    let talk: Option<i64> = connection.query_row("SELECT max(began_at) FROM conversation", [], |row| row.get(0))?;
    Ok(visit.max(talk).map(Instant::from_millis))
}

fn count(connection: &Connection, at: HubDay, states: &str) -> Result<u32, HubError> {
    let mut select = connection
        .prepare_cached(&format!("SELECT count(*) FROM visit WHERE hub = ?1 AND day = ?2 AND state IN ({states})"))?;
    Ok(small(select.query_row(params![at.hub.as_bytes(), at.day.to_string()], |row| row.get(0))?))
}

fn ticket_of(row: &Row<'_>, at: HubDay) -> rusqlite::Result<Ticket> {
    Ok(Ticket { letter: row.get("ticket_letter")?, number: row.get("ticket_number")?, day: at.day })
}

fn waiting_row(row: &Row<'_>, at: HubDay, now: Instant) -> rusqlite::Result<Waiting> {
    let given = ticket_of(row, at)?;
    let came_at = instant(row, "came_at")?;
    let minutes = now.minutes_since(came_at);
    Ok(Waiting {
        visit: VisitId::from_bytes(row.get("id")?),
        ticket: ticket::shown(&given),
        name: row.get("name")?,
        friendly: ticket::friendly(&given),
        reason: row.get("reason")?,
        needs: needs(row, "needs")?,
        interpreter: row.get("interpreter")?,
        been_before: row.get("been_before")?,
        companion: row.get("companion")?,
        came_at,
        minutes,
        length: length_of(minutes),
        outside_until: maybe_instant(row, "outside_until")?,
    })
}

fn being_seen_row(row: &Row<'_>, at: HubDay, with: Vec<String>) -> rusqlite::Result<BeingSeen> {
    let given = ticket_of(row, at)?;
    Ok(BeingSeen {
        visit: VisitId::from_bytes(row.get("id")?),
        ticket: ticket::shown(&given),
        name: row.get("name")?,
        friendly: ticket::friendly(&given),
        with,
        since: instant(row, "since")?,
        needs: needs(row, "needs")?,
        outside_until: maybe_instant(row, "outside_until")?,
    })
}

const fn length_of(minutes: u32) -> WaitLength {
    match minutes {
        0..WAIT_FRESH_BELOW_MIN => WaitLength::Fresh,
        WAIT_LONG_FROM_MIN.. => WaitLength::Long,
        _ => WaitLength::Middling,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_at_a_glance() {
        let lengths = [0, 14, 15, 29, 30, u32::MAX].map(length_of);
        use WaitLength::{Fresh, Long, Middling};
        assert_eq!(lengths, [Fresh, Fresh, Middling, Middling, Long, Long]);
    }
}
