//! The team's register.

use sync_schema::TeamMemberId;

use crate::error::HubError;
use crate::hub::Hub;
use crate::view::shell::Role;

impl Hub {
    /// Adds somebody to the register.
    ///
    /// # Errors
    /// [`HubError::NotAllowed`] when this laptop is not an administrator's.
    pub fn add_team_member(&self, _name: &str, _role: Role) -> Result<TeamMemberId, HubError> {
        Err(HubError::unexpected("add_team_member"))
    }
}
