//! What is written in a conversation, and what was agreed.

use serde::{Deserialize, Serialize};
use sync_schema::CalendarDate;

/// One thing someone will do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Agree {
    /// Who, 1 to 300 characters.
    pub who: String,
    /// Does what, 1 to 2,000 characters.
    pub what: String,
    /// By when, if a day was named.
    pub by_when: Option<CalendarDate>,
}
