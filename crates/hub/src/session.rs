//! Who sits at this laptop, and whether its screen is hidden.
//!
//! Signing in says who writes; it proves nothing. What keeps strangers out is the passphrase; what keeps people to
//! their role is what the laptop holds.

use sync_schema::TeamMemberId;

use crate::action::typed;
use crate::error::HubError;
use crate::folder::{self, Passphrase};
use crate::hub::{Hub, Seat};
use crate::policy::{self, Ask};
use crate::store::query::register;
use crate::view::laptop::LaptopStanding;
use crate::view::shell::{Gone, Me, Role, SignIn, Start};

impl Hub {
    /// How far this laptop is: hidden, out of its council, in doubt about its clock, waiting for somebody to say who they
    /// are, or in use.
    ///
    /// # Errors
    /// The store's own.
    pub fn start_state(&self) -> Result<Start, HubError> {
        let (hidden, somebody) = {
            let seat = self.seat();
            (seat.hidden, seat.me.is_some())
        };
        if hidden {
            let attempts = folder::attempts(self.folder.dir(), &self.ports);
            return Ok(Start::Locked { wait_seconds: attempts.wait_seconds(), failed_attempts: attempts.failed() });
        }
        if let Some(gone) = self.gone() {
            return Ok(Start::Gone(gone));
        }
        if let Some(ask) = self.doubted_date() {
            return Ok(Start::AskDate(ask));
        }
        if somebody { Ok(Start::Open(Box::new(self.shell()?))) } else { Ok(Start::SignIn(self.sign_in_list()?)) }
    }

    /// What is left to say on a laptop that belongs to its council no more.
    fn gone(&self) -> Option<Gone> {
        // The roster is folded only where nothing is granted any more, which is seldom.
        let own = self.grants().is_empty().then(|| self.own_laptop().ok())??;
        let left = match own.standing {
            LaptopStanding::Live => return None,
            LaptopStanding::Retired => true,
            LaptopStanding::TakenOut => false,
        };
        Some(Gone { council: self.standing.council.clone(), laptop: self.standing.laptop.clone(), left })
    }

    /// Who may sign in here.
    ///
    /// # Errors
    /// [`HubError::NotSignedIn`] while all is hidden.
    pub fn sign_in_list(&self) -> Result<SignIn, HubError> {
        if self.seat().hidden {
            return Err(HubError::NotSignedIn);
        }
        let members = self
            .store
            .read(register::team)?
            .into_iter()
            .filter(|member| policy::can_work(member.role, &self.grants()))
            .collect();
        Ok(SignIn { council: self.council_name()?, laptop: self.standing.laptop.clone(), members, roles: self.roles() })
    }

    /// Somebody of the register sits down.
    ///
    /// # Errors
    /// [`HubError::NotFound`]; [`HubError::NotAllowed`] when they cannot work on this laptop.
    pub fn sign_in(&self, member: TeamMemberId) -> Result<(), HubError> {
        let me = self
            .store
            .read(register::team)?
            .into_iter()
            .find(|listed| listed.id == member)
            .ok_or(HubError::NotFound)?;
        if !policy::can_work(me.role, &self.grants()) {
            return Err(HubError::NotAllowed);
        }
        self.sit(me)
    }

    /// Somebody who is not on the register sits down, in a role this laptop is for.
    ///
    /// # Errors
    /// [`HubError::Empty`] and [`HubError::TooLong`] for `name`; [`HubError::NotAllowed`] for another role.
    pub fn sign_in_as(&self, name: &str, role: Role) -> Result<(), HubError> {
        let name = typed::needed_line(name, typed::NAME_MOST, "name")?;
        if !self.roles().contains(&role) {
            return Err(HubError::NotAllowed);
        }
        self.sit(Me { id: self.unregistered(&name), name, role })
    }

    /// Nobody sits here any more.
    ///
    /// # Errors
    /// The store's own, when what was being typed could not be written yet; it is kept as a draft.
    pub fn hand_over(&self) -> Result<(), HubError> {
        let me = self.seat().me.take();
        self.write_what_was_typed(me)
    }

    /// Hides everything until the passphrase is typed; whoever sat here still does.
    ///
    /// # Errors
    /// The store's own, when what was being typed could not be written yet; it is kept as a draft.
    pub fn lock(&self) -> Result<(), HubError> {
        let me = {
            let mut seat = self.seat();
            seat.hidden = true;
            seat.me.clone()
        };
        self.write_what_was_typed(me)
    }

    /// Brings it back.
    ///
    /// # Errors
    /// [`HubError::WrongPassphrase`], [`HubError::TooManyPassphrases`].
    pub fn unlock(&self, passphrase: &Passphrase) -> Result<(), HubError> {
        self.folder.unlock(passphrase, &self.ports)?;
        self.seat().hidden = false;
        Ok(())
    }

    /// The roles that someone not on the register can take here: the laptop's own, or any on an administrator's. None where it can
    /// hold nothing any more.
    fn roles(&self) -> Vec<Role> {
        let grants = self.grants();
        match self.role() {
            Some(role) => vec![role],
            None => {
                let all = [Role::Volunteer, Role::Worker, Role::Manager];
                all.into_iter().filter(|role| policy::can_work(*role, &grants)).collect()
            }
        }
    }

    /// Writes the drafts of whoever sat here: their name belongs to them.
    fn write_what_was_typed(&self, me: Option<Me>) -> Result<(), HubError> {
        match me {
            Some(me) if policy::may(me.role, &self.grants(), Ask::HoldConversation) => self.write_drafts(&me),
            _ => Ok(()),
        }
    }

    fn sit(&self, me: Me) -> Result<(), HubError> {
        let mut seat = self.seat();
        if seat.hidden {
            return Err(HubError::NotSignedIn);
        }
        *seat = Seat { me: Some(me), hidden: false };
        Ok(())
    }
}
