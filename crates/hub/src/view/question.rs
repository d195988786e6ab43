//! Two laptops wrote one thing differently: both values, who wrote them, and one tap to choose.

use serde::{Deserialize, Serialize};
use sync_schema::{Instant, PersonId};

use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::Ask;
use crate::store::query::people;

/// A field that can be in question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum QuestionField {
    /// The name the person likes us to use.
    Name,
    /// Their telephone number.
    Phone,
    /// Their postcode.
    Postcode,
    /// Their date of birth.
    BornOn,
}

impl QuestionField {
    /// Its code, as the tables and the screen have it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Postcode => "postcode",
            Self::BornOn => "bornOn",
        }
    }

    /// From its code; `None` for one of a newer version.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Name, Self::Phone, Self::Postcode, Self::BornOn].into_iter().find(|field| field.code() == code)
    }
}

/// One question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// About whom.
    pub person: PersonId,
    /// Their name, or `None`.
    pub name: Option<String>,
    /// Which field.
    pub field: QuestionField,
    /// The values that stand, in an order all laptops share. The first shows until someone chooses.
    pub values: Vec<QuestionValue>,
}

/// One of the values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct QuestionValue {
    /// The value, as text.
    pub value: String,
    /// Who wrote it.
    pub by: String,
    /// On which laptop.
    pub laptop: String,
    /// When, by that laptop's clock.
    pub at: Instant,
}

impl Hub {
    /// What two laptops disagree on, by name.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn questions(&self) -> Result<Vec<Question>, HubError> {
        self.asked(Ask::SeePeople)?;
        self.store.read(people::questions)
    }
}
