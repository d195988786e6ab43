//! Laptops of one council that meet through a folder.
#![allow(dead_code, reason = "each test file uses what it needs")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a helper of tests fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use hub::action::check_in::CheckIn;
use hub::ports::Virtual;
use hub::view::laptop::Exchanged;
use hub::view::shell::Role;
use hub::{Found, Hub, HubError, Join, Passphrase};
use sync_schema::{Instant, VisitId};
use tempfile::TempDir;

/// 23 November 2026, a Monday, at ten in the morning.
pub(crate) const TEN: Instant = Instant::from_millis(1_795_428_000_000);
pub(crate) const PASSPHRASE: &str = "three plain words";

/// A laptop with a data folder.
pub(crate) struct Laptop {
    pub(crate) dir: PathBuf,
    pub(crate) world: Virtual,
    pub(crate) hub: Hub,
}

/// Green Lane 1 founds the council; the folder lies beside it.
pub(crate) struct Council {
    pub(crate) place: TempDir,
    pub(crate) one: Laptop,
}

impl Council {
    pub(crate) fn found() -> Self {
        Self::found_as(1)
    }

    /// Another seed founds another council.
    pub(crate) fn found_as(seed: u64) -> Self {
        let place = tempfile::tempdir().unwrap();
        let world = Virtual::new(seed, TEN);
        let dir = place.path().join("laptop-1");
        let found = Found {
            council: "Aberwen".to_owned(),
            hub: "Green Lane".to_owned(),
            laptop: String::new(),
            passphrase: Passphrase::from(PASSPHRASE),
        };
        let (hub, _) = Hub::found(&dir, found, &world.ports()).unwrap();
        hub.sign_in_as("Jo", Role::Volunteer).unwrap();
        fs::create_dir(place.path().join("stick")).unwrap();
        Self { place, one: Laptop { dir, world, hub } }
    }

    /// The folder between them.
    pub(crate) fn stick(&self) -> PathBuf {
        self.place.path().join("stick")
    }

    /// A laptop invited by the first, and somebody at it.
    pub(crate) fn joins(&self, role: Role, seed: u64) -> Laptop {
        self.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
        let file = self.place.path().join(format!("join-{seed}"));
        fs::write(&file, self.one.hub.invite(role, None).unwrap().as_slice()).unwrap();
        self.one.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
        let laptop = Laptop::joined(&file, &self.place.path().join(format!("laptop-{seed}")), seed);
        laptop.hub.sign_in_as("Sam", role).unwrap();
        laptop
    }

    /// Everyone shares, twice round, so that what the first ones missed arrives too.
    pub(crate) fn meet(&self, others: &[&Laptop]) {
        for _ in 0..2 {
            self.one.share(&self.stick());
            for laptop in others {
                laptop.share(&self.stick());
            }
        }
        self.one.share(&self.stick());
    }

    /// The files of segments on the stick, in the order of their names.
    pub(crate) fn segment_files(&self) -> Vec<PathBuf> {
        let mut files = files_below(&self.stick());
        files.retain(|path| path.components().any(|part| part.as_os_str() == "seg"));
        files.sort();
        files
    }
}

impl Laptop {
    pub(crate) fn joined(file: &Path, dir: &Path, seed: u64) -> Self {
        let world = Virtual::new(seed, TEN);
        let join = Join { file, laptop: String::new(), passphrase: Passphrase::from(PASSPHRASE) };
        let hub = Hub::join(dir, join, &world.ports()).unwrap();
        Self { dir: dir.to_owned(), world, hub }
    }

    /// Opens a data folder, as if on the machine and in the world called after `seed`.
    pub(crate) fn open(dir: &Path, seed: u64, role: Role) -> Self {
        let world = Virtual::new(seed, TEN);
        let hub = Hub::open(dir, &Passphrase::from(PASSPHRASE), &world.ports()).unwrap();
        hub.sign_in_as("Jo", role).unwrap();
        Self { dir: dir.to_owned(), world, hub }
    }

    /// The same data folder on the machine that it was on before, with other randomness.
    pub(crate) fn reopen(dir: &Path, machine: u64, seed: u64, role: Role) -> Self {
        let world = Virtual::new(seed, TEN);
        world.move_to_machine(&format!("virtual-{machine}"));
        let hub = Hub::open(dir, &Passphrase::from(PASSPHRASE), &world.ports()).unwrap();
        hub.sign_in_as("Jo", role).unwrap();
        Self { dir: dir.to_owned(), world, hub }
    }

    pub(crate) fn share(&self, folder: &Path) -> Exchanged {
        self.hub.sync_with(folder).unwrap()
    }

    pub(crate) fn check_in(&self, name: &str) -> VisitId {
        let typed = CheckIn { name: name.to_owned(), reason: "a form".to_owned(), ..CheckIn::default() };
        self.hub.check_in(typed).unwrap().visit
    }

    /// Names in the queue, in order.
    pub(crate) fn queue(&self) -> Vec<String> {
        let queue = self.hub.queue().unwrap();
        let mut names: Vec<String> = queue.waiting.into_iter().filter_map(|row| row.name).collect();
        names.sort();
        names
    }

    pub(crate) fn refused(&self) -> Vec<(String, u32)> {
        self.hub.laptop().unwrap().refused.into_iter().map(|row| (row.reason, row.count)).collect()
    }

    pub(crate) fn try_share(&self, folder: &Path) -> Result<Exchanged, HubError> {
        self.hub.sync_with(folder)
    }
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let beside = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &beside);
        } else {
            fs::copy(&path, &beside).unwrap();
        }
    }
}

pub(crate) fn files_below(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found
}
