//! The data folder on this laptop: whose it is at this moment, and the key to its database.
//!
//! `key.json` wraps the random database key under the passphrase; its presence is what makes a folder hold records.
//! `attempts.json` counts wrong passphrases, `counter` the lives of the database, `lock` keeps a second program out.
//! What a record is does not enter here, and nothing here opens the database.

mod attempts;
mod counter;
mod durable;
mod key_file;
mod passphrase;
mod passphrase_file;

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};
use zeroize::Zeroizing;

pub use attempts::Attempts;
pub use passphrase::{LEAST_PASSPHRASE_CHARACTERS, Passphrase};
pub use passphrase_file::BadPassphraseFile;

use crate::error::HubError;
use crate::ports::Ports;

/// The database's own key; wiped when dropped.
pub type DatabaseKey = Zeroizing<[u8; 32]>;

const DATABASE: &str = "talking-point.db";
const KEY: &str = "key.json";
/// The key of a folder that is being founded. Until it is renamed to [`KEY`], nothing here has been promised to anyone.
const KEY_BEING_MADE: &str = "key.json.new";
const LOCK: &str = "lock";

/// Whether a folder holds records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Nothing yet.
    Nothing,
    /// Records, under their passphrase.
    Records,
}

/// A data folder that this program, and no other, has open. Dropping it lets the next one in.
#[derive(Debug)]
pub struct DataFolder {
    dir: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Takes the folder for this program. Makes the folder when it is missing.
    ///
    /// # Errors
    /// [`HubError::FolderInUse`] when another program has it; [`HubError::NotAFolder`]; [`HubError::ReadOnly`], [`HubError::DiskFull`] and
    /// [`HubError::FileFailed`] by what the disk says.
    pub fn take(dir: &Path) -> Result<Self, HubError> {
        if dir.exists() && !dir.is_dir() {
            return Err(HubError::NotAFolder);
        }
        std::fs::create_dir_all(dir).map_err(|error| durable::problem(&error, "the data folder"))?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(dir.join(LOCK))
            .map_err(|error| durable::problem(&error, "the data folder's lock"))?;
        match FileExt::try_lock(&lock) {
            Ok(()) => Ok(Self { dir: dir.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(HubError::FolderInUse),
            Err(TryLockError::Error(error)) => Err(durable::problem(&error, "the data folder's lock")),
        }
    }

    /// Whether it holds records.
    ///
    /// # Errors
    /// [`HubError::Damaged`] when there is a database whose key is gone.
    pub fn holds(&self) -> Result<Holds, HubError> {
        holds(&self.dir)
    }

    /// The folder itself.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where the database is.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.dir.join(DATABASE)
    }

    /// Begins to make records here: a random database key, wrapped under `passphrase`, that counts only once
    /// [`NewRecords::keep`] is called. What an earlier try left, before it was kept, is cleared away.
    ///
    /// # Errors
    /// [`HubError::PassphraseTooShort`]; [`HubError::AlreadyRecords`]; [`HubError::Damaged`] when there is a database
    /// whose key is gone; the disk's own.
    pub fn begin_records(&self, passphrase: &Passphrase, ports: &Ports) -> Result<NewRecords<'_>, HubError> {
        passphrase.check_new()?;
        if self.holds()? == Holds::Records {
            return Err(HubError::AlreadyRecords);
        }
        for name in [KEY_BEING_MADE, DATABASE, "talking-point.db-wal", "talking-point.db-shm"] {
            durable::remove(&self.dir.join(name))?;
        }
        let key = Zeroizing::new(ports.random::<32>()?);
        let wrapped = key_file::wrap(&key, passphrase, ports)?;
        durable::write(&self.dir.join(KEY_BEING_MADE), wrapped.as_bytes())?;
        Ok(NewRecords { folder: self, key })
    }

