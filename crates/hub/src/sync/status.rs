//! How far what was saved here has got, and what the other laptops have confirmed.

use std::collections::BTreeMap;

use sealed_log::{Hash, LaptopId, LogId, Rank, ScopeId, Seen, Segment, State, StreamId};
use sync_schema::{Instant, Scope};

use super::here::Here;
use super::roster::statements;
use crate::error::HubError;
use crate::store::sync::{roster, sealed, segment, snapshot, waiting};
use crate::store::{Rows, outbox};
use crate::view::laptop::{LaptopStanding, OtherLaptop, OwnLaptop, RefusedCount};
use crate::view::shell::Role;

/// Saved, shared, held, as numbers of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Standings {
    /// Saved here, and on no carrier yet.
    pub(crate) to_share: u32,
    /// On a carrier, and confirmed by no other laptop yet.
    pub(crate) to_be_held: u32,
    /// Waiting here to be opened.
    pub(crate) parked: u32,
    /// Refused since this laptop joined.
    pub(crate) refused: u32,
}

/// Where everything stands.
pub(crate) fn standings(rows: &Rows, here: &Here) -> Result<Standings, HubError> {
    let seen = live_seen(rows, here)?;
    let mut standings = Standings {
        to_share: outbox::documents_waiting(rows)?,
        to_be_held: 0,
        parked: waiting::count(rows)?,
        refused: waiting::refused(rows)?.iter().map(|(_, count)| count).sum(),
    };
    for row in segment::streams(rows)?.into_iter().filter(|row| here.is_ours(&row.stream.log)) {
        let held = furthest(rows, seen.iter().map(|(_, seen)| seen), &row)?;
        // What another laptop holds has been shared, whatever became of the carrier.
        let shared = row.shared.max(held.min(row.high));
        standings.to_share += segment::records(rows, &row.stream, shared, row.high)?;
        standings.to_be_held += segment::records(rows, &row.stream, held, shared)?;
    }
    Ok(standings)
}

/// What the other laptops state. What only a laptop that has gone holds, nobody holds.
fn live_seen(rows: &Rows, here: &Here) -> Result<Vec<(LaptopId, Seen)>, HubError> {
    let mut seen = others_seen(rows, here)?;
    seen.retain(|(laptop, _)| here.members.is_live(laptop));
    Ok(seen)
}

/// True if all that this laptop ever saved in a scope that it lost is held by another that knows of the loss: that stands,
/// whatever becomes of that one. One that does not know yet may be taken out before it does.
pub(super) fn is_all_held(rows: &Rows, here: &Here, (id, scope): (&ScopeId, Scope)) -> Result<bool, HubError> {
    let seen = live_seen(rows, here)?;
    let own = segment::streams(rows)?.into_iter();
    for row in own.filter(|row| row.stream.scope == *id && here.is_ours(&row.stream.log)) {
        let ends = here.members.closed_by(&row.stream.log, id);
        let knows = |seen: &&Seen| ends.iter().any(|end| here.identity.roster.is_known_to(&seen.roster, end));
        let knowing = || seen.iter().map(|(_, seen)| seen).filter(knows);
        // Of a log that went two ways the other is not fetched here any more: that it is held as far, and this one shared,
        // is all that can be known.
        let as_far = |seen: &Seen| seen.vector.get(&row.stream).is_some_and(|head| head.seq >= row.high);
        let shared = row.shared >= row.high && knowing().any(as_far);
        if !shared && furthest(rows, knowing(), &row)? < row.high {
            return Ok(false);
        }
    }
    Ok(outbox::waiting(rows, scope, 1)?.is_empty())
}

/// True while something of this laptop's own is on no carrier.
pub(super) fn anything_to_share(rows: &Rows, here: &Here) -> Result<bool, HubError> {
    let own = segment::streams(rows)?.into_iter().any(|row| here.is_ours(&row.stream.log) && row.shared < row.high);
    Ok(own || outbox::documents_waiting(rows)? > 0)
}

