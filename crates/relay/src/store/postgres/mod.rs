//! PostgreSQL: for many, and for several relays at once. Plain SQL, so that what speaks its language serves as well.
//!
//! No lock is held between statements but those of the rows: whatever two relays put at once, each row goes in once, in
//! the same order from each, and a tip goes when what follows it is in.

mod connect;
mod keep;
mod mail;
mod rows;
mod snapshots;
mod tls;

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::{Client, Pool};
use sealed_log::{CouncilId, DocId, Hash, LogId, ScopeId, Shown, StreamId};

use super::{
    Answer, Batch, Batches, CouncilKey, Documents, NewEntry, Place, Rewrite, Statement, Store, StoreError, Stored, sql,
};
use rows::{bytes, id, number};

/// The database.
#[derive(Debug, Clone)]
pub struct Postgres {
    pool: Pool,
}

impl Postgres {
    /// Connects, and makes the tables if they are not there.
    ///
    /// # Errors
    /// [`StoreError::Newer`]; the database's own.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        Self::open_trusting(address, None).await
    }

    /// As [`Postgres::open`]; with a certificate, over TLS alone, and to whoever shows it or one that it vouches for.
    ///
    /// # Errors
    /// As [`Postgres::open`].
    pub async fn open_trusting(address: &str, certificate: Option<&[u8]>) -> Result<Self, StoreError> {
        let pool = connect::pool(address, certificate)?;
        connect::up(&mut pool.get().await?).await?;
        Ok(Self { pool })
    }

    async fn client(&self) -> Result<Client, StoreError> {
        Ok(self.pool.get().await?)
    }
}

fn all(scopes: &BTreeSet<ScopeId>) -> Vec<&[u8]> {
    scopes.iter().map(|scope| scope.as_bytes().as_slice()).collect()
}

