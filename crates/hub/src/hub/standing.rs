//! Who this laptop is, as it was told when it was founded or joined.

use serde::{Deserialize, Serialize};
use sync_schema::{HubId, Scope};

use crate::policy::Grant;
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
    /// What it may hold.
    #[serde(with = "granted")]
    pub(crate) grants: Vec<Grant>,
}

/// Grants as pairs of code and permission to write.
mod granted {
    use super::{Grant, Scope};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(grants: &[Grant], to: S) -> Result<S::Ok, S::Error> {
        grants.iter().map(|grant| (grant.scope, grant.write)).collect::<Vec<_>>().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Grant>, D::Error> {
        let pairs = Vec::<(Scope, bool)>::deserialize(from)?;
        Ok(pairs.into_iter().map(|(scope, write)| Grant { scope, write }).collect())
    }
}
