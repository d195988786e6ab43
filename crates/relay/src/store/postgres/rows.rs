//! What a row has in it.

use tokio_postgres::Row;

use crate::store::StoreError;

/// An id or a hash.
pub(super) fn id<const N: usize>(row: &Row, column: usize) -> Result<[u8; N], StoreError> {
    let bytes: &[u8] = row.try_get(column)?;
    bytes.try_into().map_err(|_| StoreError::Failed("a row is not of its form".to_owned()))
}

/// Bytes.
pub(super) fn bytes(row: &Row, column: usize) -> Result<Vec<u8>, StoreError> {
    Ok(row.try_get(column)?)
}

/// A number that is not negative.
pub(super) fn number(row: &Row, column: usize) -> Result<u64, StoreError> {
    Ok(row.try_get::<_, i64>(column)?.unsigned_abs())
}
