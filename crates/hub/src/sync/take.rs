//! Taking segments in: verify, keep, open, merge. One bad record never stops the others.

use std::collections::BTreeSet;

use sealed_log::{ActorId, Body, LogId, Opened, Refusal, Segment, Short, Stop, StreamId, Waits, open};
use sync_schema::DocId;
use sync_schema::exchange::{ExchangeError, unpack};

use super::erasing::redact;
use super::here::Here;
use crate::error::HubError;
use crate::store::sync::segment::{self, SegmentRow};
use crate::store::sync::waiting::{self, Claim};
use crate::store::{Merged, Tx};

/// What taking in has come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) received: u32,
    pub(super) applied: u32,
    pub(super) refused: u32,
    /// The logs of which something new came.
    pub(super) from: BTreeSet<LogId>,
}

/// Takes one segment that came as a file of `stream`.
pub(super) fn take_segment(
    tx: &mut Tx<'_>,
    here: &Here,
    stream: &StreamId,
    bytes: &[u8],
    tally: &mut Tally,
) -> Result<(), HubError> {
    let digest = *blake3::hash(bytes).as_bytes();
    let mut segment = match Segment::decode(bytes) {
        Ok(segment) => segment,
        Err(Stop::Waits(reason)) => return park(tx, stream, 0, bytes, reason),
        Err(Stop::Refused(reason)) => return refuse(tx, &digest, None, stream, reason, tally),
    };
    let stream = segment.envelope.stream();
    let seq = segment.envelope.seq;
    match segment.verify(here.council(), &here.members) {
        Ok(()) if here.cuts.get(&stream).is_some_and(|cut| seq > *cut) => {
            return refuse(tx, &digest, None, &stream, Refusal::Revoked, tally);
        }
        Ok(()) if here.scopes.contains_key(&stream.scope) => {}
        Ok(()) => return refuse(tx, &digest, None, &stream, Refusal::WrongScope, tally),
        Err(Stop::Refused(reason)) => return refuse(tx, &digest, None, &stream, reason, tally),
        Err(Stop::Waits(reason)) => {
            // Perhaps a stranger's, perhaps one whose enrolment is still on its way: named and counted, and kept.
            refuse(tx, &digest, None, &stream, Refusal::Stranger, tally)?;
            return park(tx, &stream, seq, bytes, reason);
        }
    }
    redact(here, &mut segment);
    let damaged = set_damaged_apart(here, &mut segment);
    for item in &damaged {
        let hash = segment.hash();
        refuse(tx, hash.as_bytes(), Some(*item), &stream, Refusal::HashMismatch, tally)?;
    }
    let known = segment::find(tx.connection(), &stream, seq, &segment.hash().short())?;
    if let Some(known) = known.filter(|known| known.hash == segment.hash()) {
        return mend(tx, here, &known, &segment, tally);
    }
    let Some(id) = segment::keep(tx.connection(), &segment)? else { return Ok(()) };
    if segment.bodies.contains(&Body::Erased) {
        // Even if they came so: another carrier may show them yet.
        segment::redact(tx.connection(), id, &segment, segment::last_erasure(tx.connection())? + 1)?;
    }
    let records = segment.envelope.items.len();
    tally.received += u32::try_from(records).unwrap_or(u32::MAX);
    tally.from.insert(stream.log);
    for item in 0..records {
        take_record(tx, here, &segment, id, item, tally)?;
    }
    Ok(())
}

/// Tries again what waits, until nothing more can be taken.
pub(super) fn retry(tx: &mut Tx<'_>, here: &Here, tally: &mut Tally) -> Result<(), HubError> {
    for parked in waiting::parked_segments(tx.connection())? {
        let vouched = Segment::decode(&parked.bytes)
            .is_ok_and(|segment| segment.verify(here.council(), &here.members) != Err(Waits::UnknownLog.into()));
        if vouched {
            waiting::unpark_segment(tx.connection(), parked.id)?;
            waiting::forgive(tx.connection(), blake3::hash(&parked.bytes).as_bytes())?;
            let none = StreamId { log: here.log(), scope: sealed_log::ScopeId::from_bytes([0; 16]) };
            take_segment(tx, here, &none, &parked.bytes, tally)?;
        }
    }
    while retry_records(tx, here, tally)? {}
    Ok(())
}

/// One pass over the parked records; true if any could be taken.
fn retry_records(tx: &mut Tx<'_>, here: &Here, tally: &mut Tally) -> Result<bool, HubError> {
    let mut progress = false;
    let mut last: Option<(i64, Segment)> = None;
    for parked in waiting::parked_records(tx.connection())? {
        if parked.reason == Waits::BodyMissing {
            continue;
        }
        if last.as_ref().is_none_or(|(id, _)| *id != parked.segment) {
            last = load(tx, parked.segment)?.map(|segment| (parked.segment, segment));
        }
        let Some((id, segment)) = &last else { continue };
        if take_record(tx, here, segment, *id, parked.item, tally)? {
            waiting::unpark_record(tx.connection(), *id, parked.item)?;
            progress = true;
        }
    }
    Ok(progress)
}

fn load(tx: &Tx<'_>, id: i64) -> Result<Option<Segment>, HubError> {
    let row = segment::by_id(tx.connection(), id)?;
    Ok(row.and_then(|row| Segment::decode(&row.bytes).ok()))
}

