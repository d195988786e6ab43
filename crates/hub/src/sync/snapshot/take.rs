//! Taking a snapshot of a scope of which nothing is here.

use std::collections::BTreeSet;

use carriers::Carrier;
use sealed_log::{Manifest, Part, Refusal, ScopeId, Shown, SnapshotId, Stop, StreamId, lacking};
use sync_schema::{DocId, Scope};

use super::prepare::{Prepared, prepare};
use super::{form, in_order};
use crate::error::HubError;
use crate::store::erase;
use crate::store::projection::ready::Layout;
use crate::store::sync::snapshot::{self as kept, Arriving};
use crate::store::sync::{segment, waiting};
use crate::store::{Arrival, Ready, Rows, Store};
use crate::sync::here::Here;
use crate::sync::take::Tally;

/// So many chunks of rows, and of documents, are prepared together and written in one transaction, if they are no larger
/// in all than [`PLAIN_TOGETHER`].
const ROWS_TOGETHER: usize = 32;
const DOCUMENTS_TOGETHER: usize = 12;
/// In bytes, before they were packed.
const PLAIN_TOGETHER: usize = 16 << 20;
/// So many segments of one scope are asked for at a time.
const ASKED_MOST: usize = 64;
/// So many snapshots of one scope are tried in one exchange.
const TRIES: usize = 3;

/// A snapshot that is being taken.
struct Taking {
    scope: Scope,
    manifest: Manifest,
    state: Arriving,
}

impl Taking {
    fn stream(&self) -> StreamId {
        StreamId { log: self.manifest.log, scope: self.state.scope }
    }

    fn taken(&self, part: Part) -> usize {
        match part {
            Part::Rows => self.state.rows,
            Part::Documents => self.state.documents,
        }
    }
}

/// What taking a part of a snapshot came to.
enum Outcome {
    /// All of it is here.
    Whole,
    /// A chunk is not on this carrier.
    NotHere,
    /// It is not what it says.
    Amiss(usize, Stop),
}

/// Goes on with the snapshots that were begun, and begins those of scopes of which nothing is here: the rows of all of
/// them first. Says what is to be asked of the others: the log's beginnings, where a snapshot is not whole here and the log
/// is not either.
pub(in crate::sync) async fn take<C: Carrier>(
    carrier: &C,
    store: &Store,
    here: &Here,
    shown: &Shown,
    tally: &mut Tally,
) -> Result<BTreeSet<(StreamId, u64)>, HubError> {
    let mut wants = BTreeSet::new();
    if !carrier.keeps_snapshots() {
        return Ok(wants);
    }
    for scope in store.read(|rows| wanting(rows, here, shown))? {
        if let Some(bytes) = choose(carrier, here, &scope, &BTreeSet::new()).await?
            && store.read(|rows| is_mostly_new(rows, &scope, &bytes))?
        {
            store.write(|tx| kept::begin(tx.connection(), &scope, &bytes))?;
        }
    }
    if !store.read(kept::any_arriving)? {
        return Ok(wants);
    }
    for part in [Part::Rows, Part::Documents] {
        for (id, scope) in in_order(here) {
            wants.extend(take_part(carrier, store, here, ((id, scope), part), shown, tally).await?);
        }
    }
    Ok(wants)
}

/// The scopes of which others' records are shown and none are here.
fn wanting(rows: &Rows, here: &Here, shown: &Shown) -> Result<Vec<ScopeId>, HubError> {
    let begun: BTreeSet<ScopeId> = kept::arriving(rows)?.into_iter().map(|one| one.scope).collect();
    let mut wanting = Vec::new();
    for (id, _) in in_order(here) {
        let there = shown.keys().any(|stream| stream.scope == id && !here.is_ours(&stream.log));
        let none = || Ok::<_, HubError>(kept::logs(rows, &id)?.iter().all(|log| here.is_ours(log)));
        if there && !begun.contains(&id) && none()? {
            wanting.push(id);
        }
    }
    Ok(wanting)
}

/// True if most of what a snapshot covers is not here: otherwise the log is the shorter way.
fn is_mostly_new(rows: &Rows, scope: &ScopeId, bytes: &[u8]) -> Result<bool, HubError> {
    let Ok(manifest) = Manifest::read_kept(bytes) else { return Ok(false) };
    let mut new: u64 = 0;
    for end in &manifest.ends {
        let high = segment::high(rows, &StreamId { log: end.log, scope: *scope })?;
        new = new.saturating_add(end.seq.saturating_sub(high));
    }
    Ok(new > coverage(&manifest) / 2)
}

/// The snapshot of a scope on this carrier that covers most, of those that can be trusted and opened and were not tried.
async fn choose<C: Carrier>(
    carrier: &C,
    here: &Here,
    scope: &ScopeId,
    tried: &BTreeSet<SnapshotId>,
) -> Result<Option<Vec<u8>>, HubError> {
    let mut best: Option<(u64, Vec<u8>)> = None;
    for id in carrier.snapshots(scope).await?.difference(tried) {
        let Some(bytes) = carrier.manifest(scope, id).await? else { continue };
        let Some(manifest) = trusted(here, scope, &bytes).filter(|manifest| manifest.id == *id) else { continue };
        let covers = coverage(&manifest);
        if best.as_ref().is_none_or(|(most, _)| covers > *most) {
            best = Some((covers, bytes));
        }
    }
    Ok(best.map(|(_, bytes)| bytes))
}

