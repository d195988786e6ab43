//! What happens to a visit after check-in: left, stepped outside, back, needs corrected; and taking back the newest.
//!
//! A note that says what stands already writes nothing, so pressing twice does no harm.

use sync_schema::{Need, VisitId};

use crate::error::HubError;
use crate::hub::Hub;

impl Hub {
    /// The person left without being seen.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn note_left(&self, _visit: VisitId) -> Result<(), HubError> {
        Err(HubError::unexpected("note_left"))
    }

    /// The person stepped outside and means to be back in so many minutes, 1 to 240.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn note_stepped_outside(&self, _visit: VisitId, _minutes: u32) -> Result<(), HubError> {
        Err(HubError::unexpected("note_stepped_outside"))
    }

    /// The person is back.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn note_back(&self, _visit: VisitId) -> Result<(), HubError> {
        Err(HubError::unexpected("note_back"))
    }

    /// Corrects what would help: the needs as they now are, and the interpreter's language.
    ///
    /// # Errors
    /// [`HubError::TooLong`] for `interpreter`; `policy`'s and the store's own.
    pub fn correct_needs(&self, _visit: VisitId, _needs: Vec<Need>, _interpreter: Option<String>) -> Result<(), HubError> {
        Err(HubError::unexpected("correct_needs"))
    }

    /// Takes back the newest thing noted on this visit by this laptop.
    ///
    /// # Errors
    /// [`HubError::NotFound`] when there is nothing to take back.
    pub fn undo_last(&self, _visit: VisitId) -> Result<(), HubError> {
        Err(HubError::unexpected("undo_last"))
    }
}