/// The other laptops of the council.
pub(crate) fn others(rows: &Rows, here: &Here, now: Instant) -> Result<Vec<OtherLaptop>, HubError> {
    let seen = others_seen(rows, here)?;
    let named: BTreeMap<LaptopId, roster::LaptopRow> =
        roster::laptops(rows)?.into_iter().map(|row| (row.laptop, row)).collect();
    let own: Vec<_> = segment::streams(rows)?.into_iter().filter(|row| here.is_ours(&row.stream.log)).collect();
    let mut others = Vec::new();
    for (laptop, member) in here.members.laptops().filter(|(laptop, _)| **laptop != here.laptop()) {
        let its: Vec<&Seen> = seen.iter().filter(|(whose, _)| whose == laptop).map(|(_, seen)| seen).collect();
        let mut unconfirmed = 0;
        for row in own.iter().filter(|row| member.grants.contains_key(&row.stream.scope)) {
            let held = furthest(rows, its.iter().copied(), row)?;
            unconfirmed += segment::records(rows, &row.stream, held, row.high)?;
        }
        let row = named.get(laptop);
        let knows = |erasure: &Hash| its.iter().any(|seen| here.identity.roster.is_known_to(&seen.roster, erasure));
        others.push(OtherLaptop {
            id: laptop.to_string(),
            administrator: member.rank == Rank::Administrator,
            keeper: member.keeper,
            standing: standing(Some(&member.state)),
            erasures_unconfirmed: count(here.members.erasures().filter(|erasure| !knows(erasure)).count()),
            clock_error_minutes: clock_error(rows, &its, &own, now)?,
            name: row.map(|row| row.name.clone()).unwrap_or_default(),
            role: here.role_of(laptop).or_else(|| told_role(row)).unwrap_or(Role::Worker),
            doubled: its.iter().any(|one| its.iter().any(|other| hear_each_other(one, other))),
            last_heard: its.iter().map(|seen| Instant::from_millis(seen.clock)).max(),
            unconfirmed,
        });
    }
    others.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(others)
}

/// This laptop itself.
pub(crate) fn own(rows: &Rows, here: &Here, role: Option<Role>) -> Result<OwnLaptop, HubError> {
    let laptop = here.laptop();
    let member = here.members.laptop(&laptop);
    // An earlier life of this database had ended before the one that is now wrote anything.
    let other = |(whose, seen): &(LaptopId, Seen)| *whose == laptop && seen.log != here.log();
    let doubled = statements(rows, here)?.iter().any(|each| other(each) && has_heard(&each.1, &here.log()));
    Ok(OwnLaptop {
        id: laptop.to_string(),
        role,
        keeper: member.is_some_and(|member| member.keeper),
        standing: standing(member.map(|member| &member.state)),
        doubled,
    })
}

/// True if each of two lives of a laptop holds what the other wrote. One that had ended when the other began cannot.
fn hear_each_other(one: &Seen, other: &Seen) -> bool {
    one.log != other.log && has_heard(one, &other.log) && has_heard(other, &one.log)
}

fn has_heard(seen: &Seen, log: &LogId) -> bool {
    seen.vector.keys().any(|stream| stream.log == *log)
}

/// A laptop that the roster does not know does not belong to the council.
const fn standing(state: Option<&State>) -> LaptopStanding {
    match state {
        Some(State::Live) => LaptopStanding::Live,
        Some(State::Retired(_)) => LaptopStanding::Retired,
        Some(State::Revoked(_)) | None => LaptopStanding::TakenOut,
    }
}

/// The role on the card that a laptop last sent.
fn told_role(row: Option<&roster::LaptopRow>) -> Option<Role> {
    Role::from_code(row?.role.as_deref()?)
}

/// A clock within so many milliseconds of ours is right enough.
const CLOCK_ERROR: i64 = 5 * 60_000;

