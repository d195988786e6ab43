//! Sealing what waits in the outbox, and putting what the carrier lacks.

use std::collections::{BTreeMap, BTreeSet};

use carriers::{Carrier, Parcel};
use sealed_log::{
    APART, DocId, EpochKey, Hash, Holdings, Plain, Put, READER, Run, ScopeId, Seen, Segment, Shown, StreamId, plan,
    seal,
};
use sync_schema::Scope;
use sync_schema::exchange::pack;

use super::carried::Carried;
use super::here::{Held, Here, SCOPES};
use super::look_through::put_lacking;
use crate::error::HubError;
use crate::hub::identity::scope_of;
use crate::ports::Ports;
use crate::store::sync::{identity, roster, sealed as sealed_at, segment, waiting};
use crate::store::{Store, Tx, outbox};

/// Most changes in one segment.
const CHANGES_MOST: u32 = 4_096;
/// A segment is closed when its records reach this size.
const SEGMENT_AIM: usize = 1 << 20;
/// A record is closed when it reaches this size.
const RECORD_AIM: usize = 256 << 10;
/// Segments are read from the store so many at a time.
const PUT_CHUNK: u64 = 256;
/// Small files are joined each time a stream's number passes a multiple of this.
const TIDY_EACH: u64 = 16;

/// Seals everything that waits, each segment in one transaction with the outbox rows it takes. What was saved in a scope
/// before this laptop heard that it may not write there any more is sealed too: its last words there.
pub(super) fn seal_waiting(store: &Store, here: &Here, ports: &Ports) -> Result<(), HubError> {
    for scope in SCOPES {
        let id = scope_of(*here.council(), scope);
        let keyring = &here.identity.keyring;
        let key = match here.members.could_write(&here.log(), &id) {
            true if here.members.may_write(&here.log(), &id) => keyring.sealing(&id),
            true => keyring.parting(&here.members, &id),
            false => None,
        };
        if let Some(key) = key {
            while store.write(|tx| seal_one(tx, here, ports, (id, scope), key))? {}
        }
    }
    Ok(())
}

/// Changes that go into one record: of one document, made in one run.
struct Gathered {
    document: DocId,
    run: Run,
    changes: Vec<Vec<u8>>,
    size: usize,
}

fn seal_one(
    tx: &mut Tx<'_>,
    here: &Here,
    ports: &Ports,
    (scope, known): (ScopeId, Scope),
    epoch: &EpochKey,
) -> Result<bool, HubError> {
    let waiting = outbox::waiting(tx.connection(), known, CHANGES_MOST)?;
    let (gathered, taken) = gather(waiting);
    if taken.is_empty() {
        return Ok(false);
    }
    let packed: Vec<Vec<u8>> = gathered.iter().map(|record| pack(record.changes.iter().map(Vec::as_slice))).collect();
    let mut records = Vec::with_capacity(gathered.len());
    for (record, changes) in gathered.iter().zip(&packed) {
        records.push(Plain {
            document: record.document,
            run: record.run,
            origin: identity::log_of_run(tx.connection(), &record.run)?,
            min_reader: READER,
            changes,
        });
    }
    let nonces: Vec<[u8; 24]> = records.iter().map(|_| ports.random()).collect::<Result<_, _>>()?;
    let mut nonces = nonces.into_iter();
    let stream = StreamId { log: here.log(), scope };
    let high = segment::high(tx.connection(), &stream)?;
    let prev = segment::hashes(tx.connection(), &stream, high)?.first().copied().unwrap_or(Hash::NONE);
    let sealed = seal(*here.council(), scope, high + 1, prev, epoch, &here.identity.incarnation, &records, || {
        nonces.next().unwrap_or_default()
    })
    .map_err(|_| HubError::unexpected("sync/seal"))?;
    if let Some(id) = segment::keep(tx.connection(), &sealed)? {
        sealed_at::note(tx.connection(), id, ports.now())?;
    }
    outbox::sealed(tx.connection(), &taken)?;
    Ok(true)
}

/// The records of the next segment, and the outbox rows that are in them.
fn gather(waiting: Vec<outbox::Waiting>) -> (Vec<Gathered>, Vec<i64>) {
    let mut gathered: Vec<Gathered> = Vec::new();
    let mut open: BTreeMap<(DocId, Run), usize> = BTreeMap::new();
    let mut taken = Vec::new();
    let mut total = 0;
    for row in waiting {
        // One change beyond a record's bound stays here: nobody could take it.
        if row.change.len() > outbox::CHANGE_MOST {
            continue;
        }
        if total + row.change.len() > SEGMENT_AIM && !taken.is_empty() {
            break;
        }
        let (document, run) = (DocId::from_bytes(*row.document.as_bytes()), Run::from_bytes(row.run));
        let size = row.change.len() + 4;
        let at = open.get(&(document, run)).copied();
        total += size;
        taken.push(row.seq);
        match at.and_then(|at| gathered.get_mut(at)) {
            Some(record) if record.size + size <= RECORD_AIM => {
                record.size += size;
                record.changes.push(row.change);
            }
            _ => {
                open.insert((document, run), gathered.len());
                gathered.push(Gathered { document, run, changes: vec![row.change], size });
            }
        }
    }
    (gathered, taken)
}

