//! From stays on a list to what the charts show and say. Pure: rows in, values out.

use chrono::{Datelike, NaiveDate};
use figures::{GoodDirection, Screening, Side, Spell, Stay, TRIAL_BELOW, Week};
use sync_schema::CalendarDate;

use super::{Clears, Opening, Phase, Signal, SizeSays, TrendWeek, WaitsSay};

/// One stay on the list that is charted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ListStay {
    /// The day the clock started.
    pub(crate) asked: NaiveDate,
    /// The day it was closed, if it was.
    pub(crate) closed: Option<NaiveDate>,
    /// True when it was closed with an outcome that counts as seen.
    pub(crate) seen: bool,
}

/// What to look at them for.
#[derive(Debug, Clone)]
pub(crate) struct Question<'a> {
    /// The last day there is.
    pub(crate) today: NaiveDate,
    /// How many weeks to show, this one included.
    pub(crate) weeks: u32,
    /// The hub's name and opening day, when one hub is asked for.
    pub(crate) opened: Option<(&'a str, NaiveDate)>,
    /// Days within which people should be seen.
    pub(crate) target_days: u32,
}

/// Everything that follows from the stays alone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figures {
    pub(crate) weeks: Vec<TrendWeek>,
    pub(crate) phases: Vec<Phase>,
    pub(crate) waits_say: WaitsSay,
    pub(crate) size_says: SizeSays,
    pub(crate) opening: Option<Opening>,
    pub(crate) waiting_now: u32,
    pub(crate) waiting_change: i32,
    pub(crate) median_days: Option<u32>,
    pub(crate) longest_days: Option<u32>,
    pub(crate) clears: Clears,
}

/// A week in which somebody was seen: a point of the chart of waits.
struct Point {
    week: usize,
    monday: i32,
    mean: f64,
}

/// Points that make a whole run. (7 on one side: NHS England, *Making Data Count*.)
const RUN: usize = 7;

/// Draws up the figures.
pub(crate) fn figures(stays: &[ListStay], question: &Question<'_>) -> Figures {
    let today = number(question.today);
    let counted: Vec<Stay> =
        stays.iter().map(|s| Stay { joined: number(s.asked), left: s.closed.map(number) }).collect();
    let weeks = figures::weekly(&counted, today, question.weeks);
    let first = weeks.first().map_or(today, |w| w.monday);
    let opened = question.opened.filter(|(_, on)| (first..=today).contains(&number(*on)));
    let mut shown = trend_weeks(stays, &weeks, today);
    let points = points(&shown, &weeks);
    let mark = opened.and_then(|(_, on)| {
        let week = figures::monday_of(number(on));
        points.iter().position(|p| p.monday >= week)
    });
    let phases = phases(&points, mark, &mut shown);
    let since = opened.map_or(first, |(_, on)| number(on));
    let now = on_list(stays, today + 1);
    Figures {
        waits_say: waits_say(&points, mark, opened.map(|(hub, _)| hub), &shown),
        size_says: size_says(&weeks, on_list(stays, first), now),
        opening: opened.map(|(hub, on)| Opening { hub: hub.to_owned(), on: CalendarDate::new(on) }),
        waiting_now: now,
        waiting_change: difference(now, on_list(stays, since)),
        median_days: median(stays, since, today),
        longest_days: stays.iter().filter(|s| s.closed.is_none()).map(|s| days(number(s.asked), today)).max(),
        clears: clears(&weeks, now, question.target_days),
        weeks: shown,
        phases,
    }
}

