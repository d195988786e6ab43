//! The roster and the laptops' statements, to and from a carrier. Read before everything else.

use std::collections::{BTreeMap, BTreeSet};

use carriers::{Carrier, Wanted, name};
use sealed_log::{
    Added, Entry, Hash, LaptopId, LogId, MAX_HEADS, Refusal, ScopeId, Seen, Stop, StreamHead, StreamId, open_note,
    seal_note,
};
use serde::{Deserialize, Serialize};

use super::here::Here;
use super::take::Tally;
use crate::error::HubError;
use crate::ports::Ports;
use crate::store::sync::roster::{self, LaptopRow};
use crate::store::sync::{segment, waiting};
use crate::store::{Rows, Store};

/// Most that one statement asks for.
const WANTS_MOST: usize = 256;

/// What a laptop says about itself, sealed for its council.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Card {
    pub(crate) name: String,
    pub(crate) letter: String,
    pub(crate) role: Option<String>,
}

/// Takes in the entries that are new here. True if there were any.
pub(super) async fn read<C: Carrier>(
    carrier: &C,
    names: &BTreeSet<String>,
    store: &Store,
    here: &mut Here,
    tally: &mut Tally,
) -> Result<bool, HubError> {
    let known: BTreeSet<String> = here.identity.roster.hashes().map(|hash| name::roster(&hash)).collect();
    let lacking: Vec<String> = names.difference(&known).cloned().collect();
    carrier.ahead(Wanted { roster: lacking.clone(), ..Wanted::default() }).await?;
    let mut new = Vec::new();
    let mut spoilt = Vec::new();
    for unknown in &lacking {
        let Some(bytes) = carrier.roster_entry(unknown).await? else { continue };
        // The name is the hash of what is signed, in every version: what does not agree with it was spoilt here.
        if Entry::peek_hash(&bytes).is_none_or(|hash| name::roster(&hash) != *unknown) {
            spoilt.push((unknown, *blake3::hash(&bytes).as_bytes(), Refusal::HashMismatch));
            continue;
        }
        match here.identity.roster.add(&bytes) {
            Ok(Added::New(hash)) => new.push((hash, bytes)),
            Ok(Added::Known(_)) | Err(Stop::Waits(_)) => {}
            Err(Stop::Refused(reason)) => spoilt.push((unknown, *blake3::hash(&bytes).as_bytes(), reason)),
        }
    }
    let grown = keep_new(store, here, new, tally)?;
    for (name, digest, reason) in spoilt {
        let nowhere = nowhere();
        let news = store.write(|tx| count_refused(tx.connection(), &digest, &nowhere, reason, tally))?;
        // The same bytes as last time: not half-written, but spoilt. Those who know the entry see its name, and would
        // never put it again. What is whole and merely not for us is left where it lies.
        if !news && reason != Refusal::ForeignCouncil && reason != Refusal::TooLarge {
            carrier.remove_roster_entry(name).await;
        }
    }
    Ok(grown)
}

/// Takes in what a laptop says of the roster by which it would be known here. True if any of it was new and stands.
pub(super) fn introduce(
    store: &Store,
    here: &mut Here,
    entries: &[Vec<u8>],
    tally: &mut Tally,
) -> Result<bool, HubError> {
    let mut new = Vec::new();
    for bytes in entries {
        if let Ok(Added::New(hash)) = here.identity.roster.add(bytes) {
            new.push((hash, bytes.clone()));
        }
    }
    keep_new(store, here, new, tally)
}

/// Keeps those of the entries just added that stand. True if there were any.
fn keep_new(store: &Store, here: &mut Here, new: Vec<(Hash, Vec<u8>)>, tally: &mut Tally) -> Result<bool, HubError> {
    if new.is_empty() {
        return Ok(false);
    }
    let hashes: Vec<Hash> = new.iter().map(|(hash, _)| *hash).collect();
    let fallen: BTreeMap<Hash, Stop> = here.identity.roster.settle(&hashes).into_iter().collect();
    let standing: Vec<_> = new.into_iter().filter(|(hash, _)| !fallen.contains_key(hash)).collect();
    let refused = fallen.iter().filter_map(|(hash, stop)| match stop {
        Stop::Refused(reason) => Some((*hash.as_bytes(), *reason)),
        Stop::Waits(_) => None,
    });
    let refused: Vec<([u8; 32], Refusal)> = refused.collect();
    here.roster_changed();
    store.write(|tx| {
        for (hash, bytes) in &standing {
            roster::add_entry(tx.connection(), hash, bytes)?;
        }
        here.identity.keep_keys(tx.connection())?;
        for (digest, reason) in &refused {
            count_refused(tx.connection(), digest, &nowhere(), *reason, tally)?;
        }
        Ok(())
    })?;
    Ok(!standing.is_empty())
}