/// Puts what the carrier lacks of this laptop's scopes, its own and others'. Says how many records went.
pub(super) async fn put<C: Carrier>(carrier: &C, store: &Store, here: &Here, shown: &Shown) -> Result<u32, HubError> {
    let held = store.read(|rows| Held::load(rows, shown))?;
    note_held(store, here, shown, &held)?;
    let scopes = SCOPES.map(|scope| scope_of(*here.council(), scope)).into();
    let mut planned = plan(&held, shown, &scopes, |log| here.members.laptop_of(log).is_some());
    planned.put.retain(|put| here.passes_on(&put.stream));
    planned.doubtful.retain(|put| here.passes_on(&put.stream));
    let mut sent = 0;
    for put in planned.put {
        let tips = shown.get(&put.stream).cloned().unwrap_or_default();
        let ends = held.ends(&put.stream);
        let mut passed = tips.clone();
        passed.retain(|tip| held.holds(&put.stream, tip.0, &tip.1) && !ends.contains(tip));
        match put_one(carrier, store, here, put, passed).await {
            Ok(records) => sent += records,
            // Of what others wrote a relay may know more: it is in nobody's way there.
            Err(HubError::RelayRefused) if !here.is_ours(&put.stream.log) => continue,
            Err(error) => return Err(error),
        }
        for (seq, short) in ends.into_iter().filter(|end| end.0 < put.last && !tips.contains(end)) {
            let mut end = parcels(store, &put.stream, seq, seq)?;
            end.retain(|parcel| parcel.short == short);
            carrier.put(&put.stream, &end, &BTreeSet::new()).await?;
        }
    }
    for put in planned.doubtful {
        put_lacking(carrier, store, &put.stream, put.last).await?;
        store.write(|tx| segment::shared(tx.connection(), &put.stream, put.last))?;
    }
    Ok(sent)
}

async fn put_one<C: Carrier>(
    carrier: &C,
    store: &Store,
    here: &Here,
    put: Put,
    mut passed: BTreeSet<(u64, sealed_log::Short)>,
) -> Result<u32, HubError> {
    let mut first = put.first;
    while first <= put.last {
        let last = put.last.min(first + PUT_CHUNK - 1);
        let parcels = parcels(store, &put.stream, first, last)?;
        carrier.put(&put.stream, &parcels, &passed).await?;
        passed = parcels.iter().map(|parcel| (parcel.seq, parcel.short)).filter(|(seq, _)| *seq == last).collect();
        store.write(|tx| segment::shared(tx.connection(), &put.stream, last))?;
        first = last + 1;
    }
    if put.stream.log == here.log() && (put.first - 1) / TIDY_EACH < put.last / TIDY_EACH {
        // Whatever goes wrong in joining files is left for another time.
        let _ = carrier.tidy(&put.stream).await;
    }
    store.read(|rows| segment::records(rows, &put.stream, put.first - 1, put.last))
}

pub(super) fn parcels(store: &Store, stream: &StreamId, first: u64, last: u64) -> Result<Vec<Parcel>, HubError> {
    let rows = store.read(|rows| segment::range(rows, stream, first, last))?;
    Ok(rows.into_iter().map(parcel).collect())
}

/// A segment on its way: large bodies travel apart from it.
pub(super) fn parcel(row: segment::SegmentRow) -> Parcel {
    let (seq, short) = (row.seq, row.hash.short());
    if row.bytes.len() > APART
        && let Ok(mut segment) = Segment::decode(&row.bytes)
    {
        let apart = segment.set_apart();
        return Parcel { seq, short, bytes: segment.encode(), apart };
    }
    Parcel { seq, short, bytes: row.bytes, apart: Vec::new() }
}

/// What a carrier shows of this laptop's own streams and is held here was put durably by whoever put it.
pub(super) fn note_shared(store: &Store, here: &Here, shown: &Shown) -> Result<(), HubError> {
    note_held(store, here, shown, &store.read(|rows| Held::load(rows, shown))?)
}

fn note_held(store: &Store, here: &Here, shown: &Shown, held: &Held) -> Result<(), HubError> {
    let known = store.read(segment::streams)?;
    let news: Vec<(StreamId, u64)> = known
        .iter()
        .filter(|row| here.is_ours(&row.stream.log))
        .filter_map(|row| {
            let tips = shown.get(&row.stream)?.iter();
            let seq = tips.filter(|(seq, short)| held.holds(&row.stream, *seq, short)).map(|(seq, _)| *seq).max()?;
            (seq > row.shared).then_some((row.stream, seq))
        })
        .collect();
    if news.is_empty() {
        return Ok(());
    }
    store.write(|tx| news.iter().try_for_each(|(stream, seq)| segment::shared(tx.connection(), stream, *seq)))
}

/// Puts again what another laptop found damaged or missing and this one has.
pub(super) async fn answer_wants<C: Carrier>(
    carrier: &C,
    store: &Store,
    here: &Here,
    carried: &mut Carried,
) -> Result<(), HubError> {
    let missing: BTreeSet<_> = store.read(waiting::bodies_missing)?.into_iter().collect();
    for row in store.read(roster::seen)? {
        if row.log == here.log() || carried.has_answered(&row.log, row.number) {
            continue;
        }
        let Ok(seen) = Seen::read_kept(&row.statement) else { continue };
        let mut all = true;
        for (stream, seq) in seen.wants.iter().filter(|(stream, _)| here.passes_on(stream)) {
            let parcels = parcels(store, stream, *seq, *seq)?;
            carrier.put_segments(stream, &parcels).await?;
            all &= !parcels.is_empty() && !missing.contains(&(*stream, *seq));
        }
        // What is lacking here too may come by another carrier.
        if all {
            carried.answered(&row.log, row.number);
        }
    }
    Ok(())
}
