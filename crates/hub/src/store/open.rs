//! Opening the database: its key, its pragmas, and the refusal to touch what cannot be read.

use std::io::ErrorKind;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use super::migration;
use crate::error::HubError;
use crate::folder::DatabaseKey;

/// Pages kept by the connection that writes, in KiB.
const WRITER_CACHE_KIB: i64 = 12 * 1024;
/// The same while much arrives at once: a transaction then touches most pages of every index, and each page is encrypted
/// and written once, not once for each of a hundred transactions.
const ROOMY_CACHE_KIB: i64 = 96 * 1024;
/// Pages kept by the connection that reads, in KiB. A page costs about 10 µs to decrypt, so search wants this.
const READER_CACHE_KIB: i64 = 40 * 1024;

/// A new database with all tables.
pub(super) fn create(path: &Path, key: &DatabaseKey) -> Result<Connection, HubError> {
    let mut writer = connect(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
    prepare_writer(&writer)?;
    migration::up(&mut writer)?;
    Ok(writer)
}

/// The database at `path`, with all tables. Until it has been seen to be ours and whole enough, nothing is written.
pub(super) fn existing(path: &Path, key: &DatabaseKey) -> Result<Connection, HubError> {
    match std::fs::metadata(path) {
        Err(_) => return Err(HubError::NoRecords),
        // SQLite takes an empty file for a new database; here it is what is left of one.
        Ok(file) if file.len() == 0 => return Err(HubError::Damaged),
        Ok(_) => {}
    }
    open_whole(path, key).map_err(|error| match error {
        HubError::FileFailed { .. } => why_not_opened(path).unwrap_or(error),
        other => other,
    })
}

fn open_whole(path: &Path, key: &DatabaseKey) -> Result<Connection, HubError> {
    let mut writer = connect(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    writer.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    let version = migration::version_of(&writer)?;
    if version == 0 {
        return Err(HubError::Damaged);
    }
    if version > migration::newest() {
        return Err(HubError::MadeByNewer);
    }
    prepare_writer(&writer)?;
    migration::up(&mut writer)?;
    writer.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(writer)
}

/// SQLite says "cannot open" both for what can only be read and for a full disk: ask the disk itself.
fn why_not_opened(path: &Path) -> Option<HubError> {
    let beside = path.with_extension("part");
    let tried = std::fs::OpenOptions::new()
        .append(true)
        .open(path)
        .and_then(|_| std::fs::write(&beside, [0; 64]))
        .and_then(|()| std::fs::remove_file(&beside));
    match tried.err()?.kind() {
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => Some(HubError::ReadOnly),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Some(HubError::DiskFull),
        _ => None,
    }
}

/// A second connection that can only read.
pub(super) fn reader(path: &Path, key: &DatabaseKey) -> Result<Connection, HubError> {
    let reader = connect(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    reader.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    reader.pragma_update(None, "query_only", true)?;
    Ok(reader)
}

fn connect(path: &Path, key: &DatabaseKey, flags: OpenFlags) -> Result<Connection, HubError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    // SQLCipher would write of a damaged page to standard error by itself; the caller is told in a sentence.
    connection.execute_batch("PRAGMA cipher_log_level = NONE; PRAGMA cipher_log = off;")?;
    let mut raw = Zeroizing::new(String::with_capacity(96));
    raw.push_str("PRAGMA key = \"x'");
    for byte in key.iter() {
        raw.push_str(&Zeroizing::new(format!("{byte:02x}")));
    }
    raw.push_str("'\";");
    connection.execute_batch(&raw)?;
    // Nothing plain on the disk: what does not fit into memory stays in memory.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

fn prepare_writer(writer: &Connection) -> Result<(), HubError> {
    let mode: String = writer.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(HubError::unexpected("store/wal"));
    }
    // Saved means that the plug may be pulled.
    writer.pragma_update(None, "synchronous", "FULL")?;
    writer.pragma_update(None, "secure_delete", true)?;
    writer.query_row("PRAGMA journal_size_limit = 16777216", [], |_| Ok(()))?;
    usual(writer)
}

/// For everyday writing.
pub(super) fn usual(writer: &Connection) -> Result<(), HubError> {
    writer.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    // Pages that several check-ins touched are then written back once; 8 MB at most.
    writer.query_row("PRAGMA wal_autocheckpoint = 2000", [], |_| Ok(()))?;
    Ok(())
}

/// For writing much at once; the log beside the database may take 64 MB.
pub(super) fn roomy(writer: &Connection) -> Result<(), HubError> {
    writer.pragma_update(None, "cache_size", -ROOMY_CACHE_KIB)?;
    writer.query_row("PRAGMA wal_autocheckpoint = 16000", [], |_| Ok(()))?;
    Ok(())
}
