//! Conversations: their texts, who does what by when, and where we pointed people.

use automerge::AutoCommit;

use super::Target;
use crate::error::HubError;

/// `conversation_text.tool` is the tool's code, own words included; empty texts have no row. `agreed` and `signpost`
/// hold what stands, not what was taken back; show them in the order of `tick`, then id.
pub(super) const TABLES: &str = "
CREATE TABLE conversation (
    doc         INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE,
    id          BLOB NOT NULL UNIQUE,
    person      BLOB NOT NULL,
    visit       BLOB,
    worker      BLOB NOT NULL,
    worker_name TEXT NOT NULL,
    own_words   TEXT NOT NULL,
    began_at    INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX conversation_person ON conversation (person, began_at);
CREATE INDEX conversation_began ON conversation (began_at);
CREATE INDEX conversation_open ON conversation (worker, began_at) WHERE finished_at IS NULL;
CREATE TABLE conversation_text (
    doc  INTEGER NOT NULL REFERENCES conversation (doc) ON DELETE CASCADE,
    tool TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (doc, tool)
) STRICT, WITHOUT ROWID;
CREATE TABLE agreed (
    doc     INTEGER NOT NULL REFERENCES conversation (doc) ON DELETE CASCADE,
    action  BLOB NOT NULL,
    tick    INTEGER NOT NULL,
    who     TEXT NOT NULL,
    what    TEXT NOT NULL,
    by_when TEXT,
    by_name TEXT NOT NULL,
    done    INTEGER NOT NULL,
    PRIMARY KEY (doc, action)
) STRICT, WITHOUT ROWID;
CREATE TABLE signpost (
    doc        INTEGER NOT NULL REFERENCES conversation (doc) ON DELETE CASCADE,
    signpost   BLOB NOT NULL,
    tick       INTEGER NOT NULL,
    listing    BLOB NOT NULL,
    name       TEXT NOT NULL,
    opening    TEXT,
    checked_on TEXT,
    by_name    TEXT NOT NULL,
    PRIMARY KEY (doc, signpost)
) STRICT, WITHOUT ROWID;
CREATE INDEX signpost_listing ON signpost (listing);
";

pub(super) fn project(_target: Target<'_>, _document: &AutoCommit) -> Result<(), HubError> {
    Ok(())
}
