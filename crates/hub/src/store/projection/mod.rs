//! Rows that screens read, each computed from one document alone: the same on every laptop that holds the document,
//! whatever the order in which anything arrived. Dropped and made again whenever [`VERSION`] is new to the database.
//!
//! One file a kind of document: its tables, and how its rows are made. `doc` is the document's number on this laptop.

pub mod conversation;
pub mod listing;
pub mod person;
pub mod ready;
pub mod register;
pub mod visit;
pub mod waiting_entry;

use automerge::AutoCommit;
use rusqlite::Connection;
use serde::Serialize;
use sync_schema::{DocId, Kind, Need};

use super::{document, erase, search, setting};
use crate::error::HubError;

/// Grows whenever a table here, or the way a row is made, changes.
pub const VERSION: u32 = 2;
const VERSION_SETTING: &str = "projection version";

/// A document being projected: on which connection, under which number and id.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) connection: &'a Connection,
    pub(super) doc: i64,
    pub(super) id: DocId,
}

/// An id as tables hold it.
type Id = [u8; 16];

/// Stands where a document names somebody in a way this version cannot read.
const NOBODY: Id = [0; 16];

impl Target<'_> {
    /// True if the person the document is about was erased.
    fn is_about_the_erased(&self, person: &Id) -> Result<bool, HubError> {
        erase::is_erased(self.connection, DocId::from_bytes(*person))
    }

    /// Deletes the rows the document had; those that hang on them go with them.
    fn delete(&self, sql: &str) -> Result<(), HubError> {
        self.connection.prepare_cached(sql)?.execute([self.doc])?;
        Ok(())
    }
}

/// Needs as a JSON array of their codes.
fn codes(needs: &[Need]) -> Result<String, HubError> {
    json(&needs.iter().map(|need| need.code()).collect::<Vec<_>>())
}

/// A list or map as JSON, for a column that is only ever read whole.
fn json(value: &impl Serialize) -> Result<String, HubError> {
    serde_json::to_string(value).map_err(|_| HubError::unexpected("store/json"))
}

/// Every projection table, children before parents.
pub(super) const TABLES: &[&str] = &[
    "visit_event",
    "visit",
    "person_visit",
    "question",
    "person_name",
    "person",
    "conversation_text",
    "agreed",
    "signpost",
    "conversation",
    "waiting_entry",
    "listing_words",
    "listing",
    "council",
    "hub",
    "team_member",
];

const SCHEMA: &[&str] = &[
    visit::TABLES,
    person::TABLES,
    conversation::TABLES,
    waiting_entry::TABLES,
    listing::TABLES,
    register::TABLES,
    search::TABLES,
];

/// Makes the tables, empty.
pub(super) fn make_tables(connection: &Connection) -> Result<(), HubError> {
    for tables in SCHEMA {
        connection.execute_batch(tables)?;
    }
    Ok(())
}

/// True when the tables are there and as this version makes them.
pub(super) fn is_current(connection: &Connection) -> Result<bool, HubError> {
    Ok(setting::get::<u32>(connection, VERSION_SETTING)? == Some(VERSION))
}

/// Drops everything derived and makes it again.
pub(super) fn rebuild(connection: &Connection) -> Result<(), HubError> {
    for table in search::NAMES.iter().chain(TABLES) {
        connection.execute_batch(&format!("DROP TABLE IF EXISTS {table}"))?;
    }
    make_tables(connection)?;
    document::nothing_shown(connection)?;
    project_all(connection, connection)?;
    setting::put(connection, VERSION_SETTING, &VERSION)
}

/// Projects every document of `from` that has come into the tables of `into`.
pub(super) fn project_all(from: &Connection, into: &Connection) -> Result<(), HubError> {
    document::for_each(from, None, |stored| match stored.known_kind() {
        Some(kind) if stored.has_come() => project(into, kind, stored.seq, stored.id, &stored.load()?),
        _ => Ok(()),
    })
}

/// Takes away the rows of one document, and its words in the index.
pub(super) fn unproject(connection: &Connection, kind: Kind, doc: i64, id: DocId) -> Result<(), HubError> {
    let target = Target { connection, doc, id };
    match kind {
        Kind::Visit => target.delete("DELETE FROM visit WHERE doc = ?1"),
        Kind::Person => person::unproject(target),
        Kind::Conversation => target.delete("DELETE FROM conversation WHERE doc = ?1"),
        Kind::WaitingEntry => target.delete("DELETE FROM waiting_entry WHERE doc = ?1"),
        Kind::Listing => listing::unproject(target),
        Kind::Council => target.delete("DELETE FROM council WHERE doc = ?1"),
        Kind::Hub => target.delete("DELETE FROM hub WHERE doc = ?1"),
        Kind::TeamMember => target.delete("DELETE FROM team_member WHERE doc = ?1"),
    }
}

/// Takes away the rows of documents about an erased person: they are hidden at once, and erased when somebody says so.
pub(super) fn hide_what_names(connection: &Connection, person: DocId) -> Result<(), HubError> {
    for table in ["conversation", "waiting_entry"] {
        connection.execute(&format!("DELETE FROM {table} WHERE person = ?1"), [person.as_bytes()])?;
    }
    Ok(())
}

/// Makes the rows of one document, in place of those it had.
pub(super) fn project(
    connection: &Connection,
    kind: Kind,
    doc: i64,
    id: DocId,
    document: &AutoCommit,
) -> Result<(), HubError> {
    let target = Target { connection, doc, id };
    match kind {
        Kind::Visit => visit::project(target, document),
        Kind::Person => person::project(target, document),
        Kind::Conversation => conversation::project(target, document),
        Kind::WaitingEntry => waiting_entry::project(target, document),
        Kind::Listing => listing::project(target, document),
        Kind::Council => register::project_council(target, document),
        Kind::Hub => register::project_hub(target, document),
        Kind::TeamMember => register::project_team_member(target, document),
    }
}
