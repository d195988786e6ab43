//! Segments of this laptop's scopes, as they were signed, and how far each stream goes with nothing missing below.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sealed_log::{Body, Hash, LogId, ScopeId, Segment, Short, StreamId, follows};

use super::sql;
use crate::error::HubError;

/// How far a stream goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamRow {
    /// Which.
    pub stream: StreamId,
    /// The highest number with nothing missing below it.
    pub high: u64,
    /// The highest number that a carrier is known to have durably.
    pub shared: u64,
}

/// A segment as it lies here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentRow {
    /// This laptop's number for it.
    pub id: i64,
    /// Its number in its stream.
    pub seq: u64,
    /// Its envelope's hash.
    pub hash: Hash,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Every stream of which a segment is held.
///
/// # Errors
/// The database's own.
pub fn streams(connection: &Connection) -> Result<Vec<StreamRow>, HubError> {
    let mut select = connection.prepare_cached("SELECT log, scope, high, shared FROM sync_stream")?;
    let rows = select.query_map([], |row| {
        Ok(StreamRow {
            stream: StreamId { log: LogId::from_bytes(row.get(0)?), scope: ScopeId::from_bytes(row.get(1)?) },
            high: row.get::<_, i64>(2)?.unsigned_abs(),
            shared: row.get::<_, i64>(3)?.unsigned_abs(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The highest number of a stream with nothing missing below it; 0 if there is none.
///
/// # Errors
/// The database's own.
pub fn high(connection: &Connection, stream: &StreamId) -> Result<u64, HubError> {
    let mut select = connection.prepare_cached("SELECT high FROM sync_stream WHERE log = ?1 AND scope = ?2")?;
    let high: Option<i64> =
        select.query_row(params![stream.log.as_bytes(), stream.scope.as_bytes()], |row| row.get(0)).optional()?;
    Ok(high.unwrap_or(0).unsigned_abs())
}

/// The hashes of a stream's linked envelopes with one number, those that a snapshot stands for included.
///
/// # Errors
/// The database's own.
pub fn hashes(connection: &Connection, stream: &StreamId, seq: u64) -> Result<Vec<Hash>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT hash FROM sync_segment WHERE log = ?1 AND scope = ?2 AND seq = ?3 AND linked = 1
         UNION SELECT hash FROM sync_base WHERE log = ?1 AND scope = ?2 AND seq = ?3 ORDER BY hash",
    )?;
    let rows = select.query_map(params![stream.log.as_bytes(), stream.scope.as_bytes(), sql(seq)], |row| {
        row.get::<_, [u8; 32]>(0)
    })?;
    Ok(rows.map(|hash| hash.map(Hash::from_bytes)).collect::<Result<_, _>>()?)
}

/// The held segment with this number and start of hash.
///
/// # Errors
/// The database's own.
pub fn find(
    connection: &Connection,
    stream: &StreamId,
    seq: u64,
    short: &Short,
) -> Result<Option<SegmentRow>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT id, seq, hash, bytes FROM sync_segment
         WHERE log = ?1 AND scope = ?2 AND seq = ?3 AND substr(hash, 1, 5) = ?4",
    )?;
    let key = params![stream.log.as_bytes(), stream.scope.as_bytes(), sql(seq), short.as_bytes()];
    Ok(select.query_row(key, read).optional()?)
}

/// A segment by this laptop's number for it.
///
/// # Errors
/// The database's own.
pub fn by_id(connection: &Connection, id: i64) -> Result<Option<SegmentRow>, HubError> {
    let mut select = connection.prepare_cached("SELECT id, seq, hash, bytes FROM sync_segment WHERE id = ?1")?;
    Ok(select.query_row([id], read).optional()?)
}

/// A stream's segments in a range of numbers, in order.
///
/// # Errors
/// The database's own.
pub fn range(connection: &Connection, stream: &StreamId, first: u64, last: u64) -> Result<Vec<SegmentRow>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT id, seq, hash, bytes FROM sync_segment
         WHERE log = ?1 AND scope = ?2 AND seq BETWEEN ?3 AND ?4 AND linked = 1 ORDER BY seq, hash",
    )?;
    let key = params![stream.log.as_bytes(), stream.scope.as_bytes(), sql(first), sql(last)];
    let rows = select.query_map(key, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The numbers of a stream's segments that are larger than so many bytes.
///
/// # Errors
/// The database's own.
pub fn larger(connection: &Connection, stream: &StreamId, than: usize) -> Result<Vec<u64>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT seq FROM sync_segment WHERE log = ?1 AND scope = ?2 AND linked = 1 AND length(bytes) > ?3 ORDER BY seq",
    )?;
    let key = params![stream.log.as_bytes(), stream.scope.as_bytes(), sql(than as u64)];
    let rows = select.query_map(key, |row| Ok(row.get::<_, i64>(0)?.unsigned_abs()))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps a segment, and says its number here; `None` if it was here.
///
/// # Errors
/// The database's own.
pub fn keep(connection: &Connection, segment: &Segment) -> Result<Option<i64>, HubError> {
    let (envelope, hash) = (&segment.envelope, segment.hash());
    let id = envelope.stream();
    let added = connection
        .prepare_cached(
            "INSERT INTO sync_segment (log, scope, seq, hash, prev, linked, records, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            id.log.as_bytes(),
            id.scope.as_bytes(),
            sql(envelope.seq),
            hash.as_bytes(),
            envelope.prev.as_bytes(),
            sql(envelope.items.len() as u64),
            segment.encode()
        ])?;
    if added == 0 {
        return Ok(None);
    }
    let row = connection.last_insert_rowid();
    link(connection, &id, envelope.seq, hash, envelope.prev)?;
    Ok(Some(row))
}

