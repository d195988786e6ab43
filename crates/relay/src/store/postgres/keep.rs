//! Segments in PostgreSQL: many in one statement.

use std::collections::BTreeSet;

use deadpool_postgres::{Client, Transaction};
use sealed_log::{Hash, LogId, ScopeId, StreamId};

use super::rows::{bytes, id, number};
use crate::store::{CouncilKey, Kept, NewBlob, NewSegment, Place, Rewrite, StoreError, Stored, sql};

/// Where a segment stands: scope, log, number, hash.
type Key = ([u8; 16], [u8; 16], i64, [u8; 32]);

/// Rows that come at a time.
const ROWS: i32 = 256;

/// A stream's segments, until they come to so many bytes: no more rows are read than it takes.
pub(super) async fn segments(
    client: &mut Client,
    council: CouncilKey,
    stream: &StreamId,
    (first, last): (u64, u64),
    most: usize,
) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
    let tx = client.transaction().await?;
    let select = tx
        .prepare_cached(
            "SELECT seq, bytes FROM segment
             WHERE council = $1 AND scope = $2 AND log = $3 AND seq BETWEEN $4 AND $5 ORDER BY seq, hash",
        )
        .await?;
    let (scope, log) = (stream.scope.as_bytes().as_slice(), stream.log.as_bytes().as_slice());
    let portal = tx.bind(&select, &[&council, &scope, &log, &sql(first), &sql(last)]).await?;
    let (mut segments, mut size) = (Vec::new(), 0);
    loop {
        let rows = tx.query_portal(&portal, ROWS).await?;
        for row in &rows {
            let bytes = bytes(row, 1)?;
            size += bytes.len();
            if size > most && !segments.is_empty() {
                return Ok(segments);
            }
            segments.push((number(row, 0)?, bytes));
        }
        if rows.is_empty() {
            return Ok(segments);
        }
    }
}

/// Keeps segments and bodies in one transaction.
pub(super) async fn put(
    client: &mut Client,
    council: CouncilKey,
    segments: &[NewSegment],
    blobs: Vec<NewBlob>,
) -> Result<Stored, StoreError> {
    let tx = client.transaction().await?;
    put_blobs(&tx, council, blobs).await?;
    let Here { mut here, whole, ends } = known(&tx, council, segments).await?;
    let mut outcomes = Vec::with_capacity(segments.len());
    let mut new: Vec<&NewSegment> = Vec::new();
    for segment in segments {
        let follows = segment.seq <= 1 || here.contains(&before(segment)) || ends.contains(&before(segment));
        outcomes.push(match (here.contains(&key(segment)), follows) {
            (true, _) => Kept::Known,
            (false, false) => Kept::Gap,
            (false, true) => {
                here.insert(key(segment));
                new.push(segment);
                Kept::New
            }
        });
    }
    // Whoever puts the same at once does it in the same order.
    new.sort_by_key(|segment| key(segment));
    let added = insert(&tx, council, &new).await?;
    move_tips(&tx, council, &new, &added).await?;
    for (segment, kept) in segments.iter().zip(&mut outcomes) {
        if *kept == Kept::New && !added.contains(&key(segment)) {
            *kept = Kept::Known;
        }
        if *kept == Kept::Known && segment.whole && !whole.contains(&key(segment)) {
            make_whole(&tx, council, segment).await?;
        }
    }
    // Last, for whoever else puts waits for the council's row from here on.
    let turn = if outcomes.contains(&Kept::New) { Some(turn_over(&tx, council).await?) } else { None };
    tx.commit().await?;
    Ok(Stored { kept: outcomes, turn })
}

fn key(segment: &NewSegment) -> Key {
    let NewSegment { stream, seq, hash, .. } = segment;
    (*stream.scope.as_bytes(), *stream.log.as_bytes(), sql(*seq), *hash.as_bytes())
}

fn before(segment: &NewSegment) -> Key {
    let (scope, log, seq, _) = key(segment);
    (scope, log, seq.saturating_sub(1), *segment.prev.as_bytes())
}

/// Keys as four columns.
struct Columns<'a>(Vec<&'a [u8]>, Vec<&'a [u8]>, Vec<i64>, Vec<&'a [u8]>);

