//! The records on this laptop, encrypted: documents, what is derived from them, drafts, settings, and what waits to be
//! shared. The only place that imports `rusqlite`.
//!
//! Documents are the truth. Every projection and search row is computed from one document alone, never from the order
//! in which things arrived, and can be dropped and made again to the same rows. One action of a person is one
//! [`Store::write`]: document, projection, search and outbox commit together or not at all.
//!
//! No rule about people enters here: not who may do what (`policy`), not what an edit means (`sync-schema`).

pub mod document;
pub mod draft;
pub mod erase;
pub mod outbox;
pub mod projection;
pub mod query;
pub mod search;
pub mod setting;
pub mod sync;

mod arriving;
mod fault;
mod migration;
mod open;
mod tx;
mod verify;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, TransactionBehavior};

pub(crate) use arriving::{Arrival, Arrived, Ready, Workshop, ready_rows};
pub use tx::{Merged, Tx};
pub use verify::Verified;

use crate::error::HubError;
use crate::folder::DatabaseKey;

/// One start of the program. The Automerge actor is `BLAKE3(log ‖ run nonce)[..16]`, and outbox rows say under which
/// run they were made.
pub type RunNonce = [u8; 16];

/// A connection, for those who hand it on to the tables' own functions.
pub type Rows = Connection;

/// The open database. One connection writes; another reads, so that a long read never makes a check-in wait.
#[derive(Debug)]
pub struct Store {
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    run: Mutex<Option<RunNonce>>,
    told: Mutex<Told>,
}

/// Whoever is told that something was written.
#[derive(Default)]
struct Told(Option<Box<dyn Fn() + Send>>);

impl std::fmt::Debug for Told {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Told({})", self.0.is_some())
    }
}

/// While this lives, much can be written at once.
#[derive(Debug)]
pub struct Roomy<'a>(&'a Store);

impl Drop for Roomy<'_> {
    fn drop(&mut self) {
        let writer = held(&self.0.writer);
        // More memory than usual does no harm until the program is closed.
        let _ = open::usual(&writer).and_then(|()| Ok(writer.execute_batch("PRAGMA shrink_memory")?));
    }
}

impl Store {
    /// Makes a new database at `path`, which must not exist.
    ///
    /// # Errors
    /// [`HubError::AlreadyRecords`] when there is a file; [`HubError::DiskFull`] and [`HubError::ReadOnly`] by what the
    /// disk says.
    pub fn create(path: &Path, key: &DatabaseKey) -> Result<Self, HubError> {
        if path.exists() {
            return Err(HubError::AlreadyRecords);
        }
        Self::over(open::create(path, key)?, path, key)
    }

    /// Opens the database at `path`, and brings its tables up to this version's.
    ///
    /// # Errors
    /// [`HubError::NoRecords`] when there is no file; [`HubError::MadeByNewer`]; [`HubError::Damaged`] when it cannot be
    /// read, and then the file is left exactly as it was; [`HubError::DiskFull`] and [`HubError::ReadOnly`].
    pub fn open(path: &Path, key: &DatabaseKey) -> Result<Self, HubError> {
        Self::over(open::existing(path, key)?, path, key)
    }

    fn over(writer: Connection, path: &Path, key: &DatabaseKey) -> Result<Self, HubError> {
        let reader = open::reader(path, key)?;
        let (writer, reader) = (Mutex::new(writer), Mutex::new(reader));
        let store = Self { writer, reader, run: Mutex::default(), told: Mutex::default() };
        store.rebuild_if_older()?;
        Ok(store)
    }

    /// Says under which run what is written from now on is made. Call it once, before the first edit.
    pub fn begin_run(&self, nonce: RunNonce) {
        *held(&self.run) = Some(nonce);
    }

    /// Does `work` in one transaction that holds the right to write from its start. When `work` fails, nothing of it
    /// stays. When this returns `Ok`, it is on the disk. `work` must not ask the store itself to write again: it has the
    /// transaction.
    ///
    /// # Errors
    /// What `work` says, or [`HubError::DiskFull`], [`HubError::ReadOnly`], [`HubError::Damaged`].
    pub fn write<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, HubError>) -> Result<T, HubError> {
        let run = *held(&self.run);
        let mut writer = held(&self.writer);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut tx = Tx::new(&transaction, run);
        let done = work(&mut tx)?;
        transaction.commit()?;
        drop(writer);
        if let Some(tell) = &held(&self.told).0 {
            tell();
        }
        Ok(done)
    }

    /// Makes room for writing much at once, until what this gives is dropped. What is written is as safe as ever.
    ///
    /// # Errors
    /// The database's own.
    pub fn roomy(&self) -> Result<Roomy<'_>, HubError> {
        open::roomy(&held(&self.writer))?;
        Ok(Roomy(self))
    }

    /// Has `tell` called after each write; it must return at once. `None`: nobody.
    pub fn tell_when_written(&self, tell: Option<Box<dyn Fn() + Send>>) {
        *held(&self.told) = Told(tell);
    }

    /// Reads, from one state of the database from beginning to end, however long it takes and whatever is written
    /// meanwhile. Nothing can be written through this connection. `work` must not ask the store itself to read again: it
    /// has the connection.
    ///
    /// # Errors
    /// What `work` says, or [`HubError::Damaged`].
    pub fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, HubError>) -> Result<T, HubError> {
        let mut reader = held(&self.reader);
        let transaction = reader.transaction_with_behavior(TransactionBehavior::Deferred)?;
        work(&transaction)
    }

    /// Empties the log beside the database, so that what was deleted is in neither.
    ///
    /// # Errors
    /// The database's own.
    pub fn settle(&self) -> Result<(), HubError> {
        held(&self.writer).query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// Drops every projection and search table and makes the same rows from the documents, in one transaction.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn rebuild(&self) -> Result<(), HubError> {
        self.write(|tx| projection::rebuild(tx.connection()))
    }

    /// Checks the file, the tables, and that the projections are what a rebuild would make. Changes nothing.
    ///
    /// # Errors
    /// [`HubError::Damaged`] when the file cannot even be read; what is merely wrong is in [`Verified`].
    pub fn verify(&self) -> Result<Verified, HubError> {
        let mut verified = self.read(verify::verify)?;
        if verified.page_faults > 0 {
            return Ok(verified);
        }
        let search_differing = self.write(|tx| verify::search_differing(tx.connection()))?;
        verified.tables_differing.extend(search_differing);
        Ok(verified)
    }

    /// A version of the program that projects otherwise makes the rows again, once.
    fn rebuild_if_older(&self) -> Result<(), HubError> {
        if self.read(projection::is_current)? { Ok(()) } else { self.rebuild() }
    }
}

/// Locks, also after another thread panicked: SQLite rolls an unfinished transaction back.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
