//! The sealed log: records that are sealed by document, signed by segment, and numbered by stream.
//!
//! Pure. Nothing here does I/O, reads a clock or makes randomness: bytes, times and random bytes come as arguments, and
//! bytes and decisions go out. Nothing here knows what a document means: a record is opaque bytes under a document's id.
//! Whatever is decoded is bounded first, and is refused with a name, never with a panic.

mod base32;
mod codec;
mod cut;
mod enrol;
mod envelope;
mod hall;
mod id;
mod incarnation;
mod join;
mod key;
mod keyring;
mod login;
mod note;
mod placement;
mod plan;
mod recovery;
mod roster;
mod seal;
mod seen;
mod segment;
mod snapshot;
mod stop;
mod stream;
pub mod wire;
mod wrap;

pub use base32::{decode as base32_decode, encode as base32_encode};
pub use codec::DecodeError;
pub use cut::cut;
pub use enrol::{Approval, Code, CodeKey, EnrolError, Request};
pub use envelope::{Envelope, Item};
pub use hall::{greets, sign_greeting};
pub use id::{ActorId, CouncilId, DocId, EpochId, Hash, LaptopId, LogId, Run, ScopeId, Short, SnapshotId, StreamId};
pub use incarnation::{Decision, Facts, OwnStream, StartReason, decide};
pub use join::{JoinError, JoinFile, Welcome};
pub use key::{EpochKey, Incarnation, LaptopIdentity, Publics, RootSeed, council_of as council_of_root};
pub use keyring::Keyring;
pub use login::{login_holds, sign_login};
pub use note::{open_note, seal_note};
pub use placement::{FileRange, cover, joinable, lacking};
pub use plan::{Fetch, Holdings, Plan, Put, Shown, plan};
pub use recovery::{RecoveryError, RecoveryWords};
pub use roster::{
    Access, Added, Entry, Epoch, Grant, Kind, Laptop, Members, Pruning, Rank, Roster, Shared, State, TEAM_SCOPE, Wrap,
};
pub use seal::{Opened, Plain, READER, SealError, open, seal};
pub use seen::{MAX_HEADS, Seen, SeenError, StreamHead, unconfirmed};
pub use segment::{Body, Segment, body_hash};
pub use snapshot::{
    ChunkNote, End, MAX_CHUNK, MAX_MANIFEST, MAX_SEALED, Manifest, ManifestError, Part, SealedChunk, chunk_hash,
    open_chunk, seal_chunk,
};
pub use stop::{Refusal, Stop, Waits};
pub use stream::follows;
pub use wrap::{WRAPPED, WrapError, unwrap_key, wrap_key};

/// Most bytes of one document's changes in one record, 1 MiB.
pub const MAX_RECORD: usize = 1 << 20;
/// A body larger than this travels apart from its segment, 64 KiB.
pub const APART: usize = 64 << 10;
/// Most bytes of one segment, 4 MiB.
pub const MAX_SEGMENT: usize = 4 << 20;
/// The highest number that a segment or a statement may have: no name on a carrier tells a higher one.
pub const MAX_SEQ: u64 = (1 << 40) - 1;
/// Most records in one segment.
pub const MAX_ITEMS: usize = 16_384;
