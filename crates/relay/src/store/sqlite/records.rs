//! Rosters, statements, segments and bodies in SQLite.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use sealed_log::{CouncilId, DocId, Hash, LogId, ScopeId, Short, Shown, StreamId};

use super::{Sqlite, keep, locked, number, off_the_loop};
use crate::store::{
    Answer, Batch, Batches, CouncilKey, Documents, Kept, NewEntry, Place, Rewrite, Statement, Store, StoreError,
    Stored, sql,
};

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

    fn put_segments(&self, council: CouncilKey, mut batches: Batches) -> Answer<'_, Stored> {
        let inner = Arc::clone(&self.inner);
        off_the_loop(move || {
            // Nobody else is kept from writing before there is something to write.
            let mut next = batches.blocking_recv();
            let mut writer = locked(&inner.writer);
            let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut kept = Vec::new();
            while let Some(Batch { segments, blobs }) = next {
                blobs.iter().try_for_each(|blob| keep::keep_blob(&tx, council, blob))?;
                kept.extend(keep::keep(&tx, council, &segments)?);
                next = batches.blocking_recv();
            }
            let turn = kept.contains(&Kept::New).then(|| turn_over(&tx, council)).transpose()?;
            tx.commit()?;
            Ok(Stored { kept, turn })
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
        self.write(move |tx| keep::rewrite_some(tx, council, scope, after, most, &rewrite))
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
        Box::pin(async move {
            noted.await?;
            self.empty_the_log().await
        })
    }

    fn size(&self, council: CouncilKey) -> Answer<'_, u64> {
        self.read(move |rows| {
            let sum = "SELECT coalesce((SELECT sum(length(bytes)) FROM segment WHERE council = ?1), 0)
                            + coalesce((SELECT sum(length(bytes)) FROM blob WHERE council = ?1), 0)
                            + coalesce((SELECT sum(length(bytes)) FROM roster WHERE council = ?1), 0)
                            + coalesce((SELECT sum(length(bytes)) FROM seen WHERE council = ?1), 0)
                            + coalesce((SELECT sum(length(bytes)) FROM chunk WHERE council = ?1), 0)
                            + coalesce((SELECT sum(length(manifest)) FROM snapshot WHERE council = ?1), 0)";
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
        self.write(move |tx| turn_over(tx, council))
    }

    fn ping(&self) -> Answer<'_, ()> {
        self.read(|rows| Ok(rows.query_row("SELECT 1", [], |_| Ok(()))?))
    }
}

fn turn_over(tx: &Transaction<'_>, council: CouncilKey) -> Result<u64, StoreError> {
    let next = "UPDATE council SET turn = turn + 1 WHERE id = ?1 RETURNING turn";
    Ok(tx.prepare_cached(next)?.query_row([council], number)?)
}

fn short(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Short> {
    Ok(Hash::from_bytes(row.get(column)?).short())
}
