//! The demo council: an invented one, made from a seed, that the program shows when it has no real one.
//!
//! Every person, telephone number and organisation is invented; no real record may enter. The same seed, day and hour
//! make the same council. Its records are made as any others are, by `sync-schema`, and wait in the outbox as any
//! others do, so that a demo can be shared.

mod council;
mod dice;
mod fill;
mod listings;
mod names;
mod people;
mod today;
mod visits;
mod waiting;
mod words;
mod write;

use std::path::{Path, PathBuf};

use automerge::AutoCommit;
pub use fill::Made;
use sync_schema::{DocId, HubId, Instant, Kind};

use crate::error::HubError;
use crate::folder::{self, Holds, Passphrase};
use crate::hub::{Found, Hub};
use crate::ports::Ports;

/// The seed where none is given.
pub const SEED: u64 = 1;
/// How many people the council knows where no number is given.
pub const PEOPLE: u32 = 1_500;

/// Which demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demo {
    /// Another seed makes another council.
    pub seed: u64,
    /// How many people it knows; visits, lists and listings grow with them.
    pub people: u32,
}

impl Default for Demo {
    fn default() -> Self {
        Self { seed: SEED, people: PEOPLE }
    }
}

/// Makes the demo council in `dir`, which must hold no records. It is made beside `dir` first and moved there whole:
/// one that was stopped half-way is never taken for a council.
///
/// # Errors
/// [`HubError::AlreadyRecords`], also when the folder holds files of any other kind; [`HubError::PassphraseTooShort`];
/// the disk's own.
pub fn make(dir: &Path, passphrase: &Passphrase, demo: Demo, ports: &Ports) -> Result<Made, HubError> {
    if folder::holds(dir)? == Holds::Records || holds_anything(dir) {
        return Err(HubError::AlreadyRecords);
    }
    let making = Making::beside(dir, ports)?;
    let found = || Found {
        council: council::COUNCIL.to_owned(),
        hub: council::FIRST_HUB.to_owned(),
        laptop: council::FIRST_LAPTOP.to_owned(),
        passphrase: passphrase.clone(),
    };
    let (hub, _words) = Hub::found(&making.0, found(), ports)?;
    let made = fill::fill(&fill::Site::of(&hub), demo, ports.now())?;
    hub.count_letter(council::SECOND_LETTER)?;
    // The same demo on two machines is the same laptop twice.
    hub.set_meets_in_halls(false)?;
    drop(hub);
    // A second run of the program has an actor of its own: what it writes from an older copy is in question.
    let hub = Hub::open(&making.0, passphrase, ports)?;
    fill::disagree(&fill::Site::of(&hub), demo, ports.now())?;
    drop(hub);
    making.put(dir)?;
    Ok(made)
}

/// The documents of the demo council as it was at this time, in no store: for whoever measures what another way of
/// keeping them costs.
///
/// # Errors
/// [`HubError::Unexpected`] where a document cannot be made.
pub fn documents(demo: Demo, now: Instant) -> Result<Vec<(Kind, DocId, AutoCommit)>, HubError> {
    fill::documents(demo, HubId::from_bytes(dice::Dice::new(demo.seed, "home", 0).id()), now)
}

/// True when a folder has anything in it but the lock of an earlier try.
fn holds_anything(dir: &Path) -> bool {
    std::fs::read_dir(dir).is_ok_and(|files| files.flatten().any(|file| file.file_name() != "lock"))
}

/// A folder beside the one that is wanted; gone again unless it was put in place.
#[derive(Debug)]
struct Making(PathBuf);

impl Making {
    fn beside(dir: &Path, ports: &Ports) -> Result<Self, HubError> {
        let failed = |_| HubError::FileFailed { place: "the data folder" };
        let dir = std::path::absolute(dir).map_err(failed)?;
        let parent = dir.parent().unwrap_or(&dir);
        std::fs::create_dir_all(parent).map_err(failed)?;
        let nonce = u64::from_le_bytes(ports.random()?);
        Ok(Self(parent.join(format!(".talking-point-demo-{nonce:016x}"))))
    }

    /// Moves it to `dir`, which is empty or not there.
    fn put(self, dir: &Path) -> Result<(), HubError> {
        // Removes an empty folder and nothing else: a lock that an earlier try left there is of no use to anyone.
        let _ = std::fs::remove_file(dir.join("lock"));
        let _ = std::fs::remove_dir(dir);
        std::fs::rename(&self.0, dir).map_err(|_| HubError::FileFailed { place: "the data folder" })
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        // After it was put in place there is nothing here any more.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
