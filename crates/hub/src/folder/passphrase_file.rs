//! The passphrase from a file: its first line, wiped from memory after use. For the command line, tests and the demo;
//! a person types it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use super::Passphrase;

/// A file may have so many bytes, all lines together.
const MOST_BYTES: u64 = 64 * 1024;
/// What Windows' Notepad writes before text in UTF-8; nobody sees or types it.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Why a file gives no passphrase. Its `Display` says what happened and what to do, and nothing of what is in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "each variant's sentence says what it is")]
pub enum BadPassphraseFile {
    #[error("The passphrase file could not be read; check that it is there and that you may read it.")]
    NotRead,
    #[error(
        "The passphrase file is far too long to be one; write the passphrase, and nothing else, on its first line."
    )]
    TooLong,
    #[error("The passphrase file is not text in UTF-8; save it as UTF-8, with the passphrase on its first line.")]
    NotText,
    #[error("The passphrase file's first line is empty; write the passphrase there.")]
    Empty,
    #[error(
        "The passphrase file's first line has characters in it that nobody can type; write the passphrase there again."
    )]
    NotTyped,
}

impl Passphrase {
    /// The first line of a file; the rest of the file does not count.
    ///
    /// # Errors
    /// Why the file gives none. A long one is refused rather than cut: records that were founded with half a passphrase
    /// would not open with the whole.
    pub fn of_file(file: &Path) -> Result<Self, BadPassphraseFile> {
        // Room enough from the start: what grows leaves copies behind that nobody wipes.
        let room = usize::try_from(MOST_BYTES).unwrap_or_default() + 1;
        let mut bytes = Zeroizing::new(Vec::with_capacity(room));
        File::open(file)
            .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
            .map_err(|_| BadPassphraseFile::NotRead)?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(BadPassphraseFile::TooLong);
        }
        let text = String::from_utf8(std::mem::take(&mut *bytes)).map(Zeroizing::new).map_err(|wrong| {
            wrong.into_bytes().zeroize();
            BadPassphraseFile::NotText
        })?;
        let first = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text).lines().next().unwrap_or_default().trim();
        match first {
            "" => Err(BadPassphraseFile::Empty),
            typed if typed.chars().any(char::is_control) => Err(BadPassphraseFile::NotTyped),
            typed => Ok(Self::from(typed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Result<String, BadPassphraseFile> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("passphrase");
        std::fs::write(&file, bytes).unwrap();
        Passphrase::of_file(&file).map(|passphrase| String::from_utf8(passphrase.as_bytes().to_vec()).unwrap())
    }

    #[test]
    fn the_first_line_counts_however_it_ends() {
        for bytes in [
            &b"three quiet teapots"[..],
            b"three quiet teapots\n",
            b"three quiet teapots\r\nnot this line\r\n",
            b" three quiet teapots \n",
            b"\xef\xbb\xbfthree quiet teapots\r\n",
        ] {
            assert_eq!(of(bytes).as_deref(), Ok("three quiet teapots"), "{bytes:?}");
        }
    }

    #[test]
    fn what_gives_no_passphrase_is_told_and_never_cut() {
        for (bytes, why) in [
            (&b""[..], BadPassphraseFile::Empty),
            (b"\nthree quiet teapots\n", BadPassphraseFile::Empty),
            (b"\xff\xfet\0h\0r\0", BadPassphraseFile::NotText),
            (b"three\0quiet\0teapots\n", BadPassphraseFile::NotTyped),
            (&[b'a'; 1_000_000], BadPassphraseFile::TooLong),
            (&[b'a'; 64 * 1024 + 1], BadPassphraseFile::TooLong),
        ] {
            assert_eq!(of(bytes), Err(why));
        }
        assert_eq!(of(&[b'a'; 5_000]).map(|whole| whole.len()), Ok(5_000));
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Passphrase::of_file(dir.path()).unwrap_err(), BadPassphraseFile::NotRead);
        assert_eq!(Passphrase::of_file(&dir.path().join("nowhere")).unwrap_err(), BadPassphraseFile::NotRead);
    }
}