impl Store for Postgres {
    fn secret(&self, fresh: [u8; 32]) -> Answer<'_, [u8; 32]> {
        Box::pin(async move {
            let client = self.client().await?;
            let put = "INSERT INTO secret (one, bytes) VALUES (1, $1) ON CONFLICT DO NOTHING";
            client.execute(put, &[&fresh.as_slice()]).await?;
            id(&client.query_one("SELECT bytes FROM secret", &[]).await?, 0)
        })
    }

    fn council(&self, council: CouncilId) -> Answer<'_, CouncilKey> {
        Box::pin(async move {
            let client = self.client().await?;
            let council = council.as_bytes().as_slice();
            let find = "SELECT id FROM council WHERE council = $1";
            if let Some(row) = client.query_opt(find, &[&council]).await? {
                return Ok(row.try_get(0)?);
            }
            client.execute("INSERT INTO council (council) VALUES ($1) ON CONFLICT DO NOTHING", &[&council]).await?;
            Ok(client.query_one(find, &[&council]).await?.try_get(0)?)
        })
    }

    fn entry_count(&self, council: CouncilKey) -> Answer<'_, u64> {
        Box::pin(async move {
            let client = self.client().await?;
            let select = client.prepare_cached("SELECT entries FROM council WHERE id = $1").await?;
            number(&client.query_one(&select, &[&council]).await?, 0)
        })
    }

    fn entries(&self, council: CouncilKey) -> Answer<'_, Vec<NewEntry>> {
        Box::pin(async move {
            let client = self.client().await?;
            let select = "SELECT name, bytes FROM roster WHERE council = $1 ORDER BY name";
            let found = client.query(select, &[&council]).await?;
            found.iter().map(|row| Ok(NewEntry { name: id(row, 0)?, bytes: bytes(row, 1)? })).collect()
        })
    }

    fn put_entries(&self, council: CouncilKey, entries: Vec<NewEntry>) -> Answer<'_, ()> {
        Box::pin(async move {
            let mut entries = entries;
            entries.sort_by_key(|entry| entry.name);
            let names: Vec<&[u8]> = entries.iter().map(|entry| entry.name.as_slice()).collect();
            let bytes: Vec<&[u8]> = entries.iter().map(|entry| entry.bytes.as_slice()).collect();
            let mut client = self.client().await?;
            let tx = client.transaction().await?;
            let put = "INSERT INTO roster (council, name, bytes) SELECT $1, n, b FROM unnest($2::bytea[], $3::bytea[])
                       AS t (n, b) ON CONFLICT DO NOTHING";
            let added = tx.execute(put, &[&council, &names, &bytes]).await?;
            tx.execute("UPDATE council SET entries = entries + $2 WHERE id = $1", &[&council, &sql(added)]).await?;
            Ok(tx.commit().await?)
        })
    }

    fn seen(&self, council: CouncilKey) -> Answer<'_, BTreeMap<LogId, u64>> {
        Box::pin(async move {
            let client = self.client().await?;
            let select = client.prepare_cached("SELECT log, number FROM seen WHERE council = $1").await?;
            let found = client.query(&select, &[&council]).await?;
            found.iter().map(|row| Ok((LogId::from_bytes(id(row, 0)?), number(row, 1)?))).collect()
        })
    }

    fn statements(&self, council: CouncilKey, wanted: Vec<(LogId, u64)>) -> Answer<'_, Vec<Statement>> {
        Box::pin(async move {
            let client = self.client().await?;
            let logs: Vec<&[u8]> = wanted.iter().map(|(log, _)| log.as_bytes().as_slice()).collect();
            let numbers: Vec<i64> = wanted.iter().map(|(_, number)| sql(*number)).collect();
            let select = client
                .prepare_cached(
                    "SELECT log, number, bytes FROM seen WHERE council = $1 AND (log, number) IN
                     (SELECT l, n FROM unnest($2::bytea[], $3::bigint[]) AS t (l, n))",
                )
                .await?;
            let found = client.query(&select, &[&council, &logs, &numbers]).await?;
            let read = |row: &tokio_postgres::Row| {
                Ok(Statement { log: LogId::from_bytes(id(row, 0)?), number: number(row, 1)?, bytes: bytes(row, 2)? })
            };
            found.iter().map(read).collect()
        })
    }

    fn put_seen(&self, council: CouncilKey, statements: Vec<Statement>) -> Answer<'_, ()> {
        Box::pin(async move {
            let mut statements = statements;
            statements.sort_by_key(|statement| (statement.log, statement.number));
            let mut client = self.client().await?;
            let tx = client.transaction().await?;
            let put = tx
                .prepare_cached(
                    "INSERT INTO seen (council, log, number, bytes) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (council, log) DO UPDATE SET number = excluded.number, bytes = excluded.bytes
                     WHERE excluded.number > seen.number",
                )
                .await?;
            for Statement { log, number, bytes } in &statements {
                tx.execute(&put, &[&council, &log.as_bytes().as_slice(), &sql(*number), bytes]).await?;
            }
            Ok(tx.commit().await?)
        })
    }

    fn tips(&self, council: CouncilKey, scopes: BTreeSet<ScopeId>) -> Answer<'_, Shown> {
        Box::pin(async move {
            let client = self.client().await?;
            let select = client
                .prepare_cached("SELECT scope, log, seq, hash FROM tip WHERE council = $1 AND scope = ANY ($2)")
                .await?;
            let mut shown = Shown::new();
            for row in client.query(&select, &[&council, &all(&scopes)]).await? {
                let stream =
                    StreamId { scope: ScopeId::from_bytes(id(&row, 0)?), log: LogId::from_bytes(id(&row, 1)?) };
                let tip = (number(&row, 2)?, Hash::from_bytes(id(&row, 3)?).short());
                shown.entry(stream).or_default().insert(tip);
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
        Box::pin(async move { keep::segments(&mut self.client().await?, council, &stream, (first, last), most).await })
    }

    fn put_segments(&self, council: CouncilKey, mut batches: Batches) -> Answer<'_, Stored> {
        Box::pin(async move {
            // All at once: whoever puts the same meanwhile puts it in the same order, so that neither waits for the other.
            let mut all = Batch::default();
            while let Some(batch) = batches.recv().await {
                all.segments.extend(batch.segments);
                all.blobs.extend(batch.blobs);
            }
            keep::put(&mut self.client().await?, council, &all.segments, all.blobs).await
        })
    }

    fn blobs(&self, council: CouncilKey, scopes: BTreeSet<ScopeId>) -> Answer<'_, BTreeSet<Hash>> {
        Box::pin(async move {
            let client = self.client().await?;
            let select = "SELECT hash FROM blob WHERE council = $1 AND scope = ANY ($2)";
            let found = client.query(select, &[&council, &all(&scopes)]).await?;
            found.iter().map(|row| Ok(Hash::from_bytes(id(row, 0)?))).collect()
        })
    }

    fn blob(&self, council: CouncilKey, scopes: BTreeSet<ScopeId>, hash: Hash) -> Answer<'_, Option<Vec<u8>>> {
        Box::pin(async move {
            let client = self.client().await?;
            let select = "SELECT bytes FROM blob WHERE council = $1 AND hash = $2 AND scope = ANY ($3)";
            let found = client.query_opt(select, &[&council, &hash.as_bytes().as_slice(), &all(&scopes)]).await?;
            found.map(|row| bytes(&row, 0)).transpose()
        })
    }

    fn erased(&self, council: CouncilKey) -> Answer<'_, Documents> {
        Box::pin(async move {
            let client = self.client().await?;
            let found = client.query("SELECT scope, document FROM erased WHERE council = $1", &[&council]).await?;
            let read =
                |row: &tokio_postgres::Row| Ok((ScopeId::from_bytes(id(row, 0)?), DocId::from_bytes(id(row, 1)?)));
            found.iter().map(read).collect()
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
        Box::pin(async move { keep::rewrite(&mut self.client().await?, council, scope, after, most, &rewrite).await })
    }

    fn note_erased(&self, council: CouncilKey, erased: Documents, back: Documents) -> Answer<'_, ()> {
        Box::pin(async move {
            let mut client = self.client().await?;
            let tx = client.transaction().await?;
            for (scope, document) in &erased {
                let key = (scope.as_bytes().as_slice(), document.as_bytes().as_slice());
                let go = "DELETE FROM blob WHERE council = $1 AND scope = $2 AND document = $3";
                tx.execute(go, &[&council, &key.0, &key.1]).await?;
                let note = "INSERT INTO erased (council, scope, document) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
                tx.execute(note, &[&council, &key.0, &key.1]).await?;
            }
            for (scope, document) in &back {
                let go = "DELETE FROM erased WHERE council = $1 AND scope = $2 AND document = $3";
                let key = (scope.as_bytes().as_slice(), document.as_bytes().as_slice());
                tx.execute(go, &[&council, &key.0, &key.1]).await?;
            }
            Ok(tx.commit().await?)
        })
    }

    fn size(&self, council: CouncilKey) -> Answer<'_, u64> {
        Box::pin(async move {
            let sum = "SELECT (coalesce((SELECT sum(octet_length(bytes)) FROM segment WHERE council = $1), 0)
                             + coalesce((SELECT sum(octet_length(bytes)) FROM blob WHERE council = $1), 0)
                             + coalesce((SELECT sum(octet_length(bytes)) FROM roster WHERE council = $1), 0)
                             + coalesce((SELECT sum(octet_length(bytes)) FROM seen WHERE council = $1), 0)
                             + coalesce((SELECT sum(octet_length(bytes)) FROM chunk WHERE council = $1), 0)
                             + coalesce((SELECT sum(octet_length(manifest)) FROM snapshot WHERE council = $1), 0))::bigint";
            number(&self.client().await?.query_one(sum, &[&council]).await?, 0)
        })
    }

    fn turns(&self) -> Answer<'_, BTreeMap<CouncilKey, u64>> {
        Box::pin(async move {
            let client = self.client().await?;
            let select = client.prepare_cached("SELECT id, turn FROM council").await?;
            let found = client.query(&select, &[]).await?;
            found.iter().map(|row| Ok((row.try_get(0)?, number(row, 1)?))).collect()
        })
    }

    fn turn_over(&self, council: CouncilKey) -> Answer<'_, u64> {
        Box::pin(async move {
            let client = self.client().await?;
            let next = "UPDATE council SET turn = turn + 1 WHERE id = $1 RETURNING turn";
            let next = client.prepare_cached(next).await?;
            number(&client.query_one(&next, &[&council]).await?, 0)
        })
    }

    fn ping(&self) -> Answer<'_, ()> {
        Box::pin(async move { Ok(self.client().await?.batch_execute("SELECT 1").await?) })
    }
}