fn trend_weeks(stays: &[ListStay], weeks: &[Week], today: i32) -> Vec<TrendWeek> {
    let first = weeks.first().map_or(0, |w| w.monday);
    let mut waited: Vec<(u32, f64)> = vec![(0, 0.0); weeks.len()];
    for stay in stays.iter().filter(|s| s.seen) {
        let (asked, Some(closed)) = (number(stay.asked), stay.closed.map(number)) else { continue };
        let slot = usize::try_from((closed - first).div_euclid(7)).ok().and_then(|w| waited.get_mut(w));
        if let Some((seen, sum)) = slot {
            *seen += 1;
            *sum += f64::from(days(asked, closed));
        }
    }
    weeks
        .iter()
        .zip(waited)
        .map(|(week, (seen, sum))| TrendWeek {
            starting: day(week.monday),
            joined: week.joined,
            left: week.left,
            size: week.size,
            seen,
            mean_days: (seen > 0).then(|| sum / f64::from(seen)),
            signal: None,
            under_way: week.monday + 6 >= today,
        })
        .collect()
}

/// The weeks that are over and in which somebody was seen.
fn points(shown: &[TrendWeek], weeks: &[Week]) -> Vec<Point> {
    shown
        .iter()
        .zip(weeks)
        .enumerate()
        .filter(|(_, (shown, _))| !shown.under_way)
        .filter_map(|(week, (shown, w))| shown.mean_days.map(|mean| Point { week, monday: w.monday, mean }))
        .collect()
}

/// Limits before and after the mark, and each week's signal.
fn phases(points: &[Point], mark: Option<usize>, shown: &mut [TrendWeek]) -> Vec<Phase> {
    let values: Vec<f64> = points.iter().map(|p| p.mean).collect();
    let marks: Vec<usize> = mark.into_iter().collect();
    let chart = figures::chart(&values, &marks, Screening::Screened, GoodDirection::Down);
    for (point, drawn) in points.iter().zip(&chart.points) {
        if let Some(week) = shown.get_mut(point.week) {
            week.signal = drawn.signal.map(signal);
        }
    }
    let monday = |i: usize| points.get(i).map(|p| day(p.monday));
    chart
        .phases
        .iter()
        .filter_map(|phase| {
            Some(Phase {
                from: monday(phase.first)?,
                to: monday(phase.last)?,
                mean: phase.limits.mean,
                // Nobody waits less than no time.
                lower: phase.limits.lower.max(0.0),
                upper: phase.limits.upper,
                trial: phase.trial,
            })
        })
        .collect()
}

fn waits_say(points: &[Point], mark: Option<usize>, hub: Option<&str>, shown: &[TrendWeek]) -> WaitsSay {
    let need = whole(TRIAL_BELOW);
    let values: Vec<f64> = points.iter().map(|p| p.mean).collect();
    if let (Some(hub), Some(mark)) = (hub, mark) {
        let (before, after) = values.split_at(mark.min(values.len()));
        let have = before.len().min(after.len());
        if have < TRIAL_BELOW {
            return WaitsSay::NotEnoughPoints { have: whole(have), need };
        }
        let change = mean(after) - mean(before);
        let (days, hub) = (rounded(change.abs()), hub.to_owned());
        if days > 0 {
            let side = if change < 0.0 { Side::Low } else { Side::High };
            let more_than_chance = stands_out(before, after, side);
            return match side {
                Side::Low => WaitsSay::SoonerSince { days, hub, more_than_chance },
                Side::High => WaitsSay::LaterSince { days, hub, more_than_chance },
            };
        }
    } else if hub.is_some() || values.len() < TRIAL_BELOW {
        // A hub that has opened in these weeks, and nobody seen since; or hardly anyone at all.
        let have = if hub.is_some() { 0 } else { values.len() };
        return WaitsSay::NotEnoughPoints { have: whole(have), need };
    }
    let newest = points.last().and_then(|p| shown.get(p.week)).and_then(|w| w.signal);
    let from = mark.unwrap_or(0);
    WaitsSay::Steady { days: rounded(mean(values.get(from..).unwrap_or_default())), signal: newest }
}

/// Whether what came after shows special cause on this side when held against the limits that stood before: a whole
/// run at least, and most of the points, so that one run of luck does not become a finding.
fn stands_out(before: &[f64], after: &[f64], side: Side) -> bool {
    figures::limits(before, Screening::Screened).is_some_and(|limits| {
        let causes = figures::special_causes(after, &limits);
        let out = causes.into_iter().flatten().filter(|c| c.side == side).count();
        out >= RUN && out * 2 > after.len()
    })
}

