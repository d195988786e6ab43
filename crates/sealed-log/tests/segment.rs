//! A segment that is not what its laptop signed is refused and named, never taken and never a panic.

mod common;

use common::*;
use proptest::prelude::*;
use sealed_log::*;

const BODIES: &[&[u8]] = &[b"Mair came in", b"", b"and stepped outside"];

fn opened(bodies: &[&[u8]]) -> Vec<Content> {
    bodies.iter().map(|body| Ok(Some(body.to_vec()))).collect()
}

proptest! {
    #[test]
    fn comes_back(bodies in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 1..20)) {
        let council = Council::new();
        let bodies: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
        let segment = council.sealed(&bodies);
        let bytes = segment.encode();
        prop_assert_eq!(Segment::decode(&bytes), Ok(segment));
        prop_assert_eq!(council.receive(&bytes), Ok(opened(&bodies)));
    }

    #[test]
    fn a_cut_is_refused(at in 0.0..1.0f64) {
        let council = Council::new();
        let bytes = council.sealed(BODIES).encode();
        let cut = (bytes.len() as f64 * at) as usize;
        prop_assert_eq!(council.receive(&bytes[..cut]), Err(Stop::Refused(Refusal::CutShort)));
    }

    #[test]
    fn noise_is_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(Council::new().receive(&bytes).is_err());
    }
}

#[test]
fn every_flipped_bit_is_refused_or_stops_one_body() {
    let council = Council::new();
    let bytes = council.sealed(BODIES).encode();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let Ok(records) = council.receive(&flipped) else { continue };
        let stopped = records.iter().filter(|r| **r == Err(Stop::Refused(Refusal::HashMismatch))).count();
        let whole = records.iter().zip(BODIES).filter(|(r, b)| **r == Ok(Some(b.to_vec()))).count();
        assert_eq!((stopped, whole), (1, BODIES.len() - 1), "bit {bit}");
    }
}

#[test]
fn who_did_not_sign_it_is_named() {
    let council = Council::new();
    let refused = |segment: &Segment| council.receive(&segment.encode()).unwrap_err();
    let stranger = Machine::new(50);

    let unknown = council.sealed_by(&stranger.incarnation, council.front_desk, BODIES);
    assert_eq!(refused(&unknown), Stop::Waits(Waits::UnknownLog));

    let mut claimed = council.sealed(BODIES);
    claimed.signature = unknown.signature;
    assert_eq!(refused(&claimed), Stop::Refused(Refusal::BadSignature));

    let mut anothers = council.sealed_by(&council.office.incarnation, council.front_desk, BODIES);
    anothers.envelope.log = council.door.incarnation.log();
    assert_eq!(refused(&anothers), Stop::Refused(Refusal::BadSignature));

    let casework = council.sealed_by(&council.door.incarnation, council.casework, BODIES);
    assert_eq!(refused(&casework), Stop::Refused(Refusal::NoGrant));
    let team = council.sealed_by(&council.door.incarnation, council.team, BODIES);
    assert_eq!(refused(&team), Stop::Refused(Refusal::NoGrant));
    let by_the_office = council.sealed_by(&council.office.incarnation, council.team, BODIES);
    assert!(council.receive(&by_the_office.encode()).is_ok());

    let mut other = Council::new();
    other.id = CouncilId::from_bytes([8; 32]);
    assert_eq!(refused(&other.sealed(BODIES)), Stop::Refused(Refusal::ForeignCouncil));
}

#[test]
fn a_body_moved_to_another_place_does_not_open() {
    let council = Council::new();
    let bodies: &[&[u8]] = &[b"one", b"two"];
    let mut segment = council.sealed(bodies);
    segment.bodies.swap(0, 1);
    let results = council.receive(&segment.encode()).unwrap();
    assert!(results.iter().all(|r| *r == Err(Stop::Refused(Refusal::HashMismatch))));
}

#[test]
fn an_erased_body_leaves_the_signature_whole() {
    let council = Council::new();
    let mut segment = council.sealed(BODIES);
    segment.bodies[0] = Body::Erased;
    segment.bodies[1] = Body::Apart;
    let bytes = segment.encode();
    assert_eq!(Segment::decode(&bytes).unwrap(), segment);
    let results = council.receive(&bytes).unwrap();
    let expected = vec![Ok(None), Err(Stop::Waits(Waits::BodyMissing)), Ok(Some(BODIES[2].to_vec()))];
    assert_eq!(results, expected);
    assert_eq!(segment.hash(), council.sealed(BODIES).hash());
    assert_eq!(Segment::peek_hash(&bytes), Some(segment.hash()));
}

