//! A segment: a signed envelope and its bodies, and what it takes to trust it.

use crate::codec::{DecodeError, Reader, Write};
use crate::envelope::{Envelope, hash_of};
use crate::id::{CouncilId, DocId, Hash};
use crate::key::{Incarnation, Purpose, verifies};
use crate::roster::Members;
use crate::stop::{Refusal, Stop, Waits};
use crate::{APART, MAX_ITEMS, MAX_SEGMENT};

/// Every body follows whole, in order, with nothing between.
const WHOLE: u8 = 0;
/// Each body follows with a mark before it.
const MARKED: u8 = 1;

/// One record's sealed body.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// `nonce ‖ sealed bytes`.
    Sealed(Vec<u8>),
    /// Erased by the roster's word; the envelope stands.
    Erased,
    /// Kept apart under its hash, and fetched when wanted.
    Apart,
}

impl std::fmt::Debug for Body {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sealed(bytes) => write!(out, "Sealed({} bytes)", bytes.len()),
            Self::Erased => out.write_str("Erased"),
            Self::Apart => out.write_str("Apart"),
        }
    }
}

/// A segment as it travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// What is signed.
    pub envelope: Envelope,
    /// The signature over it.
    pub signature: [u8; 64],
    /// A body for each of the envelope's items.
    pub bodies: Vec<Body>,
}

impl Segment {
    pub(crate) fn signed(envelope: Envelope, bodies: Vec<Body>, signer: &Incarnation) -> Self {
        let signature = signer.sign(Purpose::Segment, &envelope.encode());
        Self { envelope, signature, bodies }
    }

    /// The envelope's hash.
    #[must_use]
    pub fn hash(&self) -> Hash {
        self.envelope.hash()
    }

    /// As bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let envelope = self.envelope.encode();
        let mut out = Vec::with_capacity(envelope.len() + 128);
        out.put_bytes(&envelope);
        out.put(&self.signature);
        let whole = self.bodies.iter().all(|body| matches!(body, Body::Sealed(_)));
        out.push(if whole { WHOLE } else { MARKED });
        for body in &self.bodies {
            let (mark, bytes): (u8, &[u8]) = match body {
                Body::Sealed(bytes) => (0, bytes),
                Body::Erased => (1, &[]),
                Body::Apart => (2, &[]),
            };
            if !whole {
                out.push(mark);
            }
            out.put(bytes);
        }
        out
    }

    /// Reads the form, and nothing more: [`Self::verify`] says whether to trust it.
    ///
    /// # Errors
    /// What is wrong with the form; a newer version waits.
    pub fn decode(bytes: &[u8]) -> Result<Self, Stop> {
        if bytes.len() > MAX_SEGMENT + MAX_ITEMS * 64 {
            return Err(Refusal::TooLarge.into());
        }
        let mut reader = Reader::new(bytes);
        let envelope = Envelope::decode(reader.bytes(MAX_SEGMENT)?)?;
        let signature = reader.array()?;
        let bodies = decode_bodies(&mut reader, &envelope)?;
        reader.end()?;
        Ok(Self { envelope, signature, bodies })
    }

    /// Trusts the envelope, or says why not: the council, the log's place in the roster, the signature, the grant. How
    /// far a log is taken whose laptop has since been taken out is [`crate::cut`]'s to say.
    ///
    /// # Errors
    /// [`Waits::UnknownLog`] for a log no one vouches for yet, otherwise a [`Refusal`].
    pub fn verify(&self, council: &CouncilId, members: &Members) -> Result<(), Stop> {
        let envelope = &self.envelope;
        if envelope.council != *council {
            return Err(Refusal::ForeignCouncil.into());
        }
        let Some(public) = members.log_key(&envelope.log) else {
            return Err(Waits::UnknownLog.into());
        };
        let bytes = envelope.encode();
        if !verifies(public, Purpose::Segment, &bytes, &self.signature) {
            let elsewhere = members.log_keys().any(|key| verifies(key, Purpose::Segment, &bytes, &self.signature));
            return Err(if elsewhere { Refusal::LogNotItsOwn.into() } else { Refusal::BadSignature.into() });
        }
        if !members.could_write(&envelope.log, &envelope.scope) {
            return Err(Refusal::NoGrant.into());
        }
        Ok(())
    }

    /// The sealed bytes of one record, if they are the ones that were signed.
    ///
    /// # Errors
    /// [`Refusal::HashMismatch`] for other bytes, [`Waits::BodyMissing`] for a body kept apart. `Ok(None)` is erased.
    pub fn body(&self, index: usize) -> Result<Option<&[u8]>, Stop> {
        let item = self.envelope.items.get(index);
        match (self.bodies.get(index), item) {
            (Some(Body::Sealed(bytes)), Some(item)) if body_hash(bytes) == item.hash => Ok(Some(bytes)),
            (Some(Body::Sealed(_)), Some(_)) => Err(Refusal::HashMismatch.into()),
            (Some(Body::Erased), _) => Ok(None),
            _ => Err(Waits::BodyMissing.into()),
        }
    }
}

impl Segment {
    /// Takes the large bodies out, to travel under their hashes; their marks stay.
    pub fn set_apart(&mut self) -> Vec<(Hash, Vec<u8>)> {
        let mut apart = Vec::new();
        for (body, item) in self.bodies.iter_mut().zip(&self.envelope.items) {
            if matches!(body, Body::Sealed(bytes) if bytes.len() > APART)
                && let Body::Sealed(bytes) = std::mem::replace(body, Body::Apart)
            {
                apart.push((item.hash, bytes));
            }
        }
        apart
    }

