//! A file of segments: each with its length in four bytes before it. What is whole is read; where a file ends in the
//! middle, the rest is left for when the file has arrived.

use crate::Unpacked;

/// Most segments read from one file: more than fit the largest that this program makes.
const MOST: usize = 65_536;

/// Segments as one file.
#[must_use]
pub fn pack<'a>(segments: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    for segment in segments {
        let length = u32::try_from(segment.len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(segment);
    }
    out
}

/// The segments of a file, as far as it is whole.
#[must_use]
pub fn unpack(mut bytes: &[u8]) -> Unpacked {
    let mut unpacked = Unpacked::default();
    while !bytes.is_empty() {
        let segment = bytes
            .split_first_chunk::<4>()
            .and_then(|(length, rest)| rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?));
        let Some((segment, rest)) = segment else {
            unpacked.cut_short = true;
            return unpacked;
        };
        if unpacked.segments.len() == MOST {
            unpacked.cut_short = true;
            return unpacked;
        }
        unpacked.segments.push(segment.to_vec());
        bytes = rest;
    }
    unpacked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_far_as_it_is_whole() {
        let segments: [&[u8]; 3] = [b"one", b"", b"three"];
        let bytes = pack(segments);
        assert_eq!(bytes.len(), 3 * 4 + 8);
        for cut in 0..=bytes.len() {
            let unpacked = unpack(&bytes[..cut]);
            let whole = [7, 11, 20].iter().filter(|end| **end <= cut).count();
            assert_eq!(unpacked.segments, segments[..whole].to_vec(), "{cut}");
            assert_eq!(unpacked.cut_short, ![0, 7, 11, 20].contains(&cut), "{cut}");
        }
    }

    #[test]
    fn a_file_of_nothing_but_lengths_is_not_read_to_its_end() {
        let unpacked = unpack(&vec![0; 12 << 20]);
        assert_eq!((unpacked.segments.len(), unpacked.cut_short), (MOST, true));
    }
}
