//! Erasing what the roster says is to be erased: the documents and all that was made of them, and the bodies of every
//! record about them, here and on each carrier. A statement that knows of an erasure is the word that it is done here.

use std::collections::BTreeSet;

use carriers::Carrier;
use sealed_log::{Body, Hash, Segment, Waits};

use super::here::Here;
use super::publish::parcel;
use crate::error::HubError;
use crate::store::sync::{segment, waiting};
use crate::store::{Store, Tx, erase};

/// Erases here what has not been erased yet, and takes back what the roster says no more is to be erased. True if there was
/// anything.
pub(crate) fn erase_here(store: &Store, here: &Here) -> Result<bool, HubError> {
    let (erased, taken_back) = store.write(|tx| Ok((erase_in(tx, here)?, take_back_in(tx, here)?)))?;
    if taken_back {
        // What names somebody who was erased was hidden.
        store.rebuild()?;
    }
    if erased {
        store.settle()?;
    }
    Ok(erased || taken_back)
}

fn erase_in(tx: &mut Tx<'_>, here: &Here) -> Result<bool, HubError> {
    let mut scopes = BTreeSet::new();
    for (scope, document) in here.members.erased().filter(|(scope, _)| here.scopes.contains_key(scope)) {
        if erase::erase(tx.connection(), sync_schema::DocId::from_bytes(*document.as_bytes()))? {
            scopes.insert(*scope);
        }
    }
    let erasure = segment::last_erasure(tx.connection())? + 1;
    for scope in &scopes {
        for id in segment::of_scope(tx.connection(), scope)? {
            let row = segment::by_id(tx.connection(), id)?;
            let Some(mut segment) = row.and_then(|row| Segment::decode(&row.bytes).ok()) else { continue };
            if redact(here, &mut segment) {
                segment::redact(tx.connection(), id, &segment, erasure)?;
            }
        }
    }
    Ok(!scopes.is_empty())
}

/// An erasure that was written by somebody who had been taken out, which others heard of later, is void. What was erased
/// here meanwhile is asked of the others, who have it yet.
fn take_back_in(tx: &mut Tx<'_>, here: &Here) -> Result<bool, HubError> {
    let standing: BTreeSet<_> = here.members.erased().map(|(_, document)| *document.as_bytes()).collect();
    let mut any = false;
    for id in erase::all(tx.connection())?.into_iter().filter(|id| !standing.contains(id.as_bytes())) {
        erase::take_back(tx.connection(), id)?;
        any = true;
    }
    for scope in here.scopes.keys().filter(|_| any) {
        for id in segment::of_scope(tx.connection(), scope)? {
            let row = segment::by_id(tx.connection(), id)?;
            let Some(mut segment) = row.and_then(|row| Segment::decode(&row.bytes).ok()) else { continue };
            let missing = segment.unredact(|document| here.members.is_erased(scope, document));
            if !missing.is_empty() {
                segment::replace(tx.connection(), id, &segment)?;
            }
            for item in missing {
                waiting::park_record(tx.connection(), id, item, Waits::BodyMissing)?;
            }
        }
    }
    Ok(any)
}

/// Takes out of a segment the bodies that the roster says are erased.
pub(super) fn redact(here: &Here, segment: &mut Segment) -> bool {
    let scope = segment.envelope.scope;
    segment.redact(|document| here.members.is_erased(&scope, document))
}

/// Puts on a carrier what was redacted since it was last told. Says up to which erasure that is.
pub(super) async fn redact_there<C: Carrier>(carrier: &C, store: &Store, told: u64) -> Result<u64, HubError> {
    let last = store.read(segment::last_erasure)?;
    if last <= told {
        return Ok(told);
    }
    let rows = store.read(|rows| segment::redacted(rows, told))?;
    let mut rows = rows.into_iter().peekable();
    while let Some((stream, first)) = rows.next() {
        let mut redacted = vec![first];
        while let Some((_, row)) = rows.next_if(|(next, _)| *next == stream) {
            redacted.push(row);
        }
        let gone = redacted.iter().flat_map(|row| gone(&row.bytes)).collect();
        let parcels: Vec<_> = redacted.into_iter().map(parcel).collect();
        carrier.redact(&stream, &parcels, &gone).await?;
    }
    Ok(last)
}

/// The hashes of a segment's erased bodies: one that travelled apart lies under it.
fn gone(bytes: &[u8]) -> BTreeSet<Hash> {
    let Ok(segment) = Segment::decode(bytes) else { return BTreeSet::new() };
    let bodies = segment.bodies.iter().zip(&segment.envelope.items);
    bodies
        .filter(|(body, item)| **body == Body::Erased && item.length > sealed_log::APART)
        .map(|(_, item)| item.hash)
        .collect()
}
