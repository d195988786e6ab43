//! The directory's listings.

use rusqlite::{OptionalExtension, Row, params};
use sync_schema::{CalendarDate, ListingId};

use super::{Connection, HubError, beginning, date};
use crate::store::search::search_listings;
use crate::view::directory::{Found, ListingRow, ListingView};

/// How much of a description a list shows.
const SUMMARY: usize = 240;

const COLUMNS: &str = "id, name, organisation, CASE summary WHEN '' THEN description ELSE summary END AS summary, \
                       opening, place, cost, checked_on";

/// The active listings that match, best first, at most `limit`. Those checked before `stale_before` are stale.
///
/// # Errors
/// The database's own.
pub fn search(connection: &Connection, query: &str, limit: u32, stale_before: CalendarDate) -> Result<Found, HubError> {
    let (hits, total) = search_listings(connection, query, limit)?;
    let mut select = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM listing WHERE doc = ?1"))?;
    let mut listings = Vec::with_capacity(hits.len());
    for hit in hits {
        listings.push(select.query_row([hit.doc], |row| in_list(row, stale_before))?);
    }
    Ok(Found { listings, total })
}

/// One listing whole.
///
/// # Errors
/// [`HubError::NotFound`]; the database's own.
pub fn one(connection: &Connection, id: ListingId, stale_before: CalendarDate) -> Result<ListingView, HubError> {
    let mut select = connection.prepare_cached(&format!(
        "SELECT {COLUMNS}, description, phone, email, url, address, postcode, categories, active FROM listing WHERE id = ?1"
    ))?;
    Ok(select.query_row([id.as_bytes()], |row| {
        let categories: Vec<String> = serde_json::from_str(&row.get::<_, String>("categories")?).unwrap_or_default();
        let street: Option<String> = row.get("address")?;
        let postcode: Option<String> = row.get("postcode")?;
        let whole: Vec<String> = [street, postcode].into_iter().flatten().filter(|part| !part.is_empty()).collect();
        Ok(ListingView {
            row: in_list(row, stale_before)?,
            description: row.get("description")?,
            phone: row.get("phone")?,
            email: row.get("email")?,
            url: row.get("url")?,
            address: (!whole.is_empty()).then(|| whole.join(", ")),
            categories,
            active: row.get("active")?,
        })
    })?)
}

/// What a signpost keeps of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointed {
    /// Its name.
    pub name: String,
    /// When it opens.
    pub when: Option<String>,
    /// When it was last checked.
    pub checked_on: Option<CalendarDate>,
}

/// What a signpost keeps of a listing that is running; `None` for one that is not, or is not here.
///
/// # Errors
/// The database's own.
pub fn pointed(connection: &Connection, id: ListingId) -> Result<Option<Pointed>, HubError> {
    let mut select =
        connection.prepare_cached("SELECT name, opening, checked_on FROM listing WHERE id = ?1 AND active = 1")?;
    let found = select.query_row(params![id.as_bytes()], |row| {
        Ok(Pointed { name: row.get("name")?, when: row.get("opening")?, checked_on: date(row, "checked_on")? })
    });
    Ok(found.optional()?)
}

fn in_list(row: &Row<'_>, stale_before: CalendarDate) -> rusqlite::Result<ListingRow> {
    let checked_on = date(row, "checked_on")?;
    Ok(ListingRow {
        id: ListingId::from_bytes(row.get("id")?),
        name: row.get("name")?,
        organisation: row.get("organisation")?,
        summary: beginning(row.get("summary")?, SUMMARY),
        when: row.get("opening")?,
        place: row.get("place")?,
        cost: row.get("cost")?,
        checked_on,
        stale: checked_on.is_none_or(|day| day < stale_before),
    })
}
