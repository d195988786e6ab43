//! Pointing a person to listings of the directory.

use sync_schema::{ConversationId, ListingId, SignpostId};

use crate::error::HubError;
use crate::hub::Hub;

impl Hub {
    /// Points to one listing or several.
    ///
    /// # Errors
    /// [`HubError::ListingNotActive`] when one of them is not running.
    pub fn signpost(&self, _conversation: ConversationId, _listings: Vec<ListingId>) -> Result<Vec<SignpostId>, HubError> {
        Err(HubError::unexpected("signpost"))
    }

    /// Takes one back.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn take_back_signpost(&self, _conversation: ConversationId, _signpost: SignpostId) -> Result<(), HubError> {
        Err(HubError::unexpected("take_back_signpost"))
    }
}
