//! The second screen: tickets only, nothing that names anyone.

use serde::{Deserialize, Serialize};

use super::queue::FriendlyName;

/// What the room sees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// The hub's name.
    pub hub: String,
    /// Tickets called most recently, newest first, at most four.
    pub called: Vec<BoardTicket>,
    /// Tickets that wait, in order.
    pub waiting: Vec<BoardTicket>,
}

/// A ticket on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct BoardTicket {
    /// `A3`.
    pub ticket: String,
    /// Its friendly form when the person gave no name.
    pub friendly: Option<FriendlyName>,
}
