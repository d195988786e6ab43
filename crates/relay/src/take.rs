//! What may be put: signed by a laptop that may write there, by somebody who may read there or wrote it, and whole.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use sealed_log::{
    APART, Body, CouncilId, DocId, Hash, LaptopId, Members, Refusal, ScopeId, Seen, Segment, Stop, Waits, body_hash,
};

use tokio::sync::mpsc::UnboundedSender;

use crate::council::code;
use crate::store::{Batch, NewBlob, NewSegment, Statement};

/// So many segments take longer than it takes to have a thread begin with them.
const WORTH_A_THREAD: usize = 32;

/// So many are handed on together, while the next are looked at.
const TOGETHER: usize = 256;

/// What a push came to, beside what is handed on.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// The places in the push of the segments that were handed on.
    pub places: Vec<u64>,
    /// Their bytes.
    pub bytes: u64,
    /// True if a segment came with marks of erasure.
    pub marked: bool,
    /// Not to be kept, with the reason.
    pub refused: Vec<(u64, &'static str)>,
}

/// By what is judged: the council, its members, the laptop that puts, and what it may read. What it wrote itself before it
/// lost a scope is its to bring: nobody else has it.
pub(crate) struct Rule {
    pub(crate) council: CouncilId,
    pub(crate) members: Arc<Members>,
    pub(crate) laptop: LaptopId,
    pub(crate) readable: BTreeSet<ScopeId>,
}

/// Bodies that came apart, each with its place.
type Apart = BTreeMap<Hash, (u64, Vec<u8>)>;

/// Looks at segments and at bodies that are apart, and hands on what is to be kept. The first body has the number `from`;
/// the segments follow.
#[must_use]
pub(crate) fn judge(
    rule: &Rule,
    from: u64,
    blobs: Vec<Vec<u8>>,
    segments: &[Vec<u8>],
    hand_on: &UnboundedSender<Batch>,
) -> Judged {
    let mut judged = Judged::default();
    let mut place = from + blobs.len() as u64;
    let apart: Apart = (from..).zip(blobs).map(|(place, bytes)| (body_hash(&bytes), (place, bytes))).collect();
    let mut named: BTreeMap<Hash, (ScopeId, DocId)> = BTreeMap::new();
    for some in segments.chunks(TOGETHER) {
        let mut batch = Batch::default();
        for outcome in judge_each(rule, some) {
            match outcome {
                Ok(one) => {
                    let scope = one.segment.stream.scope;
                    let blob = |(hash, document, bytes)| NewBlob { hash, scope, document, bytes };
                    batch.blobs.extend(one.large.into_iter().map(blob));
                    named.extend(one.named.into_iter().map(|(hash, document)| (hash, (scope, document))));
                    judged.marked |= one.marked;
                    judged.places.push(place);
                    judged.bytes += one.segment.bytes.len() as u64;
                    batch.segments.push(one.segment);
                }
                Err(stop) => judged.refused.push((place, code(&stop))),
            }
            place += 1;
        }
        if hand_on.send(batch).is_err() {
            // Whoever keeps them has given up, and says why.
            return judged;
        }
    }
    let blobs = judge_apart(rule, apart, &named, &mut judged.refused);
    let _ = hand_on.send(Batch { segments: Vec::new(), blobs });
    judged
}

