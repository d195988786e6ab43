//! Trends: joining, leaving, size, and how long it takes to be seen.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use sync_schema::document::waiting_entry::Outcome;
use sync_schema::{Band, CalendarDate, HubId, Instant, WaitingKind};

use super::laptop::OtherLaptop;
use super::shell::HubRow;
use crate::error::HubError;
use crate::store::query::{Connection, trends as query};

pub(crate) mod figure;

/// What to chart; `None` means all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct TrendsFilter {
    /// The kind of list.
    pub kind: WaitingKind,
    /// One hub only.
    pub hub: Option<HubId>,
    /// One band only.
    pub band: Option<Band>,
    /// How many weeks back, 13 to 104.
    pub weeks: u32,
}

/// The screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Trends {
    /// Hubs to choose from.
    pub hubs: Vec<HubRow>,
    /// The weeks, oldest first; the last may be under way.
    pub weeks: Vec<TrendWeek>,
    /// What the chart of waits says.
    pub waits_say: WaitsSay,
    /// What the chart of joining, leaving and size says.
    pub size_says: SizeSays,
    /// The control chart's parts: one before the mark and one after, or one alone.
    pub phases: Vec<Phase>,
    /// The hub's opening, when it falls into the weeks shown.
    pub opening: Option<Opening>,
    /// Waiting now.
    pub waiting_now: u32,
    /// Change in size since the hub's opening, or over the weeks shown.
    pub waiting_change: i32,
    /// Half are seen within so many days, people still waiting counted (Kaplan–Meier); `None` when fewer than half have been.
    pub median_days: Option<u32>,
    /// The longest wait now, in days.
    pub longest_days: Option<u32>,
    /// How soon the list clears at the rate of the last 13 weeks.
    pub clears: Clears,
    /// How many laptops' records these figures rest on.
    pub laptops: u32,
    /// The laptop heard from longest ago.
    pub oldest_news: Option<OldestNews>,
}

/// One week, Monday to Sunday.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct TrendWeek {
    /// Its Monday.
    pub starting: CalendarDate,
    /// People who joined the list.
    pub joined: u32,
    /// People who left it.
    pub left: u32,
    /// People on it at the week's end.
    pub size: u32,
    /// People seen (closed with an outcome that counts as seen).
    pub seen: u32,
    /// Mean days from asking to being seen, of those seen; `None` when nobody was.
    pub mean_days: Option<f64>,
    /// Special cause on the chart of waits.
    pub signal: Option<Signal>,
    /// True while the week is not over.
    pub under_way: bool,
}

/// Special cause, with the measure's good direction (sooner) taken into account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Signal {
    /// More than chance, for the better.
    Improvement,
    /// More than chance, for the worse.
    Concern,
}

/// One part of the control chart, with limits of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Phase {
    /// First week's Monday.
    pub from: CalendarDate,
    /// Last week's Monday.
    pub to: CalendarDate,
    /// The mean, in days.
    pub mean: f64,
    /// The lower process limit, not below zero.
    pub lower: f64,
    /// The upper process limit.
    pub upper: f64,
    /// True with fewer than 13 points: trial limits.
    pub trial: bool,
}

/// A hub's opening.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Opening {
    /// Its name.
    pub hub: String,
    /// The day.
    pub on: CalendarDate,
}

/// What the chart of waits says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", content = "data", rename_all = "camelCase")]
pub enum WaitsSay {
    /// Fewer than 13 points before or after: too early to say.
    #[serde(rename_all = "camelCase")]
    NotEnoughPoints {
        /// Points there are on the shorter side.
        have: u32,
        /// Points needed.
        need: u32,
    },
    /// Seen sooner since the hub opened.
    #[serde(rename_all = "camelCase")]
    SoonerSince {
        /// Whole days.
        days: u32,
        /// The hub.
        hub: String,
        /// True when the chart shows special cause.
        more_than_chance: bool,
    },
    /// Seen later since the hub opened.
    #[serde(rename_all = "camelCase")]
    LaterSince {
        /// Whole days.
        days: u32,
        /// The hub.
        hub: String,
        /// True when the chart shows special cause.
        more_than_chance: bool,
    },
    /// No opening to compare with, or no difference of a day: the latest run of points.
    #[serde(rename_all = "camelCase")]
    Steady {
        /// The mean, in whole days.
        days: u32,
        /// What the newest points show, if they show more than chance.
        signal: Option<Signal>,
    },
}

/// What the chart of size says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", content = "data", rename_all = "camelCase")]
pub enum SizeSays {
    /// Nobody joined or left in the weeks shown.
    Nothing,
    /// More left than joined.
    #[serde(rename_all = "camelCase")]
    Shrank {
        /// By so many people.
        by: u32,
        /// From.
        from: u32,
        /// To.
        to: u32,
    },
    /// More joined than left.
    #[serde(rename_all = "camelCase")]
    Grew {
        /// By so many people.
        by: u32,
        /// From.
        from: u32,
        /// To.
        to: u32,
    },
    /// As many joined as left.
    #[serde(rename_all = "camelCase")]
    Same {
        /// So many.
        size: u32,
    },
}

