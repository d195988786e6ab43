//! Invented people.

use chrono::{Datelike, NaiveDate};
use sync_schema::Need;

use super::dice::Dice;
use super::listings::{postcode, telephone};
use super::names::{AWKWARD, TONGUES, Tongue};

/// What is known of a person.
#[derive(Debug, Clone)]
pub(super) struct PersonPlan {
    pub(super) name: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) postcode: Option<String>,
    /// Date of birth, and whether it is a guess.
    pub(super) born_on: Option<(NaiveDate, bool)>,
    pub(super) needs: Vec<Need>,
    pub(super) interpreter: Option<&'static str>,
}

/// The person with this number.
pub(super) fn person(seed: u64, number: u32, today: NaiveDate) -> PersonPlan {
    let mut dice = Dice::new(seed, "person", u64::from(number));
    let tongue = tongue(&mut dice);
    let name = if number % 47 == 13 {
        let awkward = u32::try_from(AWKWARD.len()).unwrap_or(1);
        AWKWARD.get((number / 47 % awkward) as usize).map(|n| (*n).to_owned())
    } else if dice.chance(2) {
        None
    } else {
        Some(full_name(tongue, &mut dice))
    };
    let interpreter = tongue.interpreter.filter(|_| dice.chance(45));
    let mut needs = Vec::new();
    let mut may = |need: Need, percent: u32, dice: &mut Dice| {
        if dice.chance(percent) {
            needs.push(need);
        }
    };
    may(Need::Welsh, if tongue.interpreter.is_none() { 9 } else { 0 }, &mut dice);
    may(Need::LargePrint, 10, &mut dice);
    may(Need::Bsl, 1, &mut dice);
    may(Need::QuietPlace, 7, &mut dice);
    may(Need::Wheelchair, 7, &mut dice);
    may(Need::HearingLoop, 5, &mut dice);
    may(Need::EasyRead, 4, &mut dice);
    if interpreter.is_some() {
        needs.push(Need::Interpreter);
    }
    PersonPlan {
        name,
        phone: dice.chance(82).then(|| telephone(&mut dice)),
        postcode: dice.chance(78).then(|| postcode(&mut dice)),
        born_on: dice.chance(70).then(|| (born(&mut dice, today), dice.chance(8))),
        needs,
        interpreter,
    }
}

/// The name that someone without a record gives, if any.
pub(super) fn passer_by(dice: &mut Dice) -> Option<String> {
    let tongue = tongue(dice);
    (!dice.chance(35)).then(|| dice.pick(tongue.first).to_owned())
}

fn tongue(dice: &mut Dice) -> &'static Tongue {
    let mut left = dice.below(100);
    for tongue in TONGUES {
        if left < tongue.share {
            return tongue;
        }
        left -= tongue.share;
    }
    // The shares add up to a hundred: a test holds them to it.
    TONGUES.first().unwrap_or(&NOBODY)
}

const NOBODY: Tongue = Tongue { first: &[], last: &[], interpreter: None, share: 0 };

fn full_name(tongue: &Tongue, dice: &mut Dice) -> String {
    let (first, last) = (dice.pick(tongue.first), dice.pick(tongue.last));
    // Some are known by one name alone.
    if dice.chance(4) { first.to_owned() } else { format!("{first} {last}") }
}

fn born(dice: &mut Dice, today: NaiveDate) -> NaiveDate {
    // Mostly old, some of them carers in the middle of life, a few just grown up.
    let age = match dice.below(10) {
        0 => dice.between(19, 34),
        1..=3 => dice.between(35, 64),
        _ => dice.between(65, 97),
    };
    let year = today.year() - i32::try_from(age).unwrap_or(70);
    NaiveDate::from_yo_opt(year, dice.between(1, 365)).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn people_have_names_of_every_kind_and_ring_nobody() {
        assert_eq!(TONGUES.iter().map(|t| t.share).sum::<u32>(), 100);
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let all: Vec<PersonPlan> = (0..1500).map(|n| person(1, n, today)).collect();
        let names: HashSet<&str> = all.iter().filter_map(|p| p.name.as_deref()).collect();
        assert!(AWKWARD.iter().all(|n| names.contains(n)), "every awkward name turns up");
        assert!(names.len() > 900, "{}", names.len());
        assert!(all.iter().any(|p| p.name.is_none()));
        for phone in all.iter().filter_map(|p| p.phone.as_deref()) {
            assert!(phone.starts_with("01632 960") || phone.starts_with("07700 900"), "{phone}");
        }
        for (born, _) in all.iter().filter_map(|p| p.born_on) {
            assert!((17..=98).contains(&(today.year() - born.year())));
        }
    }
}
