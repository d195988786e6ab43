//! Someone who uses the app: their name at the hub, and what they do.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ROOT};

use super::part;
use crate::{Edit, Kind, SchemaError, TeamMemberId};

const NAME: &str = "name";
const ROLE: &str = "role";
const ACTIVE: &str = "active";

/// A team member as they stand, and as they are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamMember {
    /// Their name at the hub.
    pub name: String,
    /// The code of what they do: `volunteer`, `worker`, `manager`.
    pub role: String,
    /// False once they no longer use the app.
    pub active: bool,
}

/// A new team member.
///
/// # Errors
/// [`SchemaError::Refused`].
pub fn create(_id: TeamMemberId, new: &TeamMember, edit: &Edit) -> Result<AutoCommit, SchemaError> {
    let mut doc = part::begin(Kind::TeamMember, edit)?;
    doc.put(ROOT, NAME, new.name.as_str())?;
    doc.put(ROOT, ROLE, new.role.as_str())?;
    doc.put(ROOT, ACTIVE, new.active)?;
    edit.end(&mut doc);
    Ok(doc)
}

/// The team member as they stand.
///
/// # Errors
/// [`SchemaError::NotThisKind`].
pub fn read(doc: &AutoCommit) -> Result<TeamMember, SchemaError> {
    part::expect(doc, Kind::TeamMember)?;
    Ok(TeamMember {
        name: part::string(doc, &ROOT, NAME).unwrap_or_default(),
        role: part::string(doc, &ROOT, ROLE).unwrap_or_default(),
        active: part::boolean(doc, &ROOT, ACTIVE).unwrap_or(true),
    })
}
