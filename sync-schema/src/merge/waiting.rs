//! What the events of a waiting-list entry come to.
//!
//! - The clock starts at the earliest request not since struck out.
//! - Bands set at once: the higher stands, and the difference is a question until someone who saw both sets one.
//! - What was undone counts for nothing, whoever saw it meanwhile; undoing is for good.
//! - Closed on one laptop while escalated on another: open, with an alert, until someone who saw both closes it.

use std::collections::BTreeSet;

use crate::document::waiting_entry::{Event, EventKind, Outcome};
use crate::merge::happened::History;
use crate::{Band, CalendarDate, EventId};

/// An entry as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The day the clock started; `None` when every request was struck out.
    pub requested_on: Option<CalendarDate>,
    /// How soon.
    pub band: Band,
    /// True when different bands were set at once and nobody has settled it.
    pub band_in_question: bool,
    /// How and when it ended, unless it is open.
    pub closed: Option<Closed>,
    /// True when it was closed on one laptop while escalated on another.
    pub clash: bool,
    /// When to ring next.
    pub next_call_due: Option<CalendarDate>,
}

/// How and when an entry ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The day.
    pub on: CalendarDate,
    /// How.
    pub outcome: Outcome,
}

/// Folds the events.
#[must_use]
pub fn stand(history: &History<EventKind>) -> Standing {
    let events: Vec<&Event> = standing_events(history).collect();
    let (band, band_in_question) = band(history, &events);
    let (closed, clash) = closed(history, &events);
    Standing {
        requested_on: requested_on(&events),
        band,
        band_in_question,
        closed,
        clash,
        next_call_due: call(&events),
    }
}

/// What happened and was not undone, in order; undoing is not among it.
pub fn standing_events(history: &History<EventKind>) -> impl Iterator<Item = &Event> {
    let undone: BTreeSet<EventId> = history
        .events()
        .iter()
        .filter_map(|event| match event.kind {
            Some(EventKind::Undone { event }) => Some(event),
            _ => None,
        })
        .collect();
    history.events().iter().filter(move |event| match event.kind {
        Some(EventKind::Undone { .. }) => false,
        Some(_) | None => !undone.contains(&event.id),
    })
}

fn requested_on(events: &[&Event]) -> Option<CalendarDate> {
    let struck = |event: &Event| events.iter().any(|other| other.kind == Some(EventKind::Struck { event: event.id }));
    let requests = events.iter().filter_map(|event| match event.kind {
        Some(EventKind::Requested { on }) if !struck(event) => Some(on),
        _ => None,
    });
    requests.min()
}

const fn band_of(event: &Event) -> Option<Band> {
    match event.kind {
        Some(EventKind::Banded { band } | EventKind::Escalated { band }) => Some(band),
        _ => None,
    }
}

/// The highest of the bands that no later band replaced, and whether they differ.
fn band(history: &History<EventKind>, events: &[&Event]) -> (Band, bool) {
    let set: Vec<(EventId, Band)> = events.iter().filter_map(|event| Some((event.id, band_of(event)?))).collect();
    let replaced = history.known_to(set.iter().map(|(id, _)| *id));
    let standing = set.iter().filter(|(id, _)| !replaced.contains(id)).map(|(_, band)| *band);
    let standing: Vec<Band> = standing.collect();
    let highest = standing.iter().max().copied().unwrap_or(Band::None);
    (highest, standing.iter().any(|band| *band != highest))
}

/// How it ended, and whether a closing and an escalation clash.
fn closed(history: &History<EventKind>, events: &[&Event]) -> (Option<Closed>, bool) {
    let ids = |is: fn(&EventKind) -> bool| {
        events.iter().filter(move |event| event.kind.as_ref().is_some_and(is)).map(|event| event.id)
    };
    let escalated: Vec<EventId> = ids(|kind| matches!(kind, EventKind::Escalated { .. })).collect();
    let goes_on = |kind: &EventKind| matches!(kind, EventKind::Reopened | EventKind::Escalated { .. });
    let overtaken = history.known_to(ids(goes_on));
    let mut clash = false;
    for event in events {
        let Some(EventKind::Closed { on, outcome }) = &event.kind else { continue };
        if overtaken.contains(&event.id) {
            continue;
        }
        let known = history.known_to([event.id]);
        if escalated.iter().all(|id| known.contains(id)) {
            return (Some(Closed { on: *on, outcome: outcome.clone() }), false);
        }
        clash = true;
    }
    (None, clash)
}

fn call(events: &[&Event]) -> Option<CalendarDate> {
    events.iter().rev().find_map(|event| match event.kind {
        Some(EventKind::Contacted { next_due }) => Some(next_due),
        _ => None,
    })?
}
