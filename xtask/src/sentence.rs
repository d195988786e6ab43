//! What goes wrong, as one sentence for the person at the terminal: what happened and what to do.
//!
//! Written here in a few lines, and not taken from a crate, so that these commands need nothing from the network: the
//! first thing they may have to say is that there is none.

use std::fmt;

/// What happened and what to do.
pub(crate) struct Sentence(String);

/// Something, or the sentence that says why not.
pub(crate) type Result<T, E = Sentence> = std::result::Result<T, E>;

impl Sentence {
    /// A sentence.
    pub(crate) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

// What a test shows when it unwraps one.
impl fmt::Debug for Sentence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Puts a sentence in place of an error; the system's own words follow in brackets.
pub(crate) trait OrSay<T> {
    /// The value, or the sentence.
    fn or_say(self, sentence: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: fmt::Display> OrSay<T> for Result<T, E> {
    fn or_say(self, sentence: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Sentence(format!("{} ({error})", sentence())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_own_words_follow_ours() {
        let failed: Result<(), _> = Err(std::io::Error::from(std::io::ErrorKind::StorageFull));
        let said = failed.or_say(|| "The picture cannot be kept: free some space.".to_owned()).unwrap_err();
        assert_eq!(said.to_string(), "The picture cannot be kept: free some space. (no storage space)");
    }
}
