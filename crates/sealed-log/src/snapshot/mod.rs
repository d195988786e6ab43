//! Snapshots: what a scope's documents were at one point of its log, in sealed chunks under a signed manifest, so that a
//! newcomer need not read the log from its beginning.
//!
//! The manifest says what the snapshot covers and which chunks belong to it. A snapshot is named by its manifest's hash.
//! What is in a chunk is opaque bytes here, as a record is.

mod chunk;
mod manifest;

pub use chunk::{SealedChunk, chunk_hash, open_chunk, seal_chunk};
pub use manifest::{ChunkNote, End, Manifest, ManifestError, Part};

/// Most bytes of one chunk before it is packed, and most that are held while it is unpacked, 8 MiB.
pub const MAX_CHUNK: usize = 8 << 20;
/// Most bytes of a manifest, 8 MiB.
pub const MAX_MANIFEST: usize = 8 << 20;
/// Most bytes of one sealed chunk: what cannot be packed grows a little.
pub const MAX_SEALED: usize = MAX_CHUNK + (64 << 10);
