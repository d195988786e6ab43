//! The XmR control chart: its limits, its phases, and what a target may expect of it.

use serde::{Deserialize, Serialize};

use crate::special_cause::{GoodDirection, Signal, SpecialCause, special_causes};

/// A mean moving range times this is the distance from the mean to a process limit (3 ÷ 1.128).
const LIMIT: f64 = 2.66;
/// Moving ranges this many times their mean or more are left out when screening.
const SCREEN: f64 = 3.267;
/// With fewer points than this the limits are trial limits.
pub const TRIAL_BELOW: usize = 13;

/// Whether single wild moving ranges widen the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Screening {
    /// Moving ranges of 3.267 times their mean or more are dropped and the mean taken once more: the default of the
    /// R package `NHSRplotthedots`.
    #[default]
    Screened,
    /// Every moving range counts: what NHS England's spreadsheet does.
    Unscreened,
}

/// The lines of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// The mean.
    pub mean: f64,
    /// The mean moving range that the limits rest on, after screening if there was any.
    pub mean_moving_range: f64,
    /// Lower process limit; may be below zero.
    pub lower: f64,
    /// Upper process limit.
    pub upper: f64,
    /// Two thirds of the way from the mean to the lower limit.
    pub near_lower: f64,
    /// Two thirds of the way from the mean to the upper limit.
    pub near_upper: f64,
}

/// Mean and natural process limits of an individuals chart; `None` without a single finite value.
///
/// Mean ± 2.66 × mean moving range, near limits at two thirds of that. Source: NHS England, *Making Data Count*;
/// Wheeler, *Understanding Variation*; reference implementation `ptd_spc_standard` of the R package
/// `NHSRplotthedots`. One value alone has no moving range: all its limits are its mean.
#[must_use]
pub fn limits(values: &[f64], screening: Screening) -> Option<Limits> {
    if values.is_empty() || values.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let mean = mean(values)?;
    let ranges: Vec<f64> = values.iter().zip(values.iter().skip(1)).map(|(a, b)| (b - a).abs()).collect();
    let all = self::mean(&ranges).unwrap_or(0.0);
    let mean_moving_range = match screening {
        Screening::Unscreened => all,
        Screening::Screened => {
            let kept: Vec<f64> = ranges.iter().copied().filter(|r| *r < SCREEN * all).collect();
            self::mean(&kept).unwrap_or(all)
        }
    };
    let far = LIMIT * mean_moving_range;
    let near = far * 2.0 / 3.0;
    Some(Limits {
        mean,
        mean_moving_range,
        lower: mean - far,
        upper: mean + far,
        near_lower: mean - near,
        near_upper: mean + near,
    })
}

/// One stretch of a chart with limits of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Phase {
    /// Index of its first point.
    pub first: usize,
    /// Index of its last point.
    pub last: usize,
    /// Its lines.
    pub limits: Limits,
    /// True with fewer than 13 points: the limits may still move a good deal, and the chart must say so.
    pub trial: bool,
}

/// One point of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Point {
    /// Its value.
    pub value: f64,
    /// What marks it as more than chance, if anything does.
    pub cause: Option<SpecialCause>,
    /// Whether that is good news, when the measure has a good direction.
    pub signal: Option<Signal>,
}

/// A whole chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Chart {
    /// Its stretches, in order; together they hold every point once.
    pub phases: Vec<Phase>,
    /// Its points.
    pub points: Vec<Point>,
}

/// Draws up the chart of `values`, with new limits from each index in `rebase_at` on.
///
/// The rules for special cause never reach across a mark: a run that spans it belongs to neither side. Marks at 0,
/// beyond the end or given twice count for nothing. Values that are not finite make an empty chart.
/// Source: NHS England, *Making Data Count*, "recalculating limits"; `ptd_rebase` of `NHSRplotthedots`.
#[must_use]
pub fn chart(values: &[f64], rebase_at: &[usize], screening: Screening, good: GoodDirection) -> Chart {
    let mut marks: Vec<usize> = rebase_at.iter().copied().filter(|m| *m > 0 && *m < values.len()).collect();
    marks.sort_unstable();
    marks.dedup();
    marks.push(values.len());
    let mut out = Chart { phases: Vec::new(), points: Vec::with_capacity(values.len()) };
    let mut first = 0;
    for end in marks {
        let stretch = values.get(first..end).unwrap_or_default();
        let Some(limits) = limits(stretch, screening) else {
            return Chart { phases: Vec::new(), points: Vec::new() };
        };
        let causes = special_causes(stretch, &limits);
        out.points.extend(stretch.iter().zip(causes).map(|(value, cause)| Point {
            value: *value,
            cause,
            signal: cause.and_then(|c| good.judge(c.side)),
        }));
        out.phases.push(Phase { first, last: end.saturating_sub(1), limits, trial: stretch.len() < TRIAL_BELOW });
        first = end;
    }
    out
}

/// What a target may expect of a process left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Assurance {
    /// Met always.
    Passes,
    /// Missed always.
    Fails,
    /// Met or missed by chance.
    HitOrMiss,
}

