//! Visits: the queue of a hub and day, the board, and what happened to each.

use automerge::AutoCommit;
use rusqlite::named_params;

use super::{Id, Target};
use crate::error::HubError;

/// `day` is the ticket's; times are UTC milliseconds. `state` is `waiting`, `outside`, `beingSeen`, `left` or `done`,
/// since `since`; `outside_until` is also set for someone who has stepped outside while being seen.
/// `needs` is a JSON array of codes. `visit_event` holds every event, those taken back (`undone = 1`) included.
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
CREATE INDEX visit_ticket ON visit (day, ticket_letter, ticket_number);
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
    kind: String,
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

pub(super) fn project(_target: Target<'_>, _document: &AutoCommit) -> Result<(), HubError> {
    Ok(())
}
