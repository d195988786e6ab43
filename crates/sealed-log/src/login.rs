//! How a laptop shows a relay who it is: it signs the relay's challenge, with the relay's name and the council, so that
//! no relay can show what it was told to another.

use crate::id::CouncilId;
use crate::key::{LaptopIdentity, Purpose, verifies};

/// A laptop's answer to a relay's challenge.
#[must_use]
pub fn sign_login(laptop: &LaptopIdentity, relay: &str, council: &CouncilId, challenge: &[u8]) -> [u8; 64] {
    laptop.sign(Purpose::Login, &message(relay, council, challenge))
}

/// True if the laptop with this signing key answered this challenge for this relay and council.
#[must_use]
pub fn login_holds(
    signing: &[u8; 32],
    relay: &str,
    council: &CouncilId,
    challenge: &[u8],
    signature: &[u8; 64],
) -> bool {
    verifies(signing, Purpose::Login, &message(relay, council, challenge), signature)
}

/// The relay's name goes by its hash, so that no two messages run into one another.
fn message(relay: &str, council: &CouncilId, challenge: &[u8]) -> Vec<u8> {
    let name = blake3::derive_key("talking-point v1 relay name", relay.as_bytes());
    [name.as_slice(), council.as_bytes(), challenge].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_holds_for_its_relay_council_and_challenge_alone() {
        let laptop = LaptopIdentity::from_secret(&[1; 32]);
        let (here, there) = (CouncilId::from_bytes([1; 32]), CouncilId::from_bytes([2; 32]));
        let signature = sign_login(&laptop, "relay.example", &here, b"challenge");
        let holds =
            |relay, council, challenge: &[u8]| login_holds(&laptop.public(), relay, council, challenge, &signature);
        assert!(holds("relay.example", &here, b"challenge"));
        assert!(!holds("other.example", &here, b"challenge"));
        assert!(!holds("relay.example", &there, b"challenge"));
        assert!(!holds("relay.example", &here, b"challengf"));
        let stranger = LaptopIdentity::from_secret(&[2; 32]).public();
        assert!(!login_holds(&stranger, "relay.example", &here, b"challenge", &signature));
    }
}
