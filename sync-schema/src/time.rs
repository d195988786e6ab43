//! Times: an instant (UTC), a calendar date (never converted), and the order of what happened within a document.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::EventId;

/// A moment, in UTC milliseconds since 1970. To the screen: RFC 3339 with `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Instant(i64);

impl Instant {
    /// The last moment that is kept: 9999-12-31T23:59:59.999Z. Later ones are read as this one.
    pub const LATEST: Self = Self(253_402_300_799_999);
    /// The first moment that is kept: 0001-01-01T00:00:00Z.
    pub const EARLIEST: Self = Self(-62_135_596_800_000);

    /// From UTC milliseconds since 1970, clamped to the years 1 to 9999.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        if millis > Self::LATEST.0 {
            Self::LATEST
        } else if millis < Self::EARLIEST.0 {
            Self::EARLIEST
        } else {
            Self(millis)
        }
    }

    /// UTC milliseconds since 1970.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This moment plus so many milliseconds, clamped.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// Whole minutes from `earlier` to this moment; 0 when it is not earlier.
    #[must_use]
    pub fn minutes_since(self, earlier: Self) -> u32 {
        let millis = self.0.saturating_sub(earlier.0).max(0);
        u32::try_from(millis / 60_000).unwrap_or(u32::MAX)
    }

    /// As a UTC date and time.
    #[must_use]
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }
}

impl From<DateTime<Utc>> for Instant {
    fn from(time: DateTime<Utc>) -> Self {
        Self::from_millis(time.timestamp_millis())
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_utc().to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        DateTime::parse_from_rfc3339(&text)
            .map(|time| Self::from(time.with_timezone(&Utc)))
            .map_err(|_| de::Error::custom("not a time"))
    }
}

/// A day as people write it; it has no time zone and is never converted. To the screen: `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CalendarDate(NaiveDate);

impl CalendarDate {
    /// A day.
    #[must_use]
    pub const fn new(date: NaiveDate) -> Self {
        Self(date)
    }

    /// A day of a year and month; `None` when there is no such day.
    #[must_use]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self)
    }

    /// As chrono has it.
    #[must_use]
    pub const fn naive(self) -> NaiveDate {
        self.0
    }

    /// Days from `earlier` to this day; negative when it is later.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        self.0.signed_duration_since(earlier.0).num_days()
    }

    /// This day plus so many days; itself at the end of the calendar.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        chrono::TimeDelta::try_days(days).and_then(|delta| self.0.checked_add_signed(delta)).map_or(self, Self)
    }
}

impl From<NaiveDate> for CalendarDate {
    fn from(date: NaiveDate) -> Self {
        Self(date)
    }
}

impl fmt::Display for CalendarDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.format("%Y-%m-%d"), f)
    }
}

impl FromStr for CalendarDate {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Self)
    }
}

/// The place of an event in the order that all laptops share: its tick, then its id.
///
/// A tick is `max(own clock, 1 + largest tick in this document)`, in UTC milliseconds, clamped when read, so that one
/// wrong clock cannot freeze a document. There is no clock beyond the document to poison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stamp {
    /// Clock or successor, in milliseconds.
    pub tick: i64,
    /// Settles ties.
    pub id: EventId,
}

impl Stamp {
    /// The stamp of a new event, after everything the document holds.
    #[must_use]
    pub fn next(now: Instant, largest: Option<i64>, id: EventId) -> Self {
        let after = largest.map_or(i64::MIN, |tick| Self::clamp(tick).saturating_add(1));
        Self { tick: now.millis().max(after), id }
    }

    /// A tick as it is read: never so far out that nothing could come after it.
    #[must_use]
    pub fn clamp(tick: i64) -> i64 {
        tick.clamp(Instant::EARLIEST.millis(), Instant::LATEST.millis())
    }
}

#[cfg(feature = "specta")]
mod screen {
    use specta::{Type, Types, datatype::DataType};

    impl Type for super::Instant {
        fn definition(types: &mut Types) -> DataType {
            String::definition(types)
        }
    }

    impl Type for super::CalendarDate {
        fn definition(types: &mut Types) -> DataType {
            String::definition(types)
        }
    }
}
