//! One conversation, as the worker and the person see it together.

use serde::{Deserialize, Serialize};
use sync_schema::{
    ActionId, Band, CalendarDate, ConversationId, EntryId, Instant, ListingId, Need, PersonId, SignpostId, Tool,
    VisitId, WaitingKind,
};

use crate::action::typing::Draft;
use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::{self, Ask};
use crate::store::query::{Connection, conversations};

/// The whole screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ConversationView {
    /// The conversation.
    pub id: ConversationId,
    /// The person.
    pub person: PersonId,
    /// The visit it began from.
    pub visit: Option<VisitId>,
    /// The person's name, or `None`.
    pub name: Option<String>,
    /// What would help them today.
    pub needs: Vec<Need>,
    /// The language an interpreter is needed for, as it was said at the door.
    pub interpreter: Option<String>,
    /// Why they came, in their own words.
    pub own_words: String,
    /// What was written under each tool and in the notes, with drafts not yet committed laid over it.
    pub texts: Vec<ToolText>,
    /// Who does what by when.
    pub agreed: Vec<Agreed>,
    /// Where we pointed them.
    pub signposts: Vec<SignpostRow>,
    /// Their places on waiting lists.
    pub waiting: Vec<PersonsEntry>,
    /// With whom.
    pub worker: String,
    /// When it began.
    pub began_at: Instant,
    /// When it was finished, if it was.
    pub finished_at: Option<Instant>,
}

/// What was written under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ToolText {
    /// The heading.
    pub tool: Tool,
    /// The text.
    pub text: String,
}

/// One thing someone will do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Agreed {
    /// Its id.
    pub id: ActionId,
    /// Who.
    pub who: String,
    /// Does what.
    pub what: String,
    /// By when, if a day was named.
    pub by_when: Option<CalendarDate>,
    /// Done, as told since.
    pub done: bool,
}

/// A listing we pointed to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SignpostRow {
    /// Its id.
    pub id: SignpostId,
    /// The listing.
    pub listing: ListingId,
    /// The listing's name as it was when offered.
    pub name: String,
    /// When it opens, in the listing's words, if known.
    pub when: Option<String>,
    /// When the listing was last checked.
    pub checked_on: Option<CalendarDate>,
}

/// The person's place on a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PersonsEntry {
    /// The entry.
    pub id: EntryId,
    /// For what.
    pub kind: WaitingKind,
    /// How soon.
    pub band: Band,
    /// The day the clock started.
    pub requested_on: CalendarDate,
    /// The next keep-in-touch call, if one is due.
    pub next_call_due: Option<CalendarDate>,
    /// False once closed.
    pub open: bool,
}

impl Hub {
    /// One conversation, with what is being typed laid over it.
    ///
    /// # Errors
    /// [`HubError::NotFound`]; `policy`'s and the store's own.
    pub fn conversation(&self, conversation: ConversationId) -> Result<ConversationView, HubError> {
        let me = self.asked(Ask::SeeConversation)?;
        let lists = policy::may(me.role, &self.grants(), Ask::SeeWaitingNames);
        self.store.read(|rows| {
            let mut view = conversations::one(rows, conversation)?;
            lay_drafts(rows, &mut view)?;
            view.waiting.retain(|_| lists);
            Ok(view)
        })
    }
}

/// Lays over each text what is typed and not yet written.
fn lay_drafts(rows: &Connection, view: &mut ConversationView) -> Result<(), HubError> {
    for (tool, draft) in Draft::all(rows, view.id)? {
        match view.texts.iter_mut().find(|under| under.tool == tool) {
            Some(under) => under.text = draft.over(&under.text),
            None => view.texts.push(ToolText { tool, text: draft.over("") }),
        }
    }
    if let Some(own) = view.texts.iter().find(|under| under.tool == Tool::OwnWords) {
        view.own_words.clone_from(&own.text);
    }
    Ok(())
}
