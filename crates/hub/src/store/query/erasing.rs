//! What must be erased with a person.

use std::collections::BTreeSet;

use rusqlite::Connection;
use sync_schema::{DocId, PersonId, Scope};

use crate::error::HubError;

/// Every document that is about a person: themselves, their conversations, their places on lists, and the visits that
/// are linked to them and to nobody else. Nothing when the person is not here.
///
/// # Errors
/// The database's own.
pub fn about(connection: &Connection, person: PersonId) -> Result<Vec<(Scope, DocId)>, HubError> {
    let id = person.as_bytes();
    let known = connection.prepare_cached("SELECT 1 FROM person WHERE id = ?1")?.exists([id])?;
    if !known {
        return Ok(Vec::new());
    }
    let mut about = BTreeSet::from([(Scope::Casework.code(), *id)]);
    let mut add = |scope: Scope, sql: &str| -> Result<(), HubError> {
        let mut select = connection.prepare_cached(sql)?;
        let rows = select.query_map([id], |row| row.get::<_, [u8; 16]>(0))?;
        for found in rows {
            about.insert((scope.code(), found?));
        }
        Ok(())
    };
    add(Scope::Casework, "SELECT id FROM conversation WHERE person = ?1")?;
    add(Scope::WaitingList, "SELECT id FROM waiting_entry WHERE person = ?1")?;
    add(
        Scope::FrontDesk,
        "SELECT l.visit FROM person_visit AS l JOIN person AS p ON p.doc = l.doc WHERE p.id = ?1 AND NOT EXISTS (
             SELECT 1 FROM person_visit AS other WHERE other.visit = l.visit AND other.doc <> l.doc)",
    )?;
    let of = |(scope, id): (&str, [u8; 16])| Some((Scope::from_code(scope)?, DocId::from_bytes(id)));
    Ok(about.into_iter().filter_map(of).collect())
}
