//! Who waits, by kind and band, longest first.

use serde::{Deserialize, Serialize};
use sync_schema::{Band, CalendarDate, EntryId, HubId, PersonId, WaitingKind};

/// What to show; `None` means all.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct WaitingFilter {
    /// One kind only.
    pub kind: Option<WaitingKind>,
    /// One band only.
    pub band: Option<Band>,
    /// One hub only.
    pub hub: Option<HubId>,
}

/// The list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct WaitingList {
    /// How many wait, by kind and band, whatever the filter.
    pub counts: Vec<WaitingCount>,
    /// Those the filter lets through, longest first, at most 500.
    pub entries: Vec<EntryRow>,
    /// How many it lets through in all.
    pub total: u32,
    /// True when names are shown: this laptop holds casework and this person may see it.
    pub names: bool,
}

/// One cell of the table of kinds and bands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct WaitingCount {
    /// For what.
    pub kind: WaitingKind,
    /// How soon.
    pub band: Band,
    /// How many.
    pub people: u32,
    /// The longest wait among them, in days.
    pub longest_days: u32,
}

/// One who waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct EntryRow {
    /// The entry.
    pub id: EntryId,
    /// A short reference that names nobody, `7K3F-Q2`.
    pub reference: String,
    /// The person, when names are shown.
    pub person: Option<PersonId>,
    /// Their name, when names are shown and they have one.
    pub name: Option<String>,
    /// For what.
    pub kind: WaitingKind,
    /// How soon; the higher of two set at once.
    pub band: Band,
    /// True when two laptops set different bands at once and nobody has confirmed the higher.
    pub band_in_question: bool,
    /// The hub where it was asked.
    pub hub: String,
    /// The day the clock started.
    pub requested_on: CalendarDate,
    /// Days since.
    pub days: u32,
    /// The next keep-in-touch call, if one is due.
    pub next_call_due: Option<CalendarDate>,
    /// True when that day has passed.
    pub call_overdue: bool,
    /// True when it was closed on one laptop while escalated on another: open, with an alert.
    pub clash: bool,
}
