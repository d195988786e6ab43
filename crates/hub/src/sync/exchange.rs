//! One exchange with a carrier, from first look to last word.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use carriers::{
    Bucket, BucketAddress, BucketCredential, BucketPatience, Carrier, CarrierError, Folder, Relay, Traffic, hall, relay,
};
use sealed_log::{Decision, Facts, Fetch, LogId, OwnStream, ScopeId, Short, Shown, StreamId, decide, plan};
use serde::{Deserialize, Serialize};
use sync_schema::Instant;
use tokio::runtime::Runtime;

use super::carried::Carried;
use super::here::{Held, Here};
use super::look_through::look_through;
use super::own::{Own, borne_out};
use super::roster::{self, Card};
use super::snapshot::Written;
use super::take::Tally;
use super::{closed, erasing, publish, receive, snapshot};
use crate::error::HubError;
use crate::ports::Ports;
use crate::store::sync::{roster as rosters, segment, snapshot as arrivals, waiting};
use crate::store::{Rows, Store};
use crate::view::laptop::Exchanged;

/// What the laptop remembers of sharing while it is open. Holding it keeps a second exchange out.
#[derive(Debug, Default)]
pub(crate) struct Sharing {
    exchanged: bool,
    /// What a relay lets this laptop in with, and the relay's address.
    token: Option<(String, relay::Token)>,
    /// True if the exchange that goes on had to wait for another: what its carrier said before may be old.
    pub(crate) waited: bool,
}

/// What an exchange came to, beside its figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Last {
    /// When.
    pub(crate) at: Instant,
    /// The laptops of which something new came, by name.
    pub(crate) with: Vec<String>,
}

/// What an exchange came to, and what it cost.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    pub(crate) exchanged: Exchanged,
    pub(crate) last: Last,
    pub(crate) traffic: Traffic,
}

/// Writes a snapshot of each scope that this laptop keeps into a folder, now.
pub(crate) fn write_snapshots(store: &Store, ports: &Ports, path: &Path, here: &Here) -> Result<Written, HubError> {
    let folder = Folder::at(path, here.council())?;
    runtime()?.block_on(snapshot::write(&folder, store, here, ports))
}

/// As [`write_snapshots`], at a relay.
pub(crate) fn write_snapshots_at_relay(
    store: &Store,
    ports: &Ports,
    address: &relay::Address,
    here: &Here,
) -> Result<Written, HubError> {
    let relay = Relay::at(address, guest(here, None), relay::Patience::default()).map_err(CarrierError::from)?;
    runtime()?.block_on(snapshot::write(&relay, store, here, ports))
}

pub(super) fn runtime() -> Result<Runtime, HubError> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|_| HubError::unexpected("sync/runtime"))
}

/// Who this laptop is to a relay.
pub(super) fn guest(here: &Here, token: Option<relay::Token>) -> relay::Guest {
    let roster = here.identity.roster.ancestors_first();
    relay::Guest {
        council: *here.council(),
        laptop: here.identity.laptop.clone(),
        roster: roster.into_iter().map(|(_, entry)| entry.encode()).collect(),
        token,
    }
}

/// Who exchanges: the laptop's store, ports and card.
#[derive(Clone, Copy)]
pub(crate) struct Laptop<'a> {
    pub(crate) store: &'a Store,
    pub(crate) ports: &'a Ports,
    pub(crate) card: &'a Card,
}

/// Exchanges with a folder, once.
pub(crate) fn exchange(
    laptop: Laptop<'_>,
    path: &Path,
    here: &mut Here,
    sharing: &mut Sharing,
) -> Result<Done, HubError> {
    let folder = Folder::at(path, here.council())?;
    carry(laptop, &folder, &Carried::at(laptop.store, path)?, here, sharing)
}

/// Exchanges with a bucket, once.
pub(crate) fn exchange_with_bucket(
    laptop: Laptop<'_>,
    (address, credential): (&BucketAddress, &BucketCredential),
    here: &mut Here,
    sharing: &mut Sharing,
) -> Result<Done, HubError> {
    let bucket = Bucket::at(address, credential, BucketPatience::default(), here.council())?;
    let carried = Carried::called(laptop.store, address.as_str().as_bytes())?;
    carry(laptop, &bucket, &carried, here, sharing)
}

/// A relay that has let this laptop in and said what it has.
pub(crate) struct Reached {
    url: String,
    relay: Relay,
    /// Its connections live in it.
    runtime: Runtime,
}

