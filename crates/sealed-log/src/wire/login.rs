//! Who a laptop says it is.

use super::{DecodeError, Front, MAX_MANY, Message, Reader, Write, put_all_bytes};
use crate::id::CouncilId;

/// A laptop's answer to a challenge, with as much of the roster as it takes to know the laptop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The council.
    pub council: CouncilId,
    /// The laptop's signing key.
    pub signing: [u8; 32],
    /// The challenge, as it was given.
    pub challenge: Vec<u8>,
    /// What [`crate::sign_login`] made of it.
    pub signature: [u8; 64],
    /// Roster entries, for a relay that does not know the laptop yet.
    pub roster: Vec<Vec<u8>>,
}

/// No challenge is longer.
const MAX_CHALLENGE: usize = 128;

impl Message for Login {
    fn write(&self, out: &mut Vec<u8>) {
        out.put(self.council.as_bytes());
        out.put(&self.signing);
        out.put_bytes(&self.challenge);
        out.put(&self.signature);
        put_all_bytes(out, &self.roster);
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        let reader: &mut Reader<'_> = from.0;
        Ok(Self {
            council: CouncilId::from_bytes(reader.array()?),
            signing: reader.array()?,
            challenge: reader.bytes(MAX_CHALLENGE)?.to_vec(),
            signature: reader.array()?,
            roster: from.list(MAX_MANY, Front::bytes)?,
        })
    }
}
