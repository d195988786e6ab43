//! SQLite, embedded: one file, for one relay.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params};
use sealed_log::{CouncilId, DocId, Hash, LogId, ScopeId, Short, Shown, StreamId};

use super::{
    Answer, CouncilKey, Documents, Kept, NewBlob, NewEntry, NewSegment, Note, Place, Post, Rewrite, Statement, Store,
    StoreError, sql,
};

/// The tables. What is released only grows; its version is the database's `user_version`.
const TABLES: &[&str] = &[include_str!("sqlite.sql")];
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

impl Store for Sqlite {
    fn secret(&self, fresh: [u8; 32]) -> Answer<'_, [u8; 32]> {
        self.write(move |tx| {
            tx.execute("INSERT INTO secret (one, bytes) VALUES (1, ?1) ON CONFLICT DO NOTHING", [fresh])?;
            Ok(tx.query_row("SELECT bytes FROM secret", [], |row| row.get(0))?)
        })
    }

    fn council(&self, council: CouncilId) -> Answer<'_, CouncilKey> {
        self.write(move |tx| {
            let id = council.as_bytes();
            tx.execute("INSERT INTO council (council) VALUES (?1) ON CONFLICT DO NOTHING", [id])?;
            Ok(tx.query_row("SELECT id FROM council WHERE council = ?1", [id], |row| row.get(0))?)
        })
    }

    fn entry_count(&self, council: CouncilKey) -> Answer<'_, u64> {
        self.read(move |rows| {
            let count = "SELECT entries FROM council WHERE id = ?1";
            Ok(rows.prepare_cached(count)?.query_row([council], number)?)
        })
    }

    fn entries(&self, council: CouncilKey) -> Answer<'_, Vec<NewEntry>> {
        self.read(move |rows| {
            let mut select = rows.prepare_cached("SELECT name, bytes FROM roster WHERE council = ?1 ORDER BY name")?;
            let entry = |row: &rusqlite::Row<'_>| Ok(NewEntry { name: row.get(0)?, bytes: row.get(1)? });
            Ok(select.query_map([council], entry)?.collect::<Result<_, _>>()?)
        })
    }

    fn put_entries(&self, council: CouncilKey, entries: Vec<NewEntry>) -> Answer<'_, ()> {
        self.write(move |tx| {
            let mut added = 0;
            for entry in &entries {
                added += tx
                    .prepare_cached(
                        "INSERT INTO roster (council, name, bytes) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                    )?
                    .execute(params![council, entry.name, entry.bytes])?;
            }
            tx.execute("UPDATE council SET entries = entries + ?2 WHERE id = ?1", params![council, sql(added as u64)])?;
            Ok(())
        })
    }

    fn seen(&self, council: CouncilKey) -> Answer<'_, BTreeMap<LogId, u64>> {
        self.read(move |rows| {
            let mut select = rows.prepare_cached("SELECT log, number FROM seen WHERE council = ?1")?;
            let read =
                |row: &rusqlite::Row<'_>| Ok((LogId::from_bytes(row.get(0)?), row.get::<_, i64>(1)?.unsigned_abs()));
            Ok(select.query_map([council], read)?.collect::<Result<_, _>>()?)
        })
    }

    fn statements(&self, council: CouncilKey, wanted: Vec<(LogId, u64)>) -> Answer<'_, Vec<Statement>> {
        self.read(move |rows| {
            let mut select =
                rows.prepare_cached("SELECT bytes FROM seen WHERE council = ?1 AND log = ?2 AND number = ?3")?;
            let mut found = Vec::new();
            for (log, number) in wanted {
                let key = params![council, log.as_bytes(), sql(number)];
                let bytes = select.query_row(key, |row| row.get(0)).optional()?;
                found.extend(bytes.map(|bytes| Statement { log, number, bytes }));
            }
            Ok(found)
        })
    }

    fn put_seen(&self, council: CouncilKey, statements: Vec<Statement>) -> Answer<'_, ()> {
        self.write(move |tx| {
            for Statement { log, number, bytes } in &statements {
                tx.prepare_cached(
                    "INSERT INTO seen (council, log, number, bytes) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (council, log) DO UPDATE SET number = excluded.number, bytes = excluded.bytes
                     WHERE excluded.number > seen.number",
                )?
                .execute(params![council, log.as_bytes(), sql(*number), bytes])?;
            }
            Ok(())
        })
    }

    fn tips(&self, council: CouncilKey, scopes: BTreeSet<ScopeId>) -> Answer<'_, Shown> {
        self.read(move |rows| {
            let mut select = rows.prepare_cached("SELECT log, seq, hash FROM tip WHERE council = ?1 AND scope = ?2")?;
            let mut shown = Shown::new();
            for scope in scopes {
                let mut found = select.query(params![council, scope.as_bytes()])?;
                while let Some(row) = found.next()? {
                    let stream = StreamId { log: LogId::from_bytes(row.get(0)?), scope };
                    shown.entry(stream).or_default().insert((row.get::<_, i64>(1)?.unsigned_abs(), short(row, 2)?));
                }
            }
            Ok(shown)
        })
    }

    fn segments(
        &self,
        council: CouncilKey,
        stream: StreamId,
        first: u64,
        last: u64,
        most: usize,
    ) -> Answer<'_, Vec<(u64, Vec<u8>)>> {
        self.read(move |rows| {
            let mut select = rows.prepare_cached(
                "SELECT seq, bytes FROM segment
                 WHERE council = ?1 AND scope = ?2 AND log = ?3 AND seq BETWEEN ?4 AND ?5 ORDER BY seq, hash",
            )?;
            let key = params![council, stream.scope.as_bytes(), stream.log.as_bytes(), sql(first), sql(last)];
            let mut found = select.query(key)?;
            let (mut segments, mut size) = (Vec::new(), 0);
            while let Some(row) = found.next()? {
                let bytes: Vec<u8> = row.get(1)?;
                size += bytes.len();
                if size > most && !segments.is_empty() {
                    break;
                }
                segments.push((row.get::<_, i64>(0)?.unsigned_abs(), bytes));
            }
            Ok(segments)
        })
    }

    fn put_segments(
        &self,
        council: CouncilKey,
        segments: Vec<NewSegment>,
        blobs: Vec<NewBlob>,
    ) -> Answer<'_, Vec<Kept>> {
        self.write(move |tx| {
            for NewBlob { hash, scope, document, bytes } in &blobs {
                tx.prepare_cached(
                    "INSERT INTO blob (council, hash, scope, document, bytes) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT DO NOTHING",
                )?
                .execute(params![
                    council,
                    hash.as_bytes(),
                    scope.as_bytes(),
                    document.as_bytes(),
                    bytes
                ])?;
            }
            segments.iter().map(|segment| keep(tx, council, segment)).collect()
        })
    }

    fn blobs(&self, council: CouncilKey, scopes: BTreeSet<ScopeId>) -> Answer<'_, BTreeSet<Hash>> {
        self.read(move |rows| {
            let mut select = rows.prepare_cached("SELECT hash, scope FROM blob WHERE council = ?1")?;
            let read = |row: &rusqlite::Row<'_>| Ok((Hash::from_bytes(row.get(0)?), ScopeId::from_bytes(row.get(1)?)));
            let found = select.query_map([council], read)?.collect::<Result<Vec<_>, _>>()?;
            Ok(found.into_iter().filter(|(_, scope)| scopes.contains(scope)).map(|(hash, _)| hash).collect())
        })
    }

    fn blob(&self, council: CouncilKey, scopes: BTreeSet<ScopeId>, hash: Hash) -> Answer<'_, Option<Vec<u8>>> {
        self.read(move |rows| {
            let mut select = rows.prepare_cached("SELECT scope, bytes FROM blob WHERE council = ?1 AND hash = ?2")?;
            let read = |row: &rusqlite::Row<'_>| Ok((ScopeId::from_bytes(row.get(0)?), row.get(1)?));
            let found: Option<(ScopeId, Vec<u8>)> =
                select.query_row(params![council, hash.as_bytes()], read).optional()?;
            Ok(found.filter(|(scope, _)| scopes.contains(scope)).map(|(_, bytes)| bytes))
        })
    }

    fn erased(&self, council: CouncilKey) -> Answer<'_, Documents> {
        self.read(move |rows| {
            let mut select = rows.prepare_cached("SELECT scope, document FROM erased WHERE council = ?1")?;
            let read = |row: &rusqlite::Row<'_>| Ok((ScopeId::from_bytes(row.get(0)?), DocId::from_bytes(row.get(1)?)));
            Ok(select.query_map([council], read)?.collect::<Result<_, _>>()?)
        })
    }

    fn rewrite(
        &self,
        council: CouncilKey,
        scope: ScopeId,
        after: Option<Place>,
        most: u32,
        rewrite: Rewrite,
    ) -> Answer<'_, Option<Place>> {
        self.write(move |tx| rewrite_some(tx, council, scope, after, most, &rewrite))
    }

    fn note_erased(&self, council: CouncilKey, erased: Documents, back: Documents) -> Answer<'_, ()> {
        let noted = self.write(move |tx| {
            for (scope, document) in &erased {
                let key = params![council, scope.as_bytes(), document.as_bytes()];
                tx.prepare_cached("DELETE FROM blob WHERE council = ?1 AND scope = ?2 AND document = ?3")?
                    .execute(key)?;
                tx.prepare_cached(
                    "INSERT INTO erased (council, scope, document) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                )?
                .execute(key)?;
            }
            for (scope, document) in &back {
                tx.prepare_cached("DELETE FROM erased WHERE council = ?1 AND scope = ?2 AND document = ?3")?
                    .execute(params![council, scope.as_bytes(), document.as_bytes()])?;
            }
            Ok(())
        });
        let inner = Arc::clone(&self.inner);
        Box::pin(async move {
            noted.await?;
            // What was written ahead has what was erased in it yet.
            let emptied = "PRAGMA wal_checkpoint(TRUNCATE)";
            off_the_loop(move || Ok(locked(&inner.writer).query_row(emptied, [], |_| Ok(()))?)).await
        })
    }

    fn size(&self, council: CouncilKey) -> Answer<'_, u64> {
        self.read(move |rows| {
            let sum = "SELECT coalesce((SELECT sum(length(bytes)) FROM segment WHERE council = ?1), 0)
                            + coalesce((SELECT sum(length(bytes)) FROM blob WHERE council = ?1), 0)
                            + coalesce((SELECT sum(length(bytes)) FROM roster WHERE council = ?1), 0)
                            + coalesce((SELECT sum(length(bytes)) FROM seen WHERE council = ?1), 0)";
            Ok(rows.prepare_cached(sum)?.query_row([council], number)?)
        })
    }

    fn turns(&self) -> Answer<'_, BTreeMap<CouncilKey, u64>> {
        self.read(|rows| {
            let mut select = rows.prepare_cached("SELECT id, turn FROM council")?;
            let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()));
            Ok(select.query_map([], read)?.collect::<Result<_, _>>()?)
        })
    }

    fn turn_over(&self, council: CouncilKey) -> Answer<'_, u64> {
        self.write(move |tx| {
            let next = "UPDATE council SET turn = turn + 1 WHERE id = ?1 RETURNING turn";
            Ok(tx.prepare_cached(next)?.query_row([council], number)?)
        })
    }

    fn post(&self, council: CouncilKey, post: Post, note: Note, until: i64, most: u64) -> Answer<'_, bool> {
        self.write(move |tx| {
            let count = "SELECT count(*) FROM mail WHERE council = ?1 AND box = ?2";
            let there = tx.prepare_cached(count)?.query_row(params![council, post.number()], number)?;
            if there >= most {
                return Ok(false);
            }
            tx.prepare_cached(
                "INSERT INTO mail (council, box, name, bytes, until) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            )?
            .execute(params![council, post.number(), note.name, note.bytes, until])?;
            Ok(true)
        })
    }

    fn notes(&self, council: CouncilKey, post: Post, now: i64) -> Answer<'_, Vec<Note>> {
        self.write(move |tx| {
            tx.prepare_cached("DELETE FROM mail WHERE until <= ?1")?.execute([now])?;
            let mut select =
                tx.prepare_cached("SELECT name, bytes FROM mail WHERE council = ?1 AND box = ?2 ORDER BY until, name")?;
            let read = |row: &rusqlite::Row<'_>| Ok(Note { name: row.get(0)?, bytes: row.get(1)? });
            Ok(select.query_map(params![council, post.number()], read)?.collect::<Result<_, _>>()?)
        })
    }

    fn ping(&self) -> Answer<'_, ()> {
        self.read(|rows| Ok(rows.query_row("SELECT 1", [], |_| Ok(()))?))
    }
}

