//! *Seen* statements: any bytes; then the same as one of ours, rightly signed.

use std::sync::LazyLock;

use super::council::{Council, overlay};
use sealed_log::{Members, Seen, cut, unconfirmed};

static COUNCIL: LazyLock<(Council, Members)> = LazyLock::new(|| {
    let council = Council::new();
    let members = council.roster.fold();
    (council, members)
});

/// Reads an input.
pub fn run(input: &[u8]) {
    let (council, members) = &*COUNCIL;
    assert!(Seen::verify(input, &council.id, members).is_err() || input.len() > 64);
    let mut bytes = input.to_vec();
    let Some(body) = bytes.len().checked_sub(64) else { return };
    overlay(&mut bytes, 1, council.id.as_bytes());
    overlay(&mut bytes, 33, council.log().as_bytes());
    let signature = council.signature("seen", &bytes[..body]);
    overlay(&mut bytes, body, &signature);
    let Ok(seen) = Seen::verify(&bytes, &council.id, members) else { return };
    assert_eq!(Seen::read_kept(&bytes).as_ref(), Ok(&seen));
    assert!(seen.says_the_same_as(&seen));
    for stream in seen.vector.keys() {
        let _ = unconfirmed(stream, u64::MAX, Some(&seen)).is_empty();
        let _ = cut(stream, &council.roster, members, 0, [&seen]);
    }
    // What was read can be said again, and is then read as the same.
    let again = seen.sign(&council.incarnation).expect("what was read is within its bounds");
    assert_eq!(Seen::verify(&again, &council.id, members), Ok(seen));
}
