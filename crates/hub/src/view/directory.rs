//! The directory of services, searched offline.

use serde::{Deserialize, Serialize};
use sync_schema::{CalendarDate, ListingId};

use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::Ask;
use crate::store::query::listings;

/// A listing in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ListingRow {
    /// The listing.
    pub id: ListingId,
    /// Its name.
    pub name: String,
    /// Who runs it.
    pub organisation: Option<String>,
    /// What it is, the first 240 characters.
    pub summary: String,
    /// When it opens, in its own words.
    pub when: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// What it costs.
    pub cost: Option<String>,
    /// When someone last checked it.
    pub checked_on: Option<CalendarDate>,
    /// True when it was last checked more than six months ago, or never.
    pub stale: bool,
}

/// A listing whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ListingView {
    /// As in the list.
    pub row: ListingRow,
    /// What it is, whole.
    pub description: String,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Web address, shown and never opened.
    pub url: Option<String>,
    /// Street and postcode.
    pub address: Option<String>,
    /// Kinds of thing it is.
    pub categories: Vec<String>,
    /// True while it runs; a listing that is not active cannot be pointed to.
    pub active: bool,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Found {
    /// The best matches, at most 50.
    pub listings: Vec<ListingRow>,
    /// How many match in all.
    pub total: u32,
}

/// How many listings a search shows.
const LISTED: u32 = 50;
/// After so many months without a check a listing is stale.
const STALE_MONTHS: u32 = 6;

impl Hub {
    /// Searches the directory; all of it, by name, when nothing is typed.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn directory(&self, query: &str) -> Result<Found, HubError> {
        self.asked(Ask::SeeDirectory)?;
        self.store.read(|rows| listings::search(rows, query, LISTED, self.stale_before()))
    }

    /// One listing.
    ///
    /// # Errors
    /// [`HubError::NotFound`]; `policy`'s and the store's own.
    pub fn listing(&self, listing: ListingId) -> Result<ListingView, HubError> {
        self.asked(Ask::SeeDirectory)?;
        self.store.read(|rows| listings::one(rows, listing, self.stale_before()))
    }

    /// Listings checked before this day are stale.
    pub(crate) fn stale_before(&self) -> CalendarDate {
        let today = self.day().naive();
        CalendarDate::new(today.checked_sub_months(chrono::Months::new(STALE_MONTHS)).unwrap_or(today))
    }
}