/// Puts better bytes in the place of a segment whose bodies were not all here.
///
/// # Errors
/// The database's own.
pub fn replace(connection: &Connection, id: i64, segment: &Segment) -> Result<(), HubError> {
    connection
        .prepare_cached("UPDATE sync_segment SET bytes = ?2 WHERE id = ?1")?
        .execute(params![id, segment.encode()])?;
    Ok(())
}

/// Puts bytes whose erased bodies were taken out in the place of a segment's, in the erasure with this number.
///
/// # Errors
/// The database's own.
pub fn redact(connection: &Connection, id: i64, segment: &Segment, erasure: u64) -> Result<(), HubError> {
    connection.prepare_cached("UPDATE sync_segment SET bytes = ?2, redacted = ?3 WHERE id = ?1")?.execute(params![
        id,
        segment.encode(),
        sql(erasure)
    ])?;
    connection
        .prepare_cached(
            "DELETE FROM sync_parked_record WHERE segment = ?1 AND item IN (SELECT value FROM json_each(?2))",
        )?
        .execute(params![id, erased_items(segment)])?;
    Ok(())
}

/// The records of a segment that are erased, as a JSON array.
fn erased_items(segment: &Segment) -> String {
    let erased = segment.bodies.iter().enumerate().filter(|(_, body)| **body == Body::Erased);
    let items: Vec<String> = erased.map(|(item, _)| item.to_string()).collect();
    format!("[{}]", items.join(","))
}

/// The number of the last erasure that took a body out; 0 if none did.
///
/// # Errors
/// The database's own.
pub fn last_erasure(connection: &Connection) -> Result<u64, HubError> {
    let last: Option<i64> =
        connection.query_row("SELECT max(redacted) FROM sync_segment WHERE redacted > 0", [], |row| row.get(0))?;
    Ok(last.unwrap_or(0).unsigned_abs())
}

