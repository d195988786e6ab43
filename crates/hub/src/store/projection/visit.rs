//! Visits: the queue of a hub and day, the board, and what happened to each.

use automerge::AutoCommit;
use rusqlite::named_params;
use sync_schema::document::visit::{self, EventKind, State, Ticket, Visit};
use sync_schema::{CalendarDate, Instant};

use super::{Id, Target};
use crate::error::HubError;

/// `day` is the ticket's; times are UTC milliseconds. `state` is `waiting`, `outside`, `beingSeen`, `left` or `done`,
/// since `since`; `outside_until` is also set for someone who has stepped outside while being seen.
/// `needs` is a JSON array of codes. An event's kind is `taken`, `left`, `stepped-outside`, `came-back`, `done` or
/// `undone`, and empty when a newer version knows it and this one does not. `visit_event` holds every event, those taken back (`undone = 1`) included.
pub(super) const TABLES: &str = "
CREATE TABLE visit (
    doc           INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE,
    id            BLOB NOT NULL UNIQUE,
    hub           BLOB NOT NULL,
    day           TEXT NOT NULL,
    came_at       INTEGER NOT NULL,
    name          TEXT,
    reason        TEXT NOT NULL,
    needs         TEXT NOT NULL,
    interpreter   TEXT,
    been_before   INTEGER,
    companion     TEXT,
    ticket_letter TEXT NOT NULL,
    ticket_number INTEGER NOT NULL,
    state         TEXT NOT NULL,
    since         INTEGER NOT NULL,
    outside_until INTEGER
) STRICT;
CREATE INDEX visit_queue ON visit (hub, day, state, came_at, id);
CREATE TABLE visit_event (
    doc          INTEGER NOT NULL REFERENCES visit (doc) ON DELETE CASCADE,
    event        BLOB NOT NULL,
    tick         INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    by           BLOB,
    by_name      TEXT NOT NULL,
    laptop       TEXT NOT NULL,
    conversation BLOB,
    until        INTEGER,
    undone       INTEGER NOT NULL,
    PRIMARY KEY (doc, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_event_conversation ON visit_event (conversation) WHERE conversation IS NOT NULL;
";

/// A visit as its tables hold it.
struct Row {
    hub: Id,
    day: String,
    came_at: i64,
    name: Option<String>,
    reason: String,
    needs: String,
    interpreter: Option<String>,
    been_before: Option<bool>,
    companion: Option<String>,
    ticket_letter: String,
    ticket_number: u32,
    state: &'static str,
    since: i64,
    outside_until: Option<i64>,
    events: Vec<EventRow>,
}

struct EventRow {
    event: Id,
    tick: i64,
    at: i64,
    kind: &'static str,
    by: Option<Id>,
    by_name: String,
    laptop: String,
    conversation: Option<Id>,
    until: Option<i64>,
    undone: bool,
}

fn put(target: Target<'_>, row: &Row) -> Result<(), HubError> {
    target.delete("DELETE FROM visit WHERE doc = ?1")?;
    target
        .connection
        .prepare_cached(
            "INSERT INTO visit (doc, id, hub, day, came_at, name, reason, needs, interpreter, been_before, companion, \
             ticket_letter, ticket_number, state, since, outside_until) VALUES (:doc, :id, :hub, :day, :came_at, :name, \
             :reason, :needs, :interpreter, :been_before, :companion, :ticket_letter, :ticket_number, :state, :since, \
             :outside_until)",
        )?
        .execute(named_params! {
            ":doc": target.doc,
            ":id": target.id.as_bytes(),
            ":hub": row.hub,
            ":day": row.day,
            ":came_at": row.came_at,
            ":name": row.name,
            ":reason": row.reason,
            ":needs": row.needs,
            ":interpreter": row.interpreter,
            ":been_before": row.been_before,
            ":companion": row.companion,
            ":ticket_letter": row.ticket_letter,
            ":ticket_number": row.ticket_number,
            ":state": row.state,
            ":since": row.since,
            ":outside_until": row.outside_until,
        })?;
    let mut insert = target.connection.prepare_cached(
        "INSERT INTO visit_event (doc, event, tick, at, kind, by, by_name, laptop, conversation, until, undone) \
         VALUES (:doc, :event, :tick, :at, :kind, :by, :by_name, :laptop, :conversation, :until, :undone)",
    )?;
    for event in &row.events {
        insert.execute(named_params! {
            ":doc": target.doc,
            ":event": event.event,
            ":tick": event.tick,
            ":at": event.at,
            ":kind": event.kind,
            ":by": event.by,
            ":by_name": event.by_name,
            ":laptop": event.laptop,
            ":conversation": event.conversation,
            ":until": event.until,
            ":undone": event.undone,
        })?;
    }
    Ok(())
}

/// The rows of a visit.
pub(super) fn project(target: Target<'_>, document: &AutoCommit) -> Result<(), HubError> {
    let visit = visit::read(document)?;
    let (state, since) = visit.state_since();
    let outside_until = match state {
        State::Outside { until } => Some(until),
        State::BeingSeen { outside_until, .. } => outside_until,
        State::Waiting | State::Left | State::Done => None,
    };
    let events = visit.history.events().iter().map(|event| EventRow::of(&visit, event)).collect();
    let ticket = visit.ticket.unwrap_or_else(|| Ticket {
        letter: String::new(),
        number: 0,
        day: CalendarDate::new(visit.came_at.to_utc().date_naive()),
    });
    let row = Row {
        hub: visit.hub.map_or(super::NOBODY, |hub| *hub.as_bytes()),
        day: ticket.day.to_string(),
        came_at: visit.came_at.millis(),
        name: visit.name,
        reason: visit.reason,
        needs: super::codes(&visit.needs)?,
        interpreter: visit.interpreter,
        been_before: visit.been_before,
        companion: visit.companion,
        ticket_letter: ticket.letter,
        ticket_number: ticket.number,
        state: state.code(),
        since: since.millis(),
        outside_until: outside_until.map(Instant::millis),
        events,
    };
    put(target, &row)
}

impl EventRow {
    fn of(visit: &Visit, event: &visit::Event) -> Self {
        let (conversation, until) = match event.kind {
            Some(EventKind::Taken { conversation }) => (Some(*conversation.as_bytes()), None),
            Some(EventKind::SteppedOutside { until }) => (None, Some(until.millis())),
            Some(EventKind::Left | EventKind::CameBack | EventKind::Done | EventKind::Undone { .. }) | None => {
                (None, None)
            }
        };
        Self {
            event: *event.id.as_bytes(),
            tick: event.tick,
            at: event.at.millis(),
            kind: event.kind.map_or("", |kind| kind.code()),
            by: event.by.map(|by| *by.as_bytes()),
            by_name: event.by_name.clone(),
            laptop: event.laptop.clone(),
            conversation,
            until,
            undone: visit.is_undone(event.id),
        }
    }
}
