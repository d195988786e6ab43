//! Which points of a control chart show more than chance.

use serde::{Deserialize, Serialize};

use crate::xmr::Limits;

/// Points that make a run.
const RUN: usize = 7;

/// Which way is good for a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum GoodDirection {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Neither.
    Neither,
}

impl GoodDirection {
    /// What special cause on this side means; `None` when neither side is good.
    #[must_use]
    pub fn judge(self, side: Side) -> Option<Signal> {
        match (self, side) {
            (Self::Neither, _) => None,
            (Self::Up, Side::High) | (Self::Down, Side::Low) => Some(Signal::Improvement),
            (Self::Up, Side::Low) | (Self::Down, Side::High) => Some(Signal::Concern),
        }
    }
}

/// What special cause means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Signal {
    /// More than chance, for the better.
    Improvement,
    /// More than chance, for the worse.
    Concern,
}

/// The rule that a point met, the first in order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Rule {
    /// Outside a process limit.
    OutsideLimits,
    /// One of 7 or more that each rise, or each fall.
    Trend,
    /// One of 2 out of 3 between near and process limit, all three on one side of the mean.
    TwoOfThree,
    /// One of 7 or more on one side of the mean.
    OneSide,
}

/// Where a special cause points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Side {
    /// Above the mean, or rising.
    High,
    /// Below the mean, or falling.
    Low,
}

/// Why a point shows more than chance, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SpecialCause {
    /// The rule.
    pub rule: Rule,
    /// The direction.
    pub side: Side,
}

/// The special cause of each value, in order.
///
/// Precedence: outside the limits; a trend of 7; 2 of 3 near a limit; 7 on one side. Every point of a run is marked,
/// not the last alone. As in the reference implementation, of "2 of 3" the two near the limit are marked and the
/// third, which is not near it, is not; a point outside the limits does not count towards the two; and a point in
/// two trends takes the direction of the later. A value equal to the mean is on neither side.
/// Source: NHS England, *Making Data Count*; `ptd_special_cause_type` of the R package `NHSRplotthedots`.
#[must_use]
pub fn special_causes(values: &[f64], limits: &Limits) -> Vec<Option<SpecialCause>> {
    let side: Vec<Option<Side>> = values.iter().map(|v| side_of(*v, limits.mean)).collect();
    let step: Vec<Option<Side>> = values.iter().zip(values.iter().skip(1)).map(|(a, b)| side_of(*b, *a)).collect();
    let outside: Vec<bool> = values.iter().map(|v| *v > limits.upper || *v < limits.lower).collect();
    let near: Vec<bool> = values
        .iter()
        .zip(&outside)
        .map(|(v, out)| !out && (*v > limits.near_upper || *v < limits.near_lower))
        .collect();
    let trend = trends(&step, values.len());
    let pairs = two_of_three(&near, &side);
    let one_side = runs(&side, RUN);
    (0..values.len())
        .map(|i| {
            let at = |rule: Rule, side: Option<Side>| side.map(|side| SpecialCause { rule, side });
            let here = side.get(i).copied().flatten();
            let marked = |flags: &[bool]| flags.get(i).copied().unwrap_or(false);
            if marked(&outside) {
                at(Rule::OutsideLimits, here)
            } else if let Some(way) = trend.get(i).copied().flatten() {
                at(Rule::Trend, Some(way))
            } else if marked(&pairs) {
                at(Rule::TwoOfThree, here)
            } else if marked(&one_side) {
                at(Rule::OneSide, here)
            } else {
                None
            }
        })
        .collect()
}

fn side_of(value: f64, of: f64) -> Option<Side> {
    if value > of {
        Some(Side::High)
    } else if value < of {
        Some(Side::Low)
    } else {
        None
    }
}

/// Marks the members of runs of at least `length` equal sides.
fn runs(sides: &[Option<Side>], length: usize) -> Vec<bool> {
    let mut flags = vec![false; sides.len()];
    let mut start = 0;
    while start < sides.len() {
        let first = sides.get(start).copied().flatten();
        let run = sides.iter().skip(start).take_while(|s| first.is_some() && **s == first).count().max(1);
        if first.is_some() && run >= length {
            flags.iter_mut().skip(start).take(run).for_each(|f| *f = true);
        }
        start += run;
    }
    flags
}

/// The direction of the trend that each point belongs to; 7 points are 6 steps.
fn trends(steps: &[Option<Side>], points: usize) -> Vec<Option<Side>> {
    let mut out = vec![None; points];
    for (i, (in_run, way)) in runs(steps, RUN - 1).into_iter().zip(steps).enumerate() {
        if in_run {
            // Step i leads from point i to point i + 1; a later trend overrides an earlier one where they meet.
            out.iter_mut().skip(i).take(2).for_each(|o| *o = *way);
        }
    }
    out
}

