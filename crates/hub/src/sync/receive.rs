//! Fetching what the plan asks for, and taking it in, one transaction a batch.

use std::collections::BTreeSet;

use carriers::Carrier;
use sealed_log::{Fetch, FileRange, StreamId, cover};

use super::here::Here;
use super::take::{self, Tally};
use crate::error::HubError;
use crate::store::Store;
use crate::store::sync::{segment, waiting};

/// A transaction takes about so many bytes of segments.
const BATCH: usize = 2 << 20;
/// If the files that should hold a range do not, others that claim to are tried, so many times.
const ROUNDS: usize = 4;

/// Fetches and takes what is asked for. Says what could not be had, to be asked of the others.
pub(super) async fn receive<C: Carrier>(
    carrier: &C,
    store: &Store,
    here: &Here,
    fetches: &[Fetch],
    tally: &mut Tally,
) -> Result<BTreeSet<(StreamId, u64)>, HubError> {
    let mut wants = BTreeSet::new();
    for fetch in fetches {
        if let Some(missing) = receive_one(carrier, store, here, *fetch, tally).await? {
            wants.insert((fetch.stream, missing));
        }
    }
    Ok(wants)
}

/// True if something was parked that may now be taken.
pub(super) fn retry(store: &Store, here: &Here, tally: &mut Tally) -> Result<(), HubError> {
    store.write(|tx| take::retry(tx, here, tally))
}

async fn receive_one<C: Carrier>(
    carrier: &C,
    store: &Store,
    here: &Here,
    fetch: Fetch,
    tally: &mut Tally,
) -> Result<Option<u64>, HubError> {
    let mut files = carrier.files(&fetch.stream).await?;
    let mut wanted = Some(fetch.first);
    for _ in 0..ROUNDS {
        let Some(first) = wanted else { break };
        let chosen = cover(&files, first, fetch.last);
        if chosen.is_empty() {
            break;
        }
        files.retain(|file| !chosen.contains(file));
        take_files(carrier, store, here, &fetch.stream, &chosen, tally).await?;
        wanted = store.read(|rows| {
            let high = segment::high(rows, &fetch.stream)?;
            let bodies = waiting::bodies_missing(rows)?;
            let without =
                bodies.iter().find(|(stream, seq)| *stream == fetch.stream && (first..=fetch.last).contains(seq));
            Ok(match without {
                Some((_, seq)) => Some(*seq),
                None if high < fetch.last => Some(high + 1),
                None => None,
            })
        })?;
    }
    // Of a log that nobody vouches for nothing is asked.
    Ok(wanted.filter(|_| here.members.laptop_of(&fetch.stream.log).is_some()))
}

async fn take_files<C: Carrier>(
    carrier: &C,
    store: &Store,
    here: &Here,
    stream: &StreamId,
    files: &[FileRange],
    tally: &mut Tally,
) -> Result<(), HubError> {
    let mut batch: Vec<Vec<u8>> = Vec::new();
    let mut size = 0;
    for file in files {
        let Some(unpacked) = carrier.fetch(stream, file).await? else { continue };
        size += unpacked.segments.iter().map(Vec::len).sum::<usize>();
        batch.extend(unpacked.segments);
        if size >= BATCH {
            take_batch(store, here, stream, &std::mem::take(&mut batch), tally)?;
            size = 0;
        }
    }
    take_batch(store, here, stream, &batch, tally)
}

fn take_batch(
    store: &Store,
    here: &Here,
    stream: &StreamId,
    batch: &[Vec<u8>],
    tally: &mut Tally,
) -> Result<(), HubError> {
    if batch.is_empty() {
        return Ok(());
    }
    let before = tally.clone();
    let taken = store.write(|tx| batch.iter().try_for_each(|bytes| take::take_segment(tx, here, stream, bytes, tally)));
    if taken.is_err() {
        *tally = before;
    }
    taken
}
