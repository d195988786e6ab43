//! What came and could not be taken: parked, bounded, until it can be; or refused, and counted once each.

use rusqlite::{Connection, params};
use sealed_log::{Refusal, ScopeId, Short, StreamId, Waits};

use super::{segment, sql};
use crate::error::HubError;

/// Most segments parked.
const SEGMENTS_MOST: i64 = 4_096;
/// Most bytes of parked segments.
const BYTES_MOST: i64 = 64 << 20;

/// A segment that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedSegment {
    /// This laptop's number for it.
    pub id: i64,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A record of a segment that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParkedRecord {
    /// This laptop's number for its segment.
    pub segment: i64,
    /// Which of the segment's records.
    pub item: usize,
    /// What it waits for.
    pub reason: Waits,
}

/// Where a segment says it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Its stream.
    pub stream: StreamId,
    /// Its number.
    pub seq: u64,
    /// The start of its envelope's hash.
    pub short: Short,
}

/// Parks a segment. Beyond the bound the oldest parked go: they are still on the carrier.
///
/// # Errors
/// The database's own.
pub fn park_segment(connection: &Connection, claim: &Claim, reason: Waits, bytes: &[u8]) -> Result<(), HubError> {
    connection
        .prepare_cached(
            "INSERT INTO sync_parked_segment (digest, log, scope, seq, short, reason, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            blake3::hash(bytes).as_bytes(),
            claim.stream.log.as_bytes(),
            claim.stream.scope.as_bytes(),
            sql(claim.seq),
            claim.short.as_bytes(),
            reason.code(),
            bytes
        ])?;
    connection
        .prepare_cached(
            "DELETE FROM sync_parked_segment WHERE id IN (SELECT id FROM (
                SELECT id, row_number() OVER newest AS nth, sum(length(bytes)) OVER newest AS size
                FROM sync_parked_segment WINDOW newest AS (ORDER BY id DESC)) WHERE nth > ?1 OR size > ?2)",
        )?
        .execute([SEGMENTS_MOST, BYTES_MOST])?;
    Ok(())
}