/// The segments from which bodies were taken out in erasures above a number, by stream.
///
/// # Errors
/// The database's own.
pub fn redacted(connection: &Connection, above: u64) -> Result<Vec<(StreamId, SegmentRow)>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT id, seq, hash, bytes, log, scope FROM sync_segment WHERE redacted > ?1 ORDER BY log, scope, seq",
    )?;
    let rows = select.query_map([sql(above)], |row| {
        let stream = StreamId { log: LogId::from_bytes(row.get(4)?), scope: ScopeId::from_bytes(row.get(5)?) };
        Ok((stream, read(row)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every segment of a scope, by this laptop's number for it.
///
/// # Errors
/// The database's own.
pub fn of_scope(connection: &Connection, scope: &ScopeId) -> Result<Vec<i64>, HubError> {
    let mut select = connection.prepare_cached("SELECT id FROM sync_segment WHERE scope = ?1 ORDER BY id")?;
    let rows = select.query_map([scope.as_bytes()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Lets go of every segment of a scope, and of what waits in it.
///
/// # Errors
/// The database's own.
pub fn forget_scope(connection: &Connection, scope: &ScopeId) -> Result<(), HubError> {
    for table in [
        "sync_segment",
        "sync_stream",
        "sync_parted",
        "sync_base",
        "sync_taken",
        "sync_arriving",
        "sync_parked_segment",
    ] {
        connection.execute(&format!("DELETE FROM {table} WHERE scope = ?1"), [scope.as_bytes()])?;
    }
    Ok(())
}

/// Notes that a carrier has a stream durably up to a number.
///
/// # Errors
/// The database's own.
pub fn shared(connection: &Connection, stream: &StreamId, seq: u64) -> Result<(), HubError> {
    connection
        .prepare_cached("UPDATE sync_stream SET shared = max(shared, ?3) WHERE log = ?1 AND scope = ?2")?
        .execute(params![stream.log.as_bytes(), stream.scope.as_bytes(), sql(seq)])?;
    Ok(())
}

/// How many records a stream's segments above one number and up to another hold.
///
/// # Errors
/// The database's own.
pub fn records(connection: &Connection, stream: &StreamId, above: u64, to: u64) -> Result<u32, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT coalesce(sum(records), 0) FROM sync_segment
         WHERE log = ?1 AND scope = ?2 AND seq > ?3 AND seq <= ?4 AND linked = 1",
    )?;
    let key = params![stream.log.as_bytes(), stream.scope.as_bytes(), sql(above), sql(to)];
    let sum: i64 = select.query_row(key, |row| row.get(0))?;
    Ok(u32::try_from(sum).unwrap_or(u32::MAX))
}

/// The number below the lowest segment that is here and follows none that is: what is missing there. It may be a number
/// that is held otherwise, when a log went two ways.
///
/// # Errors
/// The database's own.
pub fn missing_below(connection: &Connection, stream: &StreamId) -> Result<Option<u64>, HubError> {
    let mut select = connection
        .prepare_cached("SELECT min(seq) - 1 FROM sync_segment WHERE log = ?1 AND scope = ?2 AND linked = 0")?;
    let key = params![stream.log.as_bytes(), stream.scope.as_bytes()];
    let missing: Option<i64> = select.query_row(key, |row| row.get(0))?;
    Ok(missing.map(i64::unsigned_abs))
}

/// A stream goes on from envelopes that are not here and that a snapshot covers: one, unless its log went two ways.
///
/// # Errors
/// The database's own.
pub fn stand_on(connection: &Connection, id: &StreamId, ends: &[(u64, Hash)]) -> Result<(), HubError> {
    let stream = params![id.log.as_bytes(), id.scope.as_bytes()];
    connection.prepare_cached("DELETE FROM sync_base WHERE log = ?1 AND scope = ?2")?.execute(stream)?;
    let mut insert =
        connection.prepare_cached("INSERT INTO sync_base (log, scope, seq, hash) VALUES (?1, ?2, ?3, ?4)")?;
    let mut high = high(connection, id)?;
    let mut waiting = Vec::new();
    for (seq, hash) in ends {
        insert.execute(params![id.log.as_bytes(), id.scope.as_bytes(), sql(*seq), hash.as_bytes()])?;
        if ends.len() > 1 || hashes(connection, id, *seq)?.len() > 1 {
            note_parted(connection, id, *seq)?;
        }
        high = high.max(*seq);
        waiting.extend(waiting_after(connection, id, *seq, hash)?);
    }
    link_all(connection, id, high, waiting)
}

/// Links an envelope that came, and all that were waiting for it.
fn link(connection: &Connection, id: &StreamId, seq: u64, hash: Hash, prev: Hash) -> Result<(), HubError> {
    let high = high(connection, id)?;
    link_all(connection, id, high, vec![(seq, hash, prev)])
}

fn link_all(
    connection: &Connection,
    id: &StreamId,
    mut high: u64,
    mut open: Vec<(u64, Hash, Hash)>,
) -> Result<(), HubError> {
    while let Some((seq, hash, prev)) = open.pop() {
        let before = hashes(connection, id, seq.saturating_sub(1))?;
        if !follows(seq, &prev, |_, prev| before.contains(prev)) {
            continue;
        }
        connection
            .prepare_cached(
                "UPDATE sync_segment SET linked = 1 WHERE log = ?1 AND scope = ?2 AND seq = ?3 AND hash = ?4",
            )?
            .execute(params![id.log.as_bytes(), id.scope.as_bytes(), sql(seq), hash.as_bytes()])?;
        if hashes(connection, id, seq)?.len() > 1 {
            note_parted(connection, id, seq)?;
        }
        high = high.max(seq);
        open.extend(waiting_after(connection, id, seq, &hash)?);
    }
    connection
        .prepare_cached(
            "INSERT INTO sync_stream (log, scope, high) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET high = excluded.high",
        )?
        .execute(params![id.log.as_bytes(), id.scope.as_bytes(), sql(high)])?;
    Ok(())
}

fn note_parted(connection: &Connection, id: &StreamId, seq: u64) -> Result<(), HubError> {
    connection
        .prepare_cached(
            "INSERT INTO sync_parted (log, scope, first) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET first = min(first, excluded.first)",
        )?
        .execute(params![id.log.as_bytes(), id.scope.as_bytes(), sql(seq)])?;
    Ok(())
}

/// The lowest number that two linked segments bear, if the stream's log went two ways.
///
/// # Errors
/// The database's own.
pub fn parted(connection: &Connection, stream: &StreamId) -> Result<Option<u64>, HubError> {
    let mut select = connection.prepare_cached("SELECT first FROM sync_parted WHERE log = ?1 AND scope = ?2")?;
    let first: Option<i64> =
        select.query_row(params![stream.log.as_bytes(), stream.scope.as_bytes()], |row| row.get(0)).optional()?;
    Ok(first.map(i64::unsigned_abs))
}

/// The ends of a stream's ways: linked segments that no other follows. One, unless its log went two ways.
///
/// # Errors
/// The database's own.
pub fn ends(connection: &Connection, stream: &StreamId, high: u64) -> Result<Vec<(u64, Short)>, HubError> {
    Ok(end_hashes(connection, stream, high)?.into_iter().map(|(seq, hash)| (seq, hash.short())).collect())
}

/// As [`ends`], with the whole hashes.
///
/// # Errors
/// The database's own.
pub fn end_hashes(connection: &Connection, stream: &StreamId, high: u64) -> Result<Vec<(u64, Hash)>, HubError> {
    let from = parted(connection, stream)?.unwrap_or(high);
    let mut select = connection.prepare_cached(
        "SELECT seq, hash FROM sync_segment AS one
         WHERE log = ?1 AND scope = ?2 AND seq >= ?3 AND linked = 1 AND NOT EXISTS (
             SELECT 1 FROM sync_segment AS next WHERE next.log = one.log AND next.scope = one.scope
             AND next.seq = one.seq + 1 AND next.prev = one.hash AND next.linked = 1)
         UNION SELECT seq, hash FROM sync_base AS one
         WHERE log = ?1 AND scope = ?2 AND seq >= ?3 AND NOT EXISTS (
             SELECT 1 FROM sync_segment AS next WHERE next.log = one.log AND next.scope = one.scope
             AND next.seq = one.seq + 1 AND next.prev = one.hash AND next.linked = 1)",
    )?;
    let rows = select.query_map(params![stream.log.as_bytes(), stream.scope.as_bytes(), sql(from)], |row| {
        Ok((row.get::<_, i64>(0)?.unsigned_abs(), Hash::from_bytes(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Envelopes that follow `hash` and are not linked yet.
fn waiting_after(
    connection: &Connection,
    id: &StreamId,
    seq: u64,
    hash: &Hash,
) -> Result<Vec<(u64, Hash, Hash)>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT hash FROM sync_segment
         WHERE log = ?1 AND scope = ?2 AND seq = ?3 AND prev = ?4 AND linked = 0",
    )?;
    let next = seq + 1;
    let key = params![id.log.as_bytes(), id.scope.as_bytes(), sql(next), hash.as_bytes()];
    let rows = select.query_map(key, |row| Ok((next, Hash::from_bytes(row.get(0)?), *hash)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<SegmentRow> {
    Ok(SegmentRow {
        id: row.get(0)?,
        seq: row.get::<_, i64>(1)?.unsigned_abs(),
        hash: Hash::from_bytes(row.get(2)?),
        bytes: row.get(3)?,
    })
}

/// What grows whenever a segment comes, and whenever bodies are taken out.
///
/// # Errors
/// The database's own.
pub fn newest(connection: &Connection) -> Result<(u64, u64), HubError> {
    let newest: Option<i64> = connection.query_row("SELECT max(id) FROM sync_segment", [], |row| row.get(0))?;
    Ok((newest.unwrap_or(0).unsigned_abs(), last_erasure(connection)?))
}
