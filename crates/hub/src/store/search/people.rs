//! People by name, and by postcode: those whose name begins with what was typed first, then those who have every word.

use rusqlite::{Connection, Row, params};
use sync_schema::PersonId;

use super::fold;
use crate::error::HubError;

/// A person found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonHit {
    /// The document's number on this laptop.
    pub doc: i64,
    /// The person.
    pub id: PersonId,
    /// Their name, or `None`.
    pub name: Option<String>,
    /// `YYYY-MM-DD`.
    pub born_on: Option<String>,
    /// Tidy.
    pub postcode: Option<String>,
    /// When the last visit linked to them began, if this laptop holds it; UTC milliseconds.
    pub last_seen: Option<i64>,
}

const COLUMNS: &str = "p.doc, p.id, p.name, p.born_on, p.postcode, (SELECT max(v.came_at) FROM person_visit AS l \
                       JOIN visit AS v ON v.id = l.visit WHERE l.doc = p.doc) AS last_seen";

/// The people that match every word typed (the last words may be unfinished), at most `limit`, in an order all laptops
/// share. Nothing typed finds nobody.
///
/// # Errors
/// The database's own.
pub fn search_people(connection: &Connection, query: &str, limit: u32) -> Result<Vec<PersonHit>, HubError> {
    let folded = fold(query);
    if folded.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = beginning_with(connection, &folded, limit)?;
    if (found.len() as u64) < u64::from(limit) {
        for hit in having_words(connection, &folded, limit)? {
            if (found.len() as u64) < u64::from(limit) && !found.iter().any(|seen| seen.id == hit.id) {
                found.push(hit);
            }
        }
    }
    Ok(found)
}

fn beginning_with(connection: &Connection, folded: &str, limit: u32) -> Result<Vec<PersonHit>, HubError> {
    let mut select = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM person_name AS n JOIN person AS p ON p.doc = n.doc \
         WHERE n.folded >= ?1 AND n.folded < ?2 ORDER BY n.folded, n.id LIMIT ?3"
    ))?;
    let rows = select.query_map(params![folded, format!("{folded}\u{10ffff}"), limit], hit)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn having_words(connection: &Connection, folded: &str, limit: u32) -> Result<Vec<PersonHit>, HubError> {
    let mut select = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM (SELECT n.doc AS doc, n.folded AS folded, n.id AS id FROM person_search AS s \
         JOIN person_name AS n ON n.doc = s.rowid WHERE person_search MATCH ?1 ORDER BY n.folded, n.id LIMIT ?2) AS f \
         JOIN person AS p ON p.doc = f.doc ORDER BY f.folded, f.id"
    ))?;
    let words: Vec<String> = folded.split(' ').map(|word| format!("\"{word}\"*")).collect();
    let rows = select.query_map(params![words.join(" "), limit], hit)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn hit(row: &Row<'_>) -> rusqlite::Result<PersonHit> {
    Ok(PersonHit {
        doc: row.get("doc")?,
        id: PersonId::from_bytes(row.get("id")?),
        name: row.get("name")?,
        born_on: row.get("born_on")?,
        postcode: row.get("postcode")?,
        last_seen: row.get("last_seen")?,
    })
}
