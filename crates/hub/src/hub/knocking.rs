//! Being taken in by way of a relay: the new laptop leaves its request there, an administrator who was told the code
//! answers, and the new laptop fetches the answer. No code goes that way, and nothing of it is believed that the code
//! does not vouch for.

use sealed_log::{Code, CouncilId, Request, council_of_root};

use super::sharing::RelayAddress;
use super::{Asking, Hub};
use crate::error::HubError;
use crate::folder::Passphrase;
use crate::policy::Ask;
use crate::sync;
use crate::view::shell::Role;

impl Asking {
    /// Leaves the request at a relay. `council`: the council's root public key, where the relay carries for several.
    ///
    /// # Errors
    /// The relay's own; [`HubError::RelayOtherCouncil`] when it is not said which council is meant, or not rightly.
    pub fn knock(&self, relay: &RelayAddress, council: Option<&str>) -> Result<(), HubError> {
        sync::knock((&relay.address(), meant(council)?), &self.request()?)
    }

    /// The approval, as soon as an administrator has left it there.
    ///
    /// # Errors
    /// As [`Asking::knock`].
    pub fn answered(&self, relay: &RelayAddress, council: Option<&str>) -> Result<Option<Vec<u8>>, HubError> {
        sync::answered((&relay.address(), meant(council)?), &self.request()?)
    }
}

impl Hub {
    /// Takes the laptop in that shows this code and has left its request at a relay, and leaves the approval there.
    ///
    /// # Errors
    /// [`HubError::WrongCode`] when no request that waits there was made with the code; the relay's own; as
    /// [`Hub::approve`].
    pub fn approve_at_relay(
        &self,
        relay: &RelayAddress,
        code: &str,
        (role, laptop): (Role, Option<String>),
        passphrase: &Passphrase,
    ) -> Result<(), HubError> {
        self.laptop_asked(Ask::Share)?;
        let (address, typed) = (relay.address(), Code::read(code).ok_or(HubError::WrongCode)?);
        let mut meant = None;
        for request in sync::knocks(&address, &self.here())? {
            if is_by(&request, &typed)? {
                meant = Some(request);
                break;
            }
        }
        let request = meant.ok_or(HubError::WrongCode)?;
        let approval = self.approve(&request, code, role, laptop, passphrase)?;
        sync::answer(&address, &self.here(), &request, &approval)
    }
}

/// True if a request was made with this code.
fn is_by(request: &[u8], code: &Code) -> Result<bool, HubError> {
    let Ok(peeked) = Request::peek(request) else { return Ok(false) };
    Ok(Request::check(request, &super::asking::stretch(code, &peeked.salt)?).is_ok())
}

/// The council of a root public key as it is told.
fn meant(key: Option<&str>) -> Result<Option<CouncilId>, HubError> {
    let Some(key) = key else { return Ok(None) };
    let bytes = sealed_log::base32_decode(&key.trim().to_ascii_lowercase());
    let root: [u8; 32] = bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(HubError::RelayOtherCouncil)?;
    Ok(Some(council_of_root(&root)))
}
