//! Keys: kept in memory only as long as needed, wiped when dropped, never shown, never serialized by a derive.

use std::fmt;

use curve25519_dalek::MontgomeryPoint;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::id::{CouncilId, DocId, EpochId, LaptopId, LogId, ScopeId, SnapshotId, first16};

/// What a signature is for; a signature for one purpose never passes for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Segment,
    Roster,
    Seen,
    Incarnation,
    Snapshot,
    Login,
    Hall,
}

impl Purpose {
    fn message(self, bytes: &[u8]) -> Vec<u8> {
        let name: &[u8] = match self {
            Self::Segment => b"talking-point v1 segment\0",
            Self::Roster => b"talking-point v1 roster\0",
            Self::Seen => b"talking-point v1 seen\0",
            Self::Incarnation => b"talking-point v1 incarnation\0",
            Self::Snapshot => b"talking-point v1 snapshot\0",
            Self::Login => b"talking-point v1 relay login\0",
            Self::Hall => b"talking-point v1 hall\0",
        };
        let mut message = Vec::with_capacity(name.len() + bytes.len());
        message.extend_from_slice(name);
        message.extend_from_slice(bytes);
        message
    }
}

/// True if `signature` is `public`'s for this purpose over these bytes.
pub(crate) fn verifies(public: &[u8; 32], purpose: Purpose, bytes: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public)
        .is_ok_and(|key| key.verify_strict(&purpose.message(bytes), &Signature::from_bytes(signature)).is_ok())
}

macro_rules! signing_key {
    ($(#[$doc:meta])* $name:ident, $signing:expr) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name {
            secret: Zeroizing<[u8; 32]>,
            signing: SigningKey,
        }

        impl $name {
            /// From 32 random bytes.
            #[must_use]
            pub fn from_secret(secret: &[u8; 32]) -> Self {
                let seed: Zeroizing<[u8; 32]> = $signing(secret);
                Self { secret: Zeroizing::new(*secret), signing: SigningKey::from_bytes(&seed) }
            }

            /// The random bytes it came from, to be put under lock.
            #[must_use]
            pub fn secret(&self) -> Zeroizing<[u8; 32]> {
                self.secret.clone()
            }

            /// What others check its signatures with.
            #[must_use]
            pub fn public(&self) -> [u8; 32] {
                self.signing.verifying_key().to_bytes()
            }

            #[allow(dead_code, reason = "not each kind of key signs each kind of thing")]
            pub(crate) fn sign(&self, purpose: Purpose, bytes: &[u8]) -> [u8; 64] {
                self.signing.sign(&purpose.message(bytes)).to_bytes()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(concat!(stringify!($name), "(secret)"))
            }
        }
    };
}

macro_rules! agreement_key {
    ($name:ident) => {
        impl $name {
            /// The X25519 key to which others wrap what only it may open.
            #[must_use]
            pub fn agreement(&self) -> [u8; 32] {
                MontgomeryPoint::mul_base_clamped(*self.agreement_secret()).to_bytes()
            }

            /// The secret half of [`Self::agreement`].
            #[must_use]
            pub fn agreement_secret(&self) -> Zeroizing<[u8; 32]> {
                part(&self.secret, b"talking-point v1 agreement")
            }

            /// Both public keys.
            #[must_use]
            pub fn publics(&self) -> Publics {
                Publics { signing: self.public(), agreement: self.agreement() }
            }
        }
    };
}

/// What the roster says of a laptop or of the root: the key that checks its signatures, and the one to wrap to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Publics {
    /// Ed25519.
    pub signing: [u8; 32],
    /// X25519.
    pub agreement: [u8; 32],
}

/// One key out of a secret that has several uses.
fn part(secret: &[u8; 32], name: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    // 32 bytes are far below HKDF's bound, the only way expanding can fail.
    let _ = Hkdf::<Sha256>::new(None, secret).expand(name, key.as_mut_slice());
    key
}

fn signing_part(secret: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    part(secret, b"talking-point v1 signing")
}

signing_key!(
    /// The council's root: made at founding, printed as [`crate::RecoveryWords`], then forgotten.
    RootSeed,
    signing_part
);
signing_key!(
    /// Who a laptop is, for good: vouches for its incarnations.
    LaptopIdentity,
    signing_part
);
signing_key!(
    /// One life of one laptop's database: signs its segments.
    Incarnation,
    |secret: &[u8; 32]| Zeroizing::new(*secret)
);
agreement_key!(RootSeed);
agreement_key!(LaptopIdentity);

impl RootSeed {
    /// The council it founds.
    #[must_use]
    pub fn council(&self) -> CouncilId {
        council_of(&self.public())
    }
}

