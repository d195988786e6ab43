//! Snapshots in PostgreSQL.

use std::collections::BTreeSet;

use deadpool_postgres::{GenericClient, Transaction};
use sealed_log::wire::SnapshotName;
use sealed_log::{Hash, ScopeId, SnapshotId};

use super::rows::{bytes, id, number};
use super::{Postgres, all};
use crate::store::snapshots::is_the_same;
use crate::store::{Answer, Chunks, CouncilKey, NewParts, Placed, Snapshots, StoreError, sql};

impl Snapshots for Postgres {
    fn snapshots(&self, council: CouncilKey, scopes: BTreeSet<ScopeId>) -> Answer<'_, BTreeSet<SnapshotName>> {
        Box::pin(async move {
            let select = "SELECT scope, snapshot FROM snapshot
                          WHERE council = $1 AND scope = ANY ($2) AND manifest IS NOT NULL";
            let found = self.client().await?.query(select, &[&council, &all(&scopes)]).await?;
            found.iter().map(name).collect()
        })
    }

    fn manifest(&self, council: CouncilKey, name: SnapshotName) -> Answer<'_, Option<Vec<u8>>> {
        Box::pin(async move {
            let select = "SELECT manifest FROM snapshot WHERE council = $1 AND scope = $2 AND snapshot = $3";
            let (scope, snapshot) = key(&name);
            let found = self.client().await?.query_opt(select, &[&council, &scope, &snapshot]).await?;
            Ok(found.map(|row| row.try_get(0)).transpose()?.flatten())
        })
    }

    fn chunks_here(&self, council: CouncilKey, name: SnapshotName) -> Answer<'_, Chunks> {
        Box::pin(async move { chunks_here(&self.client().await?, council, &name).await })
    }

    fn chunks(
        &self,
        council: CouncilKey,
        name: SnapshotName,
        wanted: Vec<u64>,
        most: usize,
    ) -> Answer<'_, Vec<(u64, Vec<u8>)>> {
        Box::pin(async move {
            let client = self.client().await?;
            let select = "SELECT bytes FROM chunk
                          WHERE council = $1 AND scope = $2 AND snapshot = $3 AND number = $4";
            let select = client.prepare_cached(select).await?;
            let (scope, snapshot) = key(&name);
            let (mut found, mut size) = (Vec::new(), 0);
            for number in wanted {
                let row = client.query_opt(&select, &[&council, &scope, &snapshot, &sql(number)]).await?;
                let Some(bytes) = row.map(|row| bytes(&row, 0)).transpose()? else { continue };
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
        Box::pin(async move {
            let mut client = self.client().await?;
            let tx = client.transaction().await?;
            let placed = put(&tx, council, &parts).await?;
            tx.commit().await?;
            Ok(placed)
        })
    }

    fn remove_snapshot(&self, council: CouncilKey, name: SnapshotName) -> Answer<'_, ()> {
        Box::pin(async move {
            let mut client = self.client().await?;
            let tx = client.transaction().await?;
            remove(&tx, council, &name).await?;
            Ok(tx.commit().await?)
        })
    }

    fn remove_halves(&self, council: CouncilKey, before: i64) -> Answer<'_, ()> {
        Box::pin(async move {
            let mut client = self.client().await?;
            let tx = client.transaction().await?;
            let select = "SELECT scope, snapshot FROM snapshot
                          WHERE council = $1 AND manifest IS NULL AND touched < $2
                          ORDER BY scope, snapshot FOR UPDATE";
            for row in tx.query(select, &[&council, &before]).await? {
                remove(&tx, council, &name(&row)?).await?;
            }
            Ok(tx.commit().await?)
        })
    }
}

fn key(name: &SnapshotName) -> (&[u8], &[u8]) {
    (name.scope.as_bytes(), name.id.as_bytes())
}

fn name(row: &tokio_postgres::Row) -> Result<SnapshotName, StoreError> {
    Ok(SnapshotName { scope: ScopeId::from_bytes(id(row, 0)?), id: SnapshotId::from_bytes(id(row, 1)?) })
}

async fn chunks_here<C: GenericClient>(
    client: &C,
    council: CouncilKey,
    name: &SnapshotName,
) -> Result<Chunks, StoreError> {
    let select = "SELECT number, octet_length(bytes)::bigint, hash FROM chunk
                  WHERE council = $1 AND scope = $2 AND snapshot = $3";
    let (scope, snapshot) = key(name);
    let found = client.query(select, &[&council, &scope, &snapshot]).await?;
    let read = |row: &tokio_postgres::Row| Ok((number(row, 0)?, (number(row, 1)?, Hash::from_bytes(id(row, 2)?))));
    found.iter().map(read).collect()
}

async fn put(tx: &Transaction<'_>, council: CouncilKey, parts: &NewParts) -> Result<Placed, StoreError> {
    let NewParts { name, laptop, now, chunks, manifest } = parts;
    let (scope, snapshot) = key(name);
    let begin = "INSERT INTO snapshot (council, scope, snapshot, laptop, touched) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT DO NOTHING";
    tx.execute(begin, &[&council, &scope, &snapshot, &laptop.as_bytes().as_slice(), now]).await?;
    // From here on whoever else puts or takes away the same waits.
    let begun = "SELECT laptop, manifest FROM snapshot WHERE council = $1 AND scope = $2 AND snapshot = $3 FOR UPDATE";
    let begun = tx.query_one(begun, &[&council, &scope, &snapshot]).await?;
    if id::<16>(&begun, 0)? != *laptop.as_bytes() {
        return Ok(Placed::Another);
    }
    if let Some(whole) = begun.try_get::<_, Option<Vec<u8>>>(1)? {
        let same = is_the_same(parts, &whole, &chunks_here(tx, council, name).await?);
        return Ok(if same { Placed::Here } else { Placed::Another });
    }
    let touch = "UPDATE snapshot SET touched = $4 WHERE council = $1 AND scope = $2 AND snapshot = $3";
    tx.execute(touch, &[&council, &scope, &snapshot, now]).await?;
    let insert = "INSERT INTO chunk (council, scope, snapshot, number, hash, bytes) VALUES ($1, $2, $3, $4, $5, $6)
                  ON CONFLICT (council, scope, snapshot, number)
                  DO UPDATE SET hash = excluded.hash, bytes = excluded.bytes";
    let insert = tx.prepare_cached(insert).await?;
    for chunk in chunks {
        let (number, hash) = (sql(chunk.number), chunk.hash.as_bytes().as_slice());
        tx.execute(&insert, &[&council, &scope, &snapshot, &number, &hash, &chunk.bytes]).await?;
    }
    let Some((bytes, of)) = manifest else { return Ok(Placed::Here) };
    if chunks_here(tx, council, name).await? != *of {
        return Ok(Placed::NotWhole);
    }
    let make_whole = "UPDATE snapshot SET manifest = $4 WHERE council = $1 AND scope = $2 AND snapshot = $3";
    tx.execute(make_whole, &[&council, &scope, &snapshot, bytes]).await?;
    Ok(Placed::Here)
}

async fn remove(tx: &Transaction<'_>, council: CouncilKey, name: &SnapshotName) -> Result<(), StoreError> {
    let (scope, snapshot) = key(name);
    for table in ["snapshot", "chunk"] {
        let go = format!("DELETE FROM {table} WHERE council = $1 AND scope = $2 AND snapshot = $3");
        tx.execute(&go, &[&council, &scope, &snapshot]).await?;
    }
    Ok(())
}
