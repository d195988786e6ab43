//! People: search, one person, and who a visitor may be.

use serde::{Deserialize, Serialize};
use sync_schema::{CalendarDate, ConversationId, Instant, Need, PersonId, VisitId};

use super::conversation::PersonsEntry;
use super::question::Question;

use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::{self, Ask};
use crate::store::query::{door, people};

/// A person in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PersonRow {
    /// The person.
    pub id: PersonId,
    /// Their name, or `None`.
    pub name: Option<String>,
    /// Date of birth.
    pub born_on: Option<CalendarDate>,
    /// Postcode, tidy.
    pub postcode: Option<String>,
    /// The last visit linked to them.
    pub last_seen: Option<Instant>,
}

/// The person's page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    /// The person.
    pub id: PersonId,
    /// The name they like us to use.
    pub name: Option<String>,
    /// Date of birth.
    pub born_on: Option<CalendarDate>,
    /// True when the date of birth is a guess.
    pub born_approximate: bool,
    /// Telephone, as typed.
    pub phone: Option<String>,
    /// Postcode, tidy.
    pub postcode: Option<String>,
    /// What helps them.
    pub needs: Vec<Need>,
    /// What two laptops disagree on about them.
    pub questions: Vec<Question>,
    /// Their conversations, newest first.
    pub conversations: Vec<PersonsConversation>,
    /// Visits linked to them, newest first.
    pub visits: Vec<PersonsVisit>,
    /// Their places on waiting lists.
    pub waiting: Vec<PersonsEntry>,
    /// True when whoever is signed in may erase them, from an administrator's laptop.
    pub may_erase: bool,
}

/// A conversation on the person's page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PersonsConversation {
    /// The conversation.
    pub id: ConversationId,
    /// When it began.
    pub began_at: Instant,
    /// With whom.
    pub worker: String,
    /// Own words, the first 200 characters.
    pub own_words: String,
    /// True once finished.
    pub finished: bool,
}

/// A visit on the person's page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PersonsVisit {
    /// The visit.
    pub id: VisitId,
    /// When they came.
    pub came_at: Instant,
    /// To which hub.
    pub hub: String,
    /// Why, the first 200 characters.
    pub reason: String,
}

/// How many people a list shows.
const LISTED: u32 = 50;
/// How many a visitor may be.
const ALIKE: usize = 12;

impl Hub {
    /// People who match every word typed; those of the newest conversations when nothing is typed.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn people(&self, query: &str) -> Result<Vec<PersonRow>, HubError> {
        self.asked(Ask::SeePeople)?;
        self.store.read(|rows| {
            if query.trim().is_empty() {
                people::lately(rows, LISTED as usize)
            } else {
                people::search(rows, query, LISTED)
            }
        })
    }

    /// One person.
    ///
    /// # Errors
    /// [`HubError::NotFound`]; `policy`'s and the store's own.
    pub fn person(&self, person: PersonId) -> Result<PersonView, HubError> {
        let me = self.asked(Ask::SeePeople)?;
        let lists = policy::may(me.role, &self.grants(), Ask::SeeWaitingNames);
        let mut view = self.store.read(|rows| people::one(rows, person))?;
        view.waiting.retain(|_| lists);
        view.may_erase = policy::may(me.role, &self.grants(), Ask::KeepLaptops);
        Ok(view)
    }

    /// People who may be the visitor: of the same name, and then of the same first name. Nobody when none was given.
    ///
    /// # Errors
    /// [`HubError::NotFound`]; `policy`'s and the store's own.
    pub fn who_may_this_be(&self, visit: VisitId) -> Result<Vec<PersonRow>, HubError> {
        self.asked(Ask::SeePeople)?;
        self.asked(Ask::SeeQueue)?;
        self.store.read(|rows| match door::name_given(rows, visit)? {
            Some(name) => people::alike(rows, &name, ALIKE),
            None => Ok(Vec::new()),
        })
    }
}
