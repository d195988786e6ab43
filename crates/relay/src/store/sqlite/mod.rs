//! SQLite, embedded: one file, for one relay.

mod keep;
mod mail;
mod records;
mod snapshots;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use super::{Answer, StoreError, sql};

/// The tables. What is released only grows; its version is the database's `user_version`.
const TABLES: &[&str] = &[include_str!("../sqlite.sql"), include_str!("../sqlite.snapshots.sql")];
/// Connections that read, kept open.
const READERS: usize = 4;

/// The file.
#[derive(Debug, Clone)]
pub struct Sqlite {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl Sqlite {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// [`StoreError::Newer`]; the database's own.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut writer = connect(path)?;
        let mode: String = writer.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        if mode != "wal" {
            return Err(StoreError::Failed(format!("it cannot write ahead, but only {mode}")));
        }
        writer.pragma_update(None, "synchronous", "FULL")?;
        writer.pragma_update(None, "secure_delete", true)?;
        up(&mut writer)?;
        let inner = Inner { path: path.to_owned(), writer: Mutex::new(writer), readers: Mutex::default() };
        Ok(Self { inner: Arc::new(inner) })
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer<'static, T> {
        let inner = Arc::clone(&self.inner);
        off_the_loop(move || {
            let mut writer = locked(&inner.writer);
            let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&tx)?;
            tx.commit()?;
            Ok(done)
        })
    }

    /// What was written ahead has in it yet what was taken away.
    fn empty_the_log(&self) -> Answer<'static, ()> {
        let inner = Arc::clone(&self.inner);
        let emptied = "PRAGMA wal_checkpoint(TRUNCATE)";
        off_the_loop(move || Ok(locked(&inner.writer).query_row(emptied, [], |_| Ok(()))?))
    }

    fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer<'static, T> {
        let inner = Arc::clone(&self.inner);
        off_the_loop(move || {
            let idle = locked(&inner.readers).pop();
            let mut reader = match idle {
                Some(reader) => reader,
                None => connect(&inner.path)?,
            };
            // One view of the database for all that one call reads.
            let tx = reader.transaction()?;
            let done = work(&tx)?;
            drop(tx);
            let mut readers = locked(&inner.readers);
            if readers.len() < READERS {
                readers.push(reader);
            }
            Ok(done)
        })
    }
}

/// A number that is not negative.
fn number(row: &rusqlite::Row<'_>) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(0)?.unsigned_abs())
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn up(writer: &mut Connection) -> Result<(), StoreError> {
    let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = TABLES.len();
    let at = usize::try_from(version).ok().filter(|at| *at <= known).ok_or(StoreError::Newer)?;
    for step in TABLES.iter().skip(at) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "user_version", sql(known as u64))?;
    Ok(tx.commit()?)
}

/// SQLite waits for disks: not on the threads that answer.
fn off_the_loop<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Answer<'static, T> {
    Box::pin(async move {
        let done = tokio::task::spawn_blocking(work).await;
        done.unwrap_or_else(|_| Err(StoreError::Failed("a step was broken off".to_owned())))
    })
}

/// A transaction that panicked was rolled back, so the connection is whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::CannotOpen) => {
                Self::Away(error.to_string())
            }
            // Never what was in a row.
            Some(code) => Self::Failed(format!("{code:?}")),
            None => Self::Failed("a row is not of its form".to_owned()),
        }
    }
}
