//! `Ctrl+K`: anyone or anything this person may see.

use serde::{Deserialize, Serialize};

use super::directory::ListingRow;
use super::person::PersonRow;
use super::queue::Waiting;

use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::{self, Ask};
use crate::store::query::{door, listings, people};
use crate::store::search::fold;

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

/// How many of each kind are shown.
const EACH: u32 = 8;

impl Hub {
    /// Anyone or anything that this person may see; nothing typed finds who waits.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn everything(&self, query: &str) -> Result<Everything, HubError> {
        let me = self.asked(Ask::SeeLaptop)?;
        let may = |ask| policy::may(me.role, &self.grants(), ask);
        let (at, now, words) = (self.hub_day(), self.now(), fold(query));
        self.store.read(|rows| {
            let mut found = Everything { here: Vec::new(), people: Vec::new(), listings: Vec::new() };
            if may(Ask::SeeQueue) {
                found.here = door::waiting(rows, at, now)?;
                found.here.retain(|waiting| matches(waiting, &words));
                found.here.truncate(EACH as usize);
            }
            if !words.is_empty() && may(Ask::SeePeople) {
                found.people = people::search(rows, query, EACH)?;
            }
            if !words.is_empty() && may(Ask::SeeDirectory) {
                found.listings = listings::search(rows, query, EACH, self.stale_before())?.listings;
            }
            Ok(found)
        })
    }
}

/// True when every word begins a word of the name, or is the ticket.
fn matches(waiting: &Waiting, words: &str) -> bool {
    let ticket = waiting.ticket.to_lowercase();
    let name = fold(waiting.name.as_deref().unwrap_or_default());
    words.split(' ').all(|word| ticket == word || name.split(' ').any(|part| part.starts_with(word)))
}
