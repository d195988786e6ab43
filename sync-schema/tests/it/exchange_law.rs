//! Changes as they travel: strict to the last bit, and only in their laptop's own name.

use automerge::AutoCommit;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use sync_schema::Need;
use sync_schema::document::visit;
use sync_schema::exchange::{ExchangeError, apply, missing, pack, unpack};

use crate::common::{cases, edit, event};
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

#[test]
fn what_waits_for_something_not_here_is_kept_until_it_comes() {
    let mut whole = of_laptop_1();
    let changes = whole.get_changes(&[]);
    let (first, later) = changes.split_at(1);
    let mut doc = AutoCommit::new();
    apply(&mut doc, later.to_vec()).unwrap();
    assert_eq!(doc.get_missing_deps(&[]).len(), 1);
    apply(&mut doc, first.to_vec()).unwrap();
    apply(&mut doc, changes).unwrap();
    assert_eq!(visit::read(&doc).unwrap(), visit::read(&whole).unwrap());
}

/// The changes of a visit that laptop 1 made, corrected and noted an event on.
fn three_changes() -> Vec<Vec<u8>> {
    let mut doc = of_laptop_1();
    visit::note_event(&mut doc, event(1, 1), visit::EventKind::Left, &edit(1, 0)).unwrap();
    doc.get_changes(&[]).iter().map(|change| change.raw_bytes().to_vec()).collect()
}

/// Bytes changed behind the header, and the checksum put right again: what a broken or a bad laptop could sign.
fn forge(change: &mut [u8], marks: &[(prop::sample::Index, u8)]) {
    const HEADER: usize = 9;
    for (place, byte) in marks {
        let at = HEADER + place.index(change.len() - HEADER);
        change[at] = *byte;
    }
    let hash = Sha256::digest(&change[8..]);
    change[4..8].copy_from_slice(&hash[..4]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..cases() })]

    #[test]
    fn nonsense_with_a_right_checksum_spoils_no_document(
        which in 0..3_usize,
        marks in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut changes = three_changes();
        let before = changes[..which].iter().map(|bytes| automerge::Change::from_bytes(bytes.clone()).unwrap()).collect();
        let mut doc = AutoCommit::new();
        apply(&mut doc, before).unwrap();
        forge(&mut changes[which], &marks);
        if let Ok(forged) = unpack(&pack([changes[which].as_slice()]), &[1; 16]) {
            let heads = doc.get_heads();
            if apply(&mut doc, forged).is_err() {
                prop_assert_eq!(doc.get_heads(), heads);
            }
            let loaded = AutoCommit::load(&doc.save()).unwrap();
            prop_assert_eq!(visit::read(&loaded), visit::read(&doc));
        }
    }
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
