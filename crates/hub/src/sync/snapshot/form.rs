//! What is in a chunk: of each document its id, its kind, and its rows or itself.

use sync_schema::DocId;

/// Most bytes of a kind's code.
const KIND_MOST: usize = 64;

/// One document's part of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub(super) id: DocId,
    pub(super) kind: &'a str,
    pub(super) bytes: &'a [u8],
}

impl Piece<'_> {
    /// How much room it takes.
    pub(super) fn size(&self) -> usize {
        16 + 1 + self.kind.len() + 4 + self.bytes.len()
    }
}

/// Puts one behind the others. False when it cannot be written so.
pub(super) fn put(out: &mut Vec<u8>, piece: &Piece<'_>) -> bool {
    let (Ok(kind), Ok(length)) = (u8::try_from(piece.kind.len()), u32::try_from(piece.bytes.len())) else {
        return false;
    };
    out.extend_from_slice(piece.id.as_bytes());
    out.push(kind);
    out.extend_from_slice(piece.kind.as_bytes());
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(piece.bytes);
    true
}

/// All of them; `None` when the bytes are not as [`put`] writes them.
pub(super) fn pieces(mut bytes: &[u8]) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        let (id, rest) = bytes.split_first_chunk::<16>()?;
        let (kind, rest) = rest.split_first()?;
        let (kind, rest) = rest.split_at_checked(usize::from(*kind)).filter(|(kind, _)| kind.len() <= KIND_MOST)?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (content, rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
        pieces.push(Piece { id: DocId::from_bytes(*id), kind: std::str::from_utf8(kind).ok()?, bytes: content });
        bytes = rest;
    }
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_whole_or_not_at_all() {
        let piece = |n: u8, kind, bytes| Piece { id: DocId::from_bytes([n; 16]), kind, bytes };
        let all = [piece(1, "visit", b"rows".as_slice()), piece(2, "", b""), piece(3, "person", b"more")];
        let mut bytes = Vec::new();
        let mut ends = vec![0];
        for piece in &all {
            assert!(put(&mut bytes, piece));
            ends.push(ends.last().unwrap() + piece.size());
        }
        assert_eq!(pieces(&bytes).unwrap(), all);
        for cut in 0..bytes.len() {
            let whole = ends.iter().position(|end| *end == cut).map(|count| all[..count].to_vec());
            assert_eq!(pieces(&bytes[..cut]), whole, "{cut}");
        }
    }
}
