//! Taking the next person: the visit, the person and the conversation in one transaction.

use sync_schema::{ConversationId, PersonId, VisitId};

use crate::error::HubError;
use crate::hub::Hub;

impl Hub {
    /// Takes the visit and begins a conversation with `person`, or with a person made from what was said at the door.
    ///
    /// Taken on another laptop at the same time, both stand once they meet, and both workers are shown.
    ///
    /// # Errors
    /// [`HubError::AlreadyTaken`] when, as far as this laptop knows, somebody took this visit or the person has gone.
    pub fn begin_conversation(&self, _visit: VisitId, _person: Option<PersonId>) -> Result<ConversationId, HubError> {
        Err(HubError::unexpected("begin_conversation"))
    }
}
