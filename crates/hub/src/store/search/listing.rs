//! Listings by what they are: best match first, a word in the name counting most.

use rusqlite::{Connection, params};
use sync_schema::ListingId;

use super::fold;
use crate::error::HubError;

/// A listing found, by its number and id; the query for a row is `projection::listing`'s table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListingHit {
    /// The document's number on this laptop.
    pub doc: i64,
    /// The listing.
    pub id: ListingId,
}

/// Weights of name, organisation, categories, place and body.
const RANK: &str = "bm25(listing_search, 10.0, 4.0, 5.0, 3.0, 1.0)";

/// Words that say nothing when others are there.
const SMALL_WORDS: &[&str] = &["a", "an", "and", "at", "for", "in", "of", "on", "or", "the", "to", "with"];

/// The active listings that match every word typed (each may be unfinished), best first, at most `limit`, and how many
/// match in all. Nothing typed finds all of them, by name.
///
/// # Errors
/// The database's own.
pub fn search_listings(connection: &Connection, query: &str, limit: u32) -> Result<(Vec<ListingHit>, u32), HubError> {
    let folded = fold(query);
    if folded.is_empty() {
        return by_name(connection, limit);
    }
    let matching = matching(&folded);
    let total = connection
        .prepare_cached("SELECT count(*) FROM listing_search WHERE listing_search MATCH ?1")?
        .query_row([&matching], |row| row.get(0))?;
    let mut select = connection.prepare_cached(&format!(
        "SELECT l.doc, l.id FROM listing_search AS s JOIN listing AS l ON l.doc = s.rowid \
         WHERE listing_search MATCH ?1 ORDER BY {RANK}, l.name, l.id LIMIT ?2"
    ))?;
    let rows = select.query_map(params![matching, limit], hit)?;
    Ok((rows.collect::<Result<_, _>>()?, total))
}

fn by_name(connection: &Connection, limit: u32) -> Result<(Vec<ListingHit>, u32), HubError> {
    let total =
        connection.prepare_cached("SELECT count(*) FROM listing WHERE active = 1")?.query_row([], |row| row.get(0))?;
    let mut select =
        connection.prepare_cached("SELECT doc, id FROM listing WHERE active = 1 ORDER BY name, id LIMIT ?1")?;
    let rows = select.query_map([limit], hit)?;
    Ok((rows.collect::<Result<_, _>>()?, total))
}

fn hit(row: &rusqlite::Row<'_>) -> rusqlite::Result<ListingHit> {
    Ok(ListingHit { doc: row.get("doc")?, id: ListingId::from_bytes(row.get("id")?) })
}

/// The query: every word, as the beginning of one; a plural finds its singular as well, and a single letter is looked
/// for in names alone, since it begins some word of nearly every description.
fn matching(folded: &str) -> String {
    let words: Vec<&str> = folded.split(' ').collect();
    let telling: Vec<&str> = words.iter().copied().filter(|word| !SMALL_WORDS.contains(word)).collect();
    let chosen = if telling.is_empty() { words } else { telling };
    let terms: Vec<String> = chosen
        .iter()
        .map(|word| match word.strip_suffix('s').filter(|singular| singular.chars().count() > 2) {
            Some(singular) => format!("(\"{word}\"* OR \"{singular}\")"),
            None if word.len() == 1 => format!("{{name organisation}} : \"{word}\"*"),
            None => format!("\"{word}\"*"),
        })
        .collect();
    terms.join(" AND ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_words_and_nothing_else() {
        for (typed, query) in [
            ("lunch clubs for men", "\"lunch\"* AND (\"clubs\"* OR \"club\") AND \"men\"*"),
            (
                "name: x OR -y NEAR(\"",
                "\"name\"* AND {name organisation} : \"x\"* AND {name organisation} : \"y\"* AND \"near\"*",
            ),
            ("the", "\"the\"*"),
        ] {
            assert_eq!(matching(&fold(typed)), query, "{typed}");
        }
    }
}
