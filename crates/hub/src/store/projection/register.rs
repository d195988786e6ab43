//! The council's own register: the council, its hubs, the people who use the app.

use std::collections::BTreeMap;

use automerge::AutoCommit;
use rusqlite::params;
use sync_schema::document::{council, hub, team_member};

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

/// The row of the council.
pub(super) fn project_council(target: Target<'_>, document: &AutoCommit) -> Result<(), HubError> {
    let council = council::read(document)?;
    let targets: BTreeMap<_, _> = council.targets.iter().map(|(kind, days)| (kind.code(), *days)).collect();
    let founded_on = council.founded_on.map(|day| day.to_string());
    target.delete("DELETE FROM council WHERE doc = ?1")?;
    target
        .connection
        .prepare_cached("INSERT INTO council (doc, id, name, founded_on, targets) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![target.doc, target.id.as_bytes(), council.name, founded_on, super::json(&targets)?])?;
    Ok(())
}

/// The row of a hub.
pub(super) fn project_hub(target: Target<'_>, document: &AutoCommit) -> Result<(), HubError> {
    let hub = hub::read(document)?;
    let sessions: BTreeMap<_, _> = hub.sessions.iter().map(|(weekday, hours)| (*weekday, hours.as_str())).collect();
    let opened_on = hub.opened_on.map(|day| day.to_string());
    target.delete("DELETE FROM hub WHERE doc = ?1")?;
    target
        .connection
        .prepare_cached(
            "INSERT INTO hub (doc, id, name, locality, opened_on, sessions) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            target.doc,
            target.id.as_bytes(),
            hub.name,
            hub.locality,
            opened_on,
            super::json(&sessions)?
        ])?;
    Ok(())
}

/// The row of a team member.
pub(super) fn project_team_member(target: Target<'_>, document: &AutoCommit) -> Result<(), HubError> {
    let member = team_member::read(document)?;
    target.delete("DELETE FROM team_member WHERE doc = ?1")?;
    target
        .connection
        .prepare_cached("INSERT INTO team_member (doc, id, name, role, active) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![target.doc, target.id.as_bytes(), member.name, member.role, member.active])?;
    Ok(())
}
