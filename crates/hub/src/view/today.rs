//! The worker's day.

use serde::{Deserialize, Serialize};
use sync_schema::{ConversationId, Instant, PersonId};

use super::queue::Waiting;

use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::Ask;
use crate::store::query::{conversations, door};

/// Who is next and whom I am with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Today {
    /// Who waits, longest first.
    pub waiting: Vec<Waiting>,
    /// My conversations that are open, newest first.
    pub mine: Vec<OpenConversation>,
    /// Conversations of today that are finished.
    pub finished: Vec<OpenConversation>,
}

/// A conversation in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct OpenConversation {
    /// The conversation.
    pub conversation: ConversationId,
    /// The person.
    pub person: PersonId,
    /// Their name, or `None`.
    pub name: Option<String>,
    /// Their own words, the first 200 characters.
    pub own_words: String,
    /// When it began.
    pub began_at: Instant,
    /// With whom.
    pub worker: String,
}

impl Hub {
    /// The worker's day.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn today(&self) -> Result<Today, HubError> {
        let me = self.asked(Ask::SeeToday)?;
        let (at, now) = (self.hub_day(), self.now());
        let span = crate::day::bounds(at.day.naive());
        self.store.read(|rows| {
            Ok(Today {
                waiting: door::waiting(rows, at, now)?,
                mine: conversations::open_of(rows, me.id)?,
                finished: conversations::finished_of(rows, me.id, span)?,
            })
        })
    }
}
