//! Waiting-list entries: who waits for what, since when, how soon. No free text and no name.

use automerge::AutoCommit;
use rusqlite::named_params;
use sync_schema::WaitingKind;
use sync_schema::document::waiting_entry;
use sync_schema::merge::waiting;

use super::{Id, Target};
use crate::error::HubError;

/// `requested_on` is the day the clock started; `band_rank` orders bands, higher sooner. `open` is 0 once closed, and
/// then `closed_on` and `outcome` are set.
pub(super) const TABLES: &str = "
CREATE TABLE waiting_entry (
    doc              INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE,
    id               BLOB NOT NULL UNIQUE,
    person           BLOB NOT NULL,
    kind             TEXT NOT NULL,
    hub              BLOB NOT NULL,
    locality         TEXT,
    band             TEXT NOT NULL,
    band_rank        INTEGER NOT NULL,
    band_in_question INTEGER NOT NULL,
    requested_on     TEXT NOT NULL,
    next_call_due    TEXT,
    open             INTEGER NOT NULL,
    closed_on        TEXT,
    outcome          TEXT,
    clash            INTEGER NOT NULL
) STRICT;
CREATE INDEX waiting_entry_open ON waiting_entry (requested_on, id) WHERE open = 1;
CREATE INDEX waiting_entry_list ON waiting_entry (open, kind, band, requested_on, id);
CREATE INDEX waiting_entry_person ON waiting_entry (person);
CREATE INDEX waiting_entry_joined ON waiting_entry (kind, requested_on, hub, band);
CREATE INDEX waiting_entry_left ON waiting_entry (kind, closed_on, hub, band) WHERE closed_on IS NOT NULL;
";

/// An entry as its table holds it.
struct Row {
    person: Id,
    kind: &'static str,
    hub: Id,
    locality: Option<String>,
    band: &'static str,
    band_rank: u8,
    band_in_question: bool,
    requested_on: String,
    next_call_due: Option<String>,
    open: bool,
    closed_on: Option<String>,
    outcome: Option<String>,
    clash: bool,
}

fn put(target: Target<'_>, row: &Row) -> Result<(), HubError> {
    target.delete("DELETE FROM waiting_entry WHERE doc = ?1")?;
    if target.is_about_the_erased(&row.person)? {
        return Ok(());
    }
    target
        .connection
        .prepare_cached(
            "INSERT INTO waiting_entry (doc, id, person, kind, hub, locality, band, band_rank, band_in_question, \
             requested_on, next_call_due, open, closed_on, outcome, clash) VALUES (:doc, :id, :person, :kind, :hub, \
             :locality, :band, :band_rank, :band_in_question, :requested_on, :next_call_due, :open, :closed_on, \
             :outcome, :clash)",
        )?
        .execute(named_params! {
            ":doc": target.doc,
            ":id": target.id.as_bytes(),
            ":person": row.person,
            ":kind": row.kind,
            ":hub": row.hub,
            ":locality": row.locality,
            ":band": row.band,
            ":band_rank": row.band_rank,
            ":band_in_question": row.band_in_question,
            ":requested_on": row.requested_on,
            ":next_call_due": row.next_call_due,
            ":open": row.open,
            ":closed_on": row.closed_on,
            ":outcome": row.outcome,
            ":clash": row.clash,
        })?;
    Ok(())
}

/// The row of an entry. One whose every request was struck out was noted in error and has none.
pub(super) fn project(target: Target<'_>, document: &AutoCommit) -> Result<(), HubError> {
    let entry = waiting_entry::read(document)?;
    let standing = waiting::stand(&entry.history);
    let Some(requested_on) = standing.requested_on else {
        return target.delete("DELETE FROM waiting_entry WHERE doc = ?1");
    };
    let row = Row {
        person: entry.person.map_or(super::NOBODY, |id| *id.as_bytes()),
        // A kind of a newer version has no word here; the entry is counted with no kind's.
        kind: entry.kind.map_or("", WaitingKind::code),
        hub: entry.hub.map_or(super::NOBODY, |id| *id.as_bytes()),
        locality: entry.locality,
        band: standing.band.code(),
        band_rank: standing.band as u8,
        band_in_question: standing.band_in_question,
        requested_on: requested_on.to_string(),
        next_call_due: standing.next_call_due.map(|day| day.to_string()),
        open: standing.closed.is_none(),
        closed_on: standing.closed.as_ref().map(|closed| closed.on.to_string()),
        outcome: standing.closed.map(|closed| closed.outcome.code().to_owned()),
        clash: standing.clash,
    };
    put(target, &row)
}
