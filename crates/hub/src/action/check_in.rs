//! Checking someone in at the door.

use serde::{Deserialize, Serialize};
use sync_schema::{Need, VisitId};

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
