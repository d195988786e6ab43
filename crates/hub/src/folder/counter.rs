//! The counter beside the database: how many lives it has had. A database put back from an older copy is behind it.

use std::path::Path;

use super::durable;
use crate::error::HubError;

const COUNTER: &str = "counter";
/// No laptop starts so often.
const MOST: u64 = 1 << 40;

/// The counter, 0 when there is none or it is no number.
pub(super) fn read(dir: &Path) -> Result<u64, HubError> {
    let path = dir.join(COUNTER);
    if !path.exists() {
        return Ok(0);
    }
    match durable::read(&path, "the data folder's counter") {
        Ok(text) => Ok(text.trim().parse().ok().filter(|lives| *lives <= MOST).unwrap_or(0)),
        Err(HubError::Damaged) => Ok(0),
        Err(error) => Err(error),
    }
}

/// Sets it.
pub(super) fn write(dir: &Path, lives: u64) -> Result<(), HubError> {
    durable::write(&dir.join(COUNTER), format!("{lives}\n").as_bytes())
}
