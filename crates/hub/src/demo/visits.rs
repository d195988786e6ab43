//! Two years of visits: who came when, for what, and what became of it.

use std::collections::HashMap;

use chrono::NaiveDate;
use sync_schema::Need;

use super::council::{FIRST_LETTER, HubPlan, SECOND_LETTER};
use super::dice::Dice;
use super::people::PersonPlan;
use super::words::{COMPANIONS, REASONS, REASONS_IN};

/// One visit before today.
#[derive(Debug, Clone)]
pub(super) struct VisitPlan {
    pub(super) number: u32,
    pub(super) hub: usize,
    pub(super) day: NaiveDate,
    /// Minutes after midnight, where the hub is.
    pub(super) minute: u32,
    pub(super) person: Option<usize>,
    pub(super) letter: char,
    pub(super) ticket: u32,
    /// Minutes until they were taken, or left.
    pub(super) waited: u32,
    /// Minutes with a worker; `None` when they left before.
    pub(super) with_worker: Option<u32>,
}

/// What was said at the door.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) name: Option<String>,
    pub(super) reason: &'static str,
    pub(super) needs: Vec<Need>,
    pub(super) interpreter: Option<&'static str>,
    pub(super) been_before: Option<bool>,
    pub(super) companion: Option<&'static str>,
}

/// `count` visits at the hubs' sessions, by hub and time.
pub(super) fn plan(seed: u64, count: u32, people: usize, hubs: &[HubPlan], today: NaiveDate) -> Vec<VisitPlan> {
    let mut dice = Dice::new(seed, "visits", 0);
    let mut sessions: Vec<(usize, NaiveDate)> = Vec::new();
    for (hub, plan) in hubs.iter().enumerate() {
        for day in plan.days_open(today) {
            sessions.extend(std::iter::repeat_n((hub, day), plan.busy as usize));
        }
    }
    let regulars = u32::try_from(people).unwrap_or(u32::MAX);
    let mut drawn: Vec<(usize, NaiveDate, u32, u32)> = Vec::new();
    if !sessions.is_empty() {
        for n in 0..count {
            let which = dice.below(u32::try_from(sessions.len()).unwrap_or(u32::MAX)) as usize;
            if let Some((hub, day)) = sessions.get(which) {
                drawn.push((*hub, *day, 9 * 60 + 35 + dice.below(200), n));
            }
        }
    }
    drawn.sort_unstable();
    let mut tickets: HashMap<(usize, NaiveDate, char), u32> = HashMap::new();
    drawn
        .into_iter()
        .map(|(hub, day, minute, number)| {
            let letter = if dice.chance(65) { FIRST_LETTER } else { SECOND_LETTER };
            let ticket = tickets.entry((hub, day, letter)).or_default();
            *ticket += 1;
            // One in four visitors is nobody the hub has a record of.
            let person = (regulars > 0 && !dice.chance(25)).then(|| dice.below(regulars) as usize);
            let left = dice.chance(6);
            VisitPlan {
                number,
                hub,
                day,
                minute,
                person,
                letter,
                ticket: *ticket,
                waited: dice.between(2, if left { 55 } else { 38 }),
                with_worker: (!left).then(|| dice.between(9, 50)),
            }
        })
        .collect()
}

/// What the visitor said.
pub(super) fn said(seed: u64, visit: &VisitPlan, person: Option<&PersonPlan>) -> Said {
    let mut dice = Dice::new(seed, "said", u64::from(visit.number));
    let interpreter = person.and_then(|p| p.interpreter).filter(|_| dice.chance(60));
    let name = person.and_then(|p| p.name.as_deref()).and_then(|full| match dice.below(10) {
        0 => None,
        1..=5 => full.split(' ').next().map(str::to_owned),
        _ => Some(full.to_owned()),
    });
    Said {
        name: if person.is_some() { name } else { super::people::passer_by(&mut dice) },
        reason: reason(&mut dice, interpreter, person),
        needs: person.map_or_else(Vec::new, |p| p.needs.clone()),
        interpreter,
        been_before: dice.chance(80).then(|| person.is_some() && visit.number.is_multiple_of(2)),
        companion: dice.chance(18).then(|| dice.pick(COMPANIONS)),
    }
}

/// In their own language where they need an interpreter, now and then in Welsh where they asked for it.
fn reason(dice: &mut Dice, interpreter: Option<&str>, person: Option<&PersonPlan>) -> &'static str {
    let welsh = person.is_some_and(|p| p.needs.contains(&Need::Welsh)) && dice.chance(60);
    let language = interpreter.or_else(|| welsh.then_some("Welsh"));
    let own = language.and_then(|l| REASONS_IN.iter().find(|(language, _)| *language == l));
    dice.pick(own.map_or(REASONS, |(_, reasons)| reasons))
}
