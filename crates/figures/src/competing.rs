//! Ways to leave a list that are not being seen: each has a share of its own.

use serde::{Deserialize, Serialize};

use crate::survival::real;

/// How a wait stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Ending {
    /// Still waiting (right censored).
    Waiting,
    /// Seen.
    Seen,
    /// Left otherwise: died, moved, withdrew.
    LeftOtherwise,
}

/// The shares just after one day on which somebody left the list.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct IncidenceStep {
    /// Days waited.
    pub days: u32,
    /// The share seen by then, 0 to 1.
    pub seen: f64,
    /// The share that left otherwise by then, 0 to 1.
    pub left_otherwise: f64,
}

/// Cumulative incidence of both endings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Incidence {
    /// Its steps, by days.
    pub steps: Vec<IncidenceStep>,
}

/// The Aalen–Johansen estimate: what share has been seen, and what share has left otherwise, by days waited.
///
/// Each day adds (share still waiting just before) × (those who ended so) ÷ (those at risk). One minus Kaplan–Meier
/// would count people who died as if they might yet be seen. Source: Aalen and Johansen 1978; Putter, Fiocco and
/// Geskus 2007; reference: `survival::survfit` with a multi-state outcome, `lifelines.AalenJohansenFitter`.
#[must_use]
pub fn cumulative_incidence(waits: &[(u32, Ending)]) -> Incidence {
    let mut sorted = waits.to_vec();
    sorted.sort_unstable_by_key(|w| w.0);
    let mut at_risk = sorted.len();
    let (mut waiting, mut seen, mut left) = (1.0_f64, 0.0_f64, 0.0_f64);
    let mut steps = Vec::new();
    for day in sorted.chunk_by(|a, b| a.0 == b.0) {
        let count = |ending: Ending| real(day.iter().filter(|w| w.1 == ending).count());
        let (s, l, n) = (count(Ending::Seen), count(Ending::LeftOtherwise), real(at_risk));
        if let (true, Some((days, _))) = (s + l > 0.0, day.first()) {
            seen += waiting * s / n;
            left += waiting * l / n;
            waiting *= (n - s - l) / n;
            steps.push(IncidenceStep { days: *days, seen, left_otherwise: left });
        }
        at_risk = at_risk.saturating_sub(day.len());
    }
    Incidence { steps }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::survival::{Spell, kaplan_meier};

    #[test]
    fn by_hand() {
        use Ending::{LeftOtherwise, Seen, Waiting};
        let got = cumulative_incidence(&[(1, Seen), (2, LeftOtherwise), (3, Waiting), (4, Seen), (5, Waiting)]).steps;
        let want = [(1, 0.2, 0.0), (2, 0.2, 0.2), (4, 0.5, 0.2)];
        assert_eq!(got.len(), want.len());
        for (g, (days, seen, left)) in got.iter().zip(want) {
            assert_eq!(g.days, days);
            assert!((g.seen - seen).abs() < 1e-12 && (g.left_otherwise - left).abs() < 1e-12, "{g:?}");
        }
    }

    fn ending() -> impl Strategy<Value = Ending> {
        prop_oneof![Just(Ending::Waiting), Just(Ending::Seen), Just(Ending::LeftOtherwise)]
    }

    proptest! {
        #[test]
        fn shares_add_up_to_those_who_left(waits in prop::collection::vec((0..200u32, ending()), 0..120)) {
            let any: Vec<Spell> =
                waits.iter().map(|(days, e)| Spell { days: *days, seen: *e != Ending::Waiting }).collect();
            for (i, k) in cumulative_incidence(&waits).steps.iter().zip(kaplan_meier(&any).steps) {
                prop_assert_eq!(i.days, k.days);
                prop_assert!((i.seen + i.left_otherwise + k.waiting - 1.0).abs() < 1e-9);
            }
        }

        #[test]
        fn with_one_ending_it_is_one_minus_kaplan_meier(waits in prop::collection::vec((0..200u32, any::<bool>()), 1..120)) {
            let spells: Vec<Spell> = waits.iter().map(|(days, seen)| Spell { days: *days, seen: *seen }).collect();
            let two: Vec<(u32, Ending)> =
                waits.iter().map(|(d, s)| (*d, if *s { Ending::Seen } else { Ending::Waiting })).collect();
            for (i, k) in cumulative_incidence(&two).steps.iter().zip(kaplan_meier(&spells).steps) {
                prop_assert!((i.seen - (1.0 - k.waiting)).abs() < 1e-9 && i.left_otherwise == 0.0);
            }
        }
    }
}
