//! A small council whose keys everybody knows, so that what the fuzzer makes up can be signed and sealed and gets past
//! the signatures to what lies behind them.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use ed25519_dalek::{Signer, SigningKey};
use hkdf::Hkdf;
use sealed_log::{
    Access, CodeKey, CouncilId, Entry, EpochKey, Grant, Hash, Incarnation, Keyring, Kind, LaptopIdentity, LogId,
    Request, RootSeed, Roster, ScopeId,
};
use sha2::Sha256;

/// The nonce of everything that is sealed here.
pub const NONCE: [u8; 24] = [7; 24];

/// The council: a root, an administrator that keeps, a door, and a key for one scope.
pub struct Council {
    pub root: RootSeed,
    pub id: CouncilId,
    pub office: LaptopIdentity,
    pub incarnation: Incarnation,
    pub roster: Roster,
    pub scope: ScopeId,
    pub key: EpochKey,
    pub keyring: Keyring,
}

impl Council {
    pub fn new() -> Self {
        let root = RootSeed::from_secret(&[1; 32]);
        let id = root.council();
        let (office, incarnation) = (LaptopIdentity::from_secret(&[2; 32]), Incarnation::from_secret(&[102; 32]));
        let scope = ScopeId::of(&id, "front-desk");
        let mut roster = Roster::new(id);
        let grants = vec![Grant { scope, access: Access::Write }];
        let found = Kind::Found { root: root.agreement(), identity: office.publics(), grants };
        let found = Entry::by_root(&root, vec![], found);
        let life = Kind::incarnate(&incarnation, &id, &office);
        let life = Entry::by_laptop(&office, id, vec![found.hash()], life);
        for entry in [found, life] {
            roster.add(&entry.encode()).expect("an entry of ours");
        }
        let key = EpochKey::from_secret(&[9; 32]);
        let mut keyring = Keyring::default();
        keyring.add(scope, key.clone());
        Self { root, id, office, incarnation, roster, scope, key, keyring }
    }

    pub fn log(&self) -> LogId {
        self.incarnation.log()
    }

    /// The entry that founds it.
    pub fn found(&self) -> Hash {
        let founds = |(hash, entry): (&Hash, &Entry)| matches!(entry.kind, Kind::Found { .. }).then_some(*hash);
        self.roster.entries().find_map(founds).unwrap_or(Hash::NONE)
    }

    /// The incarnation's signature for a purpose.
    pub fn signature(&self, purpose: &str, bytes: &[u8]) -> [u8; 64] {
        let message = [b"talking-point v1 ", purpose.as_bytes(), b"\0", bytes].concat();
        SigningKey::from_bytes(&self.incarnation.secret()).sign(&message).to_bytes()
    }

    /// `nonce ‖ sealed bytes` under the key that HKDF makes of these parts.
    pub fn sealed(&self, info: &[&[u8]], associated: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut key = [0; 32];
        let hkdf = Hkdf::<Sha256>::new(Some(self.id.as_bytes()), self.key.secret().as_slice());
        hkdf.expand_multi_info(info, &mut key).expect("32 bytes");
        let payload = Payload { msg: plain, aad: associated };
        let sealed = XChaCha20Poly1305::new(&Key::from(key)).encrypt(&XNonce::from(NONCE), payload).expect("sealed");
        [NONCE.as_slice(), &sealed].concat()
    }
}

impl Default for Council {
    fn default() -> Self {
        Self::new()
    }
}

/// What a code was stretched to.
const STRETCHED: [u8; 32] = [11; 32];

/// A laptop that has asked to be taken in.
pub struct Enrolling {
    pub laptop: LaptopIdentity,
    pub key: CodeKey,
    pub request: Vec<u8>,
}

impl Enrolling {
    pub fn new() -> Self {
        let laptop = LaptopIdentity::from_secret(&[3; 32]);
        let key = CodeKey::from_stretched(&STRETCHED);
        let request = Request { identity: laptop.publics(), salt: [4; 16], made: -5 }.encode(&key);
        Self { laptop, key, request }
    }

    /// Puts the mark of the code in the place of the last 32 bytes.
    pub fn mark(&self, purpose: &str, bytes: &mut [u8]) {
        let Some(body) = bytes.len().checked_sub(32) else {
            return;
        };
        let key = blake3::derive_key("talking-point v1 enrolment", &STRETCHED);
        let mark = blake3::keyed_hash(&key, &[purpose.as_bytes(), &bytes[..body]].concat());
        overlay(bytes, body, mark.as_bytes());
    }
}

impl Default for Enrolling {
    fn default() -> Self {
        Self::new()
    }
}

/// A number as the log spells it.
pub fn number(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

/// A hash for one purpose.
pub fn hash(purpose: &str, bytes: &[u8]) -> Hash {
    Hash::from_bytes(blake3::derive_key(purpose, bytes))
}

/// Our bytes in the place of the input's, as far as it goes.
pub fn overlay(bytes: &mut [u8], at: usize, ours: &[u8]) {
    bytes.iter_mut().skip(at).zip(ours).for_each(|(to, from)| *to = *from);
}