/// Whether the list clears at the present rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", content = "data", rename_all = "camelCase")]
pub enum Clears {
    /// Nobody waits.
    Empty,
    /// At its target size or below already.
    AtTarget,
    /// In about so many weeks.
    #[serde(rename_all = "camelCase")]
    InWeeks {
        /// Weeks, 1 or more.
        weeks: u32,
    },
    /// Not at this rate: as many or more join than leave.
    Never,
}

/// The laptop heard from longest ago.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct OldestNews {
    /// Its name.
    pub laptop: String,
    /// When it last wrote.
    pub at: Instant,
}

/// Days within which people should be seen where the council has set no target.
const TARGET_DAYS: u32 = 28;

/// Fewest and most weeks that are charted.
const WEEKS: (u32, u32) = (13, 104);

/// The charts as they stand `today`; who else's records they rest on is for the caller to add.
pub(crate) fn trends(connection: &Connection, filter: &TrendsFilter, today: NaiveDate) -> Result<Trends, HubError> {
    let weeks = filter.weeks.clamp(WEEKS.0, WEEKS.1);
    let from = today.checked_sub_days(Days::new(u64::from(weeks) * 7)).unwrap_or(today);
    let hubs = query::hubs(connection)?;
    let stays: Vec<figure::ListStay> = query::stays(connection, filter.kind, filter.hub, filter.band, from)?
        .into_iter()
        .map(|row| figure::ListStay {
            asked: row.requested_on,
            seen: row.closed.as_ref().is_some_and(|(_, outcome)| Outcome::from_code(outcome) == Outcome::Seen),
            closed: row.closed.map(|(on, _)| on),
        })
        .collect();
    let opened = filter.hub.and_then(|hub| hubs.iter().find(|h| h.id == hub));
    let target_days = query::targets(connection)?.get(filter.kind.code()).copied().unwrap_or(TARGET_DAYS);
    let question = figure::Question {
        today,
        weeks,
        opened: opened.and_then(|h| Some((h.name.as_str(), h.opened_on?))),
        target_days,
    };
    let found = figure::figures(&stays, &question);
    Ok(Trends {
        weeks: found.weeks,
        waits_say: found.waits_say,
        size_says: found.size_says,
        phases: found.phases,
        opening: found.opening,
        waiting_now: found.waiting_now,
        waiting_change: found.waiting_change,
        median_days: found.median_days,
        longest_days: found.longest_days,
        clears: found.clears,
        laptops: 1,
        oldest_news: None,
        hubs: hubs.into_iter().map(|h| HubRow { id: h.id, name: h.name }).collect(),
    })
}

impl Trends {
    /// Says whose records the figures rest on: this laptop's, and those of each other one that was ever heard from.
    #[must_use]
    pub(crate) fn resting_on(mut self, others: &[OtherLaptop]) -> Self {
        let heard = others.iter().filter_map(|other| Some((other.last_heard?, other)));
        self.laptops = u32::try_from(heard.clone().count()).unwrap_or(u32::MAX).saturating_add(1);
        self.oldest_news =
            heard.min_by_key(|(at, _)| *at).map(|(at, other)| OldestNews { laptop: other.name.clone(), at });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::laptop::LaptopStanding;
    use crate::view::shell::Role;

    #[test]
    fn figures_rest_on_the_laptops_that_were_heard() {
        let other = |name: &str, at: Option<i64>| OtherLaptop {
            id: String::new(),
            name: name.into(),
            role: Role::Worker,
            administrator: false,
            keeper: false,
            standing: LaptopStanding::Live,
            erasures_unconfirmed: 0,
            clock_error_minutes: None,
            doubled: false,
            last_heard: at.map(Instant::from_millis),
            unconfirmed: 0,
        };
        let others = [other("Green Lane 2", Some(9)), other("Station Road 2", Some(4)), other("New", None)];
        let none = Trends {
            hubs: Vec::new(),
            weeks: Vec::new(),
            waits_say: WaitsSay::NotEnoughPoints { have: 0, need: 13 },
            size_says: SizeSays::Nothing,
            phases: Vec::new(),
            opening: None,
            waiting_now: 0,
            waiting_change: 0,
            median_days: None,
            longest_days: None,
            clears: Clears::Empty,
            laptops: 1,
            oldest_news: None,
        };
        let some = none.clone().resting_on(&others);
        let oldest = OldestNews { laptop: "Station Road 2".into(), at: Instant::from_millis(4) };
        assert_eq!((some.laptops, some.oldest_news), (3, Some(oldest)));
        assert_eq!(none.clone().resting_on(&[]), none);
    }
}