fn size_says(weeks: &[Week], from: u32, to: u32) -> SizeSays {
    if weeks.iter().all(|w| w.joined == 0 && w.left == 0) {
        return SizeSays::Nothing;
    }
    match to.cmp(&from) {
        std::cmp::Ordering::Less => SizeSays::Shrank { by: from - to, from, to },
        std::cmp::Ordering::Greater => SizeSays::Grew { by: to - from, from, to },
        std::cmp::Ordering::Equal => SizeSays::Same { size: to },
    }
}

/// Kaplan–Meier over those who asked since `since`: still waiting, or gone for another reason, is censored.
fn median(stays: &[ListStay], since: i32, today: i32) -> Option<u32> {
    let spells: Vec<Spell> = stays
        .iter()
        .filter(|s| number(s.asked) >= since)
        .map(|s| Spell {
            days: days(number(s.asked), s.closed.map_or(today, number)),
            seen: s.seen && s.closed.is_some(),
        })
        .collect();
    figures::kaplan_meier(&spells).median()
}

/// At the rate of the last 13 whole weeks.
fn clears(weeks: &[Week], now: u32, target_days: u32) -> Clears {
    const OVER: usize = 13;
    if now == 0 {
        return Clears::Empty;
    }
    let whole: Vec<&Week> = weeks.iter().rev().skip(1).take(OVER).collect();
    let a_week = |sum: u32| f64::from(sum) / f64::from(self::whole(whole.len()).max(1));
    let demand = a_week(whole.iter().map(|w| w.joined).sum());
    let capacity = a_week(whole.iter().map(|w| w.left).sum());
    let target = figures::target_size(demand, f64::from(target_days) / 7.0);
    match figures::weeks_to_clear(f64::from(now), target, demand, capacity) {
        Some(weeks) if weeks <= 0.0 => Clears::AtTarget,
        Some(weeks) => Clears::InWeeks { weeks: rounded(weeks.ceil()).max(1) },
        None => Clears::Never,
    }
}

/// How many were on the list at the start of a day.
fn on_list(stays: &[ListStay], at: i32) -> u32 {
    whole(
        stays
            .iter()
            .filter(|s| number(s.asked) < at && s.closed.is_none_or(|c| number(c).max(number(s.asked)) >= at))
            .count(),
    )
}

const fn signal(signal: figures::Signal) -> Signal {
    match signal {
        figures::Signal::Improvement => Signal::Improvement,
        figures::Signal::Concern => Signal::Concern,
    }
}

fn number(day: NaiveDate) -> i32 {
    day.num_days_from_ce()
}

fn day(number: i32) -> CalendarDate {
    CalendarDate::new(NaiveDate::from_num_days_from_ce_opt(number).unwrap_or_default())
}

fn days(from: i32, to: i32) -> u32 {
    u32::try_from(to.saturating_sub(from)).unwrap_or(0)
}

fn difference(a: u32, b: u32) -> i32 {
    i32::try_from(i64::from(a) - i64::from(b)).unwrap_or(i32::MAX)
}

fn whole(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / f64::from(whole(values.len()).max(1))
}

