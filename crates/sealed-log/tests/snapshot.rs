//! A snapshot that is not what a keeper signed is refused and named, never taken and never a panic.

#![allow(clippy::unwrap_used, reason = "a test may stop here")]

mod common;

use std::collections::BTreeSet;

use common::*;
use proptest::prelude::*;
use sealed_log::*;

const ID: SnapshotId = SnapshotId::from_bytes([6; 16]);

/// A snapshot of the front desk: the manifest's bytes and the sealed chunks.
fn snapshot(council: &Council, chunks: &[&[u8]]) -> (Manifest, Vec<Vec<u8>>) {
    let place = (&council.id, &council.front_desk, &ID);
    let sealed: Vec<SealedChunk> = (0u8..)
        .zip(chunks)
        .map(|(n, plain)| {
            let part = if n == 0 { Part::Rows } else { Part::Documents };
            seal_chunk(place, usize::from(n), (part, 3), &council.key, plain, [n; 24]).unwrap()
        })
        .collect();
    let end = |log: &Incarnation, seq| End { log: log.log(), seq, hash: Hash::from_bytes([4; 32]) };
    let manifest = Manifest {
        council: council.id,
        log: council.office.incarnation.log(),
        scope: council.front_desk,
        id: ID,
        epoch: council.key.id(),
        projection: 2,
        clock: 1_700_000_000_000,
        ends: BTreeSet::from([end(&council.office.incarnation, 7), end(&council.door.incarnation, 300)]),
        roster: council.roster.heads().into_iter().collect(),
        chunks: sealed.iter().map(|chunk| chunk.note).collect(),
        more: Vec::new(),
    };
    (manifest, sealed.into_iter().map(|chunk| chunk.bytes).collect())
}

fn read(council: &Council, manifest: &[u8], chunks: &[Vec<u8>]) -> Result<Vec<Result<Vec<u8>, Stop>>, Stop> {
    let manifest = Manifest::verify(manifest, &council.id, &council.roster.fold())?;
    let open = |(index, bytes): (usize, &Vec<u8>)| {
        open_chunk(&manifest, index, &council.keyring(), bytes).map(|plain| plain.to_vec())
    };
    Ok(chunks.iter().enumerate().map(open).collect())
}

proptest! {
    #[test]
    fn comes_back(chunks in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..3000), 0..5)) {
        let council = Council::new();
        let chunks: Vec<&[u8]> = chunks.iter().map(Vec::as_slice).collect();
        let (manifest, sealed) = snapshot(&council, &chunks);
        let bytes = manifest.sign(&council.office.incarnation).unwrap();
        prop_assert_eq!(Manifest::verify(&bytes, &council.id, &council.roster.fold()), Ok(manifest.clone()));
        prop_assert_eq!(Manifest::read_kept(&bytes), Ok(manifest));
        let opened: Vec<_> = chunks.iter().map(|plain| Ok(plain.to_vec())).collect();
        prop_assert_eq!(read(&council, &bytes, &sealed), Ok(opened));
    }

    #[test]
    fn noise_is_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let council = Council::new();
        prop_assert!(read(&council, &bytes, &[]).is_err());
    }

    #[test]
    fn what_can_be_read_has_one_spelling(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let council = Council::new();
        let mut bytes = snapshot(&council, &[b"rows", b"documents"]).0.sign(&council.office.incarnation).unwrap();
        let at = at.index(bytes.len() - 64);
        bytes[at] = byte;
        if let Ok(manifest) = Manifest::read_kept(&bytes) {
            let again = manifest.sign(&council.office.incarnation).unwrap();
            prop_assert_eq!(&again[..again.len() - 64], &bytes[..bytes.len() - 64]);
        }
    }
}

#[test]
fn every_flipped_bit_is_refused() {
    let council = Council::new();
    let (manifest, sealed) = snapshot(&council, &[b"Mair came in", b"and stepped outside"]);
    let bytes = manifest.sign(&council.office.incarnation).unwrap();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(read(&council, &flipped, &sealed).is_err(), "bit {bit} of the manifest");
    }
    for bit in 0..sealed[1].len() * 8 {
        let mut flipped = sealed.clone();
        flipped[1][bit / 8] ^= 1 << (bit % 8);
        let read = read(&council, &bytes, &flipped).unwrap();
        assert_eq!(read[0], Ok(b"Mair came in".to_vec()));
        assert_eq!(read[1], Err(Stop::Refused(Refusal::HashMismatch)), "bit {bit} of a chunk");
    }
}

#[test]
fn every_cut_is_refused() {
    let council = Council::new();
    let (manifest, sealed) = snapshot(&council, &[b"Mair came in"]);
    let bytes = manifest.sign(&council.office.incarnation).unwrap();
    for length in 0..bytes.len() {
        assert!(read(&council, &bytes[..length], &sealed).is_err());
    }
    for length in 0..sealed[0].len() {
        let cut = vec![sealed[0][..length].to_vec()];
        assert_eq!(read(&council, &bytes, &cut).unwrap(), [Err(Stop::Refused(Refusal::HashMismatch))]);
    }
}

