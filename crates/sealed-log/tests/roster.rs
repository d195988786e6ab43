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
        Kind::Enrol { identity: machine.identity.publics(), rank: Rank::Laptop, grants: vec![write(council.team)] };
    let heads = council.roster.heads();
    let entry = Entry::by_laptop(&council.office.identity, council.id, heads, kind);
    council.roster.add(&entry.encode()).unwrap();
    let kind = Kind::incarnate(&machine.incarnation, &council.id, &machine.identity);
    let entry = Entry::by_laptop(&machine.identity, council.id, vec![entry.hash()], kind);
    council.roster.add(&entry.encode()).unwrap();
    assert!(!council.roster.fold().may_write(&machine.incarnation.log(), &council.team));
}

#[test]
fn only_administrators_enrol() {
    let mut council = Council::new();
    let friend = Machine::new(30);
    let kind = Kind::Enrol {
        identity: friend.identity.publics(),
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
    let kind = Kind::Found { root: other.agreement(), identity: Machine::new(40).identity.publics(), grants: vec![] };
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
    let kind = Kind::incarnate(&Machine::new(60).incarnation, &council.id, &council.door.identity);
    let later = Entry::by_laptop(&council.door.identity, council.id, vec![entry.hash()], kind);
    council.roster.add(&later.encode()).unwrap();
    assert!(council.roster.fold().laptop_of(&Machine::new(60).incarnation.log()).is_some());
}

#[test]
fn nobody_vouches_for_another_laptops_log() {
    let mut council = Council::new();
    let log = council.office.incarnation.log();
    let proof = council.office.incarnation.proof(&council.id, &council.office.identity.public());
    let enrolled = council.roster.heads();
    for proof in [proof, council.door.incarnation.proof(&council.id, &council.door.identity.public())] {
        let kind = Kind::Incarnate { key: council.office.incarnation.public(), proof };
        let entry = Entry::by_laptop(&council.door.identity, council.id, enrolled.clone(), kind);
        assert_eq!(council.roster.add(&entry.encode()), Err(Stop::Refused(Refusal::BadSignature)));
    }
    assert_eq!(council.roster.fold().laptop_of(&log), Some(council.office.identity.laptop()));
}

#[test]
fn everyone_who_must_be_wrapped_to_has_a_key_for_it() {
    let council = Council::new();
    for laptop in council.roster.fold().laptops() {
        assert_ne!(laptop.1.identity.agreement, laptop.1.identity.signing);
        assert_ne!(laptop.1.identity.agreement, [0; 32]);
    }
    let door = council.roster.fold().laptop(&council.door.identity.laptop()).unwrap().identity;
    assert_eq!(door, council.door.identity.publics());
}

#[test]
fn a_known_kind_in_a_newer_form_is_kept_and_passed_on() {
    let mut council = Council::new();
    for kind in 1..=3 {
        let kind = Kind::Unknown { kind, content: vec![7; 20_000] };
        let entry = Entry::by_laptop(&council.office.identity, council.id, council.roster.heads(), kind);
        let bytes = entry.encode();
        council.roster.add(&bytes).unwrap();
        assert_eq!(council.roster.get(&entry.hash()).unwrap().encode(), bytes);
        assert_eq!(council.roster.stands(&entry.hash()), Ok(()));
    }
    assert_eq!(council.roster.fold().laptops().count(), 2);
}

#[test]
fn an_epochs_key_for_three_thousand_laptops_fits_an_entry() {
    let mut council = Council::new();
    let kind = Kind::Unknown { kind: 7, content: vec![7; 3_000 * (16 + 32 + 48)] };
    let entry = Entry::by_laptop(&council.office.identity, council.id, council.roster.heads(), kind);
    assert!(council.roster.add(&entry.encode()).is_ok());
}

#[test]
fn what_may_rest_on_a_newer_version_waits() {
    let mut council = Council::new();
    let kind = Kind::Unknown { kind: 900, content: vec![1] };
    let made = Entry::by_laptop(&council.office.identity, council.id, council.roster.heads(), kind);
    council.roster.add(&made.encode()).unwrap();
    let friend = Machine::new(30);
    let kind = Kind::Enrol { identity: friend.identity.publics(), rank: Rank::Laptop, grants: vec![] };
    let entry = Entry::by_laptop(&council.door.identity, council.id, vec![made.hash()], kind);
    council.roster.add(&entry.encode()).unwrap();
    assert_eq!(council.roster.stands(&entry.hash()), Err(Stop::Waits(Waits::NewerVersion)));
}

#[test]
fn what_rests_on_an_entry_that_falls_falls_with_it_and_waits() {
    let mut council = Council::new();
    let friend = Machine::new(30);
    let kind = Kind::Enrol { identity: friend.identity.publics(), rank: Rank::Laptop, grants: vec![] };
    let fallen = Entry::by_laptop(&council.door.identity, council.id, council.roster.heads(), kind);
    let machine = Machine::new(60);
    let kind = Kind::incarnate(&machine.incarnation, &council.id, &council.door.identity);
    let upon = Entry::by_laptop(&council.door.identity, council.id, vec![fallen.hash()], kind);
    let before = council.roster.heads();
    for entry in [&upon, &fallen] {
        council.roster.add(&entry.encode()).unwrap();
    }
    let mut told = council.roster.settle(&[upon.hash(), fallen.hash()]);
    told.sort_by_key(|(_, stop)| *stop);
    assert_eq!(told, [(fallen.hash(), Refusal::Stranger.into()), (upon.hash(), Waits::Ahead.into())]);
    assert_eq!(council.roster.heads(), before);
}