/// Reaches a relay. Nothing is written, so nobody is kept waiting by one that does not answer.
pub(crate) fn reach(address: &relay::Address, here: &Here, sharing: &Mutex<Sharing>) -> Result<Reached, HubError> {
    let known = sharing.lock().unwrap_or_else(PoisonError::into_inner).token.clone();
    let known = known.filter(|(url, _)| *url == address.url).map(|(_, token)| token);
    let relay = Relay::at(address, guest(here, known), relay::Patience::default()).map_err(CarrierError::from)?;
    let runtime = runtime()?;
    runtime.block_on(relay.turn())?;
    Ok(Reached { url: address.url.clone(), relay, runtime })
}

/// Exchanges with a relay that was reached, once.
pub(crate) fn exchange_with_relay(
    laptop: Laptop<'_>,
    Reached { url, relay, runtime }: Reached,
    here: &mut Here,
    sharing: &mut Sharing,
) -> Result<Done, HubError> {
    if sharing.waited {
        relay.look_again();
    }
    let carried = Carried::called(laptop.store, url.as_bytes())?;
    let done = carry_in(&runtime, laptop, &relay, &carried, here, sharing);
    sharing.token = relay.token().map(|token| (url, token));
    done
}

/// Asks a laptop in the same hall for what it has, once.
pub(crate) fn exchange_with_peer(
    laptop: Laptop<'_>,
    peer: &hall::Peer,
    here: &mut Here,
    sharing: &mut Sharing,
) -> Result<Done, HubError> {
    carry(laptop, peer, &Carried::called(laptop.store, b"hall")?, here, sharing)
}

/// Seals what waits, for those who are about to ask for it.
pub(crate) fn seal(laptop: Laptop<'_>, here: &Here) -> Result<(), HubError> {
    publish::seal_waiting(laptop.store, here, laptop.ports)
}

fn carry<C: Carrier>(
    laptop: Laptop<'_>,
    carrier: &C,
    before: &Carried,
    here: &mut Here,
    sharing: &mut Sharing,
) -> Result<Done, HubError> {
    carry_in(&runtime()?, laptop, carrier, before, here, sharing)
}

fn carry_in<C: Carrier>(
    runtime: &Runtime,
    laptop: Laptop<'_>,
    carrier: &C,
    before: &Carried,
    here: &mut Here,
    sharing: &mut Sharing,
) -> Result<Done, HubError> {
    let Laptop { store, ports, card } = laptop;
    let mut tally = Tally::default();
    let first = !std::mem::replace(&mut sharing.exchanged, true);
    let mut carried = before.clone();
    let sent = runtime.block_on(run(carrier, store, ports, card, here, (&mut tally, &mut carried), first))?;
    if carried != *before {
        carried.keep(store)?;
    }
    let parked = store.read(waiting::count)?;
    let foreign = u32::try_from(carrier.traffic().foreign).unwrap_or(u32::MAX);
    let Tally { received, applied, refused, from } = tally;
    let with = store.read(|rows| names(rows, here, &from))?;
    let exchanged = Exchanged { sent, received, applied, refused, parked, foreign };
    Ok(Done { exchanged, last: Last { at: ports.now(), with }, traffic: carrier.traffic() })
}

async fn run<C: Carrier>(
    carrier: &C,
    store: &Store,
    ports: &Ports,
    card: &Card,
    here: &mut Here,
    (tally, carried): (&mut Tally, &mut Carried),
    first: bool,
) -> Result<u32, HubError> {
    let entries = carrier.roster().await?;
    let grown = roster::read(carrier, &entries, store, here, tally).await?;
    if !here.is_live() {
        // The word that took it out, if it is its own, is still to be passed on.
        if carrier.takes() {
            roster::put(carrier, &entries, here).await?;
        }
        return Err(HubError::TakenOut);
    }
    if (first || grown) && here.identity.see_to_keys(ports)? {
        here.roster_changed();
        store.write(|tx| here.identity.keep_roster(tx.connection()))?;
    }
    let stated = carrier.seen().await?;
    roster::read_seen(carrier, &stated, store, here, tally).await?;
    here.cuts = store.read(|rows| closed::cuts(rows, here))?;
    erasing::erase_here(store, here)?;
    closed::forget_lost(store, here)?;
    let shown = carrier.tips().await?;

    // Before anything is fetched: afterwards this log would seem to know itself as far as the carrier does.
    let own = borne_out(carrier, store, here, &shown, &stated).await?;
    let facts = store.read(|rows| facts(rows, here, &own))?;
    if let Decision::StartNew(_) = decide(&facts) {
        here.identity.begin_again(ports)?;
        here.roster_changed();
        store.write(|tx| here.identity.keep(tx.connection()))?;
    }

    let begun = snapshot::take(carrier, store, here, &shown, tally).await?;
    let mut wanted = store.read(|rows| fetches(rows, here, &shown))?;
    if !here.cuts.is_empty() {
        store.write(|tx| closed::clamp(tx, here, &mut wanted, &shown, tally))?;
    }
    let receive::Lacking { mut wants, lost } = receive::receive(carrier, store, here, (&wanted, &shown), tally).await?;
    carried.lost(&lost);
    wants.extend(carried.lost_anywhere(store)?);
    wants.extend(begun);
    if first || grown || tally.received > 0 || tally.applied > 0 {
        receive::retry(store, here, tally)?;
    }

    publish::seal_waiting(store, here, ports)?;
    if !carrier.takes() {
        publish::note_shared(store, here, &shown)?;
        roster::state(store, here, ports, card, wants)?;
        return Ok(0);
    }
    carrier.look_round().await?;
    match put_all(carrier, store, ports, card, here, (&entries, &stated, &shown), (wants, carried)).await {
        // A stick with its switch on "lock" still brings news; it is only in the way of what is to be shared.
        Err(HubError::SyncFolderReadOnly) if !store.read(|rows| super::status::anything_to_share(rows, here))? => Ok(0),
        put => put,
    }
}

