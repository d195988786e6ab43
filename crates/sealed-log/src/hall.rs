//! How two laptops in one hall show each other who they are: each signs both ends of the connection between them, so
//! that nobody in the middle can pass for either.

use crate::id::CouncilId;
use crate::key::{LaptopIdentity, Purpose, verifies};

/// A laptop's word that it is at the end `mine` of a connection whose other end is `theirs`. Both are the public keys with
/// which the connection itself was made.
#[must_use]
pub fn sign_greeting(laptop: &LaptopIdentity, council: &CouncilId, mine: &[u8; 32], theirs: &[u8; 32]) -> [u8; 64] {
    laptop.sign(Purpose::Hall, &message(council, mine, theirs))
}

/// True if the laptop with this signing key is at the end `its` of a connection whose other end is `other`.
#[must_use]
pub fn greets(signing: &[u8; 32], council: &CouncilId, its: &[u8; 32], other: &[u8; 32], signature: &[u8; 64]) -> bool {
    verifies(signing, Purpose::Hall, &message(council, its, other), signature)
}

fn message(council: &CouncilId, signer: &[u8; 32], other: &[u8; 32]) -> Vec<u8> {
    [council.as_bytes().as_slice(), signer, other].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_holds_for_its_two_ends_and_council_alone() {
        let laptop = LaptopIdentity::from_secret(&[1; 32]);
        let (here, there) = (CouncilId::from_bytes([1; 32]), CouncilId::from_bytes([2; 32]));
        let signature = sign_greeting(&laptop, &here, &[3; 32], &[4; 32]);
        let holds = |council, its, other| greets(&laptop.public(), council, its, other, &signature);
        assert!(holds(&here, &[3; 32], &[4; 32]));
        assert!(!holds(&here, &[4; 32], &[3; 32]), "the other end may not say it back");
        assert!(!holds(&here, &[3; 32], &[5; 32]));
        assert!(!holds(&there, &[3; 32], &[4; 32]));
        let stranger = LaptopIdentity::from_secret(&[2; 32]).public();
        assert!(!greets(&stranger, &here, &[3; 32], &[4; 32], &signature));
    }
}
