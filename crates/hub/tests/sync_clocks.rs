//! A laptop whose clock is wrong is told apart by what it states and holds, whichever way what it says has come.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod sync_support;

use hub::view::shell::Role;
use sync_support::{Council, Laptop, TEN};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// What the first laptop says of the second's clock, which differs from its own by so much.
fn told(difference: i64) -> Option<i32> {
    let council = Council::found();
    let two = council.joins(Role::Worker, 2);
    two.world.set(TEN.plus_millis(difference));
    council.one.check_in("Mair");
    council.meet(&[&two]);
    error_of_the_other(&council.one)
}

fn error_of_the_other(one: &Laptop) -> Option<i32> {
    let others = one.hub.laptops().unwrap();
    assert_eq!(others.len(), 1);
    others[0].clock_error_minutes
}

#[test]
fn a_clock_that_is_right_enough_is_not_spoken_of() {
    for difference in [0, 4 * MINUTE, -4 * MINUTE] {
        assert_eq!(told(difference), None, "{difference}");
    }
}

#[test]
fn a_fast_clock_and_a_slow_one_are_told() {
    for minutes in [6, 90, 3 * 365 * 24 * 60] {
        assert_eq!(told(i64::from(minutes) * MINUTE), Some(minutes));
        assert_eq!(told(i64::from(-minutes) * MINUTE), Some(-minutes));
    }
}

#[test]
fn a_laptop_that_was_away_for_weeks_has_no_slow_clock() {
    let council = Council::found();
    let two = council.joins(Role::Worker, 2);
    council.one.check_in("Mair");
    council.meet(&[&two]);
    council.one.world.set(TEN.plus_millis(40 * DAY));
    council.one.check_in("Zofia");
    council.one.share(&council.stick());
    assert_eq!(error_of_the_other(&council.one), None, "it has not said anything since");
    two.world.set(TEN.plus_millis(40 * DAY));
    council.meet(&[&two]);
    assert_eq!(error_of_the_other(&council.one), None);
}

#[test]
fn a_clock_that_was_put_right_is_not_spoken_of_any_more() {
    let council = Council::found();
    let two = council.joins(Role::Worker, 2);
    two.world.set(TEN.plus_millis(-90 * MINUTE));
    council.one.check_in("Mair");
    council.meet(&[&two]);
    assert_eq!(error_of_the_other(&council.one), Some(-90));
    two.world.set(TEN);
    two.check_in("Zofia");
    council.meet(&[&two]);
    assert_eq!(error_of_the_other(&council.one), None);
}
