//! Enrolment by code. A new laptop shows a secret code of twelve letters, which never travels, and asks; an administrator
//! types the code and approves. A key that only the code gives proves each to the other: the request is its laptop's, and
//! the root and roster in the approval are the administrator's. The keys of the newcomer's scopes are in the roster,
//! wrapped to it.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::base32;
use crate::codec::{DecodeError, Reader, Write};
use crate::id::{CouncilId, Hash};
use crate::join::{MAX_ENTRIES, MAX_ENTRY, MAX_FILE, Welcome};
use crate::key::{LaptopIdentity, Publics, council_of};
use crate::roster::Roster;
use crate::stop::Stop;
use crate::wrap::{WrapError, open_with, seal_to};

const REQUEST: &[u8; 8] = b"TPASKS\r\n";
const APPROVAL: &[u8; 8] = b"TPTAKE\r\n";
const VERSION: u8 = 1;
const LETTERS: usize = 12;
const MAC: usize = 32;
const MAX_WELCOME: usize = 256 * 1024;

/// Why bytes are not a request, or an approval, that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnrolError {
    /// Something else altogether, or not whole.
    #[error("this is neither a request nor an approval, or it is not whole")]
    NotOne,
    /// Made by a newer version.
    #[error("it was made by a newer version ({0})")]
    Newer(u8),
    /// The code is not the one it was made with, or somebody changed it on the way.
    #[error("the code does not agree with it")]
    WrongCode,
    /// It answers another request.
    #[error("it answers another request")]
    AnotherRequest,
    /// Its roster is not the one its root key vouches for, or does not name the newcomer.
    #[error("it does not agree with itself")]
    Disagrees,
}

/// The secret code that the new laptop shows: 60 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(Zeroizing<String>);

impl Code {
    /// From random bytes, of which the last four bits are not used.
    #[must_use]
    pub fn from_random(random: &[u8; 8]) -> Self {
        let mut letters = Zeroizing::new(base32::encode_with(base32::CLEAR, random));
        letters.truncate(LETTERS);
        Self(letters)
    }

    /// What was typed, if it is a code.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let letters = base32::as_typed(typed);
        let clear = letters.bytes().all(|letter| base32::CLEAR.contains(&letter));
        (clear && letters.len() == LETTERS).then_some(Self(letters))
    }

    /// The letters alone, from which [`CodeKey`] is made.
    #[must_use]
    pub fn letters(&self) -> &str {
        &self.0
    }

    /// In three groups of four, as it is shown.
    #[must_use]
    pub fn shown(&self) -> Zeroizing<String> {
        base32::in_fours(&self.0, '-')
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Code(secret)")
    }
}

/// What Argon2id makes of the code and the request's salt.
#[derive(Clone)]
pub struct CodeKey(Zeroizing<[u8; 32]>);

impl CodeKey {
    /// The parameters of Argon2id, version 0x13: memory in KiB, passes, lanes.
    pub const COST: (u32, u32, u32) = (19_456, 2, 1);

    /// From Argon2id's 32 bytes.
    #[must_use]
    pub fn from_stretched(stretched: &[u8; 32]) -> Self {
        Self(Zeroizing::new(*stretched))
    }

    fn mac(&self, purpose: &str, bytes: &[u8]) -> blake3::Hash {
        let mut key = Zeroizing::new(blake3::derive_key("talking-point v1 enrolment", self.0.as_slice()));
        let mut hasher = blake3::Hasher::new_keyed(&key);
        hasher.update(purpose.as_bytes());
        hasher.update(bytes);
        key.zeroize();
        hasher.finalize()
    }
}

impl fmt::Debug for CodeKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("CodeKey(secret)")
    }
}

/// A new laptop asks to be taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Its identity.
    pub identity: Publics,
    /// The salt with which the code is stretched.
    pub salt: [u8; 16],
    /// When it was made by its laptop's clock, UTC milliseconds.
    pub made: i64,
}

impl Request {
    /// As bytes.
    #[must_use]
    pub fn encode(&self, key: &CodeKey) -> Vec<u8> {
        let mut out = Vec::with_capacity(160);
        out.put(REQUEST);
        out.push(VERSION);
        out.put(&self.identity.signing);
        out.put(&self.identity.agreement);
        out.put(&self.salt);
        out.put(&self.made.to_le_bytes());
        let mac = key.mac("request", &out);
        out.put(mac.as_bytes());
        out
    }

