//! `Ctrl+K`: anyone or anything this person may see.

use serde::{Deserialize, Serialize};

use super::directory::ListingRow;
use super::person::PersonRow;
use super::queue::Waiting;

/// What was found, by kind; a kind this person may not see is empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Everything {
    /// People waiting here today.
    pub here: Vec<Waiting>,
    /// People.
    pub people: Vec<PersonRow>,
    /// Listings.
    pub listings: Vec<ListingRow>,
}
