//! Segments in SQLite, one by one: whether each is new, and what its stream's ends are then.

use rusqlite::{Transaction, params};
use sealed_log::{Hash, LogId, ScopeId};

use crate::store::{CouncilKey, Kept, NewSegment, Place, Rewrite, StoreError, sql};

pub(super) fn keep(tx: &Transaction<'_>, council: CouncilKey, segment: &NewSegment) -> Result<Kept, StoreError> {
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
    if *seq > 1 && !here(seq - 1, prev)? && !is_end(tx, council, segment)? {
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

/// True if what a segment follows is an end of its stream: it need not be here any more itself.
fn is_end(tx: &Transaction<'_>, council: CouncilKey, segment: &NewSegment) -> Result<bool, StoreError> {
    let (scope, log) = (segment.stream.scope.as_bytes(), segment.stream.log.as_bytes());
    let mut select = tx.prepare_cached(
        "SELECT 1 FROM tip WHERE council = ?1 AND scope = ?2 AND log = ?3 AND seq = ?4 AND hash = ?5",
    )?;
    Ok(select.exists(params![council, scope, log, sql(segment.seq.saturating_sub(1)), segment.prev.as_bytes()])?)
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
