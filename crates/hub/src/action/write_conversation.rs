//! What is written in a conversation, and what was agreed.

use automerge::AutoCommit;
use serde::{Deserialize, Serialize};
use sync_schema::document::conversation::{self, NewAction};
use sync_schema::document::visit::{self, EventKind};
use sync_schema::{ActionId, CalendarDate, ConversationId, Edit, EventId, SchemaError, Tool};

use super::typed;
use super::typing::Draft;

use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::Ask;
use crate::store::query::conversations;
use crate::store::{Tx, document, draft};
use crate::view::shell::Me;

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

/// What was typed under a heading, as the screen has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Typed {
    /// What stood on the screen when typing began, so that what another laptop wrote since is not taken for something
    /// crossed out here. `None`: what stands now, for whoever has only just read it.
    pub over: Option<String>,
    /// What is there now: at most 20,000 characters.
    pub text: String,
}

impl Typed {
    /// Over what stands now.
    pub fn now(text: impl Into<String>) -> Self {
        Self { over: None, text: text.into() }
    }

    /// Over what stood on the screen.
    pub fn over(stood: impl Into<String>, text: impl Into<String>) -> Self {
        Self { over: Some(stood.into()), text: text.into() }
    }

    /// Fit to keep.
    pub(crate) fn checked(self) -> Result<Self, HubError> {
        let over = self.over.map(|over| typed::text(&over, "text")).transpose()?;
        Ok(Self { over, text: typed::text(&self.text, "text")? })
    }
}

impl Hub {
    /// Keeps what is typed under one heading so far, durably, with what it was typed over.
    ///
    /// # Errors
    /// [`HubError::TooLong`] for `text`; `policy`'s and the store's own.
    pub fn keep_draft(&self, conversation: ConversationId, tool: Tool, typed: Typed) -> Result<(), HubError> {
        self.asked(Ask::HoldConversation)?;
        let Typed { over, text } = typed.checked()?;
        self.store.write(|tx| {
            let stands = conversations::text(tx.connection(), conversation, tool)?.ok_or(HubError::NotFound)?;
            let kept = Draft::find(tx.connection(), conversation, tool)?;
            Draft::typed(kept, over, text, &stands).keep(tx.connection(), conversation, tool)
        })
    }

    /// Writes what was typed into the conversation, if it changed, and drops the draft.
    ///
    /// # Errors
    /// [`HubError::TooLong`] for `text`; `policy`'s and the store's own.
    pub fn write(&self, conversation: ConversationId, tool: Tool, typed: Typed) -> Result<(), HubError> {
        let me = self.asked(Ask::HoldConversation)?;
        let typed = typed.checked()?;
        let edit = self.edit(&me);
        self.store.write(|tx| commit(tx, conversation, tool, typed, &edit))
    }

    /// Somebody will do something.
    ///
    /// # Errors
    /// [`HubError::Empty`] and [`HubError::TooLong`] for `who` and `what`.
    pub fn agree(&self, conversation: ConversationId, agree: Agree) -> Result<ActionId, HubError> {
        let id = self.fresh(ActionId::from_bytes)?;
        let who = typed::needed_line(&agree.who, typed::NAME_MOST, "who")?;
        let what = typed::needed_line(&agree.what, typed::AGREED_MOST, "what")?;
        self.in_conversation(conversation, |doc, edit| {
            conversation::agree(doc, id, &NewAction { who, what, by_when: agree.by_when }, edit)
        })?;
        Ok(id)
    }

    /// It was done, or after all not.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn agreed_done(&self, conversation: ConversationId, action: ActionId, done: bool) -> Result<(), HubError> {
        let event = self.fresh(EventId::from_bytes)?;
        self.in_conversation(conversation, |doc, edit| conversation::agreed_done(doc, event, action, done, edit))
    }

    /// Strikes it out.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn strike_agreed(&self, conversation: ConversationId, action: ActionId) -> Result<(), HubError> {
        let event = self.fresh(EventId::from_bytes)?;
        self.in_conversation(conversation, |doc, edit| conversation::strike_agreed(doc, event, action, edit))
    }

    /// Finishes the conversation and the visit it began from; writes what is still being typed.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn finish_conversation(&self, conversation: ConversationId) -> Result<(), HubError> {
        let me = self.asked(Ask::HoldConversation)?;
        let edit = self.edit(&me);
        let (finished, done) = (self.fresh(EventId::from_bytes)?, self.fresh(EventId::from_bytes)?);
        self.store.write(|tx| {
            commit_drafts(tx, conversation, &edit)?;
            let from = tx.edit(conversation, |doc| {
                conversation::finish(doc, finished, &edit)?;
                Ok::<_, HubError>(conversation::read(doc)?.visit)
            })?;
            // The visit is not here when the laptop was never granted the door, or has not heard of it yet.
            let here = from.filter(|visit| matches!(document::find(tx.connection(), (*visit).into()), Ok(Some(_))));
            match here {
                Some(visit) => tx.edit(visit, |doc| visit::note_event(doc, done, EventKind::Done, &edit)),
                None => Ok(()),
            }
        })
    }

    /// Opens a finished conversation again.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn reopen_conversation(&self, conversation: ConversationId) -> Result<(), HubError> {
        let event = self.fresh(EventId::from_bytes)?;
        self.in_conversation(conversation, |doc, edit| conversation::reopen(doc, event, edit))
    }

    /// Writes every draft there is, before the screen is hidden or somebody else sits down.
    pub(crate) fn write_drafts(&self, me: &Me) -> Result<(), HubError> {
        let edit = self.edit(me);
        self.store.write(|tx| {
            let mut conversations: Vec<_> = draft::all(tx.connection())?.into_iter().map(|(id, ..)| id).collect();
            conversations.dedup();
            conversations.into_iter().try_for_each(|id| commit_drafts(tx, id, &edit))
        })
    }

    /// One edit of a conversation by whoever sits here.
    pub(crate) fn in_conversation(
        &self,
        conversation: ConversationId,
        change: impl FnOnce(&mut AutoCommit, &Edit) -> Result<(), SchemaError>,
    ) -> Result<(), HubError> {
        let me = self.asked(Ask::HoldConversation)?;
        let edit = self.edit(&me);
        self.store.write(|tx| tx.edit(conversation, |doc| change(doc, &edit)))
    }
}

fn commit_drafts(tx: &mut Tx<'_>, conversation: ConversationId, edit: &Edit) -> Result<(), HubError> {
    for (tool, draft) in Draft::all(tx.connection(), conversation)? {
        commit(tx, conversation, tool, Typed { over: None, text: draft.text }, edit)?;
    }
    Ok(())
}

fn commit(
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    tool: Tool,
    typed: Typed,
    edit: &Edit,
) -> Result<(), HubError> {
    let kept = Draft::find(tx.connection(), conversation, tool)?;
    tx.edit(conversation, |doc| {
        let stands = conversation::read(doc)?.text(tool);
        let typed = Draft::typed(kept, typed.over, typed.text, &stands);
        conversation::write(doc, tool, &typed.over(&stands), edit)?;
        Ok::<(), HubError>(())
    })?;
    draft::clear(tx.connection(), conversation, tool.code())
}
