//! *Seen* statements and join files: round trips, and every malformed form named.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::*;
use proptest::prelude::*;
use sealed_log::*;

fn seen(council: &Council) -> Seen {
    let stream = |machine: &Machine, scope| StreamId { log: machine.incarnation.log(), scope };
    let head = |seq| StreamHead { seq, head: Short::from_bytes([3; 5]) };
    Seen {
        council: council.id,
        log: council.door.incarnation.log(),
        number: 12,
        vector: BTreeMap::from([
            (stream(&council.door, council.front_desk), head(300)),
            (stream(&council.office, council.front_desk), head(7)),
            (stream(&council.office, council.team), head(2)),
        ]),
        wants: BTreeSet::from([(stream(&council.office, council.team), 3)]),
        roster: council.roster.heads(),
        clock: -5,
        version: "0.1.0".into(),
        note: vec![1, 2, 3],
        more: vec![],
    }
}

fn welcome() -> Welcome {
    Welcome {
        role: "volunteer".into(),
        letter: "B".into(),
        texts: BTreeMap::from([("council".into(), "Afon Valley".into()), ("hub".into(), "Green Lane".into())]),
    }
}

fn join_file(council: &Council) -> JoinFile {
    JoinFile {
        root: council.root.public(),
        roster: council.roster.entries().map(|(_, entry)| entry.encode()).collect(),
        identity: council.door.identity.clone(),
        welcome: welcome(),
    }
}

#[test]
fn seen_comes_back_and_only_as_it_was_signed() {
    let council = Council::new();
    let members = council.roster.fold();
    let bytes = seen(&council).sign(&council.door.incarnation).unwrap();
    assert_eq!(Seen::verify(&bytes, &council.id, &members), Ok(seen(&council)));
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(Seen::verify(&flipped, &council.id, &members).is_err(), "bit {bit}");
    }
    for cut in 0..bytes.len() {
        assert!(Seen::verify(&bytes[..cut], &council.id, &members).is_err());
    }
    let by_another = seen(&council).sign(&council.office.incarnation).unwrap();
    let refused = Seen::verify(&by_another, &council.id, &members).unwrap_err();
    assert_eq!(refused, Stop::Refused(Refusal::BadSignature));
}

#[test]
fn seen_says_what_is_confirmed() {
    let council = Council::new();
    let seen = seen(&council);
    let stream = StreamId { log: council.office.incarnation.log(), scope: council.front_desk };
    assert_eq!(unconfirmed(&stream, 9, Some(&seen)), 8..=9);
    assert!(unconfirmed(&stream, 7, Some(&seen)).is_empty());
    assert_eq!(unconfirmed(&stream, 2, None), 1..=2);
}

#[test]
fn a_statement_with_a_number_that_no_name_tells_is_not_signed() {
    let council = Council::new();
    let stream = StreamId { log: council.office.incarnation.log(), scope: council.team };
    let head = |seq| StreamHead { seq, head: Short::from_bytes([0; 5]) };
    let with = |seq| {
        let mut each = [seen(&council), seen(&council), seen(&council)];
        each[0].number = seq;
        each[1].wants.insert((stream, seq));
        each[2].vector.insert(stream, head(seq));
        each.map(|seen| seen.sign(&council.door.incarnation).map(drop))
    };
    assert_eq!(with(MAX_SEQ), [Ok(()); 3]);
    assert_eq!(with(MAX_SEQ + 1), [Err(SeenError); 3]);
}

#[test]
fn a_join_file_comes_back() {
    let council = Council::new();
    let file = join_file(&council);
    let (again, roster) = JoinFile::decode(&file.encode()).unwrap();
    assert_eq!(again.encode(), file.encode());
    assert_eq!(again.council(), council.id);
    assert_eq!(roster.fold(), council.roster.fold());
    assert_eq!(format!("{again:?}"), "JoinFile(secret)");
}

#[test]
fn each_malformed_join_file_is_named() {
    let council = Council::new();
    let bytes = join_file(&council).encode();
    let error = |bytes: &[u8]| JoinFile::decode(bytes).map(|_| ()).unwrap_err();
    assert_eq!(error(b""), JoinError::NotAJoinFile);
    assert_eq!(error(b"TPJO"), JoinError::CutShort);
    assert_eq!(error(b"{\"a\": 1}"), JoinError::NotAJoinFile);
    assert_eq!(error(&bytes[..100]), JoinError::CutShort);
    let mut newer = bytes.to_vec();
    newer[8] = 2;
    assert_eq!(error(&newer), JoinError::Newer(2));
    let mut huge = bytes.to_vec();
    huge.resize(5 << 20, 0);
    assert_eq!(error(&huge), JoinError::TooLarge);

    let mut nobody = join_file(&council);
    nobody.identity = Machine::new(80).identity;
    assert_eq!(error(&nobody.encode()), JoinError::Disagrees);
    let mut other_root = join_file(&council);
    other_root.root = RootSeed::from_secret(&[90; 32]).public();
    assert_eq!(error(&other_root.encode()), JoinError::Disagrees);
    let mut taken_out = join_file(&council);
    let revoke = Kind::Revoke { laptop: council.door.identity.laptop() };
    let entry = Entry::by_laptop(&council.office.identity, council.id, council.roster.heads(), revoke);
    taken_out.roster.push(entry.encode());
    assert_eq!(error(&taken_out.encode()), JoinError::Disagrees);
}

proptest! {
    #[test]
    fn a_flipped_bit_in_a_join_file_is_noticed(at in 0.0..1.0f64, bit in 0u8..8) {
        let mut bytes = join_file(&Council::new()).encode().to_vec();
        let byte = (bytes.len() as f64 * at) as usize;
        bytes[byte] ^= 1 << bit;
        prop_assert!(JoinFile::decode(&bytes).is_err());
    }

    #[test]
    fn a_cut_join_file_is_noticed(at in 0.0..1.0f64) {
        let bytes = join_file(&Council::new()).encode();
        let cut = (bytes.len() as f64 * at) as usize;
        prop_assert!(JoinFile::decode(&bytes[..cut]).is_err());
    }
}
