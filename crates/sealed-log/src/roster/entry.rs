//! One signed entry of the roster.

use super::kind::Kind;
use crate::codec::{DecodeError, Reader, Write};
use crate::id::{CouncilId, Hash};
use crate::key::{LaptopIdentity, Purpose, RootSeed, proves, verifies};

const VERSION: u8 = 1;
/// More heads than laptops that a country has in one council.
pub(super) const MAX_PARENTS: usize = 4_096;
/// Room for an epoch's key wrapped to some 5,000 laptops.
const MAX_CONTENT: usize = 512 * 1024;

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
        Self::by_root_of(root, root.council(), parents, kind)
    }

    /// An entry by a root that came after the one that founded the council.
    #[must_use]
    pub fn by_root_of(root: &RootSeed, council: CouncilId, parents: Vec<Hash>, kind: Kind) -> Self {
        let mut entry = Self::unsigned(council, parents, root.public(), kind);
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
        kind.put_in_order();
        Self { council, parents, author, kind, signature: [0; 64] }
    }

    /// Its name: the hash of what is signed.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of("talking-point v1 roster entry", &self.body())
    }

    /// The name of the entry that some bytes are, of whichever version, without trusting or even reading them.
    #[must_use]
    pub fn peek_hash(bytes: &[u8]) -> Option<Hash> {
        let (body, _) = bytes.split_at_checked(bytes.len().checked_sub(64)?)?;
        Some(Hash::of("talking-point v1 roster entry", body))
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

    /// The council that these bytes say they are an entry of; whether they are, is not looked at.
    #[must_use]
    pub fn peek_council(bytes: &[u8]) -> Option<CouncilId> {
        Self::decode(bytes).ok().map(|entry| entry.council)
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
