//! How long people wait, with those who still wait counted.

use serde::{Deserialize, Serialize};

/// The 97.5th percentile of the standard normal distribution: a band of 95%.
const Z: f64 = 1.959_963_984_540_054;

/// One wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Spell {
    /// Days from asking to being seen, or to the last day known of.
    pub days: u32,
    /// True when it ended in being seen; false when it goes on, or ended otherwise (right censored).
    pub seen: bool,
}

/// The curve just after one day on which somebody was seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SurvivalStep {
    /// Days waited.
    pub days: u32,
    /// How many were still waiting just before.
    pub at_risk: u32,
    /// How many were seen on this day.
    pub seen: u32,
    /// The share still waiting after it, 0 to 1.
    pub waiting: f64,
    /// The lower end of its 95% band.
    pub lower: f64,
    /// The upper end of its 95% band.
    pub upper: f64,
}

/// A Kaplan–Meier curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Survival {
    /// Its steps, by days.
    pub steps: Vec<SurvivalStep>,
}

impl Survival {
    /// Half are seen within so many days: the first day on which half or fewer still wait. `None` when more than
    /// half still wait on the last day that anybody was seen.
    #[must_use]
    pub fn median(&self) -> Option<u32> {
        self.steps.iter().find(|s| s.waiting <= 0.5 + 1e-12).map(|s| s.days)
    }
}

/// The Kaplan–Meier estimate of the share still waiting, by days waited.
///
/// Those censored on a day count as at risk on it. Band: Greenwood's variance on the log(−log) scale, 95%.
/// Source: Kaplan and Meier 1958; Kalbfleisch and Prentice, *The Statistical Analysis of Failure Time Data*, 1.4;
/// checked against `survival::survfit(conf.type = "log-log")` and `lifelines.KaplanMeierFitter`.
#[must_use]
pub fn kaplan_meier(spells: &[Spell]) -> Survival {
    let mut sorted = spells.to_vec();
    sorted.sort_unstable_by_key(|s| s.days);
    let mut at_risk = sorted.len();
    let (mut waiting, mut variance) = (1.0_f64, 0.0_f64);
    let mut steps = Vec::new();
    for day in sorted.chunk_by(|a, b| a.days == b.days) {
        let seen = day.iter().filter(|s| s.seen).count();
        if let (true, Some(first)) = (seen > 0, day.first()) {
            let (n, d) = (real(at_risk), real(seen));
            waiting *= (n - d) / n;
            variance += if n > d { d / (n * (n - d)) } else { 0.0 };
            let (lower, upper) = band(waiting, variance);
            steps.push(SurvivalStep {
                days: first.days,
                at_risk: whole(at_risk),
                seen: whole(seen),
                waiting,
                lower,
                upper,
            });
        }
        at_risk = at_risk.saturating_sub(day.len());
    }
    Survival { steps }
}

fn band(waiting: f64, variance: f64) -> (f64, f64) {
    if waiting <= 0.0 {
        return (0.0, 0.0);
    }
    if waiting >= 1.0 {
        return (1.0, 1.0);
    }
    let spread = Z * variance.sqrt() / -waiting.ln();
    (waiting.powf(spread.exp()), waiting.powf((-spread).exp()))
}

pub(crate) fn real(n: usize) -> f64 {
    // Counts of people stay far below 2^53.
    #[allow(clippy::cast_precision_loss)]
    {
        n as f64
    }
}

pub(crate) fn whole(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The 6-MP arm of Freireich's leukaemia trial, weeks in remission: the textbook example of all four sources.
    fn six_mp() -> Vec<Spell> {
        let seen = [6, 6, 6, 7, 10, 13, 16, 22, 23];
        let censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
        seen.iter()
            .map(|d| Spell { days: *d, seen: true })
            .chain(censored.iter().map(|d| Spell { days: *d, seen: false }))
            .collect()
    }

    #[test]
    fn the_textbook_curve_and_its_band() {
        let km = kaplan_meier(&six_mp());
        let got: Vec<(u32, u32, u32)> = km.steps.iter().map(|s| (s.days, s.at_risk, s.seen)).collect();
        assert_eq!(got, [(6, 21, 3), (7, 17, 1), (10, 15, 1), (13, 12, 1), (16, 11, 1), (22, 7, 1), (23, 6, 1)]);
        // survfit's published table: survival, and the log-log band.
        let want = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482];
        let low = [0.6197, 0.5631, 0.5032, 0.4316, 0.3675, 0.2678, 0.1881];
        let high = [0.9516, 0.9228, 0.8894, 0.8491, 0.8049, 0.7468, 0.6801];
        for (s, ((w, l), h)) in km.steps.iter().zip(want.iter().zip(low).zip(high)) {
            assert!((s.waiting - w).abs() < 5e-5, "{s:?} {w}");
            assert!((s.lower - l).abs() < 5e-5 && (s.upper - h).abs() < 5e-5, "{s:?} {l} {h}");
        }
        assert_eq!(km.median(), Some(23));
    }

    #[test]
    fn nobody_seen_has_no_median() {
        assert_eq!(kaplan_meier(&[]).median(), None);
        assert_eq!(kaplan_meier(&[Spell { days: 9, seen: false }]).median(), None);
        let few = [Spell { days: 9, seen: true }, Spell { days: 20, seen: false }, Spell { days: 30, seen: false }];
        assert_eq!(kaplan_meier(&few).median(), None);
    }

    proptest! {
        #[test]
        fn without_censoring_it_is_the_plain_share(days in prop::collection::vec(0..300u32, 1..150)) {
            let spells: Vec<Spell> = days.iter().map(|d| Spell { days: *d, seen: true }).collect();
            for step in kaplan_meier(&spells).steps {
                let left = days.iter().filter(|d| **d > step.days).count();
                prop_assert!((step.waiting - left as f64 / days.len() as f64).abs() < 1e-9);
            }
        }

        #[test]
        fn it_only_falls_and_stays_in_its_band(spells in prop::collection::vec((0..300u32, any::<bool>()), 0..150)) {
            let spells: Vec<Spell> = spells.into_iter().map(|(days, seen)| Spell { days, seen }).collect();
            let mut before = 1.0;
            for s in kaplan_meier(&spells).steps {
                prop_assert!(s.waiting <= before && s.waiting >= -1e-12);
                prop_assert!(s.lower <= s.waiting + 1e-12 && s.waiting <= s.upper + 1e-12 && s.upper <= 1.0 && s.lower >= 0.0);
                before = s.waiting;
            }
        }

        #[test]
        fn a_longer_unfinished_wait_never_shortens_the_median(
            spells in prop::collection::vec((0..200u32, any::<bool>()), 1..80), more in 0..200u32,
        ) {
            let mut all: Vec<Spell> = spells.into_iter().map(|(days, seen)| Spell { days, seen }).collect();
            let before = kaplan_meier(&all).median();
            all.push(Spell { days: 200 + more, seen: false });
            let after = kaplan_meier(&all).median();
            let stands = after.is_none_or(|a| before.is_some_and(|b| a >= b));
            prop_assert!(stands);
        }
    }
}