/// Whether a process within `limits` meets `target`; `None` when the measure has no good direction.
///
/// Source: NHS England, *Making Data Count*, assurance icons; `ptd_calculate_assurance_type` of `NHSRplotthedots`.
#[must_use]
pub fn assurance(limits: &Limits, target: f64, good: GoodDirection) -> Option<Assurance> {
    let above = target > limits.upper;
    let below = target < limits.lower;
    match good {
        GoodDirection::Neither => None,
        _ if !above && !below => Some(Assurance::HitOrMiss),
        GoodDirection::Up => Some(if below { Assurance::Passes } else { Assurance::Fails }),
        GoodDirection::Down => Some(if above { Assurance::Passes } else { Assurance::Fails }),
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    // A list of 2^53 points is not of this world.
    #[allow(clippy::cast_precision_loss)]
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHECK: [f64; 18] = [1., 2., 1., 2., 10., 1., 2., 1., 2., 1., 2., 1., 2., 1., 2., 1., 2., 1.];

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 0.005
    }

    #[test]
    fn the_published_series_has_its_published_limits() {
        let s = limits(&CHECK, Screening::Screened).unwrap();
        assert!(near(s.mean, 1.944) && near(s.upper, 4.60) && near(s.lower, -0.716), "{s:?}");
        let u = limits(&CHECK, Screening::Unscreened).unwrap();
        assert!(near(u.upper, 6.95) && near(u.lower, -3.062), "{u:?}");
    }

    #[test]
    fn nothing_and_one_point() {
        assert_eq!(limits(&[], Screening::Screened), None);
        assert_eq!(limits(&[f64::NAN, 1.0], Screening::Screened), None);
        let one = limits(&[4.0], Screening::Screened).unwrap();
        assert_eq!((one.mean, one.lower, one.upper), (4.0, 4.0, 4.0));
        let empty = chart(&[], &[3], Screening::Screened, GoodDirection::Down);
        assert!(empty.points.is_empty() && empty.phases.is_empty());
    }

    #[test]
    fn twelve_points_are_on_trial_and_thirteen_are_not() {
        let c = chart(&CHECK, &[5], Screening::Screened, GoodDirection::Down);
        assert_eq!(
            c.phases.iter().map(|p| (p.first, p.last, p.trial)).collect::<Vec<_>>(),
            [(0, 4, true), (5, 17, false)]
        );
        assert!(near(c.phases[1].limits.mean, 19.0 / 13.0));
    }

    #[test]
    fn a_target_is_met_always_never_or_by_chance() {
        let l = limits(&CHECK, Screening::Screened).unwrap();
        assert_eq!(assurance(&l, 5.0, GoodDirection::Down), Some(Assurance::Passes));
        assert_eq!(assurance(&l, 5.0, GoodDirection::Up), Some(Assurance::Fails));
        assert_eq!(assurance(&l, -1.0, GoodDirection::Down), Some(Assurance::Fails));
        assert_eq!(assurance(&l, -1.0, GoodDirection::Up), Some(Assurance::Passes));
        assert_eq!(assurance(&l, 2.0, GoodDirection::Up), Some(Assurance::HitOrMiss));
        assert_eq!(assurance(&l, 2.0, GoodDirection::Neither), None);
    }

    proptest! {
        #[test]
        fn limits_stand_round_the_mean_and_screening_never_widens(v in prop::collection::vec(-1e6..1e6f64, 1..120)) {
            let s = limits(&v, Screening::Screened).unwrap();
            let u = limits(&v, Screening::Unscreened).unwrap();
            prop_assert!(s.lower <= s.near_lower && s.near_lower <= s.mean);
            prop_assert!(s.mean <= s.near_upper && s.near_upper <= s.upper);
            prop_assert!(s.upper - s.lower <= u.upper - u.lower + 1e-6);
        }

        #[test]
        fn shifting_every_value_shifts_every_line(v in prop::collection::vec(0..1000i32, 2..60), by in -500..500i32) {
            let a: Vec<f64> = v.iter().map(|x| f64::from(*x)).collect();
            let b: Vec<f64> = v.iter().map(|x| f64::from(x + by)).collect();
            let (la, lb) = (limits(&a, Screening::Screened).unwrap(), limits(&b, Screening::Screened).unwrap());
            prop_assert!((la.upper + f64::from(by) - lb.upper).abs() < 1e-6);
            prop_assert!((la.lower + f64::from(by) - lb.lower).abs() < 1e-6);
        }

        #[test]
        fn phases_hold_every_point_once(n in 1..80usize, marks in prop::collection::vec(0..100usize, 0..5)) {
            let v: Vec<f64> = (0..n).map(|i| ((i * 37) % 11) as f64).collect();
            let c = chart(&v, &marks, Screening::Screened, GoodDirection::Up);
            prop_assert_eq!(c.points.len(), n);
            let covered: usize = c.phases.iter().map(|p| p.last - p.first + 1).sum();
            prop_assert_eq!(covered, n);
        }
    }
}