    /// Reads the form, and nothing more: [`Self::check`] says whether the code agrees.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn peek(bytes: &[u8]) -> Result<Self, EnrolError> {
        let mut reader = Reader::new(bytes.strip_prefix(REQUEST.as_slice()).ok_or(EnrolError::NotOne)?);
        reader.version(VERSION)?;
        let identity = Publics { signing: reader.array()?, agreement: reader.array()? };
        let salt = reader.array()?;
        let made = i64::from_le_bytes(reader.array()?);
        reader.take(MAC)?;
        reader.end()?;
        Ok(Self { identity, salt, made })
    }

    /// Reads one that was made with this code.
    ///
    /// # Errors
    /// What is wrong with it; [`EnrolError::WrongCode`].
    pub fn check(bytes: &[u8], key: &CodeKey) -> Result<Self, EnrolError> {
        let request = Self::peek(bytes)?;
        // Another code gives another code's bytes; blake3's hashes compare in constant time.
        let (body, mac) = split_mac(bytes)?;
        if key.mac("request", body) == mac { Ok(request) } else { Err(EnrolError::WrongCode) }
    }

    /// The name of a request: what its approval answers.
    #[must_use]
    pub fn name(bytes: &[u8]) -> Hash {
        Hash::of("talking-point v1 request", bytes)
    }
}

/// An administrator's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The council's root public key, of which its id is the hash.
    pub root: [u8; 32],
    /// The request it answers.
    pub request: Hash,
    /// The roster, the newcomer's enrolment in it.
    pub roster: Vec<Vec<u8>>,
    /// What the newcomer is told: sealed to it.
    pub welcome: Welcome,
}

impl Approval {
    /// The council.
    #[must_use]
    pub fn council(&self) -> CouncilId {
        council_of(&self.root)
    }

    /// As bytes, for the newcomer with this key to wrap to. `random`: 32 fresh random bytes.
    ///
    /// # Errors
    /// When the newcomer's key is none.
    pub fn encode(&self, key: &CodeKey, agreement: &[u8; 32], random: [u8; 32]) -> Result<Vec<u8>, WrapError> {
        let mut welcome = Zeroizing::new(Vec::with_capacity(1024));
        self.welcome.put(&mut welcome);
        let mut out = Vec::with_capacity(64 * 1024);
        out.put(APPROVAL);
        out.push(VERSION);
        out.put(&self.root);
        out.put(self.request.as_bytes());
        out.put_count(self.roster.len());
        for entry in &self.roster {
            out.put_bytes(entry);
        }
        out.put_bytes(&seal_to(agreement, &info(&self.root, &self.request), &welcome, random)?);
        let mac = key.mac("approval", &out);
        out.put(mac.as_bytes());
        Ok(out)
    }

    /// Opens the answer to a request of this laptop's, made with this code.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn open(
        bytes: &[u8],
        key: &CodeKey,
        laptop: &LaptopIdentity,
        request: &[u8],
    ) -> Result<(Self, Roster), EnrolError> {
        if bytes.len() > MAX_FILE {
            return Err(EnrolError::NotOne);
        }
        let mut reader = Reader::new(bytes.strip_prefix(APPROVAL.as_slice()).ok_or(EnrolError::NotOne)?);
        reader.version(VERSION)?;
        let (body, mac) = split_mac(bytes)?;
        let root = reader.array()?;
        let answers = Hash::from_bytes(reader.array()?);
        if answers != Request::name(request) {
            return Err(EnrolError::AnotherRequest);
        }
        if key.mac("approval", body) != mac {
            return Err(EnrolError::WrongCode);
        }
        let mut entries = Vec::new();
        for _ in 0..reader.count(MAX_ENTRIES)? {
            entries.push(reader.bytes(MAX_ENTRY)?.to_vec());
        }
        let sealed = reader.bytes(MAX_WELCOME)?;
        reader.take(MAC)?;
        reader.end()?;
        let plain = open_with(&laptop.agreement_secret(), &info(&root, &answers), sealed);
        let plain = plain.ok_or(EnrolError::Disagrees)?;
        let mut reader = Reader::new(&plain);
        let welcome = Welcome::read(&mut reader)?;
        reader.end()?;
        let roster = roster_of(&root, &entries)?;
        if !roster.fold().is_live(&laptop.laptop()) {
            return Err(EnrolError::Disagrees);
        }
        Ok((Self { root, request: answers, roster: entries, welcome }, roster))
    }
}

fn roster_of(root: &[u8; 32], entries: &[Vec<u8>]) -> Result<Roster, EnrolError> {
    let mut roster = Roster::new(council_of(root));
    for entry in entries {
        match roster.add(entry) {
            Ok(_) | Err(Stop::Waits(_)) => {}
            Err(Stop::Refused(_)) => return Err(EnrolError::Disagrees),
        }
    }
    Ok(roster)
}

fn info(root: &[u8; 32], request: &Hash) -> Vec<u8> {
    let mut info = b"talking-point v1 welcome\0".to_vec();
    info.put(root);
    info.put(request.as_bytes());
    info
}

fn split_mac(bytes: &[u8]) -> Result<(&[u8], blake3::Hash), EnrolError> {
    let at = bytes.len().checked_sub(MAC).ok_or(EnrolError::NotOne)?;
    let (body, mac) = bytes.split_at_checked(at).ok_or(EnrolError::NotOne)?;
    let mac: [u8; MAC] = mac.try_into().map_err(|_| EnrolError::NotOne)?;
    Ok((body, blake3::Hash::from_bytes(mac)))
}

impl From<DecodeError> for EnrolError {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Newer(version) => Self::Newer(version),
            _ => Self::NotOne,
        }
    }
}
