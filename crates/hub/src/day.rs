//! Days at the hub: the clock on its wall, not the laptop's time zone.

use chrono::{Datelike, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Europe::London;
use sync_schema::Instant;

/// The day it is in London.
pub(crate) fn of(at: Instant) -> NaiveDate {
    at.to_utc().with_timezone(&London).date_naive()
}

/// From the first instant of a day in London to the first of the next.
pub(crate) fn bounds(day: NaiveDate) -> (Instant, Instant) {
    (midnight(day), midnight(day.succ_opt().unwrap_or(day)))
}

/// 1 for Monday to 7 for Sunday.
pub(crate) fn weekday(day: NaiveDate) -> u32 {
    day.weekday().number_from_monday()
}

/// Clocks in London never jump at midnight, so the first reading is the only one.
fn midnight(day: NaiveDate) -> Instant {
    let local = London.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest();
    let utc =
        local.map_or_else(|| day.and_time(NaiveTime::MIN).and_utc().timestamp_millis(), |at| at.timestamp_millis());
    Instant::from_millis(utc)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn at(text: &str) -> Instant {
        Instant::from_millis(DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis())
    }

    #[test]
    fn the_day_is_london_s() {
        assert_eq!(of(at("2026-06-30T23:30:00Z")).to_string(), "2026-07-01");
        assert_eq!(of(at("2026-12-31T23:30:00Z")).to_string(), "2026-12-31");
    }

    #[test]
    fn a_day_with_a_clock_change_has_23_or_25_hours() {
        let hours = |day: &str| {
            let (from, to) = bounds(day.parse().unwrap());
            (to.millis() - from.millis()) / 3_600_000
        };
        assert_eq!((hours("2026-03-29"), hours("2026-10-25"), hours("2026-11-23")), (23, 25, 24));
    }
}