/// By how many minutes a laptop's clock was wrong when it last said anything, held against ours: ahead if its statement is
/// of a time to come; behind, by so much at least, if its statement is of a time before we sealed what it says it holds.
/// None if that is within what is right enough.
fn clock_error(rows: &Rows, its: &[&Seen], own: &[segment::StreamRow], now: Instant) -> Result<Option<i32>, HubError> {
    // Of a laptop that began anew, the statement of each of its lives is here: the last is the one that holds most.
    let held = |seen: &&&Seen| seen.vector.values().map(|head| head.seq).fold(0_u64, u64::saturating_add);
    let Some(last) = its.iter().max_by_key(held) else { return Ok(None) };
    let ahead = last.clock.saturating_sub(now.millis());
    let mut behind = 0;
    for row in own {
        let held = covered(rows, last, row)?;
        if let Some(at) = sealed::at(rows, &row.stream, held)? {
            behind = behind.max(at.millis().saturating_sub(last.clock));
        }
    }
    let minutes = |millis: i64| i32::try_from(millis / 60_000).unwrap_or(i32::MAX);
    Ok(if ahead > CLOCK_ERROR {
        Some(minutes(ahead))
    } else if behind > CLOCK_ERROR {
        Some(-minutes(behind))
    } else {
        None
    })
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// How many were refused, by reason.
pub(crate) fn refused(rows: &Rows) -> Result<Vec<RefusedCount>, HubError> {
    let counts = waiting::refused(rows)?;
    Ok(counts.into_iter().map(|(reason, count)| RefusedCount { reason, count }).collect())
}

/// How many streams are not an unbroken chain of whole, signed segments from the first to the last.
pub(crate) fn broken_streams(rows: &Rows, here: &Here) -> Result<u32, HubError> {
    let mut broken = 0;
    for row in segment::streams(rows)? {
        broken += u32::from(!is_whole(rows, here, &row.stream, row.high)?);
    }
    Ok(broken)
}

fn is_whole(rows: &Rows, here: &Here, stream: &StreamId, high: u64) -> Result<bool, HubError> {
    let base = snapshot::base(rows, stream)?;
    let (first, last) = (base.first().map_or(0, |(seq, _)| *seq), base.last().map_or(0, |(seq, _)| *seq));
    let of_base = |at: u64| base.iter().filter(move |(seq, _)| *seq == at).map(|(_, hash)| *hash);
    let mut before: Vec<_> = of_base(first).collect();
    // What a snapshot covers is not here, or is here in part: what follows it is an unbroken chain.
    for seq in first + 1..=high {
        let mut hashes: Vec<_> = of_base(seq).collect();
        for row in segment::range(rows, stream, seq, seq)? {
            let Ok(segment) = Segment::decode(&row.bytes) else { return Ok(false) };
            let bodies =
                (0..segment.bodies.len()).all(|item| !matches!(segment.body(item), Err(sealed_log::Stop::Refused(_))));
            let follows = segment.envelope.follows(|_, prev| before.contains(prev));
            let signed = segment.verify(here.council(), &here.members).is_ok();
            let in_place = segment.hash() == row.hash && segment.envelope.stream() == *stream;
            if !(bodies && follows && signed && in_place) {
                return Ok(false);
            }
            hashes.push(row.hash);
        }
        if hashes.is_empty() && seq > last {
            return Ok(false);
        }
        before = hashes;
    }
    Ok(true)
}

fn others_seen(rows: &Rows, here: &Here) -> Result<Vec<(LaptopId, Seen)>, HubError> {
    let mut seen = statements(rows, here)?;
    seen.retain(|(laptop, _)| *laptop != here.laptop());
    Ok(seen)
}

/// How far a statement says that a stream is held whole: to below the first that its laptop asks for, and not at all
/// where it holds another way that the log went.
fn covered(rows: &Rows, seen: &Seen, row: &segment::StreamRow) -> Result<u64, HubError> {
    let Some(head) = seen.vector.get(&row.stream) else { return Ok(0) };
    let same_way = segment::hashes(rows, &row.stream, head.seq)?.iter().any(|hash| hash.short() == head.head);
    let asked = seen.wants.range((row.stream, 0)..=(row.stream, u64::MAX)).next();
    let whole = asked.map_or(head.seq, |(_, first)| head.seq.min(first.saturating_sub(1)));
    Ok(if same_way || head.seq > row.high { whole } else { 0 })
}

/// The furthest that any of these statements covers.
fn furthest<'a>(
    rows: &Rows,
    seen: impl IntoIterator<Item = &'a Seen>,
    row: &segment::StreamRow,
) -> Result<u64, HubError> {
    seen.into_iter().try_fold(0, |most, seen| Ok(covered(rows, seen, row)?.max(most)))
}
