//! Two laptops wrote one thing differently: both values, who wrote them, and one tap to choose.

use serde::{Deserialize, Serialize};
use sync_schema::{Instant, PersonId};

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
