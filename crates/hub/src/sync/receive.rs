//! Fetching what the plan asks for, and taking it in, one transaction a batch.

use std::collections::BTreeSet;

use carriers::{Carrier, Wanted};
use sealed_log::{APART, Fetch, FileRange, Segment, Short, Shown, StreamId, cover};

use super::carried::Tip;
use super::here::Here;
use super::take::{self, Tally};
use crate::error::HubError;
use crate::store::sync::segment;
use crate::store::sync::waiting::{self, Claim};
use crate::store::{Rows, Store};

/// A transaction takes about so many bytes of segments.
const BATCH: usize = 2 << 20;
/// If the files that should hold a range do not, others that claim to are tried, so many times. Where a log went two ways,
/// each time goes back twice as far.
const ROUNDS: u32 = 10;

/// Number and start of hash of what a carrier shows of one stream.
type Tips = BTreeSet<(u64, Short)>;

/// What could not be had from a carrier, to be asked of the others.
#[derive(Debug, Default)]
pub(super) struct Lacking {
    /// What is missing here, whichever carrier is looked at.
    pub(super) wants: BTreeSet<(StreamId, u64)>,
    /// The tips of ways that this carrier alone shows, and nothing of which lies there.
    pub(super) lost: BTreeSet<Tip>,
}

/// Fetches and takes what is asked for. Says what could not be had.
pub(super) async fn receive<C: Carrier>(
    carrier: &C,
    store: &Store,
    here: &Here,
    (fetches, shown): (&[Fetch], &Shown),
    tally: &mut Tally,
) -> Result<Lacking, HubError> {
    carrier.ahead(Wanted { ranges: fetches.to_vec(), ..Wanted::default() }).await?;
    let mut lacking = Lacking::default();
    let none = BTreeSet::new();
    for fetch in fetches {
        let tips = shown.get(&fetch.stream).unwrap_or(&none);
        let missing = receive_one(carrier, store, here, (*fetch, tips), tally).await?;
        // Of a log that nobody vouches for nothing is asked.
        if here.members.laptop_of(&fetch.stream.log).is_none() {
            continue;
        }
        if let Some(seq) = missing {
            lacking.wants.insert((fetch.stream, seq));
            continue;
        }
        let lost = store.read(|rows| lost(rows, fetch, tips))?;
        lacking.lost.extend(lost.into_iter().map(|(seq, short)| (fetch.stream, seq, short)));
    }
    Ok(lacking)
}

/// True if something was parked that may now be taken.
pub(super) fn retry(store: &Store, here: &Here, tally: &mut Tally) -> Result<(), HubError> {
    store.write(|tx| take::retry(tx, here, tally))
}

async fn receive_one<C: Carrier>(
    carrier: &C,
    store: &Store,
    here: &Here,
    (fetch, tips): (Fetch, &Tips),
    tally: &mut Tally,
) -> Result<Option<u64>, HubError> {
    let mut files = carrier.files(&fetch.stream).await?;
    let (mut wanted, mut missing_yet) = (Some(fetch.first), None);
    for round in 0..ROUNDS {
        let Some(first) = wanted else { break };
        let chosen = cover(&files, first, fetch.last);
        files.retain(|file| !chosen.contains(file));
        take_files(carrier, store, here, &fetch.stream, &chosen, tally).await?;
        take_apart(carrier, store, here, &fetch.stream, tally).await?;
        let still = store.read(|rows| missing(rows, &fetch, tips))?;
        wanted = match still {
            Missing::Nothing => None,
            Missing::At(seq) | Missing::Tip(seq) => Some(seq),
            // The way that parted may have parted long before: what is below is read without asking for each.
            Missing::Parted(seq) => Some(seq.saturating_sub((1 << round) - 1).max(1)),
        };
        missing_yet = still.number();
        if chosen.is_empty() {
            break;
        }
    }
    Ok(missing_yet)
}

/// What a fetch has not brought.
enum Missing {
    Nothing,
    At(u64),
    /// Nothing, as far as this laptop can tell but for a tip that the carrier shows.
    Tip(u64),
    /// Below something that came, of a way the log went beside the one that is held.
    Parted(u64),
}

impl Missing {
    fn number(&self) -> Option<u64> {
        match self {
            Self::Nothing | Self::Tip(_) => None,
            Self::At(seq) | Self::Parted(seq) => Some(*seq),
        }
    }
}

fn missing(rows: &Rows, fetch: &Fetch, tips: &Tips) -> Result<Missing, HubError> {
    let high = segment::high(rows, &fetch.stream)?;
    if let Some(below) = segment::missing_below(rows, &fetch.stream)?.filter(|below| *below <= high) {
        return Ok(Missing::Parted(below));
    }
    let bodies = waiting::bodies_missing(rows)?;
    let range = fetch.first..=fetch.last;
    let without = bodies.iter().find(|(stream, seq)| *stream == fetch.stream && range.contains(seq));
    if let Some((_, seq)) = without {
        return Ok(Missing::At(*seq));
    }
    if high < fetch.last {
        return Ok(Missing::At(high + 1));
    }
    // A file that holds this number may hold another way's.
    Ok(lost(rows, fetch, tips)?.first().map_or(Missing::Nothing, |(seq, _)| Missing::Tip(*seq)))
}

/// The tips that are shown no higher than the stream is held, and are not here.
fn lost(rows: &Rows, fetch: &Fetch, tips: &Tips) -> Result<Vec<(u64, Short)>, HubError> {
    let last = fetch.last.min(segment::high(rows, &fetch.stream)?);
    let mut lost = Vec::new();
    for (seq, short) in tips.iter().filter(|(seq, _)| (fetch.first..=last).contains(seq)) {
        if !waiting::is_here(rows, &Claim { stream: fetch.stream, seq: *seq, short: *short })? {
            lost.push((*seq, *short));
        }
    }
    Ok(lost)
}

/// Fetches the bodies that travel apart from their segments, as far as they are here, and takes them, each in its own
/// transaction.
async fn take_apart<C: Carrier>(
    carrier: &C,
    store: &Store,
    here: &Here,
    stream: &StreamId,
    tally: &mut Tally,
) -> Result<(), HubError> {
    for (id, item) in store.read(|rows| waiting::without_body(rows, stream))? {
        let row = store.read(|rows| segment::by_id(rows, id))?;
        let Some(segment) = row.and_then(|row| Segment::decode(&row.bytes).ok()) else { continue };
        let Some(named) = segment.envelope.items.get(item) else { continue };
        // What is not large never travels apart: it came damaged, and its segment is asked for again.
        if named.length > APART
            && let Some(bytes) = carrier.blob(&named.hash).await?
        {
            let before = tally.clone();
            let taken = store.write(|tx| take::take_apart(tx, here, (id, item), bytes, tally));
            if taken.is_err() {
                *tally = before;
            }
            taken?;
        }
    }
    Ok(())
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