    /// Takes out the bodies of erased documents, for good; the envelope stands as it was signed, so that whoever does
    /// this makes the same bytes. True if there was any to take out.
    pub fn redact(&mut self, erased: impl Fn(&DocId) -> bool) -> bool {
        let mut any = false;
        for (body, item) in self.bodies.iter_mut().zip(&self.envelope.items) {
            if *body != Body::Erased && erased(&item.document) {
                *body = Body::Erased;
                any = true;
            }
        }
        any
    }

    /// Takes out the bodies that another copy of this segment marks as erased. True if there was any to take out.
    pub fn redact_as(&mut self, other: &Self) -> bool {
        let mut any = false;
        for (body, _) in self.bodies.iter_mut().zip(&other.bodies).filter(|(_, other)| **other == Body::Erased) {
            any |= *body != Body::Erased;
            *body = Body::Erased;
        }
        any
    }

    /// Marks the bodies that were taken out of documents that are not erased after all as missing. Says which.
    pub fn unredact(&mut self, erased: impl Fn(&DocId) -> bool) -> Vec<usize> {
        let mut missing = Vec::new();
        for (index, (body, item)) in self.bodies.iter_mut().zip(&self.envelope.items).enumerate() {
            if *body == Body::Erased && !erased(&item.document) {
                *body = Body::Apart;
                missing.push(index);
            }
        }
        missing
    }

    /// Puts a body that was apart in its place; false if it is not the one that was signed.
    pub fn put_in(&mut self, index: usize, bytes: Vec<u8>) -> bool {
        match (self.bodies.get_mut(index), self.envelope.items.get(index)) {
            (Some(body @ Body::Apart), Some(item)) if item.length == bytes.len() && item.hash == body_hash(&bytes) => {
                *body = Body::Sealed(bytes);
                true
            }
            _ => false,
        }
    }
}

fn decode_bodies(reader: &mut Reader<'_>, envelope: &Envelope) -> Result<Vec<Body>, DecodeError> {
    let form = reader.byte()?;
    let mut bodies = Vec::with_capacity(envelope.items.len());
    for item in &envelope.items {
        let mark = match form {
            WHOLE => 0,
            MARKED => reader.byte()?,
            _ => return Err(DecodeError::NotCanonical),
        };
        bodies.push(match mark {
            0 => Body::Sealed(reader.take(item.length)?.to_vec()),
            1 => Body::Erased,
            2 => Body::Apart,
            _ => return Err(DecodeError::NotCanonical),
        });
    }
    let all_whole = bodies.iter().all(|body| matches!(body, Body::Sealed(_)));
    if form == MARKED && all_whole {
        return Err(DecodeError::NotCanonical);
    }
    Ok(bodies)
}

/// The hash under which an envelope names a sealed body.
#[must_use]
pub fn body_hash(bytes: &[u8]) -> Hash {
    Hash::of("talking-point v1 body", bytes)
}

impl Segment {
    /// The hash of the envelope inside some segment bytes, without trusting or even reading the rest.
    #[must_use]
    pub fn peek_hash(bytes: &[u8]) -> Option<Hash> {
        Reader::new(bytes).bytes(MAX_SEGMENT).ok().map(hash_of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Item;
    use crate::id::{EpochId, ScopeId};
    use crate::key::{LaptopIdentity, RootSeed};
    use crate::roster::{Access, Entry, Grant, Kind, Rank, Roster};

    #[test]
    fn a_log_that_is_not_its_signers_is_named() {
        let root = RootSeed::from_secret(&[1; 32]);
        let council = root.council();
        let scope = ScopeId::of(&council, "front-desk");
        let mut roster = Roster::new(council);
        let mut logs = Vec::new();
        for seed in [2u8, 3] {
            let identity = LaptopIdentity::from_secret(&[seed; 32]);
            let grants = vec![Grant { scope, access: Access::Write }];
            let kind = Kind::Enrol { identity: identity.publics(), rank: Rank::Laptop, grants };
            let enrolled = Entry::by_root(&root, roster.heads(), kind);
            roster.add(&enrolled.encode()).unwrap();
            let incarnation = Incarnation::from_secret(&[seed + 10; 32]);
            let kind = Kind::incarnate(&incarnation, &council, &identity);
            let entry = Entry::by_laptop(&identity, council, roster.heads(), kind);
            roster.add(&entry.encode()).unwrap();
            logs.push(incarnation);
        }
        let envelope = Envelope {
            council,
            log: logs[0].log(),
            scope,
            seq: 1,
            prev: Hash::NONE,
            epoch: EpochId::from_bytes([0; 16]),
            items: vec![Item { document: DocId::from_bytes([0; 16]), length: 40, hash: Hash::NONE }],
        };
        let members = roster.fold();
        let signed_by = |signer| Segment::signed(envelope.clone(), vec![Body::Erased], signer);
        assert_eq!(signed_by(&logs[0]).verify(&council, &members), Ok(()));
        let claimed = signed_by(&logs[1]).verify(&council, &members);
        assert_eq!(claimed, Err(Stop::Refused(Refusal::LogNotItsOwn)));
    }
}
