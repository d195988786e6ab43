//! What two laptops in one hall say to each other before anything else.

use super::{DecodeError, Front, MAX_MANY, Message, Reader, Write, put_all_bytes};

/// Who a laptop is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Greeting {
    /// Its signing key.
    pub signing: [u8; 32],
    /// What [`crate::sign_greeting`] made of the two ends.
    pub signature: [u8; 64],
    /// Roster entries, for a laptop that does not know this one yet.
    pub roster: Vec<Vec<u8>>,
}

/// What a greeting is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// You are known here; this is who I am.
    Known(Greeting),
    /// You are not known here: greet again, with the roster.
    Unknown,
    /// You are not one of the council's laptops.
    Stranger,
}

impl Message for Greeting {
    fn write(&self, out: &mut Vec<u8>) {
        out.put(&self.signing);
        out.put(&self.signature);
        put_all_bytes(out, &self.roster);
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        let reader: &mut Reader<'_> = from.0;
        Ok(Self { signing: reader.array()?, signature: reader.array()?, roster: from.list(MAX_MANY, Front::bytes)? })
    }
}

impl Message for Answer {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Known(greeting) => {
                out.put(&[0]);
                greeting.write(out);
            }
            Self::Unknown => out.put(&[1]),
            Self::Stranger => out.put(&[2]),
        }
    }

    fn read(from: &mut Front<'_, '_>) -> Result<Self, DecodeError> {
        let [kind] = from.0.array()?;
        match kind {
            0 => Greeting::read(from).map(Self::Known),
            1 => Ok(Self::Unknown),
            2 => Ok(Self::Stranger),
            _ => Err(DecodeError::NotCanonical),
        }
    }
}