#[test]
fn only_the_scopes_own_key_opens() {
    let council = Council::new();
    let segment = council.sealed(BODIES);
    let no_key = open(&segment, 0, &Keyring::default()).unwrap_err();
    assert_eq!(no_key, Stop::Waits(Waits::NoKey));
    let mut keyring = Keyring::default();
    keyring.add(council.front_desk, EpochKey::from_secret(&[77; 32]));
    assert_eq!(open(&segment, 0, &keyring).unwrap_err(), Stop::Waits(Waits::NoKey));
    let mut elsewhere = Keyring::default();
    elsewhere.add(council.casework, council.key.clone());
    assert_eq!(open(&segment, 0, &elsewhere).unwrap_err(), Stop::Waits(Waits::NoKey));
}

#[test]
fn a_newer_version_waits() {
    let council = Council::new();
    let mut bytes = council.sealed(BODIES).encode();
    let start = bytes.iter().position(|byte| *byte == 1).unwrap();
    bytes[start] = 2;
    assert_eq!(council.receive(&bytes).unwrap_err(), Stop::Waits(Waits::NewerVersion));
}

#[test]
fn names_where_it_was_made_and_who_may_read_it() {
    let council = Council::new();
    let earlier = LogId::from_bytes([4; 16]);
    let seal_one = |origin, min_reader| {
        let document = DocId::from_bytes([1; 16]);
        let run = Run::from_bytes([6; 16]);
        let record = Plain { document, run, origin, min_reader, changes: b"x" };
        let signer = &council.door.incarnation;
        seal(council.id, council.front_desk, 1, Hash::NONE, &council.key, signer, &[record], || [0; 24]).unwrap()
    };
    let own = open(&seal_one(None, 1), 0, &council.keyring()).unwrap().unwrap();
    assert_eq!(own.origin, council.door.incarnation.log());
    let from_before = open(&seal_one(Some(earlier), 1), 0, &council.keyring()).unwrap().unwrap();
    assert_eq!(from_before.origin, earlier);
    let newer = open(&seal_one(None, READER + 1), 0, &council.keyring()).unwrap_err();
    assert_eq!(newer, Stop::Waits(Waits::NewerVersion));
}

#[test]
fn a_number_that_no_name_tells_is_refused() {
    let council = Council::new();
    let key = &council.key;
    for (seq, read) in [(MAX_SEQ, Ok(())), (MAX_SEQ + 1, Err(Refusal::TooLarge.into()))] {
        let record = Plain {
            document: DocId::from_bytes([1; 16]),
            run: Run::from_bytes([1; 16]),
            origin: None,
            min_reader: READER,
            changes: b"",
        };
        let prev = Hash::from_bytes([1; 32]);
        let signer = &council.door.incarnation;
        let sealed = seal(council.id, council.front_desk, seq, prev, key, signer, &[record], || [0; 24]).unwrap();
        assert_eq!(Segment::decode(&sealed.encode()).map(drop), read, "{seq}");
    }
}

#[test]
fn limits_are_told_to_who_seals() {
    let council = Council::new();
    let try_seal = |records: &[Plain<'_>]| {
        let signer = &council.door.incarnation;
        seal(council.id, council.front_desk, 1, Hash::NONE, &council.key, signer, records, || [0; 24]).map(|_| ())
    };
    let bytes = vec![0; MAX_RECORD + 1];
    let record = |length: usize| Plain {
        document: DocId::from_bytes([1; 16]),
        run: Run::from_bytes([1; 16]),
        origin: None,
        min_reader: 1,
        changes: &bytes[..length],
    };
    assert_eq!(try_seal(&[]), Err(SealError::Empty));
    assert_eq!(try_seal(&[record(MAX_RECORD + 1)]), Err(SealError::RecordTooLarge));
    assert_eq!(try_seal(&[record(MAX_RECORD); 4]), Err(SealError::SegmentTooLarge));
    assert_eq!(try_seal(&[record(MAX_RECORD); 3]), Ok(()));
}

/// What sealing and signing add; the figures are in docs/performance.md.
#[test]
fn overhead() {
    let council = Council::new();
    let body: &[u8] = &[7; 300];
    let size = |n: usize| council.sealed(&vec![body; n]).encode().len() - n * body.len();
    let (one, two) = (size(1), size(2));
    let (per_record, per_segment) = (two - one, one - (two - one));
    println!("per record {per_record}, per segment {per_segment}");
    assert!(per_record <= 110, "{per_record}");
    assert!(per_segment <= 190, "{per_segment}");
}

#[test]
fn an_erased_body_is_gone_and_the_rest_stands() {
    let council = Council::new();
    let mut segment = council.sealed(&[b"erased", b"kept"]);
    let mut again = segment.clone();
    let erased = |document: &DocId| *document == DocId::from_bytes([1; 16]);
    assert!(segment.redact(erased));
    assert!(!segment.redact(erased), "a second time there is nothing left to take out");
    assert!(again.redact(erased));
    assert_eq!(segment.encode(), again.encode());
    let bytes = segment.encode();
    assert_eq!(council.receive(&bytes).unwrap(), [Ok(None), Ok(Some(b"kept".to_vec()))]);
    assert_eq!(Segment::decode(&bytes).unwrap().hash(), council.sealed(&[b"erased", b"kept"]).hash());
}
