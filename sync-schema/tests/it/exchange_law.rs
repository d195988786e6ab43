//! Changes as they travel: strict to the last bit, and only in their laptop's own name.

use automerge::AutoCommit;
use proptest::prelude::*;
use sync_schema::Need;
use sync_schema::document::visit;
use sync_schema::exchange::{ExchangeError, missing, pack, unpack};

use crate::common::{cases, edit};
use crate::visit_law::{mair, visit_of};

fn packed(doc: &mut AutoCommit) -> Vec<u8> {
    let changes = doc.get_changes(&[]);
    pack(changes.iter().map(automerge::Change::raw_bytes))
}

fn of_laptop_1() -> AutoCommit {
    let mut doc = visit_of(mair());
    visit::correct_needs(&mut doc, &[Need::Bsl], None, &edit(1, 0)).unwrap();
    doc
}

#[test]
fn what_is_packed_is_what_arrives() {
    let mut doc = of_laptop_1();
    let changes = unpack(&packed(&mut doc), &[1; 16]).unwrap();
    let mut other = AutoCommit::new();
    other.apply_changes(changes).unwrap();
    assert_eq!(visit::read(&other).unwrap(), visit::read(&doc).unwrap());
}

#[test]
fn any_flipped_bit_is_refused() {
    let packed = packed(&mut of_laptop_1());
    for bit in 0..packed.len() * 8 {
        let mut flipped = packed.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(unpack(&flipped, &[1; 16]).is_err(), "bit {bit} of {} passed", packed.len() * 8);
    }
}

#[test]
fn another_actor_s_change_is_refused() {
    assert_eq!(unpack(&packed(&mut of_laptop_1()), &[2; 16]), Err(ExchangeError::ForeignActor));
}

#[test]
fn what_builds_on_something_not_here_says_so() {
    let mut doc = of_laptop_1();
    let later = doc.get_changes(&[]).split_off(1);
    assert_eq!(missing(&mut AutoCommit::new(), &later).len(), 1);
    assert_eq!(missing(&mut doc, &later), []);
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn cut_or_foreign_bytes_never_pass(cut in 1..200_usize, noise in prop::collection::vec(any::<u8>(), 1..64)) {
        let mut bytes = packed(&mut of_laptop_1());
        let whole = bytes.len();
        bytes.truncate(whole - cut.min(whole - 1));
        let boundary = unpack(&bytes, &[1; 16]);
        if let Ok(changes) = boundary {
            prop_assert!(changes.len() < 2);
        }
        prop_assert!(unpack(&noise, &[1; 16]).is_err());
    }
}
