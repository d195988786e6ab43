//! A relay's door, for a laptop that belongs to nobody yet: it leaves a request to join, and asks whether it was answered.

use std::fmt;

use sealed_log::wire::{Knock, KnockAgain, MAX_APPROVAL, Message};
use sealed_log::{CouncilId, Request};

use super::trouble::RelayTrouble;
use super::way::{Address, Call, Patience, Way};
use crate::CarrierError;
use crate::traffic::Meter;

/// The door.
pub struct Door {
    way: Way,
    council: Option<CouncilId>,
}

impl fmt::Debug for Door {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Door").field("name", &self.way.name).finish_non_exhaustive()
    }
}

impl Door {
    /// At a relay, of a council: none, where the relay carries for one.
    ///
    /// # Errors
    /// [`RelayTrouble::Address`], [`RelayTrouble::Certificate`] when what is given is not one.
    pub fn at(address: &Address, council: Option<CouncilId>, patience: Patience) -> Result<Self, RelayTrouble> {
        Ok(Self { way: Way::to(address, patience)?, council })
    }

    /// Leaves a request.
    ///
    /// # Errors
    /// The relay's own.
    pub async fn knock(&self, request: &[u8]) -> Result<(), CarrierError> {
        let knock = Knock { council: self.council, request: request.to_vec() }.encode();
        let left = self.way.patient(&Meter::default(), "knock", Call::Post(&knock), None).await;
        left.map(drop).map_err(|answer| answer.trouble.into())
    }

    /// The answer to a request, if there is one.
    ///
    /// # Errors
    /// The relay's own.
    pub async fn answered(&self, request: &[u8]) -> Result<Option<Vec<u8>>, CarrierError> {
        let again = KnockAgain { council: self.council, name: Request::name(request) }.encode();
        match self.way.patient(&Meter::default(), "answered", Call::Post(&again), None).await {
            Ok(bytes) if bytes.len() > MAX_APPROVAL => Err(RelayTrouble::Nonsense.into()),
            Ok(bytes) => Ok(Some(bytes)),
            Err(answer) if answer.trouble == RelayTrouble::Refused("notYet".to_owned()) => Ok(None),
            Err(answer) => Err(answer.trouble.into()),
        }
    }
}
