//! Snapshots: any bytes as a manifest; then the same rightly signed; and the first chunk's content, rightly sealed.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::council::{Council, hash, number, overlay};
use sealed_log::{ChunkNote, MAX_CHUNK, Manifest, Members, Part, SnapshotId, open_chunk};

static COUNCIL: LazyLock<(Council, Members)> = LazyLock::new(|| {
    let council = Council::new();
    let members = council.roster.fold();
    (council, members)
});

/// Reads an input.
pub fn run(input: &[u8]) {
    manifest(input);
    chunk(input);
}

fn manifest(input: &[u8]) {
    let (council, members) = &*COUNCIL;
    let mut bytes = input.to_vec();
    let Some(body) = bytes.len().checked_sub(64) else { return };
    overlay(&mut bytes, 1, council.id.as_bytes());
    overlay(&mut bytes, 33, council.log().as_bytes());
    overlay(&mut bytes, 49, council.scope.as_bytes());
    let signature = council.signature("snapshot", &bytes[..body]);
    overlay(&mut bytes, body, &signature);
    let Ok(manifest) = Manifest::verify(&bytes, &council.id, members) else { return };
    let again = manifest.sign(&council.incarnation).expect("what was read is within its bounds");
    assert_eq!(again, bytes, "a manifest has one spelling");
    let _ = manifest.documents();
    let _ = Manifest::name_of(&bytes);
    for index in 0..manifest.chunks.len().min(4) {
        assert!(open_chunk(&manifest, index, &council.keyring, input).is_err());
    }
}

/// The first three bytes say how long it claims to be; the rest is the packed content.
fn chunk(input: &[u8]) {
    let (council, _) = &*COUNCIL;
    let Some((claim, packed)) = input.split_first_chunk::<3>() else { return };
    let claim = u32::from_le_bytes([claim[0], claim[1], claim[2], 0]) as usize;
    let id = SnapshotId::from_bytes([3; 16]);
    let epoch = council.key.id();
    let info: [&[u8]; 3] = [b"talking-point v1 snapshot", council.scope.as_bytes(), id.as_bytes()];
    let associated =
        [council.id.as_bytes().as_slice(), council.scope.as_bytes(), id.as_bytes(), epoch.as_bytes(), &[1], &number(0)]
            .concat();
    let sealed = council.sealed(&info, &associated, packed);
    let note = ChunkNote {
        part: Part::Rows,
        documents: 0,
        plain: claim,
        length: sealed.len(),
        hash: hash("talking-point v1 chunk", &sealed),
    };
    let manifest = Manifest {
        council: council.id,
        log: council.log(),
        scope: council.scope,
        id,
        epoch,
        projection: 1,
        clock: 0,
        ends: BTreeSet::new(),
        roster: BTreeSet::new(),
        chunks: vec![note],
        more: Vec::new(),
    };
    if let Ok(plain) = open_chunk(&manifest, 0, &council.keyring, &sealed) {
        assert_eq!(plain.len(), claim);
        assert!(plain.len() <= MAX_CHUNK);
    }
}