fn keep(tx: &Transaction<'_>, council: CouncilKey, segment: &NewSegment) -> Result<Kept, StoreError> {
    let NewSegment { stream, seq, hash, prev, whole, bytes } = segment;
    let (scope, log) = (stream.scope.as_bytes(), stream.log.as_bytes());
    let here = |seq: u64, hash: &Hash| -> Result<bool, StoreError> {
        let mut select = tx.prepare_cached(
            "SELECT 1 FROM segment WHERE council = ?1 AND scope = ?2 AND log = ?3 AND seq = ?4 AND hash = ?5",
        )?;
        Ok(select.exists(params![council, scope, log, sql(seq), hash.as_bytes()])?)
    };
    if here(*seq, hash)? {
        if *whole {
            tx.prepare_cached(
                "UPDATE segment SET bytes = ?6, whole = 1
                 WHERE council = ?1 AND scope = ?2 AND log = ?3 AND seq = ?4 AND hash = ?5 AND whole = 0",
            )?
            .execute(params![council, scope, log, sql(*seq), hash.as_bytes(), bytes])?;
        }
        return Ok(Kept::Known);
    }
    if *seq > 1 && !here(seq - 1, prev)? {
        return Ok(Kept::Gap);
    }
    tx.prepare_cached(
        "INSERT INTO segment (council, scope, log, seq, hash, whole, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![council, scope, log, sql(*seq), hash.as_bytes(), whole, bytes])?;
    tx.prepare_cached("DELETE FROM tip WHERE council = ?1 AND scope = ?2 AND log = ?3 AND seq = ?4 AND hash = ?5")?
        .execute(params![council, scope, log, sql(seq.saturating_sub(1)), prev.as_bytes()])?;
    tx.prepare_cached("INSERT INTO tip (council, scope, log, seq, hash) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![council, scope, log, sql(*seq), hash.as_bytes()])?;
    Ok(Kept::New)
}

fn rewrite_some(
    tx: &Transaction<'_>,
    council: CouncilKey,
    scope: ScopeId,
    after: Option<Place>,
    most: u32,
    rewrite: &Rewrite,
) -> Result<Option<Place>, StoreError> {
    let (log, seq, hash) = after.unwrap_or((LogId::from_bytes([0; 16]), 0, Hash::NONE));
    let mut select = tx.prepare_cached(
        "SELECT log, seq, hash, bytes FROM segment
         WHERE council = ?1 AND scope = ?2 AND (log, seq, hash) > (?3, ?4, ?5) ORDER BY log, seq, hash LIMIT ?6",
    )?;
    let mut update = tx.prepare_cached(
        "UPDATE segment SET bytes = ?6, whole = ?7
         WHERE council = ?1 AND scope = ?2 AND log = ?3 AND seq = ?4 AND hash = ?5",
    )?;
    let key = params![council, scope.as_bytes(), log.as_bytes(), sql(seq), hash.as_bytes(), most];
    let read = |row: &rusqlite::Row<'_>| {
        let place: ([u8; 16], i64, [u8; 32]) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok((place, row.get::<_, Vec<u8>>(3)?))
    };
    let found = select.query_map(key, read)?.collect::<Result<Vec<_>, _>>()?;
    for ((log, seq, hash), bytes) in &found {
        if let Some((new, whole)) = rewrite(bytes) {
            update.execute(params![council, scope.as_bytes(), log, seq, hash, new, whole])?;
        }
    }
    let last = found.last().filter(|_| found.len() >= most as usize);
    Ok(last.map(|((log, seq, hash), _)| (LogId::from_bytes(*log), seq.unsigned_abs(), Hash::from_bytes(*hash))))
}

fn number(row: &rusqlite::Row<'_>) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(0)?.unsigned_abs())
}

fn short(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Short> {
    Ok(Hash::from_bytes(row.get(column)?).short())
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
