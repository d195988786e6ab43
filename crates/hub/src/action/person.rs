//! What is known of a person.

use serde::{Deserialize, Serialize};

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
