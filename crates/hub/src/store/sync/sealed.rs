//! When this laptop sealed what it sealed: what another laptop's clock is held against.

use rusqlite::{Connection, params};
use sealed_log::StreamId;
use sync_schema::Instant;

use super::sql;
use crate::error::HubError;

/// When this laptop sealed a segment of its own, by its own clock in UTC milliseconds; none for others' segments and for
/// those that it sealed before it wrote this down. Against it another laptop's clock shows.
pub(in crate::store) const V1: &str = "
ALTER TABLE sync_segment ADD COLUMN sealed INTEGER;
";

/// Notes when this laptop sealed a segment of its own that it keeps under this number.
///
/// # Errors
/// The database's own.
pub fn note(connection: &Connection, id: i64, at: Instant) -> Result<(), HubError> {
    connection.execute("UPDATE sync_segment SET sealed = ?2 WHERE id = ?1", params![id, at.millis()])?;
    Ok(())
}

/// When this laptop sealed the segment of a stream with this number; none if it is another's, or that is not known.
///
/// # Errors
/// The database's own.
pub fn at(connection: &Connection, stream: &StreamId, seq: u64) -> Result<Option<Instant>, HubError> {
    let mut select =
        connection.prepare_cached("SELECT max(sealed) FROM sync_segment WHERE log = ?1 AND scope = ?2 AND seq = ?3")?;
    let key = params![stream.log.as_bytes(), stream.scope.as_bytes(), sql(seq)];
    let at: Option<i64> = select.query_row(key, |row| row.get(0))?;
    Ok(at.map(Instant::from_millis))
}
