//! Segments: any bytes; then the same envelope as one of ours, rightly signed, its bodies sealed over what the fuzzer
//! made up.

use std::sync::LazyLock;

use super::council::{Council, hash, number};
use sealed_log::{Body, EpochId, Hash, Members, Segment, open};

static COUNCIL: LazyLock<(Council, Members)> = LazyLock::new(|| {
    let council = Council::new();
    let members = council.roster.fold();
    (council, members)
});

/// Reads an input.
pub fn run(input: &[u8]) {
    let (council, members) = &*COUNCIL;
    let _ = Segment::peek_hash(input);
    let Ok(mut segment) = Segment::decode(input) else { return };
    assert_eq!(segment.encode(), input, "a segment has one spelling");
    let _ = segment.verify(&council.id, members);
    if segment.envelope.items.len() > 64 {
        return;
    }
    adopt(council, &mut segment);
    let bytes = segment.encode();
    let Ok(segment) = Segment::decode(&bytes) else { return };
    segment.verify(&council.id, members).expect("it is ours");
    for index in 0..segment.envelope.items.len() + 1 {
        let _ = open(&segment, index, &council.keyring);
    }
    let mut apart = segment.clone();
    for (hash, bytes) in apart.set_apart() {
        let index = segment.envelope.items.iter().position(|item| item.hash == hash).expect("it was in it");
        assert!(apart.put_in(index, bytes));
    }
    assert_eq!(apart, segment, "what was set apart comes back");
    let erased = segment.envelope.items.first().map(|item| item.document);
    let mut redacted = segment.clone();
    redacted.redact(|document| Some(*document) == erased);
    assert_eq!(redacted.hash(), segment.hash());
    let again = Segment::decode(&redacted.encode()).expect("redacted, it is still a segment");
    assert_eq!(again, redacted);
}

/// Makes it one of our council's: the fuzzer's bytes in each body become what is sealed there.
fn adopt(council: &Council, segment: &mut Segment) {
    let envelope = &mut segment.envelope;
    envelope.council = council.id;
    envelope.log = council.log();
    envelope.scope = council.scope;
    envelope.epoch = EpochId::from_bytes(*council.key.id().as_bytes());
    envelope.prev = if envelope.seq == 1 { Hash::NONE } else { Hash::from_bytes([1; 32]) };
    for (index, (item, body)) in envelope.items.iter_mut().zip(&mut segment.bodies).enumerate() {
        let Body::Sealed(plain) = body else { continue };
        let info: [&[u8]; 3] = [b"talking-point v1 record", council.scope.as_bytes(), item.document.as_bytes()];
        let associated = [
            council.id.as_bytes().as_slice(),
            council.log().as_bytes(),
            council.scope.as_bytes(),
            &number(envelope.seq),
            council.key.id().as_bytes(),
            &number(index as u64),
            item.document.as_bytes(),
        ]
        .concat();
        let sealed = council.sealed(&info, &associated, plain);
        item.length = sealed.len();
        item.hash = hash("talking-point v1 body", &sealed);
        *body = Body::Sealed(sealed);
    }
    let bytes = segment.encode();
    segment.signature = council.signature("segment", envelope_of(&bytes));
}

/// The envelope's bytes in a segment's.
fn envelope_of(bytes: &[u8]) -> &[u8] {
    let (mut length, mut at) = (0usize, 0);
    loop {
        let byte = bytes[at];
        length |= usize::from(byte & 0x7f) << (7 * at);
        at += 1;
        if byte & 0x80 == 0 {
            return &bytes[at..at + length];
        }
    }
}
