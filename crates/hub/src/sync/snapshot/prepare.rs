//! Opening chunks and looking at what is in them, on as many threads as there are chunks, before anything is written.

use std::thread;

use sealed_log::{Keyring, Manifest, Part, Refusal, Stop, open_chunk};
use sync_schema::{DocId, Scope};
use zeroize::Zeroizing;

use super::form;
use crate::error::HubError;
use crate::store::{Arrived, Workshop};

/// A chunk that was opened and looked at.
pub(super) enum Prepared {
    /// Rows, as they are put in.
    Rows(Zeroizing<Vec<u8>>),
    /// Documents, each with the rows that it makes here.
    Documents(Vec<Arrived>),
}

/// Why a chunk cannot be taken, with its number.
pub(super) type Amiss = (usize, Stop);

/// Prepares chunks while `meanwhile` is done.
pub(super) fn prepare<T>(
    (manifest, scope, erased): (&Manifest, Scope, &[DocId]),
    keyring: &Keyring,
    fetched: &[(usize, Vec<u8>)],
    meanwhile: impl FnOnce() -> T,
) -> (T, Result<Result<Vec<Prepared>, Amiss>, HubError>) {
    thread::scope(|threads| {
        let hands = thread::available_parallelism().map_or(1, usize::from);
        let prepare_some = |some: &[(usize, Vec<u8>)]| -> Result<Result<Vec<Prepared>, Amiss>, HubError> {
            let mut ready = Vec::with_capacity(some.len());
            for (index, bytes) in some {
                match prepare_one((manifest, scope, erased), keyring, (*index, bytes))? {
                    Ok(prepared) => ready.push(prepared),
                    Err(stop) => return Ok(Err((*index, stop))),
                }
            }
            Ok(Ok(ready))
        };
        let shares = fetched.chunks(fetched.len().div_ceil(hands).max(1));
        let under_way: Vec<_> = shares.map(|some| threads.spawn(move || prepare_some(some))).collect();
        let done = meanwhile();
        let mut all = Vec::with_capacity(fetched.len());
        for one in under_way {
            match one.join() {
                Ok(Ok(Ok(ready))) => all.extend(ready),
                Ok(Ok(Err(amiss))) => return (done, Ok(Err(amiss))),
                Ok(Err(error)) => return (done, Err(error)),
                Err(_) => return (done, Err(HubError::unexpected("sync/prepare"))),
            }
        }
        (done, Ok(Ok(all)))
    })
}

fn prepare_one(
    (manifest, scope, erased): (&Manifest, Scope, &[DocId]),
    keyring: &Keyring,
    (index, bytes): (usize, &[u8]),
) -> Result<Result<Prepared, Stop>, HubError> {
    let plain = match open_chunk(manifest, index, keyring, bytes) {
        Ok(plain) => plain,
        Err(stop) => return Ok(Err(stop)),
    };
    let malformed = Ok(Err(Refusal::Malformed.into()));
    let Some(note) = manifest.chunks.get(index) else { return malformed };
    let Some(pieces) = form::pieces(&plain).filter(|pieces| pieces.len() == note.documents) else { return malformed };
    if note.part == Part::Rows {
        return Ok(Ok(Prepared::Rows(plain)));
    }
    let workshop = Workshop::new(erased)?;
    let mut documents = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match workshop.look_at(scope, piece.id, piece.kind, piece.bytes)? {
            Some(arrived) => documents.push(arrived),
            None => return Ok(Err(Refusal::NotChanges.into())),
        }
    }
    Ok(Ok(Prepared::Documents(documents)))
}
