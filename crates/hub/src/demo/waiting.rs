//! Two years of waiting lists, with waits that shorten once a hub is open.

use chrono::{Days, NaiveDate};
use sync_schema::{Band, WaitingKind};

use super::council::HubPlan;
use super::dice::Dice;

/// Nobody is overlooked for longer than so many days.
const OVERLOOKED_WITHIN: f64 = 125.0;

/// Days of history.
pub(super) const HISTORY: u32 = 728;

/// How many in a thousand ask at this hub (by its place in the list) for this kind, and the mean wait in days before
/// and after the hub opened.
const FLOWS: &[(usize, WaitingKind, u32, f64, f64)] = &[
    (0, WaitingKind::OccupationalTherapy, 420, 43.0, 26.0),
    (0, WaitingKind::Assessment, 70, 64.0, 46.0),
    (0, WaitingKind::Carer, 50, 48.0, 30.0),
    (0, WaitingKind::Review, 40, 110.0, 104.0),
    (0, WaitingKind::StartOfSupport, 30, 40.0, 42.0),
    (0, WaitingKind::DeprivationOfLiberty, 20, 160.0, 158.0),
    (1, WaitingKind::OccupationalTherapy, 60, 84.0, 62.0),
    (1, WaitingKind::Assessment, 80, 90.0, 55.0),
    (1, WaitingKind::Carer, 40, 55.0, 44.0),
    (1, WaitingKind::Review, 30, 110.0, 108.0),
    (1, WaitingKind::StartOfSupport, 20, 40.0, 45.0),
    (2, WaitingKind::OccupationalTherapy, 40, 80.0, 72.0),
    (2, WaitingKind::Assessment, 50, 75.0, 70.0),
    (2, WaitingKind::Carer, 30, 48.0, 50.0),
    (2, WaitingKind::Review, 20, 105.0, 118.0),
];