    /// The database's key, if the passphrase is right and may be tried now. A wrong one is counted before it is tried,
    /// so that pulling the plug does not win a free try.
    ///
    /// # Errors
    /// [`HubError::NoRecords`]; [`HubError::TooManyPassphrases`]; [`HubError::WrongPassphrase`]; [`HubError::Damaged`]
    /// and [`HubError::MadeByNewer`] by what `key.json` is.
    pub fn unlock(&self, passphrase: &Passphrase, ports: &Ports) -> Result<DatabaseKey, HubError> {
        if self.holds()? == Holds::Nothing {
            return Err(HubError::NoRecords);
        }
        let wrapped = durable::read(&self.dir.join(KEY), "key.json")?;
        let attempts = Attempts::read(&self.dir, ports.now());
        if attempts.wait_seconds() > 0 {
            return Err(HubError::TooManyPassphrases { seconds: attempts.wait_seconds() });
        }
        attempts.one_more(ports.now()).save(&self.dir)?;
        match key_file::unwrap(&wrapped, passphrase) {
            Ok(key) => {
                Attempts::forget(&self.dir)?;
                Ok(key)
            }
            Err(HubError::WrongPassphrase) => Err(HubError::WrongPassphrase),
            // The file was at fault, not what was typed.
            Err(other) => {
                attempts.put_back(&self.dir)?;
                Err(other)
            }
        }
    }

    /// Wraps the same database key under another passphrase.
    ///
    /// # Errors
    /// [`HubError::PassphraseTooShort`] and the disk's own; the old passphrase stands until the new file does.
    pub fn change_passphrase(&self, key: &DatabaseKey, new: &Passphrase, ports: &Ports) -> Result<(), HubError> {
        new.check_new()?;
        durable::write(&self.dir.join(KEY), key_file::wrap(key, new, ports)?.as_bytes())
    }

    /// Wrong passphrases so far, and the wait they cost.
    #[must_use]
    pub fn attempts(&self, ports: &Ports) -> Attempts {
        Attempts::read(&self.dir, ports.now())
    }

    /// How many lives this folder's database has had, as far as the folder remembers: 0 at first. When it is ahead of
    /// what the database itself says, the database was put back from an older copy.
    ///
    /// # Errors
    /// The disk's own. A counter that cannot be read as a number counts as 0.
    pub fn counter(&self) -> Result<u64, HubError> {
        counter::read(&self.dir)
    }

    /// Sets the counter, durably.
    ///
    /// # Errors
    /// The disk's own.
    pub fn set_counter(&self, lives: u64) -> Result<(), HubError> {
        counter::write(&self.dir, lives)
    }
}

/// Whether a folder holds records, without taking it from the program that has it.
///
/// # Errors
/// [`HubError::NotAFolder`]; [`HubError::Damaged`] when there is a database whose key is gone, or a key whose database is.
pub fn holds(dir: &Path) -> Result<Holds, HubError> {
    if dir.exists() && !dir.is_dir() {
        return Err(HubError::NotAFolder);
    }
    let there = |name: &str| dir.join(name).exists();
    match (there(KEY), there(DATABASE)) {
        (true, true) => Ok(Holds::Records),
        (true, false) => Err(HubError::Damaged),
        (false, true) if !there(KEY_BEING_MADE) => Err(HubError::Damaged),
        _ => Ok(Holds::Nothing),
    }
}

/// Wrong passphrases so far in a folder, without taking it.
#[must_use]
pub fn attempts(dir: &Path, ports: &Ports) -> Attempts {
    Attempts::read(dir, ports.now())
}

/// Records that are being made and do not count yet.
#[derive(Debug)]
#[must_use = "records count only once kept"]
pub struct NewRecords<'a> {
    folder: &'a DataFolder,
    key: DatabaseKey,
}

impl NewRecords<'_> {
    /// The new database's key.
    #[must_use]
    pub fn key(&self) -> &DatabaseKey {
        &self.key
    }

    /// Where the new database is to be made.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.folder.database()
    }

    /// From now on the folder holds records. Call it when the database is whole.
    ///
    /// # Errors
    /// The disk's own.
    pub fn keep(self) -> Result<DatabaseKey, HubError> {
        durable::rename(&self.folder.dir.join(KEY_BEING_MADE), &self.folder.dir.join(KEY))?;
        Ok(self.key)
    }
}
