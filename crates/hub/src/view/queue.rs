//! The door: who waits, for how long, who is being seen by whom.

use serde::{Deserialize, Serialize};
use sync_schema::{Instant, Need, Ticket, VisitId};

use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::{self, Ask};
use crate::store::query::Connection;
use crate::store::query::door::{self, HubDay};
use crate::ticket;

/// How long is long: below this many minutes a wait is `Fresh`.
pub const WAIT_FRESH_BELOW_MIN: u32 = 15;
/// From this many minutes a wait is `Long`.
pub const WAIT_LONG_FROM_MIN: u32 = 30;

/// A wait at a glance; never told by colour alone, the minutes stand beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum WaitLength {
    /// Just came.
    Fresh,
    /// Has waited a while.
    Middling,
    /// Has waited long.
    Long,
}

/// The queue of this hub, today.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Queue {
    /// Who waits, longest first.
    pub waiting: Vec<Waiting>,
    /// Who is with a worker.
    pub being_seen: Vec<BeingSeen>,
    /// How many have been and gone today.
    pub finished: u32,
    /// The ticket the next person gets on this laptop, `A9`.
    pub next_ticket: String,
    /// The friendly form it takes when no name is given.
    pub next_friendly: FriendlyName,
    /// True when nobody on this laptop may check people in (its grant is to read).
    pub read_only: bool,
}

/// A ticket's friendly form: indices into the catalogue's colours and things, so that each language has its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct FriendlyName {
    /// 0 to 11.
    pub colour: u8,
    /// 0 to 23.
    pub thing: u8,
}

/// Someone who waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// The visit.
    pub visit: VisitId,
    /// `A3`.
    pub ticket: String,
    /// As given; `None` when no name was given.
    pub name: Option<String>,
    /// The ticket's friendly form.
    pub friendly: FriendlyName,
    /// Their own words, whole.
    pub reason: String,
    /// What would help.
    pub needs: Vec<Need>,
    /// The language an interpreter is needed for, as typed.
    pub interpreter: Option<String>,
    /// Here before, as they said.
    pub been_before: Option<bool>,
    /// Who came with them, as typed; empty when someone came who was not named.
    pub companion: Option<String>,
    /// When they came.
    pub came_at: Instant,
    /// Whole minutes since.
    pub minutes: u32,
    /// The wait at a glance.
    pub length: WaitLength,
    /// Set while they have stepped outside: when they said they would be back.
    pub outside_until: Option<Instant>,
}

/// Someone who is with a worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct BeingSeen {
    /// The visit.
    pub visit: VisitId,
    /// `A1`.
    pub ticket: String,
    /// As given.
    pub name: Option<String>,
    /// The ticket's friendly form.
    pub friendly: FriendlyName,
    /// The workers who took them: more than one when two did at once on two laptops.
    pub with: Vec<String>,
    /// Since when.
    pub since: Instant,
    /// What would help.
    pub needs: Vec<Need>,
    /// Set when they have stepped outside and are not back.
    pub outside_until: Option<Instant>,
}

impl Hub {
    /// The queue of this hub, today.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn queue(&self) -> Result<Queue, HubError> {
        let me = self.asked(Ask::SeeQueue)?;
        let (at, now) = (self.hub_day(), self.now());
        self.store.read(|rows| {
            let next = self.next_ticket(rows)?;
            Ok(Queue {
                waiting: door::waiting(rows, at, now)?,
                being_seen: door::being_seen(rows, at)?,
                finished: door::count_finished(rows, at)?,
                next_ticket: ticket::shown(&next),
                next_friendly: ticket::friendly(&next),
                read_only: !policy::may(me.role, &self.grants(), Ask::KeepDoor),
            })
        })
    }

    /// This laptop's letter and one more than its highest number here today.
    pub(crate) fn next_ticket(&self, rows: &Connection) -> Result<Ticket, HubError> {
        let at = self.hub_day();
        let highest = door::highest_number(rows, at, &self.standing.letter)?;
        Ok(Ticket { letter: self.standing.letter.clone(), number: highest.saturating_add(1), day: at.day })
    }

    /// This laptop's hub, today.
    pub(crate) fn hub_day(&self) -> HubDay {
        HubDay { hub: self.standing.home, day: self.day() }
    }
}