/// A manifest that a keeper of this council signed for the scope, whose key is here and whose logs are known.
fn trusted(here: &Here, scope: &ScopeId, bytes: &[u8]) -> Option<Manifest> {
    let manifest = Manifest::verify(bytes, here.council(), &here.members).ok()?;
    let known = manifest.ends.iter().all(|end| here.members.laptop_of(&end.log).is_some());
    let opens = here.identity.keyring.get(scope, &manifest.epoch).is_some();
    (manifest.scope == *scope && known && opens).then_some(manifest)
}

fn coverage(manifest: &Manifest) -> u64 {
    manifest.ends.iter().fold(0, |sum: u64, end| sum.saturating_add(end.seq))
}

async fn take_part<C: Carrier>(
    carrier: &C,
    store: &Store,
    here: &Here,
    ((id, scope), part): ((ScopeId, Scope), Part),
    shown: &Shown,
    tally: &mut Tally,
) -> Result<BTreeSet<(StreamId, u64)>, HubError> {
    let none = BTreeSet::new();
    let mut tried = BTreeSet::new();
    for _ in 0..TRIES {
        let Some(mut taking) = begun(store, here, id, scope)? else { return Ok(none) };
        let outcome = take_chunks(carrier, store, here, (&mut taking, part), tally).await?;
        match outcome {
            Outcome::Whole if part == Part::Documents => return finish(store, &taking).map(|()| none),
            Outcome::Whole => return Ok(none),
            Outcome::NotHere => {}
            Outcome::Amiss(index, stop) => count_amiss(store, &taking, index, stop, tally)?,
        }
        tried.insert(taking.manifest.id);
        match choose(carrier, here, &id, &tried).await? {
            Some(other) => store.write(|tx| kept::begin(tx.connection(), &id, &other))?,
            // What was begun may be whole on another carrier; the log is as good, and can be asked for.
            None => {
                let lacks = log_lacks(carrier, here, &id, shown).await?;
                if lacks.is_empty() {
                    give_up(store, &id, scope)?;
                }
                return Ok(lacks);
            }
        }
    }
    Ok(none)
}

/// What was begun of a scope. One whose keeper is trusted no more is given up.
fn begun(store: &Store, here: &Here, id: ScopeId, scope: Scope) -> Result<Option<Taking>, HubError> {
    let Some(state) = store.read(kept::arriving)?.into_iter().find(|one| one.scope == id) else { return Ok(None) };
    match trusted(here, &id, &state.manifest) {
        Some(manifest) => Ok(Some(Taking { scope, manifest, state })),
        None => give_up(store, &id, scope).map(|()| None),
    }
}

/// Shows nothing any more of what has not come, and leaves the scope to the log.
fn give_up(store: &Store, id: &ScopeId, scope: Scope) -> Result<(), HubError> {
    store.write(|tx| {
        tx.forget_coming(scope)?;
        kept::end(tx.connection(), id)
    })
}

/// All of it has come: the streams go on from its ends.
fn finish(store: &Store, taking: &Taking) -> Result<(), HubError> {
    let scope = &taking.state.scope;
    store.write(|tx| {
        tx.forget_coming(taking.scope)?;
        kept::stand_on(tx.connection(), scope, taking.manifest.ends.iter().copied(), &taking.state.manifest)?;
        kept::end(tx.connection(), scope)
    })
}

fn count_amiss(store: &Store, taking: &Taking, index: usize, stop: Stop, tally: &mut Tally) -> Result<(), HubError> {
    let Stop::Refused(reason) = stop else { return Ok(()) };
    let name = Manifest::name_of(&taking.state.manifest);
    let news =
        store.write(|tx| waiting::refuse(tx.connection(), name.as_bytes(), Some(index), &taking.stream(), reason))?;
    tally.refused += u32::from(news);
    Ok(())
}

/// The numbers of the scope's streams that are shown of which no file holds anything, the first [`ASKED_MOST`].
async fn log_lacks<C: Carrier>(
    carrier: &C,
    here: &Here,
    scope: &ScopeId,
    shown: &Shown,
) -> Result<BTreeSet<(StreamId, u64)>, HubError> {
    let mut lacks = BTreeSet::new();
    for (stream, tips) in shown.iter().filter(|(stream, _)| stream.scope == *scope) {
        let last = tips.iter().map(|(seq, _)| *seq).max().unwrap_or(0);
        if here.members.laptop_of(&stream.log).is_some() {
            let ranges = lacking(&carrier.files(stream).await?, last);
            lacks.extend(ranges.into_iter().flatten().take(ASKED_MOST).map(|seq| (*stream, seq)));
        }
    }
    Ok(lacks.into_iter().take(ASKED_MOST).collect())
}

