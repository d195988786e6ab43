//! The second screen: tickets only, nothing that names anyone.

use serde::{Deserialize, Serialize};

use super::queue::FriendlyName;

use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::Ask;
use crate::store::query::door;

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

impl Hub {
    /// The board. It stays while the laptop is hidden or handed over: it names nobody.
    ///
    /// # Errors
    /// [`HubError::NotAllowed`] when this laptop does not hold the door; the store's own.
    pub fn board(&self) -> Result<Board, HubError> {
        self.laptop_asked(Ask::SeeBoard)?;
        let at = self.hub_day();
        let hub = self.home_name()?;
        let (waiting, called) = self.store.read(|rows| door::tickets(rows, at))?;
        Ok(Board { hub, called, waiting })
    }
}
