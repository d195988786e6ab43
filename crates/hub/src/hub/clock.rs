//! Whether this laptop's clock can be believed, which is asked once, at its start.
//!
//! A clock that is years out harms no order (stamps see to that) but writes wrong days down: a wait would look longer
//! or shorter than it was. What the records themselves tell is compared with the clock; whoever sits at the laptop then
//! says that the date is right, or sets the clock.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use sync_schema::Instant;

use super::Hub;
use crate::error::HubError;
use crate::policy::Ask;
use crate::store::query::{Connection, door, waiting};
use crate::store::setting;
use crate::view::shell::AskDate;

/// Where the newest answer is kept.
const BELIEVED: &str = "clock believed";
/// How far past the newest event known a clock may be before it is doubted, in days.
const DOUBTFUL_AFTER_DAYS: i64 = 60;
/// Two laptops' clocks may differ by so much, in minutes, before it is worth a word.
const APART_MINUTES: i64 = 5;

/// Somebody said that the date was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Believed {
    /// What the clock said then.
    at: Instant,
    /// The newest event known then.
    newest: Instant,
}

/// What the clock is held against, as it stood when the program started; `None` once it is believed.
#[derive(Debug, Default)]
pub(crate) struct Doubt(Mutex<Option<Against>>);

#[derive(Debug, Clone, Copy)]
struct Against {
    /// The newest event known, as a person is told.
    newest: Instant,
    /// The moment the clock should not be before, nor long past: the newest event, or the last time the clock was believed.
    since: Instant,
}

impl Doubt {
    /// What is to be asked at this start, if anything.
    pub(crate) fn at_start(rows: &Connection, now: Instant) -> Result<Self, HubError> {
        let Some(newest) = door::newest_event(rows)?.max(waiting::newest_day(rows)?) else {
            return Ok(Self::default());
        };
        let believed: Option<Believed> = setting::get(rows, BELIEVED)?;
        let since = since(newest, believed);
        Ok(Self(Mutex::new(is_doubtful(since, now).then_some(Against { newest, since }))))
    }

    /// What is to be asked now. A clock that has been put right meanwhile is not asked about again.
    fn now(&self, now: Instant) -> Option<AskDate> {
        let mut against = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *against = against.filter(|against| is_doubtful(against.since, now));
        against.map(|against| AskDate { clock: now, newest: against.newest })
    }

    fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Hub {
    /// The date that whoever starts the laptop is to be asked about.
    pub(crate) fn doubted_date(&self) -> Option<AskDate> {
        self.doubt.now(self.now())
    }

    /// Somebody at the laptop says that its date is right. It is not asked again until something newer is known that
    /// speaks against it.
    ///
    /// # Errors
    /// The store's own.
    pub fn believe_clock(&self) -> Result<(), HubError> {
        self.laptop_asked(Ask::SeeLaptop)?;
        let Some(AskDate { clock: at, newest }) = self.doubted_date() else { return Ok(()) };
        self.store.write(|tx| setting::put(tx.connection(), BELIEVED, &Believed { at, newest }))?;
        self.doubt.clear();
        Ok(())
    }
}

/// An answer stands for all that was known when it was given.
fn since(newest: Instant, believed: Option<Believed>) -> Instant {
    believed.filter(|believed| newest <= believed.newest).map_or(newest, |believed| believed.at)
}

/// A clock before the newest thing known to have happened, or long past it.
fn is_doubtful(since: Instant, now: Instant) -> bool {
    let later = now.millis().saturating_sub(since.millis());
    !(-APART_MINUTES * 60_000..=DOUBTFUL_AFTER_DAYS * 86_400_000).contains(&later)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> Instant {
        Instant::from_millis(n * 86_400_000)
    }

    #[test]
    fn a_clock_is_doubted_before_the_newest_event_and_long_after() {
        assert!(is_doubtful(day(100), day(99)));
        assert!(!is_doubtful(day(100), day(100)));
        assert!(!is_doubtful(day(100), day(160)));
        assert!(is_doubtful(day(100), day(161)));
        let minutes_before = |minutes: i64| day(100).plus_millis(-minutes * 60_000);
        assert!(!is_doubtful(day(100), minutes_before(5)), "clocks of two laptops are never quite the same");
        assert!(is_doubtful(day(100), minutes_before(6)));
    }

    #[test]
    fn an_answer_stands_until_something_newer_is_known() {
        let believed = Some(Believed { at: day(30), newest: day(100) });
        assert_eq!(since(day(100), None), day(100));
        assert_eq!(since(day(100), believed), day(30));
        assert_eq!(since(day(101), believed), day(101));
    }
}
