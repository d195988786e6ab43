//! The names of things in the log: fixed-length bytes, shown as short lower-case words.

use std::fmt;
use std::str::FromStr;

use crate::base32;

macro_rules! byte_id {
    ($(#[$doc:meta])* $name:ident, $length:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $length]);

        impl $name {
            /// How many bytes it has.
            pub const LENGTH: usize = $length;

            /// From its bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $length]) -> Self {
                Self(bytes)
            }

            /// From a slice, if it has the right length.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            /// Its bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $length] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&base32::encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{}({})", stringify!($name), self)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                base32::decode(text)
                    .and_then(|bytes| Self::from_slice(&bytes))
                    .ok_or(NotAnId)
            }
        }
    };
}

/// The text is not an id of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

byte_id!(
    /// A council: the hash of its root public key. It is inside every signature.
    CouncilId, 32
);
byte_id!(
    /// A log: the hash of its incarnation's public key, so that nobody can claim another's.
    LogId, 16
);
byte_id!(
    /// A scope of one council: a hash that tells a carrier nothing.
    ScopeId, 16
);
byte_id!(
    /// A laptop: the hash of its identity's public key.
    LaptopId, 16
);
byte_id!(
    /// A document: random bytes that say nothing.
    DocId, 16
);
byte_id!(
    /// An epoch key's name: its hash.
    EpochId, 16
);
byte_id!(
    /// A run of the program: random bytes, fresh at each start.
    Run, 16
);
byte_id!(
    /// The actor of a run in a log.
    ActorId, 16
);
byte_id!(
    /// A snapshot: random bytes, so that each is sealed under a key of its own.
    SnapshotId, 16
);
byte_id!(
    /// A BLAKE3 hash.
    Hash, 32
);
byte_id!(
    /// The first bytes of a hash, where it only has to tell two apart in a name.
    Short, 5
);

/// A stream: one log in one scope, with its own numbering from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId {
    /// Whose.
    pub log: LogId,
    /// In which scope.
    pub scope: ScopeId,
}

impl CouncilId {
    /// So many of its bytes name its top folder on a carrier.
    const FOLDER: usize = 10;

    /// The name of its top folder on a carrier: its first ten bytes.
    #[must_use]
    pub fn folder(&self) -> String {
        base32::encode(self.0.split_at(Self::FOLDER).0)
    }

    /// True for a name that some council's top folder may have.
    #[must_use]
    pub fn is_folder(name: &str) -> bool {
        base32::decode(name).is_some_and(|bytes| bytes.len() == Self::FOLDER && base32::encode(&bytes) == name)
    }
}

impl ScopeId {
    /// The scope called `code` in a council.
    #[must_use]
    pub fn of(council: &CouncilId, code: &str) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("talking-point v1 scope");
        hasher.update(council.as_bytes());
        hasher.update(code.as_bytes());
        Self(first16(&hasher.finalize()))
    }
}

impl ActorId {
    /// `BLAKE3(log ‖ run)[..16]`: fresh at each program start, so that two clones nobody noticed cannot collide.
    #[must_use]
    pub fn of(log: &LogId, run: &Run) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(log.as_bytes());
        hasher.update(run.as_bytes());
        Self(first16(&hasher.finalize()))
    }
}

impl Hash {
    /// Nothing: what the first segment of a stream follows.
    pub const NONE: Self = Self([0; 32]);

    /// The hash of some bytes for one purpose.
    pub(crate) fn of(purpose: &'static str, bytes: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(purpose);
        hasher.update(bytes);
        Self(*hasher.finalize().as_bytes())
    }

    /// Its first bytes.
    #[must_use]
    pub fn short(&self) -> Short {
        let mut short = [0; 5];
        short.copy_from_slice(self.0.split_at(5).0);
        Short(short)
    }
}

pub(crate) fn first16(hash: &blake3::Hash) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(hash.as_bytes().split_at(16).0);
    bytes
}
