//! What a carrier shows of the log that is written here. The names of tips and statements are only names, which anybody
//! may have written: what this laptop does not know itself counts when its own signature is found behind it. Otherwise
//! whoever can write into a folder could have it begin a new log each time, until the roster has no room left.

use std::collections::BTreeMap;

use carriers::Carrier;
use sealed_log::{LogId, Seen, Segment, Short, Shown, StreamId};

use super::here::Here;
use crate::error::HubError;
use crate::store::Store;
use crate::store::sync::{roster, segment};

/// What can be believed.
pub(super) struct Own {
    /// Its streams, each with a number and the start of the hash there.
    pub(super) tips: Vec<(StreamId, u64, Short)>,
    /// The highest number of a statement of its.
    pub(super) stated: u64,
}

/// Looks behind the names.
pub(super) async fn borne_out<C: Carrier>(
    carrier: &C,
    store: &Store,
    here: &Here,
    shown: &Shown,
    stated: &BTreeMap<LogId, u64>,
) -> Result<Own, HubError> {
    let mut tips = Vec::new();
    for (stream, shown) in shown.iter().filter(|(stream, _)| stream.log == here.log()) {
        for (seq, short) in shown {
            let known = store.read(|rows| segment::hashes(rows, stream, *seq))?;
            if known.iter().any(|hash| hash.short() == *short) || is_signed(carrier, here, stream, *seq, short).await? {
                tips.push((*stream, *seq, *short));
            }
        }
    }
    let stated = match stated.get(&here.log()) {
        Some(number) if is_stated(carrier, store, here, *number).await? => *number,
        _ => 0,
    };
    Ok(Own { tips, stated })
}

/// True if a file of the stream holds this very envelope, signed by this laptop.
async fn is_signed<C: Carrier>(
    carrier: &C,
    here: &Here,
    stream: &StreamId,
    seq: u64,
    short: &Short,
) -> Result<bool, HubError> {
    for file in carrier.files(stream).await?.iter().filter(|file| (file.first..=file.last).contains(&seq)) {
        let Some(unpacked) = carrier.fetch(stream, file).await? else { continue };
        let is_it = |bytes: &Vec<u8>| {
            Segment::peek_hash(bytes).is_some_and(|hash| hash.short() == *short)
                && Segment::decode(bytes).is_ok_and(|segment| {
                    let place = segment.envelope.stream() == *stream && segment.envelope.seq == seq;
                    place && segment.verify(here.council(), &here.members).is_ok()
                })
        };
        if unpacked.segments.iter().any(is_it) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// True if this laptop's statement of that number is known here, or is there.
async fn is_stated<C: Carrier>(carrier: &C, store: &Store, here: &Here, number: u64) -> Result<bool, HubError> {
    let log = here.log();
    if store.read(|rows| roster::seen_of(rows, &log))?.is_some_and(|row| row.number >= number) {
        return Ok(true);
    }
    let bytes = carrier.seen_statement(&log, number).await?.unwrap_or_default();
    let seen = Seen::verify(&bytes, here.council(), &here.members);
    Ok(seen.is_ok_and(|seen| seen.log == log && seen.number == number))
}
