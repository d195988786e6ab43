//! The open data folder: one handle on which everything is asked.
//!
//! The handle knows who this laptop is and who sits at it. What is done lives in `action`, what is looked at in `view`;
//! both ask [`Hub::asked`] first. No SQL and no document's shape may enter here.

mod administering;
mod asking;
mod clock;
mod founding;
#[cfg(test)]
mod full_disk;
mod hall;
mod handed;
pub(crate) mod identity;
mod invitation;
mod keeping;
mod knocking;
mod lists;
mod new_sheet;
mod opening;
mod recovering;
mod sharing;
mod standing;
#[cfg(test)]
mod two_laptops;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sync_schema::{CalendarDate, Instant, TeamMemberId};

use crate::error::HubError;
use crate::folder::DataFolder;
use crate::policy::{self, Ask, Grant};
use crate::ports::Ports;
use crate::store::Store;
use crate::sync::Here;
use crate::view::shell::{Me, Role};

pub use administering::Erased;
pub use asking::Asking;
pub use founding::Founding;
pub use hall::Place;
pub use handed::Answer;
pub use keeping::{Exported, Imported};
pub use new_sheet::{NewSheet, ProposedSheet};
pub use opening::{Found, Join, JoinFileBytes, start};
pub use recovering::Recover;
pub use sealed_log::RecoveryWords;
pub use sharing::RelayAddress;
pub(crate) use standing::Standing;

/// An open data folder. Dropping it lets another program open it.
#[derive(Debug)]
pub struct Hub {
    pub(crate) store: Store,
    pub(crate) folder: DataFolder,
    pub(crate) ports: Ports,
    pub(crate) standing: Standing,
    pub(crate) actor: [u8; 16],
    doubt: clock::Doubt,
    identity: Mutex<identity::Identity>,
    granted: Mutex<Arc<[Grant]>>,
    sharing: Mutex<crate::sync::Sharing>,
    seat: Mutex<Seat>,
    hall: Mutex<Option<hall::About>>,
}

/// Who sits at the laptop.
#[derive(Debug, Default)]
pub(crate) struct Seat {
    /// Who said they are here.
    pub(crate) me: Option<Me>,
    /// True while everything is hidden.
    pub(crate) hidden: bool,
}

impl Hub {
    /// Who asks, if they may.
    ///
    /// # Errors
    /// [`HubError::NotSignedIn`] when nobody sits here or all is hidden; [`HubError::NotAllowed`] by `policy`.
    pub(crate) fn asked(&self, ask: Ask) -> Result<Me, HubError> {
        let seat = self.seat();
        match &seat.me {
            Some(me) if !seat.hidden => policy::allow(me.role, &self.grants(), ask).map(|()| me.clone()),
            _ => Err(HubError::NotSignedIn),
        }
    }

    /// As [`Hub::asked`], for what the command line may ask as well, where nobody sits: it has the passphrase, so the
    /// laptop's grants decide, and the laptop is written down as the one who did it.
    ///
    /// # Errors
    /// As [`Hub::asked`].
    pub(crate) fn asked_by_anyone(&self, ask: Ask) -> Result<Me, HubError> {
        let (nobody, hidden) = {
            let seat = self.seat();
            (seat.me.is_none(), seat.hidden)
        };
        if !nobody || hidden {
            return self.asked(ask);
        }
        if !policy::laptop_may(&self.grants(), ask) {
            return Err(HubError::NotAllowed);
        }
        let name = self.standing.laptop.clone();
        Ok(Me { id: self.unregistered(&name), name, role: self.role().unwrap_or(Role::Worker) })
    }

    /// For what shows no person's name and stays while the screen is hidden: the laptop's grants alone decide.
    ///
    /// # Errors
    /// [`HubError::NotAllowed`].
    pub(crate) fn laptop_asked(&self, ask: Ask) -> Result<(), HubError> {
        if policy::laptop_may(&self.grants(), ask) { Ok(()) } else { Err(HubError::NotAllowed) }
    }

    /// What `me` needs to change documents now.
    pub(crate) fn edit(&self, me: &Me) -> sync_schema::Edit {
        sync_schema::Edit {
            actor: self.actor,
            now: self.now(),
            by: me.id,
            by_name: me.name.clone(),
            laptop: self.standing.laptop.clone(),
        }
    }

    /// The id of somebody who is not on the register: the same for the same name on this laptop, so that they find
    /// their conversations again.
    pub(crate) fn unregistered(&self, name: &str) -> TeamMemberId {
        let told = format!("{}/{}/{}", self.standing.home, self.standing.laptop, name.to_lowercase());
        let hash = blake3::derive_key("talking-point 2026 unregistered team member", told.as_bytes());
        let mut half = [0; 16];
        half.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        TeamMemberId::from_bytes(uuid::Builder::from_custom_bytes(half).into_uuid().into_bytes())
    }

    /// A fresh random id, of whichever kind `make` makes.
    pub(crate) fn fresh<T>(&self, make: fn([u8; 16]) -> T) -> Result<T, HubError> {
        self.ports.fresh_uuid().map(|id| make(id.into_bytes()))
    }

    /// What this laptop holds.
    pub(crate) fn grants(&self) -> Arc<[Grant]> {
        Arc::clone(&self.granted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The role this laptop is for; none on an administrator's, which is for any.
    pub(crate) fn role(&self) -> Option<Role> {
        policy::role_of(&self.grants())
    }

    /// Takes over what the roster now grants this laptop.
    pub(crate) fn follow_roster(&self) {
        let here = Here::of(self.identity().clone());
        *self.granted.lock().unwrap_or_else(PoisonError::into_inner) = here.grants().into();
    }

    /// Now, as this laptop believes.
    pub(crate) fn now(&self) -> Instant {
        self.ports.now()
    }

    /// The day it is at the hub.
    pub(crate) fn day(&self) -> CalendarDate {
        CalendarDate::new(crate::day::of(self.now()))
    }

    /// Keys and roster. Keep what is changed in them with `Identity::keep`.
    pub(crate) fn identity(&self) -> MutexGuard<'_, identity::Identity> {
        self.identity.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn seat(&self) -> MutexGuard<'_, Seat> {
        self.seat.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// One handle serves every thread of the window.
const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<Hub>();
};
