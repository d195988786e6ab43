//! Laws of the roster as far as this version folds it.

mod common;

use common::*;
use proptest::prelude::*;
use sealed_log::*;

fn entries(roster: &Roster) -> Vec<Vec<u8>> {
    roster.entries().map(|(_, entry)| entry.encode()).collect()
}

proptest! {
    #[test]
    fn the_order_of_arrival_changes_nothing(order in Just(vec![0usize, 1, 2, 3]).prop_shuffle()) {
        let council = Council::new();
        let bytes = entries(&council.roster);
        let mut roster = Roster::new(council.id);
        for index in order {
            roster.add(&bytes[index]).unwrap();
        }
        prop_assert_eq!(roster.fold(), council.roster.fold());
        prop_assert_eq!(roster.heads(), council.roster.heads());
    }

    #[test]
    fn a_flipped_bit_is_refused(which in 0usize..4, at in 0.0..1.0f64, bit in 0u8..8) {
        let council = Council::new();
        let mut bytes = entries(&council.roster)[which].clone();
        let byte = (bytes.len() as f64 * at) as usize;
        bytes[byte] ^= 1 << bit;
        prop_assert!(Roster::new(council.id).add(&bytes).is_err());
    }
}

#[test]
fn says_who_may_do_what() {
    let council = Council::new();
    let members = council.roster.fold();
    let door = council.door.identity.laptop();
    let (door_log, office_log) = (council.door.incarnation.log(), council.office.incarnation.log());
    assert!(members.may_write(&door_log, &council.front_desk));
    assert!(!members.may_write(&door_log, &council.team));
    assert!(members.may_read(&door, &council.team));
    assert!(!members.may_read(&door, &council.casework));
    assert!(members.may_write(&office_log, &council.team));
    assert!(!members.same_laptop(&door_log, &office_log));
    assert_eq!(members.laptop_of(&door_log), Some(door));
}

#[test]
fn a_grant_to_write_the_team_means_nothing_to_a_mere_laptop() {
    let mut council = Council::new();
    let machine = Machine::new(20);
    let kind =
        Kind::Enrol { identity: machine.identity.public(), rank: Rank::Laptop, grants: vec![write(council.team)] };
    let heads = council.roster.heads();
    let entry = Entry::by_laptop(&council.office.identity, council.id, heads, kind);
    council.roster.add(&entry.encode()).unwrap();
    let kind = Kind::Incarnate { key: machine.incarnation.public() };
    let entry = Entry::by_laptop(&machine.identity, council.id, vec![entry.hash()], kind);
    council.roster.add(&entry.encode()).unwrap();
    assert!(!council.roster.fold().may_write(&machine.incarnation.log(), &council.team));
}

#[test]
fn only_administrators_enrol() {
    let mut council = Council::new();
    let friend = Machine::new(30);
    let kind = Kind::Enrol {
        identity: friend.identity.public(),
        rank: Rank::Administrator,
        grants: vec![write(council.casework)],
    };
    let entry = Entry::by_laptop(&council.door.identity, council.id, council.roster.heads(), kind.clone());
    council.roster.add(&entry.encode()).unwrap();
    assert_eq!(council.roster.stands(&entry.hash()), Err(Stop::Refused(Refusal::Stranger)));
    assert!(council.roster.fold().laptop(&friend.identity.laptop()).is_none());

    // Without resting on its author's own enrolment an entry does not stand either.
    let entry = Entry::by_laptop(&council.office.identity, council.id, vec![], kind);
    council.roster.add(&entry.encode()).unwrap();
    assert!(council.roster.stands(&entry.hash()).is_err());
}

#[test]
fn a_stranger_cannot_found() {
    let mut council = Council::new();
    let other = RootSeed::from_secret(&[66; 32]);
    let kind = Kind::Found { identity: Machine::new(40).identity.public(), grants: vec![] };
    let foreign = Entry::by_root(&other, vec![], kind.clone());
    assert_eq!(council.roster.add(&foreign.encode()), Err(Stop::Refused(Refusal::ForeignCouncil)));
    let claimed = Entry::by_laptop(&Machine::new(40).identity, council.id, vec![], kind);
    council.roster.add(&claimed.encode()).unwrap();
    assert_eq!(council.roster.stands(&claimed.hash()), Err(Stop::Refused(Refusal::Stranger)));
}

#[test]
fn an_entry_waits_for_its_ancestors() {
    let council = Council::new();
    let mut roster = Roster::new(council.id);
    let last = council.roster.get(&council.roster.heads()[0]).unwrap();
    roster.add(&last.encode()).unwrap();
    assert_eq!(roster.stands(&last.hash()), Err(Stop::Waits(Waits::Ahead)));
    assert_eq!(roster.fold().logs().count(), 0);
}

#[test]
fn a_kind_of_a_newer_version_is_kept_and_passed_on() {
    let mut council = Council::new();
    let kind = Kind::Unknown { kind: 900, content: vec![1, 2, 3] };
    let entry = Entry::by_laptop(&council.door.identity, council.id, council.roster.heads(), kind);
    let bytes = entry.encode();
    council.roster.add(&bytes).unwrap();
    assert_eq!(council.roster.stands(&entry.hash()), Ok(()));
    assert_eq!(council.roster.get(&entry.hash()).unwrap().encode(), bytes);
    // Later entries may rest on it.
    let kind = Kind::Incarnate { key: Machine::new(60).incarnation.public() };
    let later = Entry::by_laptop(&council.door.identity, council.id, vec![entry.hash()], kind);
    council.roster.add(&later.encode()).unwrap();
    assert!(council.roster.fold().laptop_of(&Machine::new(60).incarnation.log()).is_some());
}
