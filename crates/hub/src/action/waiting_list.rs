//! Waiting lists: joining, keeping in touch, re-banding, leaving.

use serde::{Deserialize, Serialize};
use sync_schema::document::waiting_entry::{self, EventKind, NewEntry, Outcome};
use sync_schema::merge::happened::History;
use sync_schema::merge::waiting;
use sync_schema::{Band, CalendarDate, EntryId, EventId, HubId, Kind, PersonId, WaitingKind};

use super::typed;

use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::Ask;
use crate::store::query::{people, register};

/// Adding a person to a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct AddToWaitingList {
    /// Who.
    pub person: PersonId,
    /// For what.
    pub kind: WaitingKind,
    /// How soon.
    pub band: Band,
    /// The earliest day they asked; not after today, not before 1990.
    pub requested_on: CalendarDate,
    /// Where; this laptop's hub when `None`.
    pub hub: Option<HubId>,
}

impl Hub {
    /// Adds a person to a list.
    ///
    /// # Errors
    /// [`HubError::DateInFuture`] and [`HubError::DateTooLongAgo`] for `requestedOn`; [`HubError::NotFound`] when the
    /// person or the hub is not here.
    pub fn add_to_waiting_list(&self, entry: AddToWaitingList) -> Result<EntryId, HubError> {
        let me = self.asked(Ask::KeepWaitingList)?;
        let requested_on = typed::requested_on(entry.requested_on, self.day().naive())?;
        let id = self.fresh(EntryId::from_bytes)?;
        let edit = self.edit(&me);
        let events = [self.fresh(EventId::from_bytes)?, self.fresh(EventId::from_bytes)?];
        let hub = entry.hub.unwrap_or(self.standing.home);
        self.store.write(|tx| {
            if !people::is_here(tx.connection(), entry.person)? {
                return Err(HubError::NotFound);
            }
            // This laptop's own hub may not have arrived yet; another must be here to be meant.
            let locality = match register::locality(tx.connection(), hub) {
                Err(HubError::NotFound) if hub == self.standing.home => None,
                found => found?,
            };
            let new =
                NewEntry { person: entry.person, kind: entry.kind, hub, locality, requested_on, band: entry.band };
            tx.create(Kind::WaitingEntry, id, waiting_entry::create(id, new, events, &edit)?)
        })?;
        Ok(id)
    }

    /// We spoke with them; the next call is due then.
    ///
    /// # Errors
    /// [`HubError::DateTooLongAgo`] for `nextDue` before today; `policy`'s and the store's own.
    pub fn kept_in_touch(&self, entry: EntryId, next_due: Option<CalendarDate>) -> Result<(), HubError> {
        if next_due.is_some_and(|day| day < self.day()) {
            return Err(HubError::DateTooLongAgo { field: "nextDue" });
        }
        self.note_on_entry(entry, |_| EventKind::Contacted { next_due })
    }

    /// Sets another band. A higher one is an escalation: it stands against a closing elsewhere at the same time.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn reband(&self, entry: EntryId, band: Band) -> Result<(), HubError> {
        self.note_on_entry(
            entry,
            |now| {
                if band > now { EventKind::Escalated { band } } else { EventKind::Banded { band } }
            },
        )
    }

    /// Closes the entry with an outcome's code.
    ///
    /// # Errors
    /// [`HubError::Empty`] and [`HubError::TooLong`] for `outcome`; `policy`'s and the store's own.
    pub fn close_entry(&self, entry: EntryId, outcome: String) -> Result<(), HubError> {
        let outcome = typed::needed_line(&outcome, typed::SHORT_MOST, "outcome")?;
        let (on, outcome) = (self.day(), Outcome::from_code(&outcome));
        self.note_on_entry(entry, |_| EventKind::Closed { on, outcome })
    }

    /// Takes back the newest thing noted on this entry by this laptop; adding someone to the list, too.
    ///
    /// # Errors
    /// [`HubError::NotFound`] when there is nothing to take back; `policy`'s and the store's own.
    pub fn undo_on_entry(&self, entry: EntryId) -> Result<(), HubError> {
        let me = self.asked(Ask::KeepWaitingList)?;
        let edit = self.edit(&me);
        let id = self.fresh(EventId::from_bytes)?;
        self.store.write(|tx| {
            tx.edit(entry, |doc| {
                let history = waiting_entry::read(doc)?.history;
                let slip = slip(&history, &edit.laptop).ok_or(HubError::NotFound)?;
                waiting_entry::note_event(doc, id, &EventKind::Undone { event: slip }, &edit)?;
                Ok::<(), HubError>(())
            })
        })
    }

    /// Adds an event, made from the band that stands.
    fn note_on_entry(&self, entry: EntryId, event: impl FnOnce(Band) -> EventKind) -> Result<(), HubError> {
        let me = self.asked(Ask::KeepWaitingList)?;
        let edit = self.edit(&me);
        let id = self.fresh(EventId::from_bytes)?;
        self.store.write(|tx| {
            tx.edit(entry, |doc| {
                let band = waiting::stand(&waiting_entry::read(doc)?.history).band;
                waiting_entry::note_event(doc, id, &event(band), &edit)?;
                Ok::<(), HubError>(())
            })
        })
    }
}

/// The newest event of this laptop that stands. An entry begins with a request and a band: when nothing else stands, the
/// request is what was a slip.
fn slip(history: &History<EventKind>, laptop: &str) -> Option<EventId> {
    let events: Vec<&waiting_entry::Event> = waiting::standing_events(history).collect();
    let newest = *events.iter().rfind(|event| event.laptop == laptop)?;
    match (newest.kind.as_ref(), events.as_slice()) {
        (Some(EventKind::Banded { .. }), [request, _]) if request.laptop == laptop => Some(request.id),
        // What is left of an adding that was taken back.
        (Some(EventKind::Banded { .. }), [_]) => None,
        _ => Some(newest.id),
    }
}