/// The bodies that a segment beside them names.
fn judge_apart(
    rule: &Rule,
    apart: Apart,
    named: &BTreeMap<Hash, (ScopeId, DocId)>,
    refused: &mut Vec<(u64, &'static str)>,
) -> Vec<NewBlob> {
    let mut blobs = Vec::new();
    for (hash, (place, bytes)) in apart {
        match named.get(&hash) {
            // What was erased meanwhile is not kept, and nobody is to blame.
            Some((scope, document)) if rule.members.is_erased(scope, document) => {}
            Some((scope, document)) => blobs.push(NewBlob { hash, scope: *scope, document: *document, bytes }),
            // A body that no segment beside it names belongs to nobody.
            None => refused.push((place, "unnamed")),
        }
    }
    blobs
}

/// Looks at segments, many at once on as many threads as there are cores: most of a push's time is its signatures'.
fn judge_each(rule: &Rule, segments: &[Vec<u8>]) -> Vec<Result<One, Stop>> {
    let judge =
        |some: &[Vec<u8>]| -> Vec<Result<One, Stop>> { some.iter().map(|bytes| judge_one(rule, bytes)).collect() };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = segments.len().div_ceil(cores).max(WORTH_A_THREAD);
    let Some((own, others)) = segments.split_at_checked(share) else { return judge(segments) };
    thread::scope(|threads| {
        let under_way: Vec<_> = others.chunks(share).map(|some| (some, threads.spawn(move || judge(some)))).collect();
        let mut outcomes = judge(own);
        for (some, one) in under_way {
            // One that could not end is done again here, where it ends the call.
            outcomes.extend(one.join().unwrap_or_else(|_| judge(some)));
        }
        outcomes
    })
}

/// One segment that may be kept.
struct One {
    segment: NewSegment,
    /// The bodies that were in it and are kept apart.
    large: Vec<(Hash, DocId, Vec<u8>)>,
    /// The large bodies that it names, here or not.
    named: Vec<(Hash, DocId)>,
    /// True if it came with marks of erasure.
    marked: bool,
}

fn judge_one(rule: &Rule, bytes: &[u8]) -> Result<One, Stop> {
    let Rule { council, members, laptop, readable } = rule;
    let mut segment = Segment::decode(bytes)?;
    segment.verify(council, members)?;
    let scope = segment.envelope.scope;
    let own = members.laptop_of(&segment.envelope.log) == Some(*laptop);
    if !own && !readable.contains(&scope) {
        return Err(Refusal::NoGrant.into());
    }
    for index in 0..segment.bodies.len() {
        match segment.body(index) {
            Ok(_) | Err(Stop::Waits(Waits::BodyMissing)) => {}
            Err(stop) => return Err(stop),
        }
    }
    let marked = segment.bodies.contains(&Body::Erased);
    let mut changed = erase(&mut segment, members);
    let items = segment.envelope.items.iter();
    let named: Vec<_> = items.filter(|item| item.length > APART).map(|item| (item.hash, item.document)).collect();
    let documents: BTreeMap<Hash, DocId> = named.iter().copied().collect();
    let large = segment.set_apart();
    changed |= !large.is_empty();
    let large = large.into_iter().filter_map(|(hash, bytes)| Some((hash, *documents.get(&hash)?, bytes))).collect();
    let envelope = &segment.envelope;
    let new = NewSegment {
        stream: envelope.stream(),
        seq: envelope.seq,
        hash: segment.hash(),
        prev: envelope.prev,
        whole: is_whole(&segment),
        // There is one spelling.
        bytes: if changed { segment.encode() } else { bytes.to_vec() },
    };
    Ok(One { segment: new, large, named, marked })
}

/// Takes out what the roster says is erased. A mark of erasure is not signed: only the roster's word makes it true, and
/// what is marked without it is missing. True if anything was changed.
fn erase(segment: &mut Segment, members: &Members) -> bool {
    let scope = segment.envelope.scope;
    let erased = |document: &DocId| members.is_erased(&scope, document);
    let taken_out = segment.redact(erased);
    let missing = segment.unredact(erased);
    taken_out || !missing.is_empty()
}

/// True if every body is there that belongs into a segment's own bytes.
fn is_whole(segment: &Segment) -> bool {
    let bodies = segment.bodies.iter().zip(&segment.envelope.items);
    !bodies.into_iter().any(|(body, item)| *body == Body::Apart && item.length <= APART)
}

/// What a kept segment becomes by the roster's word; none if it stays.
pub(crate) fn erased(bytes: &[u8], members: &Members) -> Option<(Vec<u8>, bool)> {
    let mut segment = Segment::decode(bytes).ok()?;
    erase(&mut segment, members).then(|| (segment.encode(), is_whole(&segment)))
}

/// Looks at a statement.
///
/// # Errors
/// Why it is not to be kept.
pub(crate) fn judge_statement(council: &CouncilId, members: &Members, bytes: &[u8]) -> Result<Statement, &'static str> {
    let seen = Seen::verify(bytes, council, members).map_err(|stop| code(&stop))?;
    Ok(Statement { log: seen.log, number: seen.number, bytes: bytes.to_vec() })
}