async fn take_chunks<C: Carrier>(
    carrier: &C,
    store: &Store,
    here: &Here,
    (taking, part): (&mut Taking, Part),
    tally: &mut Tally,
) -> Result<Outcome, HubError> {
    if part == Part::Rows && taking.manifest.projection != u64::from(crate::store::projection::VERSION) {
        return Ok(Outcome::Whole);
    }
    let of_part = |(index, note): (usize, &sealed_log::ChunkNote)| (note.part == part).then_some(index);
    let left: Vec<usize> =
        taking.manifest.chunks.iter().enumerate().filter_map(of_part).skip(taking.taken(part)).collect();
    let mut groups = groups(&taking.manifest, &left, part).into_iter();
    let _roomy = store.roomy()?;
    let erased = store.read(erase::all)?;
    let mut ready: Vec<Prepared> = Vec::new();
    let mut all_here = true;
    loop {
        let mut fetched = Vec::new();
        for index in groups.next().unwrap_or_default().iter().take_while(|_| all_here) {
            match carrier.chunk(&taking.state.scope, &taking.manifest.id, *index).await? {
                Some(bytes) => fetched.push((*index, bytes)),
                None => {
                    all_here = false;
                    break;
                }
            }
        }
        let manifest = taking.manifest.clone();
        let what = (&manifest, taking.scope, erased.as_slice());
        let (written, prepared) = prepare(what, &here.identity.keyring, &fetched, || {
            write(store, taking, (std::mem::take(&mut ready), &erased), tally)
        });
        if let Some(reason) = written? {
            let first = left.first().copied().unwrap_or_default();
            return Ok(Outcome::Amiss(first, reason.into()));
        }
        match prepared? {
            Ok(prepared) if prepared.is_empty() => break,
            Ok(prepared) => ready = prepared,
            Err((index, stop)) => return Ok(Outcome::Amiss(index, stop)),
        }
    }
    Ok(if all_here { Outcome::Whole } else { Outcome::NotHere })
}

/// The chunks that are left, by what is written together.
fn groups<'a>(manifest: &Manifest, left: &'a [usize], part: Part) -> Vec<&'a [usize]> {
    let most = if part == Part::Rows { ROWS_TOGETHER } else { DOCUMENTS_TOGETHER };
    let plain = |index: &usize| manifest.chunks.get(*index).map_or(0, |note| note.plain);
    let (mut count, mut size) = (0, 0_usize);
    let together = |_: &usize, next: &usize| {
        (count, size) = (count + 1, size.saturating_add(plain(next)));
        let fits = count < most && size <= PLAIN_TOGETHER;
        if !fits {
            (count, size) = (0, plain(next));
        }
        fits
    };
    left.chunk_by(together).collect()
}

/// Writes a group of chunks, and that they were. Says what is wrong with them if they cannot be taken.
fn write(
    store: &Store,
    taking: &mut Taking,
    (ready, erased): (Vec<Prepared>, &[DocId]),
    tally: &mut Tally,
) -> Result<Option<Refusal>, HubError> {
    let mut state = taking.state.clone();
    let mut differing = 0;
    let mut amiss = false;
    let done = store.write(|tx| {
        let layout = Layout::of(tx.connection())?;
        for chunk in &ready {
            match chunk {
                Prepared::Rows(plain) => {
                    let pieces = form::pieces(plain).unwrap_or_default();
                    state.rows += 1;
                    state.shown += pieces.len() as u64;
                    let rows =
                        pieces.into_iter().map(|piece| Ready { id: piece.id, kind: piece.kind, rows: piece.bytes });
                    amiss |= !tx.show(taking.scope, rows)?;
                }
                Prepared::Documents(documents) => {
                    for document in documents {
                        let arrival = tx.arrive(taking.scope, &layout, document)?;
                        amiss |= arrival == Arrival::Refused;
                        differing += u32::from(arrival == Arrival::Replaced);
                    }
                    tx.hide_erased(erased)?;
                    state.documents += 1;
                    state.come += documents.len() as u64;
                }
            }
        }
        if amiss {
            // Nothing of it is kept.
            return Err(HubError::unexpected("sync/snapshot"));
        }
        kept::keep(tx.connection(), &state)?;
        if differing > 0 {
            let name = Manifest::name_of(&state.manifest);
            let nth = Some(state.documents);
            waiting::refuse(tx.connection(), name.as_bytes(), nth, &taking.stream(), Refusal::RowsDiffer)?;
        }
        Ok(())
    });
    match done {
        Err(_) if amiss => Ok(Some(Refusal::NotChanges)),
        Err(error) => Err(error),
        Ok(()) => {
            let came = u32::try_from(state.come - taking.state.come).unwrap_or(u32::MAX);
            tally.received = tally.received.saturating_add(came);
            tally.applied = tally.applied.saturating_add(came);
            tally.refused += u32::from(differing > 0);
            if came > 0 {
                tally.from.insert(taking.manifest.log);
            }
            taking.state = state;
            Ok(None)
        }
    }
}
