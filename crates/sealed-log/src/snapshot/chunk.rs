//! A chunk: packed, then sealed under a key of its own snapshot. Opened only when it is what the manifest says, and
//! unpacked into no more memory than the manifest and [`MAX_CHUNK`] allow.

use std::io::Read;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::manifest::{ChunkNote, Manifest, Part};
use super::{MAX_CHUNK, MAX_SEALED};
use crate::codec::{Reader, Write};
use crate::id::{CouncilId, EpochId, Hash, ScopeId, SnapshotId};
use crate::key::EpochKey;
use crate::keyring::Keyring;
use crate::seal::SealError;
use crate::stop::{Refusal, Stop, Waits};

/// How hard to pack: harder costs five times the time for a fiftieth of the bytes.
const LEVEL: i32 = 3;
/// No window above 8 MiB is ever made room for.
const WINDOW: u32 = 23;

/// A chunk on its way to a carrier, and what the manifest is to say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedChunk {
    /// What the manifest says.
    pub note: ChunkNote,
    /// The sealed bytes.
    pub bytes: Vec<u8>,
}

/// Packs and seals the chunk `index` of a snapshot of `council` and `scope` that is called `id`.
///
/// # Errors
/// [`SealError::SegmentTooLarge`] above [`MAX_CHUNK`]; [`SealError::Cipher`] when packing or sealing fails.
pub fn seal_chunk(
    (council, scope, id): (&CouncilId, &ScopeId, &SnapshotId),
    index: usize,
    (part, documents): (Part, usize),
    epoch: &EpochKey,
    plain: &[u8],
    nonce: [u8; 24],
) -> Result<SealedChunk, SealError> {
    if plain.len() > MAX_CHUNK {
        return Err(SealError::SegmentTooLarge);
    }
    let place = Place { council, scope, id, epoch: &epoch.id(), part, index };
    let packed = Zeroizing::new(zstd::bulk::compress(plain, LEVEL).map_err(|_| SealError::Cipher)?);
    let sealed = place
        .cipher(epoch)
        .encrypt(&XNonce::from(nonce), Payload { msg: &packed, aad: &place.associated() })
        .map_err(|_| SealError::Cipher)?;
    let mut bytes = Vec::with_capacity(nonce.len() + sealed.len());
    bytes.put(&nonce);
    bytes.put(&sealed);
    if bytes.len() > MAX_SEALED {
        return Err(SealError::SegmentTooLarge);
    }
    let note = ChunkNote { part, documents, plain: plain.len(), length: bytes.len(), hash: chunk_hash(&bytes) };
    Ok(SealedChunk { note, bytes })
}

/// Opens the chunk `index` of a manifest that was verified, and unpacks it.
///
/// # Errors
/// Why it cannot be opened, for good or yet.
pub fn open_chunk(
    manifest: &Manifest,
    index: usize,
    keyring: &Keyring,
    bytes: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Stop> {
    let note = manifest.chunks.get(index).ok_or(Refusal::Malformed)?;
    if bytes.len() != note.length || chunk_hash(bytes) != note.hash {
        return Err(Refusal::HashMismatch.into());
    }
    let epoch = keyring.get(&manifest.scope, &manifest.epoch).ok_or(Waits::NoKey)?;
    let place = Place {
        council: &manifest.council,
        scope: &manifest.scope,
        id: &manifest.id,
        epoch: &manifest.epoch,
        part: note.part,
        index,
    };
    let mut reader = Reader::new(bytes);
    let nonce: [u8; 24] = reader.array().map_err(Refusal::from)?;
    let packed = place
        .cipher(epoch)
        .decrypt(&XNonce::from(nonce), Payload { msg: reader.rest(), aad: &place.associated() })
        .map(Zeroizing::new)
        .map_err(|_| Refusal::DoesNotOpen)?;
    Ok(unpack(&packed, note.plain.min(MAX_CHUNK))?)
}

/// No more than `most` bytes, which is also how many there have to be.
fn unpack(packed: &[u8], most: usize) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(packed).map_err(|_| Refusal::Malformed)?.single_frame();
    decoder.window_log_max(WINDOW).map_err(|_| Refusal::Malformed)?;
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut plain = Zeroizing::new(Vec::with_capacity(most.min(packed.len().saturating_mul(8)) + 1));
    decoder.by_ref().take(limit).read_to_end(&mut plain).map_err(|_| Refusal::Malformed)?;
    let all_read = decoder.finish().is_empty();
    match plain.len() {
        length if length > most => Err(Refusal::TooLarge),
        length if length < most || !all_read => Err(Refusal::Malformed),
        _ => Ok(plain),
    }
}

/// What a manifest names a sealed chunk by.
#[must_use]
pub fn chunk_hash(bytes: &[u8]) -> Hash {
    Hash::of("talking-point v1 chunk", bytes)
}

/// Where a chunk is sealed: all of it is associated data, so that it opens nowhere else.
struct Place<'a> {
    council: &'a CouncilId,
    scope: &'a ScopeId,
    id: &'a SnapshotId,
    epoch: &'a EpochId,
    part: Part,
    index: usize,
}

impl Place<'_> {
    fn associated(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(128);
        out.put(self.council.as_bytes());
        out.put(self.scope.as_bytes());
        out.put(self.id.as_bytes());
        out.put(self.epoch.as_bytes());
        out.push(self.part.number());
        out.put_count(self.index);
        out
    }

    fn cipher(&self, epoch: &EpochKey) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*epoch.snapshot_key(self.council, self.scope, self.id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame of runs of zeros, 128 KiB in four bytes each: what a writer who is not us could put under a good seal.
    fn zeros(blocks: usize) -> Vec<u8> {
        let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x68];
        for left in (0..blocks).rev() {
            frame.extend([0x02 | u8::from(left == 0), 0x00, 0x10, 0x00]);
        }
        frame
    }

    #[test]
    fn what_unpacks_to_a_hundred_gigabytes_is_refused_before_it_is_held() {
        assert_eq!(unpack(&zeros(2), 256 << 10).unwrap().len(), 256 << 10);
        let bomb = zeros(100 << 13);
        assert!(bomb.len() < MAX_SEALED);
        for most in [0, 10, MAX_CHUNK] {
            assert_eq!(unpack(&bomb, most).unwrap_err(), Refusal::TooLarge);
        }
        assert!(unpack(&bomb[..1 << 20], MAX_CHUNK).is_err());
    }

    #[test]
    fn a_window_larger_than_ours_is_not_made_room_for() {
        let mut wide = zstd::stream::write::Encoder::new(Vec::new(), LEVEL).unwrap();
        wide.window_log(27).unwrap();
        std::io::Write::write_all(&mut wide, &vec![7; 1 << 20]).unwrap();
        let wide = wide.finish().unwrap();
        assert_eq!(unpack(&wide, 1 << 20).unwrap_err(), Refusal::Malformed);
    }

    #[test]
    fn fewer_bytes_than_said_and_bytes_behind_are_refused() {
        let packed = zstd::bulk::compress(b"Mair came in", LEVEL).unwrap();
        assert_eq!(unpack(&packed, 12).unwrap().as_slice(), b"Mair came in");
        assert_eq!(unpack(&packed, 13).unwrap_err(), Refusal::Malformed);
        assert_eq!(unpack(&[packed.as_slice(), &[0]].concat(), 12).unwrap_err(), Refusal::Malformed);
        assert_eq!(unpack(&packed[..packed.len() - 1], 12).unwrap_err(), Refusal::Malformed);
    }
}
