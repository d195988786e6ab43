//! The relay's clock and randomness, as arguments.

use std::fmt;
use std::sync::Arc;

/// What the relay takes from the world besides the network and its store.
#[derive(Clone)]
pub struct Ports {
    now: Arc<dyn Fn() -> i64 + Send + Sync>,
}

impl fmt::Debug for Ports {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Ports")
    }
}

impl Ports {
    /// The system's clock.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "the one place of the relay that reads the clock")]
    pub fn system() -> Self {
        Self::with_clock(|| chrono::Utc::now().timestamp_millis())
    }

    /// A clock that says UTC milliseconds.
    #[must_use]
    pub fn with_clock(now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self { now: Arc::new(now) }
    }

    /// Now, in UTC milliseconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        (self.now)()
    }

    /// Random bytes; `None` when the system has none to give.
    #[must_use]
    pub fn random<const N: usize>(&self) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).ok().map(|()| bytes)
    }
}
