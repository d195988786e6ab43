//! Requests to join and their answers, by way of a relay's mailbox.

use carriers::relay::{Address, Door, Patience};
use carriers::{CarrierError, Relay};
use sealed_log::CouncilId;

use super::exchange::{guest, runtime};
use super::here::Here;
use crate::error::HubError;

/// Where a newcomer knocks: a relay, and which of its councils, unless it carries for one.
pub(crate) type Where<'a> = (&'a Address, Option<CouncilId>);

/// Leaves a newcomer's request.
pub(crate) fn knock((address, council): Where<'_>, request: &[u8]) -> Result<(), HubError> {
    let door = Door::at(address, council, Patience::default()).map_err(CarrierError::from)?;
    Ok(runtime()?.block_on(door.knock(request))?)
}

/// The answer to it, if there is one.
pub(crate) fn answered((address, council): Where<'_>, request: &[u8]) -> Result<Option<Vec<u8>>, HubError> {
    let door = Door::at(address, council, Patience::default()).map_err(CarrierError::from)?;
    Ok(runtime()?.block_on(door.answered(request))?)
}

/// The requests that wait, for an administrator.
pub(crate) fn knocks(address: &Address, here: &Here) -> Result<Vec<Vec<u8>>, HubError> {
    Ok(runtime()?.block_on(relay(address, here)?.knocks())?)
}

/// Leaves an administrator's answer.
pub(crate) fn answer(address: &Address, here: &Here, request: &[u8], approval: &[u8]) -> Result<(), HubError> {
    Ok(runtime()?.block_on(relay(address, here)?.answer(request, approval))?)
}

fn relay(address: &Address, here: &Here) -> Result<Relay, CarrierError> {
    Ok(Relay::at(address, guest(here, None), Patience::default())?)
}
