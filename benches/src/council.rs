//! The councils that figures are measured on: the demo's, of several sizes, made once and kept.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use hub::demo::{self, Demo};
use hub::view::shell::Role;
use hub::{Hub, Passphrase, Ports};

const PASSPHRASE: &str = "a kettle and four tables";

/// Where councils are kept, and how they are opened.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) dir: PathBuf,
    pub(crate) ports: Ports,
}

impl Bench {
    pub(crate) fn in_folder(dir: PathBuf) -> Result<Self> {
        fs::create_dir_all(&dir).with_context(|| format!("{} could not be made", dir.display()))?;
        fs::write(dir.join("passphrase.txt"), PASSPHRASE)?;
        Ok(Self { dir, ports: Ports::system() })
    }

    pub(crate) fn passphrase() -> Passphrase {
        Passphrase::new(PASSPHRASE.to_owned())
    }

    pub(crate) fn passphrase_file(&self) -> PathBuf {
        self.dir.join("passphrase.txt")
    }

    /// The data folder of a council of so many people, made now if it is not there.
    pub(crate) fn council(&self, people: u32) -> Result<PathBuf> {
        let folder = self.dir.join(format!("council-{people}"));
        if !folder.exists() {
            println!("  making a council of {people} people");
            let demo = Demo { people, ..Demo::default() };
            demo::make(&folder, &Self::passphrase(), demo, &self.ports)?;
        }
        Ok(folder)
    }

    /// A copy of that council to write into.
    pub(crate) fn copy_of(&self, people: u32, called: &str) -> Result<PathBuf> {
        let from = self.council(people)?;
        let to = self.dir.join(called);
        if to.exists() {
            fs::remove_dir_all(&to)?;
        }
        copy(&from, &to)?;
        Ok(to)
    }

    /// Opens a data folder with a worker signed in.
    pub(crate) fn open(&self, folder: &Path) -> Result<Hub> {
        let hub = Hub::open(folder, &Self::passphrase(), &self.ports)?;
        hub.sign_in_as("Bench", Role::Worker)?;
        Ok(hub)
    }
}

pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