/// Ways out that are not being seen, as likely as they stand here.
const OTHER_ENDS: &[&str] = &["withdrew", "withdrew", "moved", "died"];

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct EntryPlan {
    pub(super) hub: usize,
    pub(super) kind: WaitingKind,
    pub(super) band: Band,
    pub(super) requested: NaiveDate,
    /// Calls, with the next due day of each.
    pub(super) contacts: Vec<(NaiveDate, NaiveDate)>,
    pub(super) closed: Option<(NaiveDate, &'static str)>,
}

/// About `count` entries, and all that happened to them up to `today`.
pub(super) fn plan(seed: u64, count: u32, hubs: &[HubPlan], today: NaiveDate) -> Vec<EntryPlan> {
    let mut out = Vec::new();
    for (flow, (hub, kind, share, before, after)) in FLOWS.iter().enumerate() {
        let Some(opened) = hubs.get(*hub).map(|h| h.opened) else { continue };
        let mut dice = Dice::new(seed, "flow", flow as u64);
        let a_day = f64::from(count) * f64::from(*share) / 1000.0 / f64::from(HISTORY);
        for back in (1..=HISTORY).rev() {
            let Some(day) = today.checked_sub_days(Days::new(u64::from(back))) else { continue };
            for _ in 0..dice.arrivals(a_day) {
                let asked = Asked {
                    hub: *hub,
                    kind: *kind,
                    on: day,
                    opened,
                    mean: if day < opened { *before } else { *after },
                    later: *after,
                };
                out.push(entry(&mut dice, &asked, today));
            }
        }
    }
    out
}

struct Asked {
    hub: usize,
    kind: WaitingKind,
    on: NaiveDate,
    opened: NaiveDate,
    mean: f64,
    later: f64,
}

fn entry(dice: &mut Dice, asked: &Asked, today: NaiveDate) -> EntryPlan {
    let band = match dice.below(100) {
        0..=5 => Band::Urgent,
        6..=24 => Band::High,
        25..=69 => Band::Medium,
        70..=91 => Band::Low,
        _ => Band::None,
    };
    let hurry = match band {
        Band::Urgent => 0.5,
        Band::High => 0.85,
        Band::Low | Band::None => 1.15,
        _ => 1.0,
    };
    let mut days = dice.wait(asked.mean * hurry).max(1.0);
    // Who still waits when the hub opens is seen at the hub's pace from then on.
    let until_open = days_between(asked.on, asked.opened);
    if until_open > 0.0 && days > until_open {
        days = until_open + (days - until_open) * (asked.later / asked.mean).powi(2);
    }
    let left_otherwise = dice.chance(8);
    // Days are between 1 and a few hundred.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let ends = asked.on.checked_add_days(Days::new(days.min(700.0) as u64)).unwrap_or(today);
    let outcome = if left_otherwise { dice.pick(OTHER_ENDS) } else { "seen" };
    // A few of the last months are overlooked, and are what a list is looked through for.
    let overlooked = dice.chance(6) && days_between(asked.on, today) < OVERLOOKED_WITHIN;
    let closed = (ends < today && !overlooked).then_some((ends, outcome));
    let mut contacts = Vec::new();
    let mut call = asked.on;
    loop {
        call = call.checked_add_days(Days::new(u64::from(dice.between(9, 26)))).unwrap_or(today);
        if call >= closed.map_or(today, |c| c.0) || contacts.len() == 3 || dice.chance(30) {
            break;
        }
        let due = call.checked_add_days(Days::new(u64::from(dice.between(7, 24)))).unwrap_or(call);
        contacts.push((call, due));
    }
    EntryPlan { hub: asked.hub, kind: asked.kind, band, requested: asked.on, contacts, closed }
}

fn days_between(from: NaiveDate, to: NaiveDate) -> f64 {
    f64::from(i32::try_from(to.signed_duration_since(from).num_days()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use super::*;
    use crate::demo::council::hubs;
    use crate::view::trends::WaitsSay;
    use crate::view::trends::figure::{ListStay, Question, figures};

    #[test]
    fn lists_of_two_years_are_believable() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let hubs = hubs(today, NaiveTime::from_hms_opt(10, 40, 0).unwrap());
        for seed in 1..6 {
            let all = plan(seed, 1100, &hubs, today);
            assert!((950..1250).contains(&all.len()), "{}", all.len());
            let open = all.iter().filter(|e| e.closed.is_none()).count();
            assert!((60..160).contains(&open), "{open}");
            assert!(
                all.iter().all(|e| e.requested < today && e.closed.is_none_or(|c| c.0 > e.requested && c.0 < today))
            );
            let ot = |after: bool| {
                let days: Vec<f64> = all
                    .iter()
                    .filter(|e| e.hub == 0 && e.kind == WaitingKind::OccupationalTherapy)
                    .filter_map(|e| e.closed.map(|c| (e.requested, c.0)))
                    .filter(|(_, closed)| (*closed >= hubs[0].opened) == after)
                    .map(|(asked, closed)| days_between(asked, closed))
                    .collect();
                days.iter().sum::<f64>() / days.len() as f64
            };
            assert!(ot(false) - ot(true) > 5.0, "before {} after {}", ot(false), ot(true));
        }
        assert_eq!(plan(3, 1100, &hubs, today), plan(3, 1100, &hubs, today));
    }

    #[test]
    fn the_chart_of_a_newly_opened_hub_shows_more_than_chance_on_any_day() {
        for later in 0..14 {
            let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap() + Days::new(later);
            let hubs = hubs(today, NaiveTime::from_hms_opt(10, 40, 0).unwrap());
            for seed in 1..5 {
                let stays: Vec<ListStay> = plan(seed, 1050, &hubs, today)
                    .into_iter()
                    .filter(|e| e.hub == 0 && e.kind == WaitingKind::OccupationalTherapy)
                    .map(|e| ListStay {
                        asked: e.requested,
                        closed: e.closed.map(|c| c.0),
                        seen: e.closed.is_some_and(|c| c.1 == "seen"),
                    })
                    .collect();
                let opened = Some((hubs[0].name, hubs[0].opened));
                let f = figures(&stays, &Question { today, weeks: 52, opened, target_days: 28 });
                let told = format!("seed {seed}, {today}: {:?}", f.waits_say);
                assert!(matches!(f.waits_say, WaitsSay::SoonerSince { more_than_chance: true, .. }), "{told}");
            }
        }
    }
}
