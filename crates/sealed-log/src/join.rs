//! The join file: everything a new laptop needs to belong, in one secret that is handed over by hand. The keys of its
//! scopes are in the roster, wrapped to it.

use std::collections::BTreeMap;
use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::codec::{DecodeError, Reader, Write};
use crate::id::CouncilId;
use crate::key::{LaptopIdentity, council_of};
use crate::roster::Roster;
use crate::stop::Stop;

const MAGIC: &[u8; 8] = b"TPJOIN\r\n";
const VERSION: u8 = 1;
pub(crate) const MAX_FILE: usize = 4 << 20;
pub(crate) const MAX_ENTRIES: usize = 10_000;
pub(crate) const MAX_ENTRY: usize = 768 * 1024;
const MAX_TEXTS: usize = 64;
const MAX_TEXT: usize = 1024;
const CHECK: usize = 16;

/// Why bytes are not a join file that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// Something else altogether.
    #[error("this is not a join file")]
    NotAJoinFile,
    /// Made by a newer version.
    #[error("the join file was made by a newer version ({0})")]
    Newer(u8),
    /// It ends too soon.
    #[error("the join file is cut short")]
    CutShort,
    /// Its checksum does not agree.
    #[error("the join file is damaged")]
    Damaged,
    /// It is larger than any join file.
    #[error("the join file is too large")]
    TooLarge,
    /// Whole, and yet not in the one allowed form.
    #[error("the join file is not in the form this program writes")]
    Malformed,
    /// Its roster is not the one its root key vouches for, or does not name the newcomer.
    #[error("the join file does not agree with itself")]
    Disagrees,
}

/// What is in it. A secret: whoever has it can be this laptop.
#[derive(Clone)]
pub struct JoinFile {
    /// The council's root public key, of which its id is the hash.
    pub root: [u8; 32],
    /// The roster as the inviter knew it, the newcomer's enrolment in it.
    pub roster: Vec<Vec<u8>>,
    /// The newcomer's identity.
    pub identity: LaptopIdentity,
    /// What it is told.
    pub welcome: Welcome,
}

/// What a newcomer is told, beside keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Welcome {
    /// The role it was taken in for, as a code.
    pub role: String,
    /// The letter of its tickets.
    pub letter: String,
    /// Words by name: the council's name, the hub's and so on.
    pub texts: BTreeMap<String, String>,
}

impl Welcome {
    pub(crate) fn put(&self, out: &mut Vec<u8>) {
        out.put_bytes(self.role.as_bytes());
        out.put_bytes(self.letter.as_bytes());
        out.put_count(self.texts.len());
        for (name, text) in &self.texts {
            out.put_bytes(name.as_bytes());
            out.put_bytes(text.as_bytes());
        }
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let role = reader.text(MAX_TEXT)?;
        let letter = reader.text(MAX_TEXT)?;
        let mut texts = BTreeMap::new();
        for _ in 0..reader.count(MAX_TEXTS)? {
            let name = reader.text(MAX_TEXT)?;
            if texts.last_key_value().is_some_and(|(last, _): (&String, _)| *last >= name) {
                return Err(DecodeError::NotCanonical);
            }
            texts.insert(name, reader.text(MAX_TEXT)?);
        }
        Ok(Self { role, letter, texts })
    }
}

impl fmt::Debug for JoinFile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JoinFile(secret)")
    }
}

impl JoinFile {
    /// The council.
    #[must_use]
    pub fn council(&self) -> CouncilId {
        council_of(&self.root)
    }

    /// As bytes.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(64 * 1024));
        out.put(MAGIC);
        out.push(VERSION);
        out.put(&self.root);
        out.put_count(self.roster.len());
        for entry in &self.roster {
            out.put_bytes(entry);
        }
        out.put(self.identity.secret().as_slice());
        self.welcome.put(&mut out);
        let check = checksum(&out);
        out.put(&check);
        out
    }

    /// Reads one, and checks that its roster stands on its root key and takes the newcomer in.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Roster), JoinError> {
        let Some(rest) = bytes.strip_prefix(MAGIC.as_slice()) else {
            let start = bytes.len() < MAGIC.len() && MAGIC.starts_with(bytes) && !bytes.is_empty();
            return Err(if start { JoinError::CutShort } else { JoinError::NotAJoinFile });
        };
        if bytes.len() > MAX_FILE {
            return Err(JoinError::TooLarge);
        }
        Reader::new(rest).version(VERSION)?;
        let length = bytes.len().saturating_sub(CHECK);
        let (whole, given) = bytes.split_at_checked(length).ok_or(JoinError::CutShort)?;
        let checked = given == checksum(whole);
        let body = whole.get(MAGIC.len()..).ok_or(JoinError::CutShort)?;
        match Self::read(body) {
            Ok(file) if checked => {
                let roster = file.checked_roster()?;
                Ok((file, roster))
            }
            Err(DecodeError::CutShort) => Err(JoinError::CutShort),
            Err(DecodeError::TooLarge) if checked => Err(JoinError::TooLarge),
            Err(_) if checked => Err(JoinError::Malformed),
            _ => Err(JoinError::Damaged),
        }
    }

    fn read(body: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(body);
        reader.version(VERSION)?;
        let root = reader.array()?;
        let mut roster = Vec::new();
        for _ in 0..reader.count(MAX_ENTRIES)? {
            roster.push(reader.bytes(MAX_ENTRY)?.to_vec());
        }
        let mut secret: [u8; 32] = reader.array()?;
        let identity = LaptopIdentity::from_secret(&secret);
        secret.zeroize();
        let welcome = Welcome::read(&mut reader)?;
        reader.end()?;
        Ok(Self { root, roster, identity, welcome })
    }

    fn checked_roster(&self) -> Result<Roster, JoinError> {
        let mut roster = Roster::new(self.council());
        for entry in &self.roster {
            match roster.add(entry) {
                Ok(_) | Err(Stop::Waits(_)) => {}
                Err(Stop::Refused(_)) => return Err(JoinError::Disagrees),
            }
        }
        if roster.fold().is_live(&self.identity.laptop()) { Ok(roster) } else { Err(JoinError::Disagrees) }
    }
}

impl From<DecodeError> for JoinError {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::CutShort => Self::CutShort,
            DecodeError::TooLarge => Self::TooLarge,
            DecodeError::NotCanonical => Self::Malformed,
            DecodeError::Newer(version) => Self::Newer(version),
        }
    }
}

fn checksum(bytes: &[u8]) -> [u8; CHECK] {
    let hash = blake3::derive_key("talking-point v1 join file", bytes);
    let mut check = [0; CHECK];
    check.copy_from_slice(hash.split_at(CHECK).0);
    check
}
