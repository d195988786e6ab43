//! The team's register.

use sync_schema::document::team_member::{self, TeamMember};
use sync_schema::{Kind, TeamMemberId};

use super::typed;
use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::Ask;
use crate::view::shell::Role;

impl Hub {
    /// Adds somebody to the register. Two people may have one name.
    ///
    /// # Errors
    /// [`HubError::NotAllowed`] when this laptop is not an administrator's; [`HubError::Empty`] and
    /// [`HubError::TooLong`] for `name`.
    pub fn add_team_member(&self, name: &str, role: Role) -> Result<TeamMemberId, HubError> {
        let me = self.asked_by_anyone(Ask::KeepTeam)?;
        let name = typed::needed_line(name, typed::NAME_MOST, "name")?;
        let id = self.fresh(TeamMemberId::from_bytes)?;
        let edit = self.edit(&me);
        let new = TeamMember { name, role: role.code().to_owned(), active: true };
        self.store.write(|tx| tx.create(Kind::TeamMember, id, team_member::create(id, &new, &edit)?))?;
        Ok(id)
    }
}
