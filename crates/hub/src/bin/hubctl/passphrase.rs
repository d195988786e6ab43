//! The passphrase from a file: its first line, wiped from memory after use.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use hub::folder::Passphrase;
use zeroize::{Zeroize, Zeroizing};

/// No passphrase is longer than this many bytes.
const MOST: u64 = 4096;

/// Reads it.
///
/// # Errors
/// One sentence.
pub(crate) fn read(file: &Path) -> Result<Passphrase, String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(MOST).unwrap_or_default() + 1));
    let opened = File::open(file).and_then(|f| f.take(MOST + 1).read_to_end(&mut bytes));
    if opened.is_err() {
        return Err("The passphrase file could not be read; check that it is there and that you may read it.".into());
    }
    let mut text = String::from_utf8(std::mem::take(&mut *bytes)).map_err(|wrong| {
        wrong.into_bytes().zeroize();
        "The passphrase file is not text in UTF-8; write the passphrase on its first line.".to_owned()
    })?;
    let first = text.lines().next().unwrap_or_default().to_owned();
    text.zeroize();
    if first.trim().is_empty() {
        return Err("The passphrase file's first line is empty; write the passphrase there.".into());
    }
    // Passphrase takes the only copy and wipes it when dropped.
    Ok(Passphrase::new(first))
}
