//! Taking the next person: the visit, the person and the conversation in one transaction.

use sync_schema::document::conversation::{self, NewConversation};
use sync_schema::document::person::{self, NewPerson};
use sync_schema::document::visit::{self, EventKind, State, Visit};
use sync_schema::{ConversationId, EventId, Kind, PersonId, VisitId};

use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::Ask;

impl Hub {
    /// Takes the visit and begins a conversation with `person`, or with a person made from what was said at the door.
    ///
    /// Taken on another laptop at the same time, both stand once they meet, and both workers are shown.
    ///
    /// # Errors
    /// [`HubError::AlreadyTaken`] when, as far as this laptop knows, somebody took this visit or the person has gone.
    pub fn begin_conversation(&self, visit: VisitId, person: Option<PersonId>) -> Result<ConversationId, HubError> {
        let me = self.asked(Ask::HoldConversation)?;
        let edit = self.edit(&me);
        let conversation = self.fresh(ConversationId::from_bytes)?;
        let event = self.fresh(EventId::from_bytes)?;
        let made = self.fresh(PersonId::from_bytes)?;
        self.store.write(|tx| {
            let visited: Visit = tx.edit(visit, |doc| {
                let read = visit::read(doc)?;
                if !matches!(read.state(), State::Waiting | State::Outside { .. }) {
                    return Err(HubError::AlreadyTaken);
                }
                visit::note_event(doc, event, EventKind::Taken { conversation }, &edit)?;
                Ok(read)
            })?;
            let person = match person {
                Some(known) => known,
                None => {
                    let new =
                        NewPerson { name: visited.name.clone(), needs: visited.needs.clone(), ..NewPerson::default() };
                    tx.create(Kind::Person, made, person::create(made, new, &edit)?)?;
                    made
                }
            };
            tx.edit(person, |doc| person::link_visit(doc, visit, &edit))?;
            let new = NewConversation { person, visit: Some(visit), own_words: visited.reason };
            tx.create(Kind::Conversation, conversation, conversation::create(conversation, new, &edit)?)
        })?;
        Ok(conversation)
    }
}
