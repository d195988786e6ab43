//! What is written in a conversation, and what was agreed.

use serde::{Deserialize, Serialize};
use sync_schema::CalendarDate;
use sync_schema::{ActionId, ConversationId, Tool};

use crate::error::HubError;
use crate::hub::Hub;

/// One thing someone will do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Agree {
    /// Who, 1 to 300 characters.
    pub who: String,
    /// Does what, 1 to 2,000 characters.
    pub what: String,
    /// By when, if a day was named.
    pub by_when: Option<CalendarDate>,
}

impl Hub {
    /// Keeps what is typed under one heading so far, durably. Remembers what stood there when typing began, so that what
    /// another laptop writes meanwhile is not taken for something crossed out here.
    ///
    /// # Errors
    /// [`HubError::TooLong`] for `text`; `policy`'s and the store's own.
    pub fn keep_draft(&self, _conversation: ConversationId, _tool: Tool, _text: String) -> Result<(), HubError> {
        Err(HubError::unexpected("keep_draft"))
    }

    /// Writes what was typed into the conversation, if it changed, and drops the draft.
    ///
    /// # Errors
    /// [`HubError::TooLong`] for `text`; `policy`'s and the store's own.
    pub fn write(&self, _conversation: ConversationId, _tool: Tool, _text: String) -> Result<(), HubError> {
        Err(HubError::unexpected("write"))
    }

    /// Somebody will do something.
    ///
    /// # Errors
    /// [`HubError::Empty`] and [`HubError::TooLong`] for `who` and `what`.
    pub fn agree(&self, _conversation: ConversationId, _agree: Agree) -> Result<ActionId, HubError> {
        Err(HubError::unexpected("agree"))
    }

    /// It was done, or after all not.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn agreed_done(&self, _conversation: ConversationId, _action: ActionId, _done: bool) -> Result<(), HubError> {
        Err(HubError::unexpected("agreed_done"))
    }

    /// Strikes it out.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn strike_agreed(&self, _conversation: ConversationId, _action: ActionId) -> Result<(), HubError> {
        Err(HubError::unexpected("strike_agreed"))
    }

    /// Finishes the conversation and the visit it began from; writes what is still being typed.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn finish_conversation(&self, _conversation: ConversationId) -> Result<(), HubError> {
        Err(HubError::unexpected("finish_conversation"))
    }

    /// Opens a finished conversation again.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn reopen_conversation(&self, _conversation: ConversationId) -> Result<(), HubError> {
        Err(HubError::unexpected("reopen_conversation"))
    }
}
