//! One signed entry of the roster.

use crate::codec::{DecodeError, Reader, Write};
use crate::id::{CouncilId, Hash, ScopeId};
use crate::key::{LaptopIdentity, Purpose, RootSeed, verifies};

const VERSION: u8 = 1;
const MAX_PARENTS: usize = 256;
const MAX_CONTENT: usize = 16 * 1024;
const MAX_GRANTS: usize = 64;

const FOUND: u64 = 1;
const ENROL: u64 = 2;
const INCARNATE: u64 = 3;

/// What a grant allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// To hold the key and read.
    Read,
    /// To write, too.
    Write,
}

/// A scope granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// The scope.
    pub scope: ScopeId,
    /// What it allows.
    pub access: Access,
}

/// What a laptop may do to the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Nothing but start its own incarnations.
    Laptop,
    /// Enrol others.
    Administrator,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The root vouches for the first administrator.
    Found {
        /// The laptop's identity.
        identity: [u8; 32],
        /// What it may read and write.
        grants: Vec<Grant>,
    },
    /// An administrator takes a laptop in.
    Enrol {
        /// The laptop's identity.
        identity: [u8; 32],
        /// What it may do to the roster.
        rank: Rank,
        /// What it may read and write.
        grants: Vec<Grant>,
    },
    /// A laptop's identity vouches for a new incarnation.
    Incarnate {
        /// The incarnation's key, whose hash is its log.
        key: [u8; 32],
    },
    /// Something that a newer version means something by: kept and passed on.
    Unknown {
        /// Its kind.
        kind: u64,
        /// Its content.
        content: Vec<u8>,
    },
}

/// An entry: what it says, after which others, by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The council.
    pub council: CouncilId,
    /// The heads its author knew.
    pub parents: Vec<Hash>,
    /// The key that signed it: the root's, or a laptop's identity.
    pub author: [u8; 32],
    /// What it says.
    pub kind: Kind,
    signature: [u8; 64],
}

impl Entry {
    /// An entry by the root.
    #[must_use]
    pub fn by_root(root: &RootSeed, parents: Vec<Hash>, kind: Kind) -> Self {
        let mut entry = Self::unsigned(root.council(), parents, root.public(), kind);
        entry.signature = root.sign(Purpose::Roster, &entry.body());
        entry
    }

    /// An entry by a laptop.
    #[must_use]
    pub fn by_laptop(identity: &LaptopIdentity, council: CouncilId, parents: Vec<Hash>, kind: Kind) -> Self {
        let mut entry = Self::unsigned(council, parents, identity.public(), kind);
        entry.signature = identity.sign(Purpose::Roster, &entry.body());
        entry
    }

    fn unsigned(council: CouncilId, mut parents: Vec<Hash>, author: [u8; 32], mut kind: Kind) -> Self {
        parents.sort_unstable();
        parents.dedup();
        if let Kind::Found { grants, .. } | Kind::Enrol { grants, .. } = &mut kind {
            grants.sort_unstable();
            grants.dedup();
        }
        Self { council, parents, author, kind, signature: [0; 64] }
    }

    /// Its name: the hash of what is signed.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of("talking-point v1 roster entry", &self.body())
    }

    /// As bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = self.body();
        out.put(&self.signature);
        out
    }

    pub(crate) fn signature_holds(&self) -> bool {
        verifies(&self.author, Purpose::Roster, &self.body(), &self.signature)
    }

    fn body(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        out.push(VERSION);
        out.put(self.council.as_bytes());
        out.put_count(self.parents.len());
        for parent in &self.parents {
            out.put(parent.as_bytes());
        }
        out.put(&self.author);
        let (kind, content) = self.kind.encode();
        out.put_number(kind);
        out.put_bytes(&content);
        out
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let council = CouncilId::from_bytes(reader.array()?);
        let count = reader.count(MAX_PARENTS)?;
        let mut parents = Vec::with_capacity(count);
        for _ in 0..count {
            parents.push(Hash::from_bytes(reader.array()?));
        }
        if !parents.is_sorted_by(|a, b| a < b) {
            return Err(DecodeError::NotCanonical);
        }
        let author = reader.array()?;
        let kind = reader.number()?;
        let kind = Kind::decode(kind, reader.bytes(MAX_CONTENT)?)?;
        let signature = reader.array()?;
        reader.end()?;
        Ok(Self { council, parents, author, kind, signature })
    }
}

impl Kind {
    fn encode(&self) -> (u64, Vec<u8>) {
        let mut out = Vec::new();
        let kind = match self {
            Self::Found { identity, grants } => {
                out.put(identity);
                put_grants(&mut out, grants);
                FOUND
            }
            Self::Enrol { identity, rank, grants } => {
                out.put(identity);
                out.push(match rank {
                    Rank::Laptop => 0,
                    Rank::Administrator => 1,
                });
                put_grants(&mut out, grants);
                ENROL
            }
            Self::Incarnate { key } => {
                out.put(key);
                INCARNATE
            }
            Self::Unknown { kind, content } => {
                out.put(content);
                *kind
            }
        };
        (kind, out)
    }

    fn decode(kind: u64, content: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(content);
        let read = match kind {
            FOUND => Self::Found { identity: reader.array()?, grants: read_grants(&mut reader)? },
            ENROL => Self::Enrol {
                identity: reader.array()?,
                rank: match reader.byte()? {
                    0 => Rank::Laptop,
                    1 => Rank::Administrator,
                    _ => return Err(DecodeError::NotCanonical),
                },
                grants: read_grants(&mut reader)?,
            },
            INCARNATE => Self::Incarnate { key: reader.array()? },
            _ => {
                return Ok(Self::Unknown { kind, content: content.to_vec() });
            }
        };
        reader.end()?;
        Ok(read)
    }
}

fn put_grants(out: &mut Vec<u8>, grants: &[Grant]) {
    out.put_count(grants.len());
    for grant in grants {
        out.put(grant.scope.as_bytes());
        out.push(match grant.access {
            Access::Read => 0,
            Access::Write => 1,
        });
    }
}

fn read_grants(reader: &mut Reader<'_>) -> Result<Vec<Grant>, DecodeError> {
    let count = reader.count(MAX_GRANTS)?;
    let mut grants = Vec::with_capacity(count);
    for _ in 0..count {
        let scope = ScopeId::from_bytes(reader.array()?);
        let access = match reader.byte()? {
            0 => Access::Read,
            1 => Access::Write,
            _ => return Err(DecodeError::NotCanonical),
        };
        grants.push(Grant { scope, access });
    }
    if grants.is_sorted_by(|a, b| a < b) { Ok(grants) } else { Err(DecodeError::NotCanonical) }
}
