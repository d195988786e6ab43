//! What this laptop gives to another in the same hall, that asks: never more than the roster lets that laptop read, and
//! to one that was taken out the roster alone, in which it reads so.

use std::collections::BTreeSet;

use sealed_log::wire::{Ask, Found, Given, RosterName, Shelf};
use sealed_log::{Fetch, Hash, LaptopId};

use super::here::Here;
use super::roster;
use super::take::Tally;
use crate::error::HubError;
use crate::store::sync::roster as rosters;
use crate::store::sync::segment;
use crate::store::{Rows, Store};

/// One answer comes to about so many bytes.
const ANSWER_AIM: usize = 4 << 20;
/// Segments are read from the store so many at a time.
const CHUNK: u64 = 64;

/// What changes whenever there is something new here for others.
pub(crate) fn turn(rows: &Rows) -> Result<u64, HubError> {
    let (segments, redacted) = segment::newest(rows)?;
    let (entries, stated) = rosters::newest(rows)?;
    let told = [segments, redacted, entries, stated].map(u64::to_be_bytes).concat();
    let hash = blake3::derive_key("talking-point v1 hall turn", &told);
    let (front, _) = hash.split_first_chunk().unwrap_or((&[0; 8], &[]));
    Ok(u64::from_be_bytes(*front))
}

/// What is here, as far as this laptop may have it.
pub(crate) fn look(rows: &Rows, here: &Here, guest: &LaptopId) -> Result<Shelf, HubError> {
    let mut shelf =
        Shelf { roster: here.identity.roster.hashes().map(|hash| name(&hash)).collect(), ..Shelf::default() };
    if !here.members.is_live(guest) {
        return Ok(shelf);
    }
    shelf.seen = rosters::seen(rows)?.into_iter().map(|row| (row.log, row.number)).collect();
    for row in segment::streams(rows)? {
        if here.members.may_read(guest, &row.stream.scope) {
            let ends: BTreeSet<_> = segment::ends(rows, &row.stream, row.high)?.into_iter().collect();
            shelf.tips.insert(row.stream, ends);
        }
    }
    shelf.tips.retain(|_, ends| !ends.is_empty());
    Ok(shelf)
}

/// What is here of what is asked, as far as this laptop may have it and one answer holds it.
pub(crate) fn give(rows: &Rows, here: &Here, guest: &LaptopId, ask: &Ask) -> Result<Given, HubError> {
    let mut given = Given::default();
    let mut room = Room(ANSWER_AIM);
    if !ask.roster.is_empty() {
        let wanted: BTreeSet<RosterName> = ask.roster.iter().copied().collect();
        let entries = here.identity.roster.ancestors_first().into_iter();
        let entries = entries.map(|(hash, entry)| (name(&hash), entry)).filter(|(name, _)| wanted.contains(name));
        let entries = entries.map(|(name, entry)| (name, entry.encode()));
        given.roster = entries.take_while(|(_, bytes)| room.takes(bytes.len())).collect();
    }
    let live = here.members.is_live(guest);
    if live && !ask.seen.is_empty() {
        let wanted: BTreeSet<_> = ask.seen.iter().collect();
        let known = rosters::seen(rows)?.into_iter().filter(|row| wanted.contains(&(row.log, row.number)));
        let known = known.map(|row| (row.log, row.number, row.statement));
        given.seen = known.take_while(|(_, _, bytes)| room.takes(bytes.len())).collect();
    }
    for range in &ask.ranges {
        let may = live && here.members.may_read(guest, &range.stream.scope);
        given.ranges.push(if may { found(rows, range, &mut room)? } else { nothing(range) });
    }
    Ok(given)
}

/// Takes in the roster of a laptop that is not known here. True if any of it was new.
pub(crate) fn introduce(store: &Store, here: &mut Here, entries: &[Vec<u8>]) -> Result<bool, HubError> {
    roster::introduce(store, here, entries, &mut Tally::default())
}

const fn nothing(range: &Fetch) -> Found {
    Found { through: range.first.saturating_sub(1), segments: Vec::new() }
}

fn found(rows: &Rows, range: &Fetch, room: &mut Room) -> Result<Found, HubError> {
    let mut found = nothing(range);
    let last = range.last.min(segment::high(rows, &range.stream)?);
    while found.through < last {
        let first = found.through + 1;
        let chunk = segment::range(rows, &range.stream, first, last.min(found.through + CHUNK))?;
        let Some(end) = chunk.last().map(|row| row.seq) else { break };
        let mut rest = chunk.into_iter().peekable();
        while let Some(seq) = rest.peek().map(|row| row.seq) {
            // All that bear one number go together: a log that went two ways has two.
            let same: Vec<_> = std::iter::from_fn(|| rest.next_if(|row| row.seq == seq)).collect();
            if !room.takes(same.iter().map(|row| row.bytes.len()).sum()) {
                return Ok(found);
            }
            found.segments.extend(same.into_iter().map(|row| (row.seq, row.bytes)));
            found.through = seq;
        }
        found.through = end;
    }
    Ok(found)
}

fn name(hash: &Hash) -> RosterName {
    let (front, _) = hash.as_bytes().split_first_chunk().unwrap_or((&[0; 16], &[]));
    *front
}

/// What still goes into one answer. The first thing always does.
struct Room(usize);

impl Room {
    fn takes(&mut self, bytes: usize) -> bool {
        let fits = bytes <= self.0 || self.0 == ANSWER_AIM;
        self.0 = if fits { self.0.saturating_sub(bytes.max(1)) } else { 0 };
        fits
    }
}
