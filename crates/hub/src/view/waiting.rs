//! Who waits, by kind and band, longest first.

use serde::{Deserialize, Serialize};
use sync_schema::{Band, CalendarDate, EntryId, HubId, PersonId, WaitingKind};

use crate::error::HubError;
use crate::store::query::{Connection, waiting as query};

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

/// At most so many entries are listed; the filter narrows them, and `total` says how many there are.
const MOST: u32 = 500;

/// The list as it stands `today`; with names when `names`.
pub(crate) fn waiting_list(
    connection: &Connection,
    filter: &WaitingFilter,
    names: bool,
    today: CalendarDate,
) -> Result<WaitingList, HubError> {
    let counts = query::cells(connection)?
        .into_iter()
        .map(|cell| WaitingCount {
            kind: cell.kind,
            band: cell.band,
            people: cell.people,
            longest_days: cell.since.map_or(0, |since| days(since, today)),
        })
        .collect();
    let which = query::Which { kind: filter.kind, band: filter.band, hub: filter.hub };
    let (found, total) = query::longest(connection, which, names, MOST)?;
    let entries = found
        .into_iter()
        .map(|entry| EntryRow {
            reference: reference(entry.id),
            person: names.then_some(entry.person),
            name: entry.name,
            kind: entry.kind,
            band: entry.band,
            band_in_question: entry.band_in_question,
            hub: entry.hub,
            days: days(entry.requested_on, today),
            requested_on: entry.requested_on,
            call_overdue: entry.next_call_due.is_some_and(|due| due < today),
            next_call_due: entry.next_call_due,
            clash: entry.clash,
            id: entry.id,
        })
        .collect();
    Ok(WaitingList { counts, entries, total, names })
}

/// The first 30 bits of an id in letters and digits that cannot be taken for one another: `7K3F-Q2`.
fn reference(id: EntryId) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let [a, b, c, d, ..] = *id.as_bytes();
    let bits = u32::from_be_bytes([a, b, c, d]);
    let letter = |n: u32| LETTERS.get((bits >> (27 - 5 * n) & 31) as usize).map_or('0', |l| char::from(*l));
    let (front, back): (String, String) = ((0..4).map(letter).collect(), (4..6).map(letter).collect());
    format!("{front}-{back}")
}

fn days(from: CalendarDate, to: CalendarDate) -> u32 {
    u32::try_from(to.days_since(from)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_short_and_names_nobody() {
        let mut bytes = [0; 16];
        assert_eq!(reference(EntryId::from_bytes(bytes)), "0000-00");
        bytes[..4].copy_from_slice(&[0xff; 4]);
        assert_eq!(reference(EntryId::from_bytes(bytes)), "ZZZZ-ZZ");
        bytes[..4].copy_from_slice(&[0b0000_1000, 0b1000_0110, 0b0100_0010, 0b1001_1000]);
        assert_eq!(reference(EntryId::from_bytes(bytes)), "1234-56");
    }
}
