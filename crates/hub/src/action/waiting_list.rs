//! Waiting lists: joining, keeping in touch, re-banding, leaving.

use serde::{Deserialize, Serialize};
use sync_schema::{Band, CalendarDate, EntryId, HubId, PersonId, WaitingKind};

use crate::error::HubError;
use crate::hub::Hub;

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
    /// [`HubError::DateInFuture`] and [`HubError::DateTooLongAgo`] for `requestedOn`.
    pub fn add_to_waiting_list(&self, _entry: AddToWaitingList) -> Result<EntryId, HubError> {
        Err(HubError::unexpected("add_to_waiting_list"))
    }

    /// We spoke with them; the next call is due then.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn kept_in_touch(&self, _entry: EntryId, _next_due: Option<CalendarDate>) -> Result<(), HubError> {
        Err(HubError::unexpected("kept_in_touch"))
    }

    /// Sets another band.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn reband(&self, _entry: EntryId, _band: Band) -> Result<(), HubError> {
        Err(HubError::unexpected("reband"))
    }

    /// Closes the entry with an outcome's code.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn close_entry(&self, _entry: EntryId, _outcome: String) -> Result<(), HubError> {
        Err(HubError::unexpected("close_entry"))
    }
}
