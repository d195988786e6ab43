//! Looking all through a carrier now and then, and putting back what has vanished or was spoilt there and is held here:
//! the roster's entries, and segments of this laptop's scopes, whoever wrote them.

use std::collections::BTreeSet;

use carriers::{Carrier, Wanted, name};
use sealed_log::{APART, Hash, StreamId, lacking};

use super::here::Here;
use super::publish::parcels;
use crate::error::HubError;
use crate::store::Store;
use crate::store::sync::segment;

/// Segments are read from the store so many at a time.
const CHUNK: u64 = 256;

/// Looks all through, and puts back.
pub(super) async fn look_through<C: Carrier>(carrier: &C, store: &Store, here: &Here) -> Result<(), HubError> {
    let entries = here.identity.roster.ancestors_first();
    let roster = entries.iter().map(|(hash, _)| name::roster(hash)).collect();
    carrier.ahead(Wanted { roster, ..Wanted::default() }).await?;
    let mut lacking = Vec::new();
    for (hash, entry) in entries {
        let bytes = entry.encode();
        if carrier.roster_entry(&name::roster(&hash)).await?.as_ref() != Some(&bytes) {
            lacking.push((hash, bytes));
        }
    }
    carrier.put_roster_entries(&lacking).await?;
    let blobs = carrier.blobs().await?;
    for row in store.read(segment::streams)? {
        if here.passes_on(&row.stream) {
            put_lacking(carrier, store, &row.stream, row.high).await?;
            put_lacking_apart(carrier, store, &row.stream, &blobs).await?;
        }
    }
    Ok(())
}

/// Puts the bodies that travel apart from a stream's segments and are not there, with their segments.
async fn put_lacking_apart<C: Carrier>(
    carrier: &C,
    store: &Store,
    stream: &StreamId,
    blobs: &BTreeSet<Hash>,
) -> Result<(), HubError> {
    for seq in store.read(|rows| segment::larger(rows, stream, APART))? {
        let mut large = parcels(store, stream, seq, seq)?;
        large.retain(|parcel| parcel.apart.iter().any(|(hash, _)| !blobs.contains(hash)));
        carrier.put_segments(stream, &large).await?;
    }
    Ok(())
}

/// Puts the segments of a stream, up to `high`, that no file there claims to hold.
pub(super) async fn put_lacking<C: Carrier>(
    carrier: &C,
    store: &Store,
    stream: &StreamId,
    high: u64,
) -> Result<(), HubError> {
    let files = carrier.files(stream).await?;
    for range in lacking(&files, high) {
        let mut first = *range.start();
        while first <= *range.end() {
            let last = (*range.end()).min(first + CHUNK - 1);
            carrier.put_segments(stream, &parcels(store, stream, first, last)?).await?;
            first = last + 1;
        }
    }
    Ok(())
}