/// A segment that is here came again: bodies that were missing are put in.
fn mend(tx: &mut Tx<'_>, here: &Here, known: &SegmentRow, came: &Segment, tally: &mut Tally) -> Result<(), HubError> {
    let Ok(mut segment) = Segment::decode(&known.bytes) else { return Ok(()) };
    let mut mended = Vec::new();
    for (item, (body, other)) in segment.bodies.iter_mut().zip(&came.bodies).enumerate() {
        if *body == Body::Apart && matches!(other, Body::Sealed(_)) {
            body.clone_from(other);
            mended.push(item);
        }
    }
    if mended.is_empty() {
        return Ok(());
    }
    segment::replace(tx.connection(), known.id, &segment)?;
    for item in mended {
        waiting::unpark_record(tx.connection(), known.id, item)?;
        take_record(tx, here, &segment, known.id, item, tally)?;
    }
    Ok(())
}

/// Takes a body that travelled apart from its segment.
pub(super) fn take_apart(
    tx: &mut Tx<'_>,
    here: &Here,
    (id, item): (i64, usize),
    bytes: Vec<u8>,
    tally: &mut Tally,
) -> Result<(), HubError> {
    let Some(mut segment) = load(tx, id)? else { return Ok(()) };
    if !segment.put_in(item, bytes) {
        let (hash, stream) = (segment.hash(), segment.envelope.stream());
        return refuse(tx, hash.as_bytes(), Some(item), &stream, Refusal::HashMismatch, tally);
    }
    segment::replace(tx.connection(), id, &segment)?;
    waiting::unpark_record(tx.connection(), id, item)?;
    take_record(tx, here, &segment, id, item, tally).map(drop)
}

/// Takes one record of a kept segment. True unless it waits, and then it is parked.
fn take_record(
    tx: &mut Tx<'_>,
    here: &Here,
    segment: &Segment,
    id: i64,
    item: usize,
    tally: &mut Tally,
) -> Result<bool, HubError> {
    let stop = match open(segment, item, &here.identity.keyring) {
        Ok(None) => None,
        Ok(Some(opened)) => merge(tx, here, segment, &opened)?,
        Err(stop) => Some(stop),
    };
    match stop {
        None => {
            tally.applied += 1;
            Ok(true)
        }
        Some(Stop::Refused(reason)) => {
            let hash = segment.hash();
            refuse(tx, hash.as_bytes(), Some(item), &segment.envelope.stream(), reason, tally)?;
            Ok(true)
        }
        Some(Stop::Waits(reason)) => {
            waiting::park_record(tx.connection(), id, item, reason)?;
            Ok(false)
        }
    }
}

fn merge(tx: &mut Tx<'_>, here: &Here, segment: &Segment, opened: &Opened) -> Result<Option<Stop>, HubError> {
    let stream = segment.envelope.stream();
    if opened.origin != stream.log && !here.members.same_laptop(&opened.origin, &stream.log) {
        let known = here.members.laptop_of(&opened.origin).is_some();
        return Ok(Some(if known { Refusal::ForeignOrigin.into() } else { Waits::UnknownLog.into() }));
    }
    let Some(scope) = here.scopes.get(&stream.scope) else { return Ok(Some(Waits::NoKey.into())) };
    let actor = ActorId::of(&opened.origin, &opened.run);
    let changes = match unpack(&opened.changes, actor.as_bytes()) {
        Ok(changes) => changes,
        Err(ExchangeError::ForeignActor) => return Ok(Some(Refusal::ForeignActor.into())),
        Err(_) => return Ok(Some(Refusal::NotChanges.into())),
    };
    let document = DocId::from_bytes(*opened.document.as_bytes());
    Ok(match tx.merge(document, *scope, changes)? {
        Merged::Applied { .. } | Merged::Known => None,
        Merged::Waits => Some(Waits::MissingDependency.into()),
        Merged::WrongScope => Some(Refusal::WrongScope.into()),
        Merged::Refused => Some(Refusal::NotChanges.into()),
    })
}

/// Bodies that are not what was signed are marked as not here, so that they are asked for and never passed on. So are
/// those marked as erased: the mark is not signed, and only the roster's word makes it true. That word may be on its way
/// still, so that such a mark is nothing to be refused. Says which are damaged.
fn set_damaged_apart(here: &Here, segment: &mut Segment) -> Vec<usize> {
    let scope = segment.envelope.scope;
    segment.unredact(|document| here.members.is_erased(&scope, document));
    let damaged: Vec<usize> =
        (0..segment.bodies.len()).filter(|item| matches!(segment.body(*item), Err(Stop::Refused(_)))).collect();
    for (item, body) in segment.bodies.iter_mut().enumerate() {
        if damaged.contains(&item) {
            *body = Body::Apart;
        }
    }
    damaged
}

fn refuse(
    tx: &Tx<'_>,
    digest: &[u8; 32],
    item: Option<usize>,
    stream: &StreamId,
    reason: Refusal,
    tally: &mut Tally,
) -> Result<(), HubError> {
    if waiting::refuse(tx.connection(), digest, item, stream, reason)? {
        tally.refused += 1;
    }
    Ok(())
}

fn park(tx: &Tx<'_>, stream: &StreamId, seq: u64, bytes: &[u8], reason: Waits) -> Result<(), HubError> {
    let short = Segment::peek_hash(bytes).map_or(Short::from_bytes([0; 5]), |hash| hash.short());
    waiting::park_segment(tx.connection(), &Claim { stream: *stream, seq, short }, reason, bytes)
}
