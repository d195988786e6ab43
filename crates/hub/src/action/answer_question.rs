//! Choosing between the values that two laptops wrote.

use sync_schema::PersonId;

use crate::error::HubError;
use crate::hub::Hub;
use crate::view::question::QuestionField;

impl Hub {
    /// Answers the question with a value: one of those that stand, or another.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn answer_question(&self, _person: PersonId, _field: QuestionField, _value: String) -> Result<(), HubError> {
        Err(HubError::unexpected("answer_question"))
    }
}
