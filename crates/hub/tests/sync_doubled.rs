//! Two programs that work as one laptop are told apart from a laptop that began anew.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod sync_support;

use hub::view::shell::Role;
use sync_support::{Council, Laptop, copy};

/// What the first laptop says of the other, and the other of itself.
fn told(council: &Council, itself: &Laptop) -> (bool, bool) {
    let others = council.one.hub.laptops().unwrap();
    assert_eq!(others.len(), 1);
    (others[0].doubled, itself.hub.laptop().unwrap().own.doubled)
}

#[test]
fn a_join_file_that_was_used_twice_is_told() {
    let council = Council::found();
    let two = council.joins(Role::Worker, 2);
    council.meet(&[&two]);
    assert_eq!(told(&council, &two), (false, false));
    let file = council.place.path().join("join-2");
    let again = Laptop::joined(&file, &council.place.path().join("laptop-3"), 3);
    again.hub.sign_in_as("Sam", Role::Worker).unwrap();
    for round in 0..2 {
        two.check_in(&format!("Mair {round}"));
        again.check_in(&format!("Zofia {round}"));
        council.meet(&[&two, &again]);
    }
    assert_eq!(told(&council, &two), (true, true));
    assert!(again.hub.laptop().unwrap().own.doubled);
    for laptop in [&council.one, &two, &again] {
        assert_eq!(laptop.queue(), ["Mair 0", "Mair 1", "Zofia 0", "Zofia 1"], "something was lost");
    }
}

#[test]
fn a_laptop_that_moved_to_another_machine_is_one() {
    let council = Council::found();
    let two = council.joins(Role::Worker, 2);
    two.check_in("Mair");
    council.meet(&[&two]);
    let moved = council.place.path().join("moved");
    let old = two.dir.clone();
    drop(two);
    copy(&old, &moved);
    let two = Laptop::open(&moved, 7, Role::Worker);
    two.check_in("Zofia");
    council.meet(&[&two]);
    council.meet(&[&two]);
    assert_eq!(told(&council, &two), (false, false));

    // And once the old machine is switched on again, it is two.
    let left = Laptop::open(&old, 2, Role::Worker);
    left.check_in("Idris");
    council.meet(&[&two, &left]);
    two.check_in("Nia");
    council.meet(&[&two, &left]);
    assert_eq!(told(&council, &two), (true, true));
    assert!(left.hub.laptop().unwrap().own.doubled);
}
