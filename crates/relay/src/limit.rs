//! How often somebody may ask: so many at once, and so many a second after that.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// No more than so many are remembered at once: those whose measure is full again are forgotten first.
const REMEMBERED: usize = 100_000;

/// A measure for each of `K`.
#[derive(Debug)]
pub struct Limit<K> {
    burst: f64,
    each_second: f64,
    left: Mutex<HashMap<K, (f64, Instant)>>,
}

impl<K: Eq + Hash> Limit<K> {
    /// So many at once, and so many a second.
    #[must_use]
    pub fn new(burst: u32, each_second: u32) -> Self {
        Self { burst: burst.into(), each_second: f64::from(each_second.max(1)), left: Mutex::default() }
    }

    /// So many at once, and one each so long.
    #[must_use]
    pub fn slow(burst: u32, each: Duration) -> Self {
        Self { burst: burst.into(), each_second: 1.0 / each.as_secs_f64().max(0.001), left: Mutex::default() }
    }

    /// Takes one.
    ///
    /// # Errors
    /// How long until there is one again.
    pub fn take(&self, who: K, now: Instant) -> Result<(), Duration> {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if left.len() >= REMEMBERED {
            let full = Duration::from_secs_f64(self.burst / self.each_second);
            left.retain(|_, (_, at)| now.saturating_duration_since(*at) < full);
        }
        let (measure, at) = left.entry(who).or_insert((self.burst, now));
        let since = now.saturating_duration_since(*at).as_secs_f64();
        *measure = (*measure + since * self.each_second).min(self.burst);
        *at = now;
        if *measure >= 1.0 {
            *measure -= 1.0;
            return Ok(());
        }
        Err(Duration::from_secs_f64((1.0 - *measure) / self.each_second))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_at_once_and_then_one_a_minute() {
        let limit = Limit::slow(2, Duration::from_mins(1));
        let start = Instant::now();
        assert_eq!([limit.take("a", start), limit.take("a", start)], [Ok(()), Ok(())]);
        assert_eq!(limit.take("a", start), Err(Duration::from_mins(1)));
        assert_eq!(limit.take("a", start + Duration::from_mins(1)), Ok(()));
    }

    #[test]
    fn so_many_at_once_and_then_so_many_a_second() {
        let limit = Limit::new(3, 2);
        let start = Instant::now();
        for _ in 0..3 {
            assert_eq!(limit.take("a", start), Ok(()));
        }
        assert_eq!(limit.take("a", start), Err(Duration::from_millis(500)));
        assert_eq!(limit.take("b", start), Ok(()));
        let later = start + Duration::from_millis(1_000);
        assert_eq!([limit.take("a", later), limit.take("a", later)], [Ok(()), Ok(())]);
        assert!(limit.take("a", later).is_err());
        // A long rest gives no more than the burst.
        let rested = start + Duration::from_secs(3_600);
        assert_eq!((0..9).filter(|_| limit.take("a", rested).is_ok()).count(), 3);
    }
}
