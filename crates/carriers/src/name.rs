//! Names on a carrier: short, lower-case, letters and digits, so that no file system or sync client changes them.
//!
//! A name that is not exactly one of ours (a conflict copy, a half-named file) is nobody's. Tips and files carry the
//! start of an envelope's hash: two branches of a forked log never share a name, so that both are kept.

use sealed_log::{FileRange, Hash, LogId, ScopeId, Short, SnapshotId, StreamId, base32_decode, base32_encode};

/// The largest number that a name can tell.
const MOST: u64 = (1 << 40) - 1;

/// The name of a roster entry: the first sixteen bytes of its hash.
#[must_use]
pub fn roster(hash: &Hash) -> String {
    base32_encode(hash.as_bytes().split_at(16).0)
}

/// True if a name could be a roster entry's.
#[must_use]
pub fn is_roster(name: &str) -> bool {
    base32_decode(name).is_some_and(|bytes| bytes.len() == 16)
}

/// The name of a body that is kept apart.
#[must_use]
pub fn blob(hash: &Hash) -> String {
    hash.to_string()
}

/// The hash of a body that is kept apart.
#[must_use]
pub fn read_blob(name: &str) -> Option<Hash> {
    name.parse().ok()
}

/// The name of a *seen* statement.
#[must_use]
pub fn seen(log: &LogId, number: u64) -> String {
    format!("{log}-{}", digits(number))
}

/// The log and number of a statement.
#[must_use]
pub fn read_seen(name: &str) -> Option<(LogId, u64)> {
    let (log, number) = name.split_once('-')?;
    Some((log.parse().ok()?, read_digits(number)?))
}

/// The name of a tip.
#[must_use]
pub fn tip(log: &LogId, seq: u64, short: &Short) -> String {
    format!("{log}-{}-{short}", digits(seq))
}

/// The log, number and start of hash of a tip.
#[must_use]
pub fn read_tip(name: &str) -> Option<(LogId, u64, Short)> {
    let mut parts = name.split('-');
    let (log, seq, short) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = parts.next().is_none();
    whole.then_some((log.parse().ok()?, read_digits(seq)?, short.parse().ok()?))
}

/// The name of a file of segments: its first and last number, and the start of the last one's hash.
#[must_use]
pub fn file(first: u64, last: u64, short: &Short) -> String {
    format!("{}-{}-{short}", digits(first), digits(last))
}

/// What a file's name says, if its size is one that this program makes.
#[must_use]
pub fn read_file(name: &str, size: u64) -> Option<FileRange> {
    let mut parts = name.split('-');
    let first = read_digits(parts.next()?)?;
    let last = read_digits(parts.next()?)?;
    parts.next()?.parse::<Short>().ok()?;
    let ours = parts.next().is_none() && first > 0 && first <= last && size <= crate::shelves::MAX_FILE;
    ours.then(|| FileRange { first, last, size, name: name.to_owned() })
}

/// The folder of a stream's files below `seg`.
#[must_use]
pub fn stream(stream: &StreamId) -> String {
    format!("{}/{}", stream.scope, stream.log)
}

/// No snapshot has more chunks: `manifest` would be the number of one far above.
const CHUNKS: usize = 1 << 20;

/// The name of a snapshot's manifest, in its folder.
pub const MANIFEST: &str = "manifest";

/// The folder of a snapshot below `snap`.
#[must_use]
pub fn snapshot(scope: &ScopeId, id: &SnapshotId) -> String {
    format!("{scope}/{id}")
}

/// The name of a snapshot's chunk, in its folder.
#[must_use]
pub fn chunk(index: usize) -> String {
    digits(index as u64)
}

/// The number of a chunk.
#[must_use]
pub fn read_chunk(name: &str) -> Option<usize> {
    usize::try_from(read_digits(name)?).ok().filter(|index| *index < CHUNKS)
}

/// Eight letters that sort as the number does.
fn digits(number: u64) -> String {
    let [_, _, _, bytes @ ..] = number.min(MOST).to_be_bytes();
    base32_encode(&bytes)
}

fn read_digits(text: &str) -> Option<u64> {
    let bytes: [u8; 5] = base32_decode(text)?.try_into().ok()?;
    Some(bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_and_sort() {
        let log = LogId::from_bytes([7; 16]);
        let short = Short::from_bytes([9; 5]);
        for number in [1, 31, 32, 1023, 1024, 9_999_999, MOST] {
            assert_eq!(read_seen(&seen(&log, number)), Some((log, number)));
            assert_eq!(read_tip(&tip(&log, number, &short)), Some((log, number, short)));
            let read = read_file(&file(number, number, &short), 10).unwrap();
            assert_eq!((read.first, read.last), (number, number));
        }
        assert_eq!(read_chunk(&chunk(65_535)), Some(65_535));
        assert!(chunk(9) < chunk(10));
        assert!(file(9, 9, &short) < file(10, 10, &short));
        assert!(tip(&log, MOST, &short).len() < 60);
    }

    #[test]
    fn what_is_not_exactly_ours_is_nobodys() {
        let log = LogId::from_bytes([7; 16]);
        let short = Short::from_bytes([9; 5]);
        let names = [file(1, 2, &short), tip(&log, 1, &short), seen(&log, 1)];
        for copy in [" (1)", "-LAPTOP7", ".tmp", "~", "-1", ".sb-1234", "#1"] {
            for name in &names {
                let copied = format!("{name}{copy}");
                assert_eq!(read_file(&copied, 1), None, "{copied}");
                assert_eq!(read_tip(&copied), None, "{copied}");
                assert_eq!(read_seen(&copied), None, "{copied}");
            }
        }
        assert_eq!(read_tip(&names[1].to_uppercase()), None);
        assert_eq!(read_file(&file(2, 1, &short), 1), None);
        assert!(!is_roster("desktop.ini"));
        assert_eq!(read_chunk(MANIFEST), None);
        assert_eq!(read_chunk(&format!("{} (1)", chunk(1))), None);
        let hash = Hash::from_bytes([7; 32]);
        assert_eq!(read_blob(&blob(&hash)), Some(hash));
        assert_eq!(read_blob(&format!("{} (1)", blob(&hash))), None);
    }
}
