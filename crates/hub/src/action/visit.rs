//! What happens to a visit after check-in: left, stepped outside, back, needs corrected; and taking back the newest.
//!
//! A note that says what stands already writes nothing, so pressing twice does no harm.

use sync_schema::document::visit::{self, EventKind, State};
use sync_schema::{Edit, EventId, Need, VisitId};

use super::typed;
use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::Ask;

/// The longest that somebody means to be outside, in minutes.
pub const OUTSIDE_MOST_MIN: u32 = 240;

impl Hub {
    /// The person left without being seen.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn note_left(&self, visit: VisitId) -> Result<(), HubError> {
        self.note(visit, |state, _| match state {
            State::Left | State::Done => None,
            State::Waiting | State::Outside { .. } | State::BeingSeen { .. } => Some(EventKind::Left),
        })
    }

    /// The person stepped outside and means to be back in so many minutes, 1 to 240.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn note_stepped_outside(&self, visit: VisitId, minutes: u32) -> Result<(), HubError> {
        let span = i64::from(minutes.clamp(1, OUTSIDE_MOST_MIN)) * 60_000;
        self.note(visit, |state, edit| match state {
            State::Left | State::Done => None,
            State::Waiting | State::Outside { .. } | State::BeingSeen { .. } => {
                Some(EventKind::SteppedOutside { until: edit.now.plus_millis(span) })
            }
        })
    }

    /// The person is back.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn note_back(&self, visit: VisitId) -> Result<(), HubError> {
        self.note(visit, |state, _| match state {
            State::Waiting | State::Done => None,
            State::Left | State::Outside { .. } | State::BeingSeen { .. } => Some(EventKind::CameBack),
        })
    }

    /// Corrects what would help: the needs as they now are, and the interpreter's language.
    ///
    /// # Errors
    /// [`HubError::TooLong`] for `interpreter`; `policy`'s and the store's own.
    pub fn correct_needs(&self, visit: VisitId, needs: Vec<Need>, interpreter: Option<String>) -> Result<(), HubError> {
        let me = self.asked(Ask::KeepDoor)?;
        let interpreter = interpreter.as_deref().map(|name| typed::line(name, typed::SHORT_MOST, "interpreter"));
        let interpreter = interpreter.transpose()?.flatten();
        let needs = typed::needs(&needs);
        let edit = self.edit(&me);
        self.store.write(|tx| tx.edit(visit, |doc| visit::correct_needs(doc, &needs, interpreter.as_deref(), &edit)))
    }

    /// Takes back the newest thing noted on this visit by this laptop.
    ///
    /// # Errors
    /// [`HubError::NotFound`] when there is nothing to take back.
    pub fn undo_last(&self, visit: VisitId) -> Result<(), HubError> {
        let me = self.asked(Ask::KeepDoor)?;
        let edit = self.edit(&me);
        let id = self.fresh(EventId::from_bytes)?;
        self.store.write(|tx| {
            tx.edit(visit, |doc| {
                let read = visit::read(doc)?;
                let newest = read.standing_events().filter(|event| event.laptop == edit.laptop).last();
                let event = newest.ok_or(HubError::NotFound)?.id;
                visit::note_event(doc, id, EventKind::Undone { event }, &edit)?;
                Ok::<(), HubError>(())
            })
        })
    }

    /// Adds what `which` makes of the state now, if anything.
    fn note(&self, visit: VisitId, which: impl FnOnce(State, &Edit) -> Option<EventKind>) -> Result<(), HubError> {
        let me = self.asked(Ask::KeepDoor)?;
        let edit = self.edit(&me);
        let id = self.fresh(EventId::from_bytes)?;
        self.store.write(|tx| {
            tx.edit(visit, |doc| {
                let state = visit::read(doc)?.state();
                if let Some(event) = which(state, &edit) {
                    visit::note_event(doc, id, event, &edit)?;
                }
                Ok::<(), HubError>(())
            })
        })
    }
}