impl<'a> Columns<'a> {
    fn of(keys: impl Iterator<Item = &'a Key>) -> Self {
        let mut columns = Self(Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (scope, log, seq, hash) in keys {
            columns.0.push(scope);
            columns.1.push(log);
            columns.2.push(*seq);
            columns.3.push(hash);
        }
        columns
    }
}

fn key_of(row: &tokio_postgres::Row) -> Result<Key, StoreError> {
    Ok((id(row, 0)?, id(row, 1)?, row.try_get(2)?, id(row, 3)?))
}

/// What is here of what was asked for.
#[derive(Default)]
struct Here {
    here: BTreeSet<Key>,
    /// Those of them whose bodies are all there.
    whole: BTreeSet<Key>,
    /// The ends of their streams.
    ends: BTreeSet<Key>,
}

/// Which of these, and of those that they follow, are here; and which are ends of their streams: those need not be here
/// any more themselves.
async fn known(tx: &Transaction<'_>, council: CouncilKey, segments: &[NewSegment]) -> Result<Here, StoreError> {
    let wanted: BTreeSet<Key> = segments.iter().flat_map(|segment| [key(segment), before(segment)]).collect();
    let Columns(scopes, logs, seqs, hashes) = Columns::of(wanted.iter());
    let select = tx
        .prepare_cached(
            "WITH t AS (SELECT * FROM unnest($2::bytea[], $3::bytea[], $4::bigint[], $5::bytea[]) AS t (s, l, n, h))
             SELECT s, l, n, h, false, whole FROM t JOIN segment ON council = $1 AND scope = s AND log = l AND seq = n AND hash = h
             UNION ALL
             SELECT s, l, n, h, true, false FROM t JOIN tip ON council = $1 AND scope = s AND log = l AND seq = n AND hash = h",
        )
        .await?;
    let mut found = Here::default();
    for row in tx.query(&select, &[&council, &scopes, &logs, &seqs, &hashes]).await? {
        let key = key_of(&row)?;
        let set = if row.try_get(4)? { &mut found.ends } else { &mut found.here };
        set.insert(key);
        if row.try_get(5)? {
            found.whole.insert(key);
        }
    }
    Ok(found)
}

async fn insert(tx: &Transaction<'_>, council: CouncilKey, new: &[&NewSegment]) -> Result<BTreeSet<Key>, StoreError> {
    if new.is_empty() {
        return Ok(BTreeSet::new());
    }
    let keys: Vec<Key> = new.iter().map(|segment| key(segment)).collect();
    let Columns(scopes, logs, seqs, hashes) = Columns::of(keys.iter());
    let whole: Vec<bool> = new.iter().map(|segment| segment.whole).collect();
    let bytes: Vec<&[u8]> = new.iter().map(|segment| segment.bytes.as_slice()).collect();
    let put = tx
        .prepare_cached(
            "INSERT INTO segment (council, scope, log, seq, hash, whole, bytes)
             SELECT $1, t.* FROM unnest($2::bytea[], $3::bytea[], $4::bigint[], $5::bytea[], $6::boolean[], $7::bytea[])
             AS t (scope, log, seq, hash, whole, bytes) ON CONFLICT DO NOTHING RETURNING scope, log, seq, hash",
        )
        .await?;
    let added = tx.query(&put, &[&council, &scopes, &logs, &seqs, &hashes, &whole, &bytes]).await?;
    added.iter().map(key_of).collect()
}

/// The new are tips, those that they follow no more.
async fn move_tips(
    tx: &Transaction<'_>,
    council: CouncilKey,
    new: &[&NewSegment],
    added: &BTreeSet<Key>,
) -> Result<(), StoreError> {
    let passed: BTreeSet<Key> = new.iter().map(|segment| before(segment)).collect();
    let ends: BTreeSet<Key> = added.difference(&passed).copied().collect();
    if !ends.is_empty() {
        let Columns(scopes, logs, seqs, hashes) = Columns::of(ends.iter());
        let put = tx
            .prepare_cached(
                "INSERT INTO tip (council, scope, log, seq, hash)
                 SELECT $1, t.* FROM unnest($2::bytea[], $3::bytea[], $4::bigint[], $5::bytea[]) AS t (s, l, n, h)
                 ON CONFLICT DO NOTHING",
            )
            .await?;
        tx.execute(&put, &[&council, &scopes, &logs, &seqs, &hashes]).await?;
    }
    // What was added here was nobody's end.
    let passed: BTreeSet<Key> = passed.difference(added).copied().collect();
    if !passed.is_empty() {
        let Columns(scopes, logs, seqs, hashes) = Columns::of(passed.iter());
        let go = tx
            .prepare_cached(
                "DELETE FROM tip USING unnest($2::bytea[], $3::bytea[], $4::bigint[], $5::bytea[]) AS t (s, l, n, h)
                 WHERE tip.council = $1 AND tip.scope = t.s AND tip.log = t.l AND tip.seq = t.n AND tip.hash = t.h",
            )
            .await?;
        tx.execute(&go, &[&council, &scopes, &logs, &seqs, &hashes]).await?;
    }
    Ok(())
}

async fn make_whole(tx: &Transaction<'_>, council: CouncilKey, segment: &NewSegment) -> Result<(), StoreError> {
    let (scope, log, seq, hash) = key(segment);
    let update = tx
        .prepare_cached(
            "UPDATE segment SET bytes = $6, whole = true WHERE council = $1 AND scope = $2 AND log = $3 AND seq = $4
             AND hash = $5 AND NOT whole",
        )
        .await?;
    let (scope, log, hash) = (scope.as_slice(), log.as_slice(), hash.as_slice());
    tx.execute(&update, &[&council, &scope, &log, &seq, &hash, &segment.bytes]).await?;
    Ok(())
}

async fn turn_over(tx: &Transaction<'_>, council: CouncilKey) -> Result<u64, StoreError> {
    let next = tx.prepare_cached("UPDATE council SET turn = turn + 1 WHERE id = $1 RETURNING turn").await?;
    number(&tx.query_one(&next, &[&council]).await?, 0)
}

async fn put_blobs(tx: &Transaction<'_>, council: CouncilKey, mut blobs: Vec<NewBlob>) -> Result<(), StoreError> {
    blobs.sort_by_key(|blob| blob.hash);
    for NewBlob { hash, scope, document, bytes } in &blobs {
        let put = tx
            .prepare_cached(
                "INSERT INTO blob (council, hash, scope, document, bytes) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT DO NOTHING",
            )
            .await?;
        let key = (hash.as_bytes().as_slice(), scope.as_bytes().as_slice(), document.as_bytes().as_slice());
        tx.execute(&put, &[&council, &key.0, &key.1, &key.2, bytes]).await?;
    }
    Ok(())
}

/// Rewrites some segments of a scope, and says how far it came.
pub(super) async fn rewrite(
    client: &mut Client,
    council: CouncilKey,
    scope: ScopeId,
    after: Option<Place>,
    most: u32,
    rewrite: &Rewrite,
) -> Result<Option<Place>, StoreError> {
    let (log, seq, hash) = after.unwrap_or((LogId::from_bytes([0; 16]), 0, Hash::NONE));
    let tx = client.transaction().await?;
    let select = "SELECT log, seq, hash, bytes FROM segment
                  WHERE council = $1 AND scope = $2 AND (log, seq, hash) > ($3, $4, $5)
                  ORDER BY log, seq, hash LIMIT $6 FOR UPDATE";
    let scope = scope.as_bytes().as_slice();
    let after = (log.as_bytes().as_slice(), sql(seq), hash.as_bytes().as_slice());
    let found = tx.query(select, &[&council, &scope, &after.0, &after.1, &after.2, &i64::from(most)]).await?;
    let mut last = None;
    for row in &found {
        let (log, seq, hash): ([u8; 16], u64, [u8; 32]) = (id(row, 0)?, number(row, 1)?, id(row, 2)?);
        if let Some((new, whole)) = rewrite(row.try_get(3)?) {
            let update = "UPDATE segment SET bytes = $6, whole = $7
                          WHERE council = $1 AND scope = $2 AND log = $3 AND seq = $4 AND hash = $5";
            let (log, hash) = (log.as_slice(), hash.as_slice());
            tx.execute(update, &[&council, &scope, &log, &sql(seq), &hash, &new, &whole]).await?;
        }
        last = Some((LogId::from_bytes(log), seq, Hash::from_bytes(hash)));
    }
    tx.commit().await?;
    Ok(last.filter(|_| found.len() >= most as usize))
}
