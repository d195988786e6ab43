//! Who this laptop is, as it was told when it was founded or joined.

use serde::{Deserialize, Serialize};
use sync_schema::HubId;

use crate::view::shell::Role;

/// Kept as one setting; it does not change while the laptop lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// The council's name, for as long as its document has not arrived.
    pub(crate) council: String,
    /// What the laptop is called.
    pub(crate) laptop: String,
    /// Its ticket letter.
    pub(crate) letter: String,
    /// The role it was invited for; none on the founding laptop, which is for any.
    pub(crate) role: Option<Role>,
    /// The hub it works at.
    pub(crate) home: HubId,
    /// That hub's name, for as long as its document has not arrived.
    pub(crate) home_name: String,
}