fn rounded(value: f64) -> u32 {
    // A saturating cast of a value that is not negative.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    {
        value.round().max(0.0) as u32
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;

    use super::*;

    /// A Wednesday.
    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 25).unwrap()
    }

    fn back(days: u64) -> NaiveDate {
        today() - Days::new(days)
    }

    fn ask(opened: Option<u64>) -> Question<'static> {
        Question { today: today(), weeks: 52, opened: opened.map(|d| ("Green Lane", back(d))), target_days: 28 }
    }

    /// One seen in each of `weeks` weeks back, `days` and a little after asking.
    fn seen(weeks: std::ops::Range<u64>, days: u64) -> Vec<ListStay> {
        weeks.map(|w| ListStay { asked: back(w * 7 + days + w % 3), closed: Some(back(w * 7)), seen: true }).collect()
    }

    #[test]
    fn an_empty_list_says_so() {
        let f = figures(&[], &ask(None));
        assert_eq!((f.weeks.len(), f.waiting_now, f.clears.clone()), (52, 0, Clears::Empty));
        assert_eq!(f.waits_say, WaitsSay::NotEnoughPoints { have: 0, need: 13 });
        assert_eq!(f.size_says, SizeSays::Nothing);
        assert!(f.phases.is_empty() && f.weeks[51].under_way && !f.weeks[50].under_way);
    }

    #[test]
    fn sooner_since_the_hub_opened_and_more_than_chance() {
        let mut stays = seen(26..52, 41);
        stays.extend(seen(1..26, 27));
        let f = figures(&stays, &ask(Some(7 * 25)));
        assert_eq!(f.waits_say, WaitsSay::SoonerSince { days: 14, hub: "Green Lane".into(), more_than_chance: true });
        assert_eq!(f.phases.len(), 2);
        assert!(f.phases.iter().all(|p| !p.trial && p.lower >= 0.0));
        assert!(f.opening.is_some_and(|o| o.hub == "Green Lane"));
        // Rebased, neither side shows special cause.
        assert!(f.weeks.iter().all(|w| w.signal.is_none()));
    }

    #[test]
    fn a_difference_within_the_limits_is_not_more_than_chance() {
        let noisy = |weeks: std::ops::Range<u64>, by: u64| -> Vec<ListStay> {
            weeks
                .map(|w| ListStay {
                    asked: back(w * 7 + by + ((w * 2_654_435_761) >> 9) % 31),
                    closed: Some(back(w * 7)),
                    seen: true,
                })
                .collect()
        };
        let mut stays = noisy(26..52, 22);
        stays.extend(noisy(1..26, 20));
        let says = figures(&stays, &ask(Some(7 * 25))).waits_say;
        assert!(
            matches!(says, WaitsSay::SoonerSince { more_than_chance: false, .. } | WaitsSay::Steady { .. }),
            "{says:?}"
        );
    }

    #[test]
    fn twelve_points_after_are_not_enough() {
        let stays = seen(1..52, 30);
        let says = |weeks_ago: u64| figures(&stays, &ask(Some(weeks_ago * 7))).waits_say;
        assert_eq!(says(12), WaitsSay::NotEnoughPoints { have: 12, need: 13 });
        assert!(matches!(says(13), WaitsSay::Steady { .. }));
        assert_eq!(figures(&[], &ask(Some(70))).waits_say, WaitsSay::NotEnoughPoints { have: 0, need: 13 });
    }

    #[test]
    fn size_change_longest_and_median() {
        let waiting = |d: u64| ListStay { asked: back(d), closed: None, seen: false };
        let mut stays = vec![waiting(118), waiting(10), waiting(3)];
        stays.extend(seen(1..30, 20));
        stays.push(ListStay { asked: back(300), closed: Some(back(2)), seen: false });
        let f = figures(&stays, &ask(None));
        assert_eq!((f.waiting_now, f.longest_days), (3, Some(118)));
        assert_eq!(f.median_days, Some(21));
        assert_eq!(f.waiting_change, 3);
        assert_eq!(f.size_says, SizeSays::Grew { by: 3, from: 0, to: 3 });
        assert_eq!(f.weeks.last().map(|w| w.size), Some(3));
    }

    #[test]
    fn whether_it_clears() {
        let week = |joined, left| Week { monday: 1, joined, left, size: 0 };
        let at = |joined, left, now| clears(&[week(joined, left); 14], now, 28);
        assert_eq!(at(2, 4, 0), Clears::Empty);
        assert_eq!(at(2, 4, 2), Clears::AtTarget);
        assert_eq!(at(2, 4, 20), Clears::InWeeks { weeks: 9 });
        assert_eq!(at(4, 4, 20), Clears::Never);
        assert_eq!(clears(&[], 3, 28), Clears::Never);
    }
}