/// Every parked segment, oldest first.
///
/// # Errors
/// The database's own.
pub fn parked_segments(connection: &Connection) -> Result<Vec<ParkedSegment>, HubError> {
    let mut select = connection.prepare_cached("SELECT id, bytes FROM sync_parked_segment ORDER BY id")?;
    let rows = select.query_map([], |row| Ok(ParkedSegment { id: row.get(0)?, bytes: row.get(1)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// True if a segment with this claim is parked.
///
/// # Errors
/// The database's own.
pub fn is_parked(connection: &Connection, claim: &Claim) -> Result<bool, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT 1 FROM sync_parked_segment WHERE log = ?1 AND scope = ?2 AND seq = ?3 AND short = ?4",
    )?;
    Ok(select.exists(params![
        claim.stream.log.as_bytes(),
        claim.stream.scope.as_bytes(),
        sql(claim.seq),
        claim.short.as_bytes()
    ])?)
}

/// True if a segment with this claim is held, or parked.
///
/// # Errors
/// The database's own.
pub fn is_here(connection: &Connection, claim: &Claim) -> Result<bool, HubError> {
    let held = segment::find(connection, &claim.stream, claim.seq, &claim.short)?.is_some();
    Ok(held || is_parked(connection, claim)?)
}

/// Takes a segment off the parked ones.
///
/// # Errors
/// The database's own.
pub fn unpark_segment(connection: &Connection, id: i64) -> Result<(), HubError> {
    connection.prepare_cached("DELETE FROM sync_parked_segment WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Parks a record of a segment that is kept.
///
/// # Errors
/// The database's own.
pub fn park_record(connection: &Connection, segment: i64, item: usize, reason: Waits) -> Result<(), HubError> {
    connection
        .prepare_cached(
            "INSERT INTO sync_parked_record (segment, item, reason) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET reason = excluded.reason",
        )?
        .execute(params![segment, sql(item as u64), reason.code()])?;
    Ok(())
}

/// Every parked record, in the order in which their segments came.
///
/// # Errors
/// The database's own.
pub fn parked_records(connection: &Connection) -> Result<Vec<ParkedRecord>, HubError> {
    let mut select =
        connection.prepare_cached("SELECT segment, item, reason FROM sync_parked_record ORDER BY segment, item")?;
    let rows = select.query_map([], |row| {
        let reason: String = row.get(2)?;
        Ok(ParkedRecord {
            segment: row.get(0)?,
            item: usize::try_from(row.get::<_, i64>(1)?).unwrap_or(usize::MAX),
            reason: Waits::from_code(&reason).unwrap_or(Waits::NewerVersion),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes a record off the parked ones.
///
/// # Errors
/// The database's own.
pub fn unpark_record(connection: &Connection, segment: i64, item: usize) -> Result<(), HubError> {
    connection
        .prepare_cached("DELETE FROM sync_parked_record WHERE segment = ?1 AND item = ?2")?
        .execute(params![segment, sql(item as u64)])?;
    Ok(())
}

/// The records of one stream whose bodies are not here: their segments' numbers here, and which of the records.
///
/// # Errors
/// The database's own.
pub fn without_body(connection: &Connection, stream: &StreamId) -> Result<Vec<(i64, usize)>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT parked.segment, parked.item FROM sync_parked_record AS parked
         JOIN sync_segment AS segment ON segment.id = parked.segment
         WHERE parked.reason = ?1 AND segment.log = ?2 AND segment.scope = ?3 ORDER BY segment.seq, parked.item",
    )?;
    let key = params![Waits::BodyMissing.code(), stream.log.as_bytes(), stream.scope.as_bytes()];
    let rows =
        select.query_map(key, |row| Ok((row.get(0)?, usize::try_from(row.get::<_, i64>(1)?).unwrap_or(usize::MAX))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Streams and numbers of the segments whose bodies are not all here.
///
/// # Errors
/// The database's own.
pub fn bodies_missing(connection: &Connection) -> Result<Vec<(StreamId, u64)>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT DISTINCT segment.log, segment.scope, segment.seq FROM sync_parked_record AS parked
         JOIN sync_segment AS segment ON segment.id = parked.segment WHERE parked.reason = ?1",
    )?;
    let rows = select.query_map([Waits::BodyMissing.code()], |row| {
        let stream =
            StreamId { log: sealed_log::LogId::from_bytes(row.get(0)?), scope: ScopeId::from_bytes(row.get(1)?) };
        Ok((stream, row.get::<_, i64>(2)?.unsigned_abs()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// True while any record of a scope's kept segments waits.
///
/// # Errors
/// The database's own.
pub fn any_record_of(connection: &Connection, scope: &ScopeId) -> Result<bool, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT 1 FROM sync_parked_record AS parked
         JOIN sync_segment AS segment ON segment.id = parked.segment WHERE segment.scope = ?1",
    )?;
    Ok(select.exists([scope.as_bytes()])?)
}

/// How many records and segments wait.
///
/// # Errors
/// The database's own.
pub fn count(connection: &Connection) -> Result<u32, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT (SELECT count(*) FROM sync_parked_record) + (SELECT count(*) FROM sync_parked_segment)",
    )?;
    Ok(select.query_row([], |row| row.get(0))?)
}

/// Counts something refused: a whole segment (`item` is none) or one of its records. False if it was counted before.
///
/// # Errors
/// The database's own.
pub fn refuse(
    connection: &Connection,
    digest: &[u8; 32],
    item: Option<usize>,
    stream: &StreamId,
    reason: Refusal,
) -> Result<bool, HubError> {
    let item = item.map_or(-1, |item| sql(item as u64));
    let added = connection
        .prepare_cached(
            "INSERT INTO sync_refused (digest, item, log, scope, reason) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![digest, item, stream.log.as_bytes(), stream.scope.as_bytes(), reason.code()])?;
    Ok(added == 1)
}

/// Takes a refusal back: what was a stranger's turns out to be vouched for.
///
/// # Errors
/// The database's own.
pub fn forgive(connection: &Connection, digest: &[u8; 32]) -> Result<(), HubError> {
    connection.prepare_cached("DELETE FROM sync_refused WHERE digest = ?1 AND item = -1")?.execute([digest])?;
    Ok(())
}

/// How many were refused, by reason code.
///
/// # Errors
/// The database's own.
pub fn refused(connection: &Connection) -> Result<Vec<(String, u32)>, HubError> {
    let mut select =
        connection.prepare_cached("SELECT reason, count(*) FROM sync_refused GROUP BY reason ORDER BY reason")?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
