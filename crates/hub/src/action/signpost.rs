//! Pointing a person to listings of the directory.
//!
//! A signpost keeps the listing's name as it was when offered: the listing may change or go.

use sync_schema::document::conversation::{self, NewSignpost};
use sync_schema::{ConversationId, EventId, ListingId, SignpostId};

use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::Ask;
use crate::store::query::listings;

impl Hub {
    /// Points to one listing or several, all or none.
    ///
    /// # Errors
    /// [`HubError::ListingNotActive`] when one of them is not running; `policy`'s and the store's own.
    pub fn signpost(
        &self,
        conversation: ConversationId,
        listings: Vec<ListingId>,
    ) -> Result<Vec<SignpostId>, HubError> {
        let me = self.asked(Ask::HoldConversation)?;
        self.asked(Ask::SeeDirectory)?;
        let edit = self.edit(&me);
        let fresh = |listing| Ok((listing, self.fresh(SignpostId::from_bytes)?));
        let pairs: Vec<(ListingId, SignpostId)> = listings.into_iter().map(fresh).collect::<Result<_, HubError>>()?;
        self.store.write(|tx| {
            for (listing, id) in &pairs {
                let known = listings::pointed(tx.connection(), *listing)?.ok_or(HubError::ListingNotActive)?;
                let new =
                    NewSignpost { listing: *listing, name: known.name, when: known.when, checked_on: known.checked_on };
                tx.edit(conversation, |doc| conversation::signpost(doc, *id, &new, &edit))?;
            }
            Ok(())
        })?;
        Ok(pairs.into_iter().map(|(_, id)| id).collect())
    }

    /// Takes one back.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn take_back_signpost(&self, conversation: ConversationId, signpost: SignpostId) -> Result<(), HubError> {
        let event = self.fresh(EventId::from_bytes)?;
        self.in_conversation(conversation, |doc, edit| conversation::take_back_signpost(doc, event, signpost, edit))
    }
}
