//! Segments in SQLite: whether each is new, and what its stream's ends are then.

use std::collections::BTreeSet;

use rusqlite::{Transaction, params};
use sealed_log::{Hash, LogId, ScopeId, StreamId};

use crate::store::{CouncilKey, Kept, NewBlob, NewSegment, Place, Rewrite, StoreError, sql};

/// Where a segment stands.
type Key = (StreamId, u64, Hash);

fn key(segment: &NewSegment) -> Key {
    (segment.stream, segment.seq, segment.hash)
}

fn before(segment: &NewSegment) -> Key {
    (segment.stream, segment.seq.saturating_sub(1), segment.prev)
}

/// Keeps segments in their order, and moves the ends of their streams when all are in.
pub(super) fn keep(
    tx: &Transaction<'_>,
    council: CouncilKey,
    segments: &[NewSegment],
) -> Result<Vec<Kept>, StoreError> {
    let (mut here, mut new, mut passed) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut outcomes = Vec::with_capacity(segments.len());
    for segment in segments {
        let before = before(segment);
        // What follows an end of its stream follows what need not be here any more itself.
        let follows = segment.seq <= 1
            || here.contains(&before)
            || is_in(tx, "segment", council, &before)?
            || is_in(tx, "tip", council, &before)?;
        let outcome = keep_one(tx, council, segment, follows)?;
        if outcome != Kept::Gap {
            here.insert(key(segment));
        }
        if outcome == Kept::New {
            new.insert(key(segment));
            passed.insert(before);
        }
        outcomes.push(outcome);
    }
    for (stream, seq, hash) in passed.difference(&new) {
        let go = "DELETE FROM tip WHERE council = ?1 AND scope = ?2 AND log = ?3 AND seq = ?4 AND hash = ?5";
        let (scope, log) = (stream.scope.as_bytes(), stream.log.as_bytes());
        tx.prepare_cached(go)?.execute(params![council, scope, log, sql(*seq), hash.as_bytes()])?;
    }
    for (stream, seq, hash) in new.difference(&passed) {
        let put = "INSERT INTO tip (council, scope, log, seq, hash) VALUES (?1, ?2, ?3, ?4, ?5)";
        let (scope, log) = (stream.scope.as_bytes(), stream.log.as_bytes());
        tx.prepare_cached(put)?.execute(params![council, scope, log, sql(*seq), hash.as_bytes()])?;
    }
    Ok(outcomes)
}

/// Keeps a body that is apart.
pub(super) fn keep_blob(tx: &Transaction<'_>, council: CouncilKey, blob: &NewBlob) -> Result<(), StoreError> {
    let NewBlob { hash, scope, document, bytes } = blob;
    let put = "INSERT INTO blob (council, hash, scope, document, bytes) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT DO NOTHING";
    tx.prepare_cached(put)?.execute(params![council, hash.as_bytes(), scope.as_bytes(), document.as_bytes(), bytes])?;
    Ok(())
}

fn is_in(tx: &Transaction<'_>, table: &str, council: CouncilKey, key: &Key) -> Result<bool, StoreError> {
    let (stream, seq, hash) = key;
    let mut select = tx.prepare_cached(&format!(
        "SELECT 1 FROM {table} WHERE council = ?1 AND scope = ?2 AND log = ?3 AND seq = ?4 AND hash = ?5"
    ))?;
    let (scope, log) = (stream.scope.as_bytes(), stream.log.as_bytes());
    Ok(select.exists(params![council, scope, log, sql(*seq), hash.as_bytes()])?)
}

fn keep_one(
    tx: &Transaction<'_>,
    council: CouncilKey,
    segment: &NewSegment,
    follows: bool,
) -> Result<Kept, StoreError> {
    let NewSegment { stream, seq, hash, whole, bytes, .. } = segment;
    let (scope, log) = (stream.scope.as_bytes(), stream.log.as_bytes());
    if follows {
        let added = tx
            .prepare_cached(
                "INSERT INTO segment (council, scope, log, seq, hash, whole, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT DO NOTHING",
            )?
            .execute(params![council, scope, log, sql(*seq), hash.as_bytes(), whole, bytes])?;
        if added > 0 {
            return Ok(Kept::New);
        }
    } else if !is_in(tx, "segment", council, &key(segment))? {
        return Ok(Kept::Gap);
    }
    if *whole {
        tx.prepare_cached(
            "UPDATE segment SET bytes = ?6, whole = 1
             WHERE council = ?1 AND scope = ?2 AND log = ?3 AND seq = ?4 AND hash = ?5 AND whole = 0",
        )?
        .execute(params![council, scope, log, sql(*seq), hash.as_bytes(), bytes])?;
    }
    Ok(Kept::Known)
}

pub(super) fn rewrite_some(
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
