//! What screens read, as SQL over projection rows: one file a screen or two, rows in, plain values out.
//!
//! No document is loaded here, nothing is written, and nothing is decided about who may see it.

pub mod conversations;
pub mod door;
pub mod erasing;
pub mod export;
pub mod listings;
pub mod people;
pub mod register;
pub mod trends;
pub mod waiting;

use rusqlite::Row;
use sync_schema::{CalendarDate, Instant, Need};

pub use rusqlite::Connection;

use crate::error::HubError;

/// A date column; one that is no date counts as none.
fn date(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<CalendarDate>> {
    Ok(row
        .get::<_, Option<String>>(column)?
        .and_then(|text| text.parse::<chrono::NaiveDate>().ok())
        .map(CalendarDate::new))
}

/// A date column that every row has.
fn needed_date(row: &Row<'_>, column: &str) -> rusqlite::Result<CalendarDate> {
    Ok(date(row, column)?.unwrap_or_else(|| CalendarDate::new(chrono::NaiveDate::default())))
}

/// A column of UTC milliseconds.
fn instant(row: &Row<'_>, column: &str) -> rusqlite::Result<Instant> {
    Ok(Instant::from_millis(row.get(column)?))
}

/// The same, which may be empty.
fn maybe_instant(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Instant>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Instant::from_millis))
}

/// A column with a JSON array of needs' codes; those that this version does not know are not shown.
fn needs(row: &Row<'_>, column: &str) -> rusqlite::Result<Vec<Need>> {
    let codes: Vec<String> = serde_json::from_str(&row.get::<_, String>(column)?).unwrap_or_default();
    Ok(codes.iter().filter_map(|code| Need::from_code(code)).collect())
}

/// The first so many characters.
fn beginning(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned(),
        None => text,
    }
}

/// A count that fits the screen.
fn small(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// How many characters of a long text a list shows.
const GLANCE: usize = 200;
