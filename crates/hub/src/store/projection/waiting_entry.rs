//! Waiting-list entries: who waits for what, since when, how soon. No free text and no name.

use automerge::AutoCommit;

use super::Target;
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

pub(super) fn project(_target: Target<'_>, _document: &AutoCommit) -> Result<(), HubError> {
    Ok(())
}
