//! People: search, one person, and who a visitor may be.

use serde::{Deserialize, Serialize};
use sync_schema::{CalendarDate, ConversationId, Instant, Need, PersonId, VisitId};

use super::conversation::PersonsEntry;
use super::question::Question;

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