/// What is refused here is no stream's.
fn nowhere() -> StreamId {
    StreamId { log: LogId::from_bytes([0; 16]), scope: ScopeId::from_bytes([0; 16]) }
}

/// Counts something refused; false if it was counted before.
fn count_refused(
    rows: &Rows,
    digest: &[u8; 32],
    stream: &StreamId,
    reason: Refusal,
    tally: &mut Tally,
) -> Result<bool, HubError> {
    let news = waiting::refuse(rows, digest, None, stream, reason)?;
    tally.refused += u32::from(news);
    Ok(news)
}

/// Puts the entries that the carrier lacks.
pub(super) async fn put<C: Carrier>(carrier: &C, names: &BTreeSet<String>, here: &Here) -> Result<(), HubError> {
    let entries = here.identity.roster.ancestors_first().into_iter();
    let lacking = entries.filter(|(hash, _)| !names.contains(&name::roster(hash)));
    let lacking: Vec<_> = lacking.map(|(hash, entry)| (hash, entry.encode())).collect();
    Ok(carrier.put_roster_entries(&lacking).await?)
}

/// Takes in the statements that are newer than those known.
pub(super) async fn read_seen<C: Carrier>(
    carrier: &C,
    shown: &BTreeMap<LogId, u64>,
    store: &Store,
    here: &Here,
    tally: &mut Tally,
) -> Result<(), HubError> {
    let known = numbers(store)?;
    let newer = |log: &LogId, number: &u64| known.get(log).is_none_or(|known| number > known) && *log != here.log();
    let wanted: Vec<_> = shown.iter().filter(|(log, number)| newer(log, number)).map(|(l, n)| (*l, *n)).collect();
    carrier.ahead(Wanted { seen: wanted.clone(), ..Wanted::default() }).await?;
    let mut came = Vec::new();
    for (log, number) in wanted {
        if let Some(bytes) = carrier.seen_statement(&log, number).await? {
            came.push((log, number, bytes));
        }
    }
    if came.is_empty() {
        return Ok(());
    }
    store.write(|tx| {
        came.iter().try_for_each(|(log, number, bytes)| keep_seen(tx.connection(), here, log, *number, bytes, tally))
    })
}

fn keep_seen(
    rows: &Rows,
    here: &Here,
    log: &LogId,
    number: u64,
    bytes: &[u8],
    tally: &mut Tally,
) -> Result<(), HubError> {
    let seen = Seen::verify(bytes, here.council(), &here.members);
    let nowhere = StreamId { log: *log, scope: ScopeId::from_bytes([0; 16]) };
    let reason = match seen {
        Ok(seen) if seen.log == *log && seen.number == number => {
            roster::put_seen(rows, log, number, bytes)?;
            tally.from.insert(*log);
            return keep_card(rows, here, &seen);
        }
        Ok(_) => Refusal::LogNotItsOwn,
        Err(Stop::Refused(reason)) => reason,
        Err(Stop::Waits(_)) => return Ok(()),
    };
    count_refused(rows, blake3::hash(bytes).as_bytes(), &nowhere, reason, tally).map(drop)
}

fn keep_card(rows: &Rows, here: &Here, seen: &Seen) -> Result<(), HubError> {
    let Some(laptop) = here.members.laptop_of(&seen.log) else { return Ok(()) };
    match read_card(here, &seen.log, &seen.note) {
        Some(Card { name, letter, role }) => roster::put_laptop(rows, &LaptopRow { laptop, name, letter, role }),
        None => Ok(()),
    }
}

fn read_card(here: &Here, log: &LogId, note: &[u8]) -> Option<Card> {
    let words = open_note(&here.identity.keyring, here.council(), &here.team(), log, note)?;
    serde_json::from_slice(&words).ok()
}

/// Passes on what others stated and the carrier does not show, and states anew what this laptop holds, if it differs
/// from what it stated last.
pub(super) async fn put_seen<C: Carrier>(
    carrier: &C,
    shown: &BTreeMap<LogId, u64>,
    store: &Store,
    here: &Here,
    ports: &Ports,
    card: &Card,
    wants: BTreeSet<(StreamId, u64)>,
) -> Result<(), HubError> {
    for row in store.read(roster::seen)? {
        let older = shown.get(&row.log).copied();
        if row.log != here.log() && older.is_none_or(|older| row.number > older) {
            carrier.put_seen(&row.log, row.number, older, &row.statement).await?;
        }
    }
    let log = here.log();
    let older = shown.get(&log).copied();
    let stated = state(store, here, ports, card, wants)?;
    if !stated.anew {
        let known = older == Some(stated.number);
        let there = if known { carrier.seen_statement(&log, stated.number).await? } else { None };
        if there.as_deref() == Some(stated.bytes.as_slice()) {
            return Ok(());
        }
    }
    carrier.put_seen(&log, stated.number, older.filter(|older| *older != stated.number), &stated.bytes).await?;
    Ok(())
}

