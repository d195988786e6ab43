//! Checking someone in at the door.

use serde::{Deserialize, Serialize};
use sync_schema::{Need, VisitId};

use crate::error::HubError;
use crate::hub::Hub;

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
    pub fn check_in(&self, _typed: CheckIn) -> Result<CheckedIn, HubError> {
        Err(HubError::unexpected("check_in"))
    }

    /// Keeps what is typed at the door so far, durably, as typed.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn keep_door_draft(&self, _draft: CheckIn) -> Result<(), HubError> {
        Err(HubError::unexpected("keep_door_draft"))
    }

    /// What was typed at the door and not yet checked in.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn door_draft(&self) -> Result<Option<CheckIn>, HubError> {
        Err(HubError::unexpected("door_draft"))
    }
}
