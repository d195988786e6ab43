//! Choosing between the values that two laptops wrote.
//!
//! An answer is one put: it comes after both, so it resolves them, on every laptop.

use sync_schema::PersonId;
use sync_schema::document::person::{BornOn, Field};

use super::typed;
use crate::error::HubError;
use crate::hub::Hub;
use crate::view::question::QuestionField;

impl Hub {
    /// Answers the question with a value: one of those that stand, or another. A date of birth is as the question has it,
    /// `YYYY-MM-DD`, with what marks a guess.
    ///
    /// # Errors
    /// What is wrong with the value, with its field; `policy`'s and the store's own.
    pub fn answer_question(&self, person: PersonId, field: QuestionField, value: String) -> Result<(), HubError> {
        self.put(person, |today| match field {
            QuestionField::Name => Ok((Field::Name, typed::line(&value, typed::NAME_MOST, "name")?)),
            QuestionField::Phone => Ok((Field::Phone, typed::phone(&value)?)),
            QuestionField::Postcode => Ok((Field::Postcode, typed::postcode(&value)?)),
            QuestionField::BornOn if value.trim().is_empty() => Ok((Field::BornOn, None)),
            QuestionField::BornOn => {
                let born = BornOn::parse(value.trim()).ok_or(HubError::NotADate { field: "bornOn" })?;
                typed::known_day(born.on.naive(), today, "bornOn")?;
                Ok((Field::BornOn, Some(born.written())))
            }
        })
    }
}
