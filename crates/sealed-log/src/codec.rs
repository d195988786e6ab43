//! The byte codec: one spelling for every value, and every length bounded before anything is copied.

use thiserror::Error;

use crate::MAX_SEQ;

/// Why bytes could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// They end too soon.
    #[error("the bytes end too soon")]
    CutShort,
    /// A length or count is beyond its bound.
    #[error("a length is beyond its bound")]
    TooLarge,
    /// Another spelling of a value that has only one, an unknown mark, or bytes left over.
    #[error("the bytes are not in the one allowed form")]
    NotCanonical,
    /// Made by a newer version of the program.
    #[error("made by a newer version ({0})")]
    Newer(u8),
}

/// Reads a slice from its front.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let (front, rest) = self.rest.split_at_checked(length).ok_or(DecodeError::CutShort)?;
        self.rest = rest;
        Ok(front)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        self.take(N)?.try_into().map_err(|_| DecodeError::CutShort)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, DecodeError> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// The version byte of a form of which this program knows `known` and older.
    pub(crate) fn version(&mut self, known: u8) -> Result<u8, DecodeError> {
        match self.byte()? {
            0 => Err(DecodeError::NotCanonical),
            version if version > known => Err(DecodeError::Newer(version)),
            version => Ok(version),
        }
    }

    /// Seven bits a byte, lowest first, no leading zero groups.
    pub(crate) fn number(&mut self) -> Result<u64, DecodeError> {
        let mut value: u64 = 0;
        for group in 0..10u32 {
            let byte = self.byte()?;
            if group == 9 && byte > 1 {
                return Err(DecodeError::NotCanonical);
            }
            value |= u64::from(byte & 0x7f) << (7 * group);
            if byte & 0x80 == 0 {
                if byte == 0 && group > 0 {
                    return Err(DecodeError::NotCanonical);
                }
                return Ok(value);
            }
        }
        Err(DecodeError::NotCanonical)
    }

    /// A number that may not be above `most`.
    pub(crate) fn count(&mut self, most: usize) -> Result<usize, DecodeError> {
        usize::try_from(self.number()?).ok().filter(|count| *count <= most).ok_or(DecodeError::TooLarge)
    }

    /// The place of something in a stream, or of a statement among those of a log.
    pub(crate) fn seq(&mut self) -> Result<u64, DecodeError> {
        self.number().and_then(|seq| if seq > MAX_SEQ { Err(DecodeError::TooLarge) } else { Ok(seq) })
    }

    pub(crate) fn bytes(&mut self, most: usize) -> Result<&'a [u8], DecodeError> {
        let length = self.count(most)?;
        self.take(length)
    }

    pub(crate) fn text(&mut self, most: usize) -> Result<String, DecodeError> {
        let bytes = self.bytes(most)?;
        String::from_utf8(bytes.to_vec()).map_err(|_| DecodeError::NotCanonical)
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn end(self) -> Result<(), DecodeError> {
        if self.rest.is_empty() { Ok(()) } else { Err(DecodeError::NotCanonical) }
    }
}

/// Writes what [`Reader`] reads.
pub(crate) trait Write {
    fn put(&mut self, bytes: &[u8]);
    fn put_number(&mut self, value: u64);
    fn put_count(&mut self, count: usize);
    fn put_bytes(&mut self, bytes: &[u8]);
}

impl Write for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }

    fn put_number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.push(u8::try_from(value & 0x7f).unwrap_or(0) | 0x80);
            value >>= 7;
        }
        self.push(u8::try_from(value).unwrap_or(0));
    }

    fn put_count(&mut self, count: usize) {
        self.put_number(u64::try_from(count).unwrap_or(u64::MAX));
    }

    fn put_bytes(&mut self, bytes: &[u8]) {
        self.put_count(bytes.len());
        self.put(bytes);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back(value in any::<u64>()) {
            let mut bytes = Vec::new();
            bytes.put_number(value);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.number(), Ok(value));
            prop_assert_eq!(reader.end(), Ok(()));
        }

        #[test]
        fn numbers_have_one_spelling(bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
            let mut reader = Reader::new(&bytes);
            if let Ok(value) = reader.number() {
                let read = bytes.len() - reader.rest().len();
                let mut again = Vec::new();
                again.put_number(value);
                prop_assert_eq!(&again[..], &bytes[..read]);
            }
        }
    }
}
