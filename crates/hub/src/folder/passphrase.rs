//! What is typed at the start. Wiped from memory when dropped, and never shown.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::error::HubError;

/// Fewer characters than this are refused when a passphrase is chosen.
pub const LEAST_PASSPHRASE_CHARACTERS: u32 = 8;

/// A passphrase as typed.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// As typed. Spaces and line ends around it do not count, since nobody sees them; nor does whether a keyboard makes
    /// `é` as one character or two (it is brought to NFKC).
    #[must_use]
    pub fn new(typed: String) -> Self {
        let typed = Zeroizing::new(typed);
        // Room enough from the start: a string that grows leaves copies behind that nobody wipes.
        let mut kept = Zeroizing::new(String::with_capacity(typed.len() * 4));
        kept.extend(typed.trim().nfkc());
        Self(kept)
    }

    /// Refuses one that is too short to be chosen.
    pub(crate) fn check_new(&self) -> Result<(), HubError> {
        if self.0.chars().count() < LEAST_PASSPHRASE_CHARACTERS as usize {
            return Err(HubError::PassphraseTooShort { least: LEAST_PASSPHRASE_CHARACTERS });
        }
        Ok(())
    }

    /// Its bytes, for the key derivation alone.
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(hidden)")
    }
}

impl From<String> for Passphrase {
    fn from(typed: String) -> Self {
        Self::new(typed)
    }
}

impl From<&str> for Passphrase {
    fn from(typed: &str) -> Self {
        Self::new(typed.to_owned())
    }
}
