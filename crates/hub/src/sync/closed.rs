//! Logs that have ended: how far they are taken, and letting go of what this laptop may not hold any more.

use std::collections::BTreeMap;

use sealed_log::{Fetch, LogId, Refusal, Shown, StreamId, cut};

use super::here::{Here, SCOPES};
use super::roster::statements;
use super::status::is_all_held;
use super::take::Tally;
use crate::error::HubError;
use crate::hub::identity::scope_of;
use crate::store::sync::{segment, waiting};
use crate::store::{Rows, Store, Tx, erase};

/// How far each stream is taken whose laptop was taken out or lost the right to write.
pub(super) fn cuts(rows: &Rows, here: &Here) -> Result<BTreeMap<StreamId, u64>, HubError> {
    let mut cuts = BTreeMap::new();
    let logs: Vec<LogId> = here.members.logs().map(|(log, _)| log).collect();
    let statements = statements(rows, here)?;
    for log in logs {
        for scope in here.scopes.keys().filter(|scope| !here.members.closed_by(&log, scope).is_empty()) {
            let stream = StreamId { log, scope: *scope };
            let held = segment::high(rows, &stream)?;
            let stated = statements.iter().map(|(_, seen)| seen);
            if let Some(cut) = cut(&stream, &here.identity.roster, &here.members, held, stated) {
                cuts.insert(stream, cut);
            }
        }
    }
    Ok(cuts)
}

/// Fetches nothing beyond a cut. What is shown beyond it is named and counted.
pub(super) fn clamp(
    tx: &Tx<'_>,
    here: &Here,
    fetches: &mut Vec<Fetch>,
    shown: &Shown,
    tally: &mut Tally,
) -> Result<(), HubError> {
    for fetch in fetches.iter_mut() {
        if let Some(cut) = here.cuts.get(&fetch.stream) {
            fetch.last = fetch.last.min(*cut);
        }
    }
    fetches.retain(|fetch| fetch.first <= fetch.last);
    for (stream, cut) in &here.cuts {
        for (seq, short) in shown.get(stream).into_iter().flatten() {
            let told =
                [stream.log.as_bytes(), stream.scope.as_bytes(), &seq.to_le_bytes()[..], short.as_bytes()].concat();
            let digest = blake3::derive_key("talking-point v1 beyond the cut", &told);
            if seq > cut {
                tally.refused += u32::from(waiting::refuse(tx.connection(), &digest, None, stream, Refusal::Revoked)?);
            } else {
                // Another turns out to have held it by then.
                waiting::forgive(tx.connection(), &digest)?;
            }
        }
    }
    Ok(())
}

/// Lets go of the scopes that this laptop was granted once and is not any more, as soon as all that it wrote there is held
/// by another.
pub(super) fn forget_lost(store: &Store, here: &mut Here) -> Result<(), HubError> {
    let council = *here.council();
    for scope in SCOPES {
        let id = scope_of(council, scope);
        if here.scopes.contains_key(&id) {
            continue;
        }
        let keys = here.identity.keyring.scopes().contains(&id);
        let held = store.read(|rows| {
            let any = keys || segment::streams(rows)?.iter().any(|row| row.stream.scope == id);
            Ok(any && is_all_held(rows, here, (&id, scope))?)
        })?;
        if held {
            here.identity.keyring.forget(&id);
            store.write(|tx| {
                segment::forget_scope(tx.connection(), &id)?;
                erase::forget_scope(tx.connection(), scope.code())?;
                here.identity.keep_keys(tx.connection())
            })?;
            store.settle()?;
        }
    }
    Ok(())
}
