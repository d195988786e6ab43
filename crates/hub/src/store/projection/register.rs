//! The council's own register: the council, its hubs, the people who use the app.

use automerge::AutoCommit;

use super::Target;
use crate::error::HubError;

/// `targets` is a JSON object of kinds to days; `sessions` of weekdays (1 Monday to 7) to `HH:MM-HH:MM`.
pub(super) const TABLES: &str = "
CREATE TABLE council (
    doc        INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE,
    id         BLOB NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    founded_on TEXT,
    targets    TEXT NOT NULL
) STRICT;
CREATE TABLE hub (
    doc       INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE,
    id        BLOB NOT NULL UNIQUE,
    name      TEXT NOT NULL,
    locality  TEXT,
    opened_on TEXT,
    sessions  TEXT NOT NULL
) STRICT;
CREATE TABLE team_member (
    doc    INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE,
    id     BLOB NOT NULL UNIQUE,
    name   TEXT NOT NULL,
    role   TEXT NOT NULL,
    active INTEGER NOT NULL
) STRICT;
CREATE INDEX team_member_name ON team_member (name, id) WHERE active = 1;
";

pub(super) fn project_council(_target: Target<'_>, _document: &AutoCommit) -> Result<(), HubError> {
    Ok(())
}

pub(super) fn project_hub(_target: Target<'_>, _document: &AutoCommit) -> Result<(), HubError> {
    Ok(())
}

pub(super) fn project_team_member(_target: Target<'_>, _document: &AutoCommit) -> Result<(), HubError> {
    Ok(())
}
