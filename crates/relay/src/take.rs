//! What may be put: signed by a laptop that may write there, by somebody who may read there, and whole.

use std::collections::{BTreeMap, BTreeSet};

use sealed_log::{APART, Body, CouncilId, Hash, Members, Refusal, ScopeId, Seen, Segment, Stop, Waits, body_hash};

use crate::council::code;
use crate::store::{NewBlob, NewSegment, Statement};

/// What a push came to, before the store is asked.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// To be kept, each with its place in the push.
    pub segments: Vec<(u64, NewSegment)>,
    /// The bodies that are apart from them.
    pub blobs: Vec<NewBlob>,
    /// Not to be kept, with the reason.
    pub refused: Vec<(u64, &'static str)>,
}

/// Looks at segments and at bodies that are apart. The first body has the number `from`; the segments follow.
#[must_use]
pub(crate) fn judge(
    council: &CouncilId,
    members: &Members,
    readable: &BTreeSet<ScopeId>,
    from: u64,
    blobs: Vec<Vec<u8>>,
    segments: &[Vec<u8>],
) -> Judged {
    let mut judged = Judged::default();
    let mut apart: BTreeMap<Hash, (u64, Vec<u8>)> = BTreeMap::new();
    let mut place = from;
    for bytes in blobs {
        apart.insert(body_hash(&bytes), (place, bytes));
        place += 1;
    }
    for bytes in segments {
        match judge_one(council, members, readable, bytes) {
            Ok((segment, large)) => {
                let scope = segment.stream.scope;
                judged.blobs.extend(large.into_iter().map(|(hash, bytes)| NewBlob { hash, scope, bytes }));
                judged.segments.push((place, segment));
            }
            Err(stop) => judged.refused.push((place, code(&stop))),
        }
        place += 1;
    }
    // A body that no segment beside it names belongs to nobody.
    for (hash, scope) in judged.segments.iter().flat_map(|(_, segment)| named_apart(&segment.bytes)) {
        if let Some((_, bytes)) = apart.remove(&hash) {
            judged.blobs.push(NewBlob { hash, scope, bytes });
        }
    }
    judged.refused.extend(apart.into_values().map(|(place, _)| (place, "unnamed")));
    judged
}

type Large = Vec<(Hash, Vec<u8>)>;

fn judge_one(
    council: &CouncilId,
    members: &Members,
    readable: &BTreeSet<ScopeId>,
    bytes: &[u8],
) -> Result<(NewSegment, Large), Stop> {
    let mut segment = Segment::decode(bytes)?;
    segment.verify(council, members)?;
    if !readable.contains(&segment.envelope.scope) {
        return Err(Refusal::NoGrant.into());
    }
    for index in 0..segment.bodies.len() {
        match segment.body(index) {
            Ok(_) | Err(Stop::Waits(Waits::BodyMissing)) => {}
            Err(stop) => return Err(stop),
        }
    }
    // The mark of erasure is not signed: only the roster's word makes it true.
    for body in segment.bodies.iter_mut().filter(|body| **body == Body::Erased) {
        *body = Body::Apart;
    }
    let large = segment.set_apart();
    let small_missing = segment
        .bodies
        .iter()
        .zip(&segment.envelope.items)
        .any(|(body, item)| *body == Body::Apart && item.length <= APART);
    let envelope = &segment.envelope;
    let new = NewSegment {
        stream: envelope.stream(),
        seq: envelope.seq,
        hash: segment.hash(),
        prev: envelope.prev,
        whole: !small_missing,
        bytes: segment.encode(),
    };
    Ok((new, large))
}

/// The bodies that a segment keeps apart.
fn named_apart(bytes: &[u8]) -> Vec<(Hash, ScopeId)> {
    let Ok(segment) = Segment::decode(bytes) else { return Vec::new() };
    let scope = segment.envelope.scope;
    let apart = segment.bodies.iter().zip(&segment.envelope.items).filter(|(body, _)| **body == Body::Apart);
    apart.map(|(_, item)| (item.hash, scope)).collect()
}

/// Looks at a statement.
///
/// # Errors
/// Why it is not to be kept.
pub(crate) fn judge_statement(council: &CouncilId, members: &Members, bytes: &[u8]) -> Result<Statement, &'static str> {
    let seen = Seen::verify(bytes, council, members).map_err(|stop| code(&stop))?;
    Ok(Statement { log: seen.log, number: seen.number, bytes: bytes.to_vec() })
}
