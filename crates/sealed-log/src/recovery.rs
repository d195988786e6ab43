//! The recovery sheet: the root seed as fourteen groups of four letters and digits, with a checksum against mistyping.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::base32;
use crate::key::RootSeed;

const CHECK: usize = 3;

/// Why typed recovery words are not a root seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryError {
    /// Not fourteen groups of four.
    #[error("the recovery words must be fourteen groups of four letters and digits")]
    WrongLength,
    /// A letter that is never used.
    #[error("the recovery words hold a letter that is never used in them")]
    WrongLetter,
    /// The checksum does not agree: a letter was mistyped.
    #[error("the recovery words do not agree with their own check: look for a mistyped letter")]
    Mistyped,
}

/// The root seed as it is printed, once.
#[derive(Clone)]
pub struct RecoveryWords(Zeroizing<String>);

impl RecoveryWords {
    /// Writes a seed out.
    #[must_use]
    pub fn of(seed: &RootSeed) -> Self {
        let mut bytes = Zeroizing::new(Vec::with_capacity(32 + CHECK));
        bytes.extend_from_slice(seed.secret().as_slice());
        let check = check(&bytes);
        bytes.extend_from_slice(&check);
        let letters = Zeroizing::new(base32::encode_with(base32::CLEAR, &bytes));
        Self(base32::in_fours(&letters, ' '))
    }

    /// Reads what was typed from the sheet; spaces, dashes and small letters do not matter.
    ///
    /// # Errors
    /// What is wrong with it, so that the person can be told where to look.
    pub fn read(typed: &str) -> Result<RootSeed, RecoveryError> {
        let letters = base32::as_typed(typed);
        if letters.chars().count() != 56 {
            return Err(RecoveryError::WrongLength);
        }
        let mut bytes = base32::decode_with(base32::CLEAR, &letters).ok_or(RecoveryError::WrongLetter)?;
        let read = seed_of(&bytes);
        bytes.zeroize();
        read
    }

    /// The words, to be printed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RecoveryWords {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("RecoveryWords(secret)")
    }
}

fn seed_of(bytes: &[u8]) -> Result<RootSeed, RecoveryError> {
    let (secret, given) = bytes.split_at_checked(32).ok_or(RecoveryError::WrongLength)?;
    if given != check(secret) {
        return Err(RecoveryError::Mistyped);
    }
    let mut seed = Zeroizing::new([0; 32]);
    seed.copy_from_slice(secret);
    Ok(RootSeed::from_secret(&seed))
}

fn check(secret: &[u8]) -> [u8; CHECK] {
    let hash = blake3::derive_key("talking-point v1 recovery check", secret);
    let mut check = [0; CHECK];
    check.copy_from_slice(hash.split_at(CHECK).0);
    check
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn come_back_however_typed(secret in any::<[u8; 32]>()) {
            let seed = RootSeed::from_secret(&secret);
            let words = RecoveryWords::of(&seed);
            prop_assert_eq!(words.as_str().len(), 69);
            let typed = words.as_str().to_lowercase().replace(' ', "-");
            prop_assert_eq!(RecoveryWords::read(&typed).unwrap().council(), seed.council());
        }

        #[test]
        fn one_wrong_letter_is_noticed(secret in any::<[u8; 32]>(), at in 0usize..56, letter in 0usize..32) {
            let words = RecoveryWords::of(&RootSeed::from_secret(&secret));
            let mut letters: Vec<u8> = words.as_str().bytes().filter(|b| *b != b' ').collect();
            prop_assume!(letters[at] != base32::CLEAR[letter]);
            letters[at] = base32::CLEAR[letter];
            let typed = String::from_utf8(letters).unwrap();
            prop_assert_eq!(RecoveryWords::read(&typed).unwrap_err(), RecoveryError::Mistyped);
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(RecoveryWords::read("AAAA").unwrap_err(), RecoveryError::WrongLength);
        assert_eq!(RecoveryWords::read(&"U".repeat(56)).unwrap_err(), RecoveryError::WrongLetter);
    }
}