/// This laptop's statement.
pub(super) struct Stated {
    number: u64,
    bytes: Vec<u8>,
    /// True if it differs from the last.
    anew: bool,
}

/// States what this laptop holds, anew if it differs from what it stated last.
pub(super) fn state(
    store: &Store,
    here: &Here,
    ports: &Ports,
    card: &Card,
    wants: BTreeSet<(StreamId, u64)>,
) -> Result<Stated, HubError> {
    let log = here.log();
    let last = store.read(|rows| roster::seen_of(rows, &log))?;
    let said = last.as_ref().and_then(|row| Seen::read_kept(&row.statement).ok());
    let now = store.read(|rows| statement(rows, here, ports, card, said.as_ref(), wants))?;
    if let (Some(said), Some(row)) = (&said, last)
        && now.says_the_same_as(said)
    {
        return Ok(Stated { number: row.number, bytes: row.statement, anew: false });
    }
    let bytes = now.sign(&here.identity.incarnation).map_err(|_| HubError::unexpected("sync/seen"))?;
    store.write(|tx| roster::put_seen(tx.connection(), &log, now.number, &bytes))?;
    Ok(Stated { number: now.number, bytes, anew: true })
}

fn statement(
    rows: &Rows,
    here: &Here,
    ports: &Ports,
    card: &Card,
    last: Option<&Seen>,
    wants: BTreeSet<(StreamId, u64)>,
) -> Result<Seen, HubError> {
    let mut vector = BTreeMap::new();
    for row in segment::streams(rows)? {
        if let Some(head) = segment::hashes(rows, &row.stream, row.high)?.first() {
            vector.insert(row.stream, StreamHead { seq: row.high, head: head.short() });
        }
    }
    let log = here.log();
    let wants = still_wanted(rows, last, wants)?;
    let note = match last {
        // Sealed anew it would differ each time.
        Some(last) if read_card(here, &log, &last.note).as_ref() == Some(card) => last.note.clone(),
        _ => {
            let words = serde_json::to_vec(card).map_err(|_| HubError::unexpected("sync/card"))?;
            seal_note(&here.identity.keyring, here.council(), &here.team(), &log, &words, ports.random()?)
                .unwrap_or_default()
        }
    };
    Ok(Seen {
        council: *here.council(),
        log,
        number: last.map_or(0, |last| last.number) + 1,
        vector,
        wants,
        roster: here.identity.roster.heads().into_iter().take(MAX_HEADS).collect(),
        clock: ports.now().millis(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        note,
        more: Vec::new(),
    })
}

/// What this carrier lacks, and what was asked for before and has not come: another carrier may lack something else, and
/// what is asked must not change with each.
fn still_wanted(
    rows: &Rows,
    last: Option<&Seen>,
    wants: BTreeSet<(StreamId, u64)>,
) -> Result<BTreeSet<(StreamId, u64)>, HubError> {
    let bodies = waiting::bodies_missing(rows)?;
    let mut still = wants;
    still.extend(&bodies);
    for (stream, seq) in last.into_iter().flat_map(|last| &last.wants) {
        let parted = segment::missing_below(rows, stream)? == Some(*seq);
        if parted || *seq > segment::high(rows, stream)? || bodies.contains(&(*stream, *seq)) {
            still.insert((*stream, *seq));
        }
    }
    Ok(still.into_iter().take(WANTS_MOST).collect())
}

/// Each laptop's statements, verified when they came, by log.
pub(super) fn statements(rows: &Rows, here: &Here) -> Result<Vec<(LaptopId, Seen)>, HubError> {
    let read = |row: roster::SeenRow| {
        let seen = Seen::read_kept(&row.statement).ok()?;
        Some((here.members.laptop_of(&seen.log)?, seen))
    };
    Ok(roster::seen(rows)?.into_iter().filter_map(read).collect())
}

fn numbers(store: &Store) -> Result<BTreeMap<LogId, u64>, HubError> {
    Ok(store.read(roster::seen)?.into_iter().map(|row| (row.log, row.number)).collect())
}
