//! Search as someone types: people by name, listings by what they are. FTS5 over words that were folded first, so that
//! `Zoe` finds `Zoë`, `lukasz` finds `Łukasz`, `obrien` finds `O'Brien`, and `小` finds `王小明`.
//!
//! What is typed becomes quoted words and nothing else, so it can never be query syntax.

mod fold;
mod listing;
mod people;

use rusqlite::Connection;

pub use fold::fold;
pub(super) use fold::name_words;
pub use listing::{ListingHit, search_listings};
pub use people::{PersonHit, search_people};

use crate::error::HubError;

/// The search tables, which are dropped before the tables they index.
pub(super) const NAMES: &[&str] = &["person_search", "listing_search"];

/// Each indexes the table that holds its words, so nothing is stored twice; `secure-delete` takes a removed word out of
/// the index itself. Not `detail = 'none'`, which saves a little: with `secure-delete`, SQLite 3.51 then takes the word away
/// from the wrong rows.
pub(super) const TABLES: &str = "
CREATE VIRTUAL TABLE person_search USING fts5 (
    words, content = 'person_name', content_rowid = 'doc',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3', detail = 'column'
);
INSERT INTO person_search (person_search, rank) VALUES ('secure-delete', 1);
CREATE VIRTUAL TABLE listing_search USING fts5 (
    name, organisation, categories, place, body, content = 'listing_words', content_rowid = 'doc',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);
INSERT INTO listing_search (listing_search, rank) VALUES ('secure-delete', 1);
";

/// Indexes the words that a document's row of `table` holds, if that is a table of words.
pub(super) fn index(connection: &Connection, table: &str, doc: i64) -> Result<(), HubError> {
    let insert = match table {
        "person_name" => "INSERT INTO person_search (rowid, words) SELECT doc, words FROM person_name WHERE doc = ?1",
        "listing_words" => {
            "INSERT INTO listing_search (rowid, name, organisation, categories, place, body) \
             SELECT doc, name, organisation, categories, place, body FROM listing_words WHERE doc = ?1"
        }
        _ => return Ok(()),
    };
    connection.prepare_cached(insert)?.execute([doc])?;
    Ok(())
}
