//! Visits: the queue of a hub and day, the board, and what happened to each.

use automerge::AutoCommit;

use super::Target;
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

pub(super) fn project(_target: Target<'_>, _document: &AutoCommit) -> Result<(), HubError> {
    Ok(())
}
