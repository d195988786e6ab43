//! A council made for one test, through the command line as IT would make it.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::display::Display;
use super::laptop::Setting;
use super::programs::hubctl;

/// A council whose first laptop is an administrator's.
pub struct Council {
    /// The first laptop's data folder.
    pub data: PathBuf,
    /// The file with the passphrase of every laptop in this test.
    pub passphrase_file: PathBuf,
}

impl Council {
    /// Founds it in the test's home, with nobody in it yet.
    ///
    /// # Errors
    /// What `hubctl` said.
    pub fn found(display: &Display) -> Result<Self> {
        Self::made_by(display, &["init", "--council", "Aberwen", "--hub", "Green Lane"])
    }

    /// A small demo council, with invented people in every state that a screen shows.
    ///
    /// # Errors
    /// What `hubctl` said.
    pub fn demo(display: &Display) -> Result<Self> {
        Self::made_by(display, &["demo", "--people", "150"])
    }

    fn made_by(display: &Display, words: &[&str]) -> Result<Self> {
        let home = display.folder("council")?;
        let council = Self { data: home.join("first"), passphrase_file: home.join("passphrase") };
        std::fs::write(&council.passphrase_file, "four words to remember").context("no room for a passphrase")?;
        hubctl(&council.data, &council.passphrase_file, words)?;
        Ok(council)
    }

    /// The first laptop, opened with its passphrase.
    #[must_use]
    pub fn first(&self) -> Setting {
        Setting::on(&self.data).opened_with(&self.passphrase_file)
    }
}
