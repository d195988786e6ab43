//! Joining, leaving and size, week by week, Monday to Sunday.
//!
//! Days are whole numbers counted so that day 1 is a Monday, as `chrono::Datelike::num_days_from_ce` counts them
//! (1 January of the year 1 was a Monday in the proleptic calendar). No time zone comes near them.

use serde::{Deserialize, Serialize};

/// One stay on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Stay {
    /// The day they joined.
    pub joined: i32,
    /// The day they left, if they have.
    pub left: Option<i32>,
}

/// One week of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Week {
    /// Its Monday.
    pub monday: i32,
    /// How many joined in it.
    pub joined: u32,
    /// How many left in it.
    pub left: u32,
    /// How many were on the list at the end of its Sunday.
    pub size: u32,
}

/// The Monday of the week that `day` falls into.
#[must_use]
pub fn monday_of(day: i32) -> i32 {
    day - (day - 1).rem_euclid(7)
}

/// `weeks` weeks, oldest first, the last being the one that `last_day` falls into.
///
/// A stay that ends before it began (a date put right later on one side only) leaves on the day it joined.
#[must_use]
pub fn weekly(stays: &[Stay], last_day: i32, weeks: u32) -> Vec<Week> {
    let last = monday_of(last_day);
    let count = i32::try_from(weeks).unwrap_or(i32::MAX / 7).min(i32::MAX / 7);
    let first = last.saturating_sub(count.saturating_sub(1).saturating_mul(7));
    let mut out: Vec<Week> = (0..count).map(|w| Week { monday: first + w * 7, joined: 0, left: 0, size: 0 }).collect();
    let slot = |day: i32| usize::try_from((day - first).div_euclid(7));
    let mut size = 0_u32;
    for stay in stays {
        let left = stay.left.map(|l| l.max(stay.joined));
        if let Ok(week) = slot(stay.joined) {
            if let Some(week) = out.get_mut(week) {
                week.joined += 1;
            }
        } else if left.is_none_or(|l| l >= first) {
            size += 1;
        }
        if let Some(week) = left.and_then(|l| slot(l).ok()).and_then(|w| out.get_mut(w)) {
            week.left += 1;
        }
    }
    for week in &mut out {
        size = (size + week.joined).saturating_sub(week.left);
        week.size = size;
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Monday 23 November 2026, as `num_days_from_ce` counts it.
    const MONDAY: i32 = 739_943;

    #[test]
    fn weeks_run_from_monday_to_sunday() {
        assert_eq!(monday_of(1), 1);
        for day in 0..7 {
            assert_eq!(monday_of(MONDAY + day), MONDAY);
        }
        assert_eq!(monday_of(MONDAY - 1), MONDAY - 7);
    }

    #[test]
    fn by_hand() {
        let stays = [
            Stay { joined: MONDAY - 100, left: None },
            Stay { joined: MONDAY - 100, left: Some(MONDAY - 50) },
            Stay { joined: MONDAY - 100, left: Some(MONDAY - 1) },
            Stay { joined: MONDAY - 7, left: Some(MONDAY + 6) },
            Stay { joined: MONDAY + 6, left: Some(MONDAY - 20) },
            Stay { joined: MONDAY + 7, left: None },
        ];
        let got: Vec<(i32, u32, u32, u32)> =
            weekly(&stays, MONDAY + 3, 2).iter().map(|w| (w.monday - MONDAY, w.joined, w.left, w.size)).collect();
        assert_eq!(got, [(-7, 1, 1, 2), (0, 1, 2, 1)]);
    }

    proptest! {
        #[test]
        fn size_is_those_who_joined_by_then_less_those_who_left(
            stays in prop::collection::vec((0..400i32, prop::option::of(0..400i32)), 0..100), weeks in 1..60u32,
        ) {
            let stays: Vec<Stay> = stays.into_iter()
                .map(|(joined, left)| Stay { joined: MONDAY - joined, left: left.map(|l| MONDAY - l) }).collect();
            for w in weekly(&stays, MONDAY, weeks) {
                let sunday = w.monday + 6;
                let on = stays.iter()
                    .filter(|s| s.joined <= sunday && s.left.is_none_or(|l| l.max(s.joined) > sunday)).count();
                prop_assert_eq!(w.size as usize, on);
            }
        }
    }
}
