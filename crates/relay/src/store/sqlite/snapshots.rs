//! Snapshots in SQLite.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sealed_log::wire::SnapshotName;
use sealed_log::{Hash, ScopeId, SnapshotId};

use super::Sqlite;
use crate::store::snapshots::is_the_same;
use crate::store::{Answer, Chunks, CouncilKey, NewParts, Placed, Snapshots, StoreError, sql};

impl Snapshots for Sqlite {
    fn snapshots(&self, council: CouncilKey, scopes: BTreeSet<ScopeId>) -> Answer<'_, BTreeSet<SnapshotName>> {
        self.read(move |rows| {
            let mut select = rows
                .prepare_cached("SELECT scope, snapshot FROM snapshot WHERE council = ?1 AND manifest IS NOT NULL")?;
            let read = |row: &rusqlite::Row<'_>| {
                let scope = ScopeId::from_bytes(row.get(0)?);
                Ok(SnapshotName { scope, id: SnapshotId::from_bytes(row.get(1)?) })
            };
            let found = select.query_map([council], read)?.collect::<Result<Vec<_>, _>>()?;
            Ok(found.into_iter().filter(|name| scopes.contains(&name.scope)).collect())
        })
    }

    fn manifest(&self, council: CouncilKey, name: SnapshotName) -> Answer<'_, Option<Vec<u8>>> {
        self.read(move |rows| Ok(begun(rows, council, &name)?.and_then(|(_, manifest)| manifest)))
    }

    fn chunks_here(&self, council: CouncilKey, name: SnapshotName) -> Answer<'_, Chunks> {
        self.read(move |rows| chunks_here(rows, council, &name))
    }

    fn chunks(
        &self,
        council: CouncilKey,
        name: SnapshotName,
        wanted: Vec<u64>,
        most: usize,
    ) -> Answer<'_, Vec<(u64, Vec<u8>)>> {
        self.read(move |rows| {
            let mut select = rows.prepare_cached(
                "SELECT bytes FROM chunk WHERE council = ?1 AND scope = ?2 AND snapshot = ?3 AND number = ?4",
            )?;
            let (mut found, mut size) = (Vec::new(), 0);
            for number in wanted {
                let key = params![council, name.scope.as_bytes(), name.id.as_bytes(), sql(number)];
                let Some(bytes) = select.query_row(key, |row| row.get::<_, Vec<u8>>(0)).optional()? else { continue };
                size += bytes.len();
                if size > most && !found.is_empty() {
                    break;
                }
                found.push((number, bytes));
            }
            Ok(found)
        })
    }

    fn put_parts(&self, council: CouncilKey, parts: NewParts) -> Answer<'_, Placed> {
        self.write(move |tx| put(tx, council, &parts))
    }

    fn remove_snapshot(&self, council: CouncilKey, name: SnapshotName) -> Answer<'_, ()> {
        let removed = self.write(move |tx| remove(tx, council, &name));
        Box::pin(async move {
            removed.await?;
            self.empty_the_log().await
        })
    }

    fn remove_halves(&self, council: CouncilKey, before: i64) -> Answer<'_, ()> {
        self.write(move |tx| {
            let mut select = tx.prepare_cached(
                "SELECT scope, snapshot FROM snapshot WHERE council = ?1 AND manifest IS NULL AND touched < ?2",
            )?;
            let read = |row: &rusqlite::Row<'_>| {
                let scope = ScopeId::from_bytes(row.get(0)?);
                Ok(SnapshotName { scope, id: SnapshotId::from_bytes(row.get(1)?) })
            };
            let halves = select.query_map(params![council, before], read)?.collect::<Result<Vec<_>, _>>()?;
            halves.iter().try_for_each(|name| remove(tx, council, name))
        })
    }
}

/// Whose a snapshot is, and its manifest if it is whole.
type Begun = ([u8; 16], Option<Vec<u8>>);

fn begun(rows: &Connection, council: CouncilKey, name: &SnapshotName) -> Result<Option<Begun>, StoreError> {
    let select = "SELECT laptop, manifest FROM snapshot WHERE council = ?1 AND scope = ?2 AND snapshot = ?3";
    let key = params![council, name.scope.as_bytes(), name.id.as_bytes()];
    Ok(rows.prepare_cached(select)?.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

fn chunks_here(rows: &Connection, council: CouncilKey, name: &SnapshotName) -> Result<Chunks, StoreError> {
    let mut select = rows.prepare_cached(
        "SELECT number, length(bytes), hash FROM chunk WHERE council = ?1 AND scope = ?2 AND snapshot = ?3",
    )?;
    let read = |row: &rusqlite::Row<'_>| {
        let (number, length): (i64, i64) = (row.get(0)?, row.get(1)?);
        Ok((number.unsigned_abs(), (length.unsigned_abs(), Hash::from_bytes(row.get(2)?))))
    };
    let key = params![council, name.scope.as_bytes(), name.id.as_bytes()];
    Ok(select.query_map(key, read)?.collect::<Result<_, _>>()?)
}

fn put(tx: &Transaction<'_>, council: CouncilKey, parts: &NewParts) -> Result<Placed, StoreError> {
    let NewParts { name, laptop, now, chunks, manifest } = parts;
    let (scope, snapshot) = (name.scope.as_bytes(), name.id.as_bytes());
    match begun(tx, council, name)? {
        Some((whose, _)) if whose != *laptop.as_bytes() => return Ok(Placed::Another),
        Some((_, Some(whole))) => {
            let same = is_the_same(parts, &whole, &chunks_here(tx, council, name)?);
            return Ok(if same { Placed::Here } else { Placed::Another });
        }
        _ => {}
    }
    tx.prepare_cached(
        "INSERT INTO snapshot (council, scope, snapshot, laptop, touched) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET touched = excluded.touched",
    )?
    .execute(params![council, scope, snapshot, laptop.as_bytes(), now])?;
    for chunk in chunks {
        tx.prepare_cached(
            "INSERT INTO chunk (council, scope, snapshot, number, hash, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET hash = excluded.hash, bytes = excluded.bytes",
        )?
        .execute(params![council, scope, snapshot, sql(chunk.number), chunk.hash.as_bytes(), chunk.bytes])?;
    }
    let Some((bytes, of)) = manifest else { return Ok(Placed::Here) };
    if chunks_here(tx, council, name)? != *of {
        return Ok(Placed::NotWhole);
    }
    tx.prepare_cached("UPDATE snapshot SET manifest = ?4 WHERE council = ?1 AND scope = ?2 AND snapshot = ?3")?
        .execute(params![council, scope, snapshot, bytes])?;
    Ok(Placed::Here)
}

fn remove(tx: &Transaction<'_>, council: CouncilKey, name: &SnapshotName) -> Result<(), StoreError> {
    for table in ["snapshot", "chunk"] {
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE council = ?1 AND scope = ?2 AND snapshot = ?3"))?
            .execute(params![council, name.scope.as_bytes(), name.id.as_bytes()])?;
    }
    Ok(())
}
