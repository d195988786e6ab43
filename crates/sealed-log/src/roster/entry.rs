//! One signed entry of the roster.

use crate::codec::{DecodeError, Reader, Write};
use crate::id::{CouncilId, Hash, ScopeId};
use crate::key::{Incarnation, LaptopIdentity, Publics, Purpose, RootSeed, proves, verifies};

const VERSION: u8 = 1;
/// More heads than laptops that a country has in one council.
pub(super) const MAX_PARENTS: usize = 4_096;
/// Room for an epoch's key wrapped to some 5,000 laptops.
const MAX_CONTENT: usize = 512 * 1024;
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
        /// The root's key to wrap to, so that the recovery sheet opens every epoch.
        root: [u8; 32],
        /// The laptop's identity.
        identity: Publics,
        /// What it may read and write.
        grants: Vec<Grant>,
    },
    /// An administrator takes a laptop in.
    Enrol {
        /// The laptop's identity.
        identity: Publics,
        /// What it may do to the roster.
        rank: Rank,
        /// What it may read and write.
        grants: Vec<Grant>,
    },
    /// A laptop's identity vouches for a new incarnation.
    Incarnate {
        /// The incarnation's key, whose hash is its log.
        key: [u8; 32],
        /// The incarnation's own word for it, as [`Incarnation::proof`] gives it.
        proof: [u8; 64],
    },
    /// Something that a newer version means something by, or means more by than this one: kept and passed on.
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

    /// True if its author signed it, and the incarnation that it vouches for agrees.
    pub(crate) fn signature_holds(&self) -> bool {
        let proven = match &self.kind {
            Kind::Incarnate { key, proof } => proves(key, &self.council, &self.author, proof),
            _ => true,
        };
        proven && verifies(&self.author, Purpose::Roster, &self.body(), &self.signature)
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
        let kind = Kind::decode(kind, reader.bytes(MAX_CONTENT)?);
        let signature = reader.array()?;
        reader.end()?;
        Ok(Self { council, parents, author, kind, signature })
    }
}

impl Kind {
    /// A laptop's word for an incarnation, with the incarnation's for the laptop.
    #[must_use]
    pub fn incarnate(incarnation: &Incarnation, council: &CouncilId, laptop: &LaptopIdentity) -> Self {
        Self::Incarnate { key: incarnation.public(), proof: incarnation.proof(council, &laptop.public()) }
    }

    fn encode(&self) -> (u64, Vec<u8>) {
        let mut out = Vec::new();
        let kind = match self {
            Self::Found { root, identity, grants } => {
                out.put(root);
                put_publics(&mut out, identity);
                put_grants(&mut out, grants);
                FOUND
            }
            Self::Enrol { identity, rank, grants } => {
                put_publics(&mut out, identity);
                out.push(match rank {
                    Rank::Laptop => 0,
                    Rank::Administrator => 1,
                });
                put_grants(&mut out, grants);
                ENROL
            }
            Self::Incarnate { key, proof } => {
                out.put(key);
                out.put(proof);
                INCARNATE
            }
            Self::Unknown { kind, content } => {
                out.put(content);
                *kind
            }
        };
        (kind, out)
    }

    /// What this version cannot read in its own form, a newer one may: kept as it is.
    fn decode(kind: u64, content: &[u8]) -> Self {
        Self::known(kind, content).ok().flatten().unwrap_or_else(|| Self::Unknown { kind, content: content.to_vec() })
    }

    fn known(kind: u64, content: &[u8]) -> Result<Option<Self>, DecodeError> {
        let mut reader = Reader::new(content);
        let read = match kind {
            FOUND => Self::Found {
                root: reader.array()?,
                identity: read_publics(&mut reader)?,
                grants: read_grants(&mut reader)?,
            },
            ENROL => Self::Enrol {
                identity: read_publics(&mut reader)?,
                rank: match reader.byte()? {
                    0 => Rank::Laptop,
                    1 => Rank::Administrator,
                    _ => return Err(DecodeError::NotCanonical),
                },
                grants: read_grants(&mut reader)?,
            },
            INCARNATE => Self::Incarnate { key: reader.array()?, proof: reader.array()? },
            _ => return Ok(None),
        };
        reader.end()?;
        Ok(Some(read))
    }
}

fn put_publics(out: &mut Vec<u8>, publics: &Publics) {
    out.put(&publics.signing);
    out.put(&publics.agreement);
}

fn read_publics(reader: &mut Reader<'_>) -> Result<Publics, DecodeError> {
    Ok(Publics { signing: reader.array()?, agreement: reader.array()? })
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
