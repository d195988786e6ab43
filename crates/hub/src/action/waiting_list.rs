//! Waiting lists: joining, keeping in touch, re-banding, leaving.

use serde::{Deserialize, Serialize};
use sync_schema::{Band, CalendarDate, HubId, PersonId, WaitingKind};

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
