//! What is known of a person.

use serde::{Deserialize, Serialize};
use sync_schema::{Need, PersonId};

use crate::error::HubError;
use crate::hub::Hub;

/// A change to one thing known of a person; each a single value that two laptops may come to disagree on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", content = "data", rename_all = "camelCase")]
pub enum PersonChange {
    /// The name they like us to use; empty: none given.
    Name(String),
    /// Telephone, as typed.
    Phone(String),
    /// Postcode, stored tidy.
    Postcode(String),
    /// Date of birth, from three fields as typed.
    #[serde(rename_all = "camelCase")]
    BornOn {
        /// Day, 1 to 31.
        day: String,
        /// Month, 1 to 12.
        month: String,
        /// Year, four digits.
        year: String,
        /// A guess.
        approximate: bool,
    },
}

impl Hub {
    /// Changes one thing known of a person.
    ///
    /// # Errors
    /// What was typed, with its field.
    pub fn change_person(&self, _person: PersonId, _change: PersonChange) -> Result<(), HubError> {
        Err(HubError::unexpected("change_person"))
    }

    /// Corrects what helps a person.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn correct_person_needs(&self, _person: PersonId, _needs: Vec<Need>) -> Result<(), HubError> {
        Err(HubError::unexpected("correct_person_needs"))
    }
}