impl LaptopIdentity {
    /// Its name in the roster.
    #[must_use]
    pub fn laptop(&self) -> LaptopId {
        laptop_of(&self.public())
    }
}

impl Incarnation {
    /// The log it signs.
    #[must_use]
    pub fn log(&self) -> LogId {
        log_of(&self.public())
    }

    /// Its word that it is this laptop's: without it, anyone could vouch for another's log and take it over.
    #[must_use]
    pub fn proof(&self, council: &CouncilId, identity: &[u8; 32]) -> [u8; 64] {
        self.sign(Purpose::Incarnation, &claim(council, identity))
    }
}

/// True if the key of an incarnation says that it is this laptop's.
pub(crate) fn proves(key: &[u8; 32], council: &CouncilId, identity: &[u8; 32], proof: &[u8; 64]) -> bool {
    verifies(key, Purpose::Incarnation, &claim(council, identity), proof)
}

fn claim(council: &CouncilId, identity: &[u8; 32]) -> Vec<u8> {
    [council.as_bytes().as_slice(), identity.as_slice()].concat()
}

/// The council whose root has this public key.
#[must_use]
pub fn council_of(public: &[u8; 32]) -> CouncilId {
    CouncilId::from_bytes(blake3::derive_key("talking-point v1 council", public))
}

pub(crate) fn laptop_of(public: &[u8; 32]) -> LaptopId {
    let hash = blake3::derive_key("talking-point v1 laptop", public);
    LaptopId::from_bytes(first16(&hash.into()))
}

impl LaptopId {
    /// The laptop, or root, whose signatures this key checks.
    #[must_use]
    pub fn of_signing(public: &[u8; 32]) -> Self {
        laptop_of(public)
    }
}

pub(crate) fn log_of(public: &[u8; 32]) -> LogId {
    let hash = blake3::derive_key("talking-point v1 log", public);
    LogId::from_bytes(first16(&hash.into()))
}

/// The key of one epoch of one scope.
#[derive(Clone, PartialEq, Eq)]
pub struct EpochKey([u8; 32]);

impl EpochKey {
    /// From 32 random bytes.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(*secret)
    }

    /// The random bytes it came from, to be put under lock.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0)
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> EpochId {
        let hash = Zeroizing::new(blake3::derive_key("talking-point v1 epoch", &self.0));
        EpochId::from_bytes(first16(&(*hash).into()))
    }

    /// The key that seals one document of one scope: HKDF-SHA256 with the council as salt.
    pub(crate) fn document_key(&self, council: &CouncilId, scope: &ScopeId, document: &DocId) -> Zeroizing<[u8; 32]> {
        self.derived(council, &[b"talking-point v1 record", scope.as_bytes(), document.as_bytes()])
    }

    /// The key that seals words about a laptop.
    pub(crate) fn note_key(&self, council: &CouncilId, scope: &ScopeId) -> Zeroizing<[u8; 32]> {
        self.derived(council, &[b"talking-point v1 note", scope.as_bytes()])
    }

    /// The key that seals the chunks of one snapshot of one scope.
    pub(crate) fn snapshot_key(&self, council: &CouncilId, scope: &ScopeId, id: &SnapshotId) -> Zeroizing<[u8; 32]> {
        self.derived(council, &[b"talking-point v1 snapshot", scope.as_bytes(), id.as_bytes()])
    }

    fn derived(&self, council: &CouncilId, info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        // 32 bytes are far below HKDF's bound, the only way expanding can fail.
        let _ = Hkdf::<Sha256>::new(Some(council.as_bytes()), &self.0).expand_multi_info(info, key.as_mut_slice());
        key
    }
}

impl Drop for EpochKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for EpochKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("EpochKey(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let shown = format!(
            "{:?} {:?} {:?} {:?}",
            RootSeed::from_secret(&[7; 32]),
            LaptopIdentity::from_secret(&[7; 32]),
            Incarnation::from_secret(&[7; 32]),
            EpochKey::from_secret(&[7; 32]),
        );
        assert_eq!(shown, "RootSeed(secret) LaptopIdentity(secret) Incarnation(secret) EpochKey(secret)");
    }

    #[test]
    fn every_document_scope_and_council_has_its_own_key() {
        let key = EpochKey::from_secret(&[1; 32]);
        let of = |c: u8, s: u8, d: u8| {
            key.document_key(
                &CouncilId::from_bytes([c; 32]),
                &ScopeId::from_bytes([s; 16]),
                &DocId::from_bytes([d; 16]),
            )
        };
        assert_ne!(of(1, 1, 1), of(2, 1, 1));
        assert_ne!(of(1, 1, 1), of(1, 2, 1));
        assert_ne!(of(1, 1, 1), of(1, 1, 2));
        assert_ne!(*of(1, 1, 1), [0; 32]);
    }
}
