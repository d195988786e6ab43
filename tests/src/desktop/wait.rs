//! Waiting for something that can be seen.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::time::{Instant, MissedTickBehavior, interval};

/// How long a person would wait before calling it broken; machines that test are slower than laptops.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// How often to look.
const LOOK_EVERY: Duration = Duration::from_millis(40);

/// Looks again and again until there is an answer; what is looked for is named in the error when there is none.
///
/// # Errors
/// When the deadline passes; with the last error of looking, if looking itself failed.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let until = Instant::now() + DEADLINE;
    let mut beat = interval(LOOK_EVERY);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        match look().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) if Instant::now() >= until => bail!("waited {} s in vain for {what}", DEADLINE.as_secs()),
            Err(error) if Instant::now() >= until => {
                return Err(error).with_context(|| format!("waited {} s in vain for {what}", DEADLINE.as_secs()));
            }
            Ok(None) | Err(_) => {}
        }
    }
}
