//! Wrong passphrases, counted. After the tenth comes a wait: 5 minutes, then twice as long after each further one, an
//! hour at most. It never locks for good and nothing is wiped: whoever has the folder can try elsewhere anyway, and the
//! cost of each try is Argon2id's.
//!
//! A clock put back does not shorten a wait: it starts again from the whole.

use std::path::Path;

use serde::{Deserialize, Serialize};
use sync_schema::Instant;

use super::durable;
use crate::error::HubError;

const ATTEMPTS: &str = "attempts.json";
/// From this many wrong ones on there is a wait.
const FREE_TRIES: u32 = 10;
const FIRST_WAIT_SECONDS: u32 = 5 * 60;
const LONGEST_WAIT_SECONDS: u32 = 60 * 60;

/// Wrong passphrases since the last right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attempts {
    failed: u32,
    /// The newest wrong one, in milliseconds of this laptop's clock; moved when the clock was put back.
    since: i64,
    wait: u32,
}

#[derive(Serialize, Deserialize)]
struct OnDisk {
    failed: u32,
    since: i64,
}

impl Attempts {
    /// What the folder says. A file that is missing or torn counts as none.
    pub(super) fn read(dir: &Path, now: Instant) -> Self {
        let on_disk =
            std::fs::read(dir.join(ATTEMPTS)).ok().and_then(|bytes| serde_json::from_slice::<OnDisk>(&bytes).ok());
        let Some(disk) = on_disk else {
            return Self::default();
        };
        let attempts = Self::at(disk.failed, disk.since, now);
        if attempts.since != disk.since && attempts.save(dir).is_err() {
            // Nothing can be written here, so the wait that is told may be told again; opening will say what is wrong.
        }
        attempts
    }

    fn at(failed: u32, since: i64, now: Instant) -> Self {
        let since = since.min(now.millis());
        let gone = u32::try_from(now.millis().saturating_sub(since) / 1000).unwrap_or(u32::MAX);
        Self { failed, since, wait: wait_after(failed).saturating_sub(gone) }
    }

    /// How many.
    #[must_use]
    pub const fn failed(&self) -> u32 {
        self.failed
    }

    /// Seconds until another may be tried; 0 when one may be tried now.
    #[must_use]
    pub const fn wait_seconds(&self) -> u32 {
        self.wait
    }

    /// One more.
    pub(super) fn one_more(self, now: Instant) -> Self {
        Self::at(self.failed.saturating_add(1), now.millis(), now)
    }

    /// Writes them down. On a full disk the records should still open, so that alone is let pass.
    pub(super) fn save(self, dir: &Path) -> Result<(), HubError> {
        let json = serde_json::to_vec(&OnDisk { failed: self.failed, since: self.since })
            .map_err(|_| HubError::unexpected("folder/attempts"))?;
        match durable::write(&dir.join(ATTEMPTS), &json) {
            Err(HubError::DiskFull) => Ok(()),
            other => other,
        }
    }

    /// As it was before one that was not to be counted.
    pub(super) fn put_back(self, dir: &Path) -> Result<(), HubError> {
        if self.failed == 0 { Self::forget(dir) } else { self.save(dir) }
    }

    /// After a right one.
    pub(super) fn forget(dir: &Path) -> Result<(), HubError> {
        durable::remove(&dir.join(ATTEMPTS))
    }
}

fn wait_after(failed: u32) -> u32 {
    let Some(over) = failed.checked_sub(FREE_TRIES) else {
        return 0;
    };
    FIRST_WAIT_SECONDS.saturating_mul(1 << over.min(10)).min(LONGEST_WAIT_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_second(seconds: i64) -> Instant {
        Instant::from_millis(seconds * 1000)
    }

    #[test]
    fn the_wait_doubles_up_to_an_hour() {
        let waits: Vec<u32> = [0, 9, 10, 11, 12, 13, 14, 15, 400].map(wait_after).to_vec();
        assert_eq!(waits, [0, 0, 300, 600, 1200, 2400, 3600, 3600, 3600]);
    }

    #[test]
    fn time_shortens_a_wait_and_a_clock_put_back_does_not() {
        let since = at_second(10_000).millis();
        assert_eq!(Attempts::at(10, since, at_second(10_100)).wait_seconds(), 200);
        assert_eq!(Attempts::at(10, since, at_second(10_300)).wait_seconds(), 0);
        let put_back = Attempts::at(10, since, at_second(5_000));
        assert_eq!(put_back.wait_seconds(), 300, "the whole again");
        assert_eq!(Attempts::at(10, put_back.since, at_second(5_300)).wait_seconds(), 0, "and not for good");
    }
}