/// What the carrier shows: the roster's entries, the statements, the tips.
type Seen<'a> = (&'a BTreeSet<String>, &'a BTreeMap<LogId, u64>, &'a Shown);

async fn put_all<C: Carrier>(
    carrier: &C,
    store: &Store,
    ports: &Ports,
    card: &Card,
    here: &Here,
    (entries, stated, shown): Seen<'_>,
    (wants, carried): (BTreeSet<(StreamId, u64)>, &mut Carried),
) -> Result<u32, HubError> {
    roster::put(carrier, entries, here).await?;
    let sent = publish::put(carrier, store, here, shown).await?;
    publish::answer_wants(carrier, store, here, carried).await?;
    let due = carried.is_due(ports.now());
    // An old copy of a file may have been put back since.
    let told = if due { 0 } else { carried.is_redacted() };
    carried.redacted(erasing::redact_there(carrier, store, told).await?);
    roster::put_seen(carrier, stated, store, here, ports, card, wants).await?;
    if due {
        look_through(carrier, store, here).await?;
        carried.looked(ports.now());
    }
    snapshot::write_due(carrier, store, here, ports).await?;
    Ok(sent)
}

/// What to fetch: what the plan says, and the bodies that are missing from segments that are here.
fn fetches(rows: &Rows, here: &Here, shown: &Shown) -> Result<Vec<Fetch>, HubError> {
    let held = Held::load(rows, shown)?;
    let mut readable = here.readable();
    for arriving in arrivals::arriving(rows)? {
        // Until its snapshot is here, nothing would be known of what it covers.
        readable.remove(&arriving.scope);
    }
    let mut fetches = plan(&held, shown, &readable, |log| here.members.laptop_of(log).is_some()).fetch;
    for (stream, seq) in waiting::bodies_missing(rows)? {
        fetches.push(Fetch { stream, first: seq, last: seq });
    }
    Ok(fetches)
}

/// What others know of the log that is written now.
fn facts(rows: &Rows, here: &Here, own: &Own) -> Result<Facts, HubError> {
    let log = here.log();
    let mut facts = Facts { begun: true, same_machine: true, ..Facts::default() };
    let mut add = |stream: StreamId, shown: u64, there: Short| -> Result<(), HubError> {
        let high = segment::high(rows, &stream)?;
        let hashes = segment::hashes(rows, &stream, shown)?;
        let alike = hashes.iter().map(sealed_log::Hash::short).find(|here| *here == there);
        let here = alike.or_else(|| hashes.first().map(sealed_log::Hash::short));
        facts.shown.push(OwnStream { stream, high, shown, here, there });
        Ok(())
    };
    for (stream, seq, short) in &own.tips {
        add(*stream, *seq, *short)?;
    }
    for (_, seen) in roster::statements(rows, here)? {
        for (stream, head) in seen.vector.iter().filter(|(stream, _)| stream.log == log) {
            add(*stream, head.seq, head.head)?;
        }
    }
    // A statement in this log's name with a number never given is another's life, too.
    let given = rosters::seen_of(rows, &log)?.map_or(0, |row| row.number);
    let none = Short::from_bytes([0; 5]);
    let stream = StreamId { log, scope: ScopeId::from_bytes([0; 16]) };
    facts.shown.push(OwnStream { stream, high: given, shown: own.stated, here: None, there: none });
    Ok(facts)
}

fn names(rows: &Rows, here: &Here, logs: &BTreeSet<LogId>) -> Result<Vec<String>, HubError> {
    let from: BTreeSet<_> =
        logs.iter().filter_map(|log| here.members.laptop_of(log)).filter(|laptop| *laptop != here.laptop()).collect();
    let known = rosters::laptops(rows)?;
    Ok(known.into_iter().filter(|row| from.contains(&row.laptop)).map(|row| row.name).collect())
}