fn two_of_three(near: &[bool], side: &[Option<Side>]) -> Vec<bool> {
    let mut flags = vec![false; near.len()];
    for (i, (three, sides)) in near.windows(3).zip(side.windows(3)).enumerate() {
        let one_side = sides.first().copied().flatten().is_some() && sides.iter().all(|s| Some(s) == sides.first());
        if one_side && three.iter().filter(|n| **n).count() >= 2 {
            flags.iter_mut().skip(i).zip(three).for_each(|(flag, near)| *flag |= *near);
        }
    }
    flags
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::xmr::{Screening, chart, limits};

    /// Mean 0, near limits ±2, limits ±3.
    const LINES: Limits =
        Limits { mean: 0.0, mean_moving_range: 3.0 / 2.66, lower: -3.0, upper: 3.0, near_lower: -2.0, near_upper: 2.0 };

    /// `O` outside, `T` trend, `N` two of three, `S` one side, small letters when low, `.` common cause.
    fn marks(values: &[f64]) -> String {
        special_causes(values, &LINES)
            .into_iter()
            .map(|c| {
                c.map_or('.', |c| {
                    let letter = match c.rule {
                        Rule::OutsideLimits => 'O',
                        Rule::Trend => 'T',
                        Rule::TwoOfThree => 'N',
                        Rule::OneSide => 'S',
                    };
                    if c.side == Side::High { letter } else { letter.to_ascii_lowercase() }
                })
            })
            .collect()
    }

    #[test]
    fn each_rule_marks_its_whole_run() {
        let cases: [(&[f64], &str); 12] = [
            (&[0.5, -0.5, 3.1, -3.1], "..Oo"),
            (&[3.0, -3.0], ".."),
            (&[-1., -0.8, -0.5, 0.1, 0.4, 0.6, 0.9], "TTTTTTT"),
            (&[0.9, -1., -0.8, -0.5, 0.1, 0.4, 0.6, 0.9], ".TTTTTTT"),
            (&[-1., -0.8, -0.5, -0.5, 0.4, 0.6, 0.9], "......."),
            (&[0.9, 0.6, 0.4, 0.1, -0.5, -0.8, -1.0, -0.9], "ttttttt."),
            (&[2.5, 0.1, 2.2], "N.N"),
            (&[2.5, -0.1, 2.2], "..."),
            (&[-2.5, -2.2, -0.1, 0.5], "nn.."),
            (&[2.5, 3.5, 0.1], ".O."),
            (&[-0.1, 1., 0.5, 1., 0.5, 1., 0.5, 1., 0.5, -0.1], ".SSSSSSSS."),
            (&[1., 0.5, 1., 0.0, 1., 0.5, 1., 0.5], "........"),
        ];
        for (values, want) in cases {
            assert_eq!(marks(values), want, "{values:?}");
        }
    }

    #[test]
    fn the_first_rule_in_order_names_the_point() {
        // A trend that ends outside the limits; two near the limit within seven on one side.
        assert_eq!(marks(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 3.5]), "TTTTTTO");
        assert_eq!(marks(&[0.1, 0.3, 0.2, 2.5, 2.4, 0.2, 0.3]), "SSSNNSS");
        // Where a rise meets a fall, the later trend names the turning point.
        assert_eq!(marks(&[-0.6, -0.4, -0.2, 0.1, 0.2, 0.4, 0.9, 0.5, 0.3, 0.2, 0.1, -0.1, -0.3]), "TTTTTTttttttt");
    }

    #[test]
    fn a_rebase_cuts_runs() {
        let mut values = vec![40., 42., 39., 41., 38., 43., 40., 42., 39., 41., 38., 43., 40.];
        values.extend([27., 26., 28., 25., 29., 27., 26., 28., 25., 29., 27., 26., 28.]);
        let whole = chart(&values, &[], Screening::Screened, GoodDirection::Down);
        assert!(whole.points.iter().skip(13).all(|p| p.signal == Some(Signal::Improvement)));
        assert!(whole.points.iter().take(13).all(|p| p.signal == Some(Signal::Concern)));
        let rebased = chart(&values, &[13], Screening::Screened, GoodDirection::Down);
        assert!(rebased.points.iter().all(|p| p.signal.is_none()));
    }

    proptest! {
        #[test]
        fn mirrored_values_have_mirrored_causes(v in prop::collection::vec(-40..40i32, 1..60)) {
            let a: Vec<f64> = v.iter().map(|x| f64::from(*x)).collect();
            let b: Vec<f64> = v.iter().map(|x| -f64::from(*x)).collect();
            let up = special_causes(&a, &limits(&a, Screening::Unscreened).unwrap());
            let down = special_causes(&b, &limits(&b, Screening::Unscreened).unwrap());
            for (u, d) in up.iter().zip(&down) {
                prop_assert_eq!(u.map(|c| c.rule), d.map(|c| c.rule));
                prop_assert_eq!(u.map(|c| c.side == Side::High), d.map(|c| c.side == Side::Low));
            }
        }

        #[test]
        fn runs_are_marked_whole_or_not_at_all(v in prop::collection::vec(-5..5i32, 1..80)) {
            let a: Vec<f64> = v.iter().map(|x| f64::from(*x) / 2.0).collect();
            let sides: Vec<_> = a.iter().map(|x| side_of(*x, 0.0)).collect();
            let flags = runs(&sides, RUN);
            for (i, flag) in flags.iter().enumerate() {
                let back = sides.iter().take(i + 1).rev().take_while(|s| **s == sides[i]).count();
                let on = sides.iter().skip(i + 1).take_while(|s| **s == sides[i]).count();
                prop_assert_eq!(*flag, sides[i].is_some() && back + on >= RUN);
            }
        }
    }
}
