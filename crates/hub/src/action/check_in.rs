//! Checking someone in at the door.

use serde::{Deserialize, Serialize};
use sync_schema::document::visit::{self, NewVisit};
use sync_schema::{Kind, Need, VisitId};

use super::typed;

use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::Ask;
use crate::store::draft;
use crate::ticket;

/// What the three fields hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct CheckIn {
    /// As given, up to 300 characters; empty when no name is given.
    pub name: String,
    /// Their own words, up to 20,000 characters; may be empty.
    pub reason: String,
    /// What would help.
    pub needs: Vec<Need>,
    /// The language an interpreter is needed for; up to 100 characters.
    pub interpreter: Option<String>,
    /// Here before, if asked.
    pub been_before: Option<bool>,
    /// Who came with them; up to 300 characters, may be empty when there is somebody unnamed. `None`: alone or not asked.
    pub companion: Option<String>,
}

/// What was made of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct CheckedIn {
    /// The visit.
    pub visit: VisitId,
    /// Its ticket.
    pub ticket: String,
    /// Its friendly form.
    pub friendly: crate::view::queue::FriendlyName,
}

impl Hub {
    /// Checks someone in: a visit with this laptop's next ticket.
    ///
    /// # Errors
    /// [`HubError::TooLong`] with the field; `policy`'s and the store's own.
    pub fn check_in(&self, typed: CheckIn) -> Result<CheckedIn, HubError> {
        let me = self.asked(Ask::KeepDoor)?;
        let told = told(&typed)?;
        let id = self.fresh(VisitId::from_bytes)?;
        let edit = self.edit(&me);
        let ticket = self.store.write(|tx| {
            let ticket = self.next_ticket(tx.connection())?;
            let new = NewVisit {
                hub: self.standing.home,
                came_at: edit.now,
                name: Some(told.name).filter(|name| !name.is_empty()),
                reason: told.reason,
                needs: told.needs,
                interpreter: told.interpreter,
                been_before: told.been_before,
                companion: told.companion,
                ticket: ticket.clone(),
            };
            tx.create(Kind::Visit, id, visit::create(id, new, &edit)?)?;
            draft::clear_door(tx.connection())?;
            Ok(ticket)
        })?;
        Ok(CheckedIn { visit: id, ticket: ticket::shown(&ticket), friendly: ticket::friendly(&ticket) })
    }

    /// Keeps what is typed at the door so far, durably, as typed.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn keep_door_draft(&self, draft: CheckIn) -> Result<(), HubError> {
        self.asked(Ask::KeepDoor)?;
        if draft == CheckIn::default() {
            return self.store.write(|tx| draft::clear_door(tx.connection()));
        }
        let kept = serde_json::to_string(&draft).map_err(|_| HubError::unexpected("action/door_draft"))?;
        self.store.write(|tx| draft::keep_door(tx.connection(), &kept))
    }

    /// What was typed at the door and not yet checked in.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn door_draft(&self) -> Result<Option<CheckIn>, HubError> {
        self.asked(Ask::KeepDoor)?;
        let kept = self.store.read(draft::door)?;
        Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()))
    }
}

/// What was typed, made fit to keep.
fn told(typed: &CheckIn) -> Result<CheckIn, HubError> {
    let companion = typed.companion.as_deref().map(|name| typed::line(name, typed::NAME_MOST, "companion"));
    let interpreter = typed.interpreter.as_deref().map(|name| typed::line(name, typed::SHORT_MOST, "interpreter"));
    Ok(CheckIn {
        name: typed::line(&typed.name, typed::NAME_MOST, "name")?.unwrap_or_default(),
        reason: typed::text(&typed.reason, "reason")?.trim().to_owned(),
        needs: typed::needs(&typed.needs),
        interpreter: interpreter.transpose()?.flatten(),
        been_before: typed.been_before,
        companion: companion.transpose()?.map(Option::unwrap_or_default),
    })
}