#[test]
fn a_chunk_opens_in_its_own_place_alone() {
    let council = Council::new();
    let (manifest, sealed) = snapshot(&council, &[b"one", b"two", b"two"]);
    let open = |manifest: &Manifest, index| open_chunk(manifest, index, &council.keyring(), &sealed[1]).map(drop);
    let taking = |change: &dyn Fn(&mut Manifest)| {
        let mut other = manifest.clone();
        change(&mut other);
        open(&other, 1)
    };
    assert_eq!(open(&manifest, 1), Ok(()));
    let does_not_open = Err(Stop::Refused(Refusal::DoesNotOpen));
    assert_eq!(taking(&|other| other.council = CouncilId::from_bytes([8; 32])), does_not_open);
    assert_eq!(taking(&|other| other.id = SnapshotId::from_bytes([8; 16])), does_not_open);
    assert_eq!(taking(&|other| other.chunks[1].part = Part::Rows), does_not_open);
    assert_eq!(taking(&|other| other.scope = council.casework), Err(Stop::Waits(Waits::NoKey)));
    assert_eq!(taking(&|other| other.epoch = EpochId::from_bytes([8; 16])), Err(Stop::Waits(Waits::NoKey)));
    let mut moved = manifest.clone();
    moved.chunks[2] = manifest.chunks[1];
    assert_eq!(open(&moved, 2), does_not_open);
    assert_eq!(open(&manifest, 9), Err(Stop::Refused(Refusal::Malformed)));
    let said = taking(&|other| other.chunks[1].plain = 2);
    assert_eq!(said, Err(Stop::Refused(Refusal::TooLarge)));
    let said = taking(&|other| other.chunks[1].plain = 4);
    assert_eq!(said, Err(Stop::Refused(Refusal::Malformed)));
}

#[test]
fn who_may_not_write_one_is_named() {
    let council = Council::new();
    let (manifest, _) = snapshot(&council, &[b"one"]);
    let refused = |manifest: &Manifest, signer: &Incarnation| {
        Manifest::verify(&manifest.sign(signer).unwrap(), &council.id, &council.roster.fold()).unwrap_err()
    };
    let stranger = Machine::new(50);
    let by = |log, council| Manifest { log, council, ..manifest.clone() };
    let office = &council.office.incarnation;
    assert_eq!(refused(&manifest, &stranger.incarnation), Stop::Refused(Refusal::BadSignature));
    let unknown = by(stranger.incarnation.log(), council.id);
    assert_eq!(refused(&unknown, &stranger.incarnation), Stop::Waits(Waits::UnknownLog));
    let doors = by(council.door.incarnation.log(), council.id);
    assert_eq!(refused(&doors, &council.door.incarnation), Stop::Refused(Refusal::NoGrant));
    let others = by(office.log(), CouncilId::from_bytes([8; 32]));
    assert_eq!(refused(&others, office), Stop::Refused(Refusal::ForeignCouncil));
    let unwritable = Manifest { scope: ScopeId::of(&council.id, "directory"), ..manifest.clone() };
    assert_eq!(refused(&unwritable, office), Stop::Refused(Refusal::NoGrant));
}

#[test]
fn what_is_beyond_its_bounds_is_not_signed_and_not_sealed() {
    let council = Council::new();
    let (manifest, _) = snapshot(&council, &[b"one"]);
    let mut beyond = manifest.clone();
    beyond.chunks[0].plain = MAX_CHUNK + 1;
    assert_eq!(beyond.sign(&council.office.incarnation), Err(ManifestError));
    let mut beyond = manifest.clone();
    let end = End { log: council.door.incarnation.log(), seq: MAX_SEQ, hash: Hash::NONE };
    beyond.ends.insert(end);
    assert!(beyond.sign(&council.office.incarnation).is_ok());
    beyond.ends.insert(End { seq: MAX_SEQ + 1, ..end });
    assert_eq!(beyond.sign(&council.office.incarnation), Err(ManifestError));
    let mut beyond = manifest.clone();
    beyond.more = vec![0; 1 << 20];
    assert_eq!(beyond.sign(&council.office.incarnation), Err(ManifestError));
    let place = (&council.id, &council.front_desk, &ID);
    let most = seal_chunk(place, 0, (Part::Rows, 1), &council.key, &vec![0; MAX_CHUNK], [0; 24]).unwrap();
    let (mut manifest, _) = snapshot(&council, &[]);
    manifest.chunks.push(most.note);
    assert_eq!(open_chunk(&manifest, 0, &council.keyring(), &most.bytes).unwrap().len(), MAX_CHUNK);
    let over = seal_chunk(place, 0, (Part::Rows, 1), &council.key, &vec![0; MAX_CHUNK + 1], [0; 24]);
    assert_eq!(over.unwrap_err(), SealError::SegmentTooLarge);
}
