//! Challenges and tokens: both are the relay's own words with its MAC, so that no relay has to remember any and any relay
//! before the same store knows those of the others. A laptop's clock is never asked.

use sealed_log::{CouncilId, LaptopId};

/// How long a challenge may be answered, in milliseconds.
const CHALLENGE_LIVES: i64 = 2 * 60 * 1000;
/// How long a token lets in, in milliseconds.
pub const TOKEN_LIVES: i64 = 30 * 60 * 1000;
const MAC: usize = 16;

/// What signs them.
pub struct Seal {
    challenges: [u8; 32],
    tokens: [u8; 32],
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Seal(secret)")
    }
}

/// Who a token lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    /// The council.
    pub council: CouncilId,
    /// The laptop.
    pub laptop: LaptopId,
}

impl Seal {
    /// From the store's secret.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self {
            challenges: blake3::derive_key("talking-point v1 relay challenge", secret),
            tokens: blake3::derive_key("talking-point v1 relay token", secret),
        }
    }

    /// A challenge: the relay's time, random bytes, the MAC.
    #[must_use]
    pub fn challenge(&self, now: i64, random: [u8; 16]) -> Vec<u8> {
        signed(&self.challenges, [now.to_le_bytes().as_slice(), &random].concat())
    }

    /// True if this relay gave the challenge, and not too long ago.
    #[must_use]
    pub fn challenge_holds(&self, challenge: &[u8], now: i64) -> bool {
        opened(&self.challenges, challenge)
            .and_then(|body| body.split_first_chunk::<8>())
            .is_some_and(|(given, _)| (0..=CHALLENGE_LIVES).contains(&(now - i64::from_le_bytes(*given))))
    }

    /// A token.
    #[must_use]
    pub fn token(&self, pass: &Pass, now: i64) -> String {
        let until = now + TOKEN_LIVES;
        let body = [pass.council.as_bytes().as_slice(), pass.laptop.as_bytes(), &until.to_le_bytes()].concat();
        sealed_log::base32_encode(&signed(&self.tokens, body))
    }

    /// Who a token lets in, until its time is over.
    #[must_use]
    pub fn pass(&self, token: &str, now: i64) -> Option<Pass> {
        let bytes = sealed_log::base32_decode(token)?;
        let body = opened(&self.tokens, &bytes)?;
        let (council, rest) = body.split_first_chunk::<32>()?;
        let (laptop, until) = rest.split_first_chunk::<16>()?;
        let until = i64::from_le_bytes(until.try_into().ok()?);
        let pass = Pass { council: CouncilId::from_bytes(*council), laptop: LaptopId::from_bytes(*laptop) };
        // A clock put back a day lets no old token live for a day.
        (0..=TOKEN_LIVES).contains(&(until - now)).then_some(pass)
    }
}

fn signed(key: &[u8; 32], mut body: Vec<u8>) -> Vec<u8> {
    let mac = blake3::keyed_hash(key, &body);
    body.extend(mac.as_bytes().iter().take(MAC));
    body
}

fn opened<'a>(key: &[u8; 32], bytes: &'a [u8]) -> Option<&'a [u8]> {
    let (body, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC)?)?;
    let right = blake3::keyed_hash(key, body);
    // Every byte is looked at, whichever is wrong.
    let wrong = right.as_bytes().iter().zip(mac).fold(0, |wrong, (a, b)| wrong | (a ^ b));
    (wrong == 0).then_some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_428_000_000;

    #[test]
    fn a_challenge_is_its_relays_own_and_soon_over() {
        let seal = Seal::new(&[1; 32]);
        let challenge = seal.challenge(NOW, [7; 16]);
        assert!(seal.challenge_holds(&challenge, NOW));
        assert!(seal.challenge_holds(&challenge, NOW + CHALLENGE_LIVES));
        assert!(!seal.challenge_holds(&challenge, NOW + CHALLENGE_LIVES + 1));
        assert!(!seal.challenge_holds(&challenge, NOW - 1));
        assert!(!Seal::new(&[2; 32]).challenge_holds(&challenge, NOW));
        for at in 0..challenge.len() {
            let mut bent = challenge.clone();
            bent[at] ^= 1;
            assert!(!seal.challenge_holds(&bent, NOW), "{at}");
        }
        assert!(!seal.challenge_holds(&challenge[..10], NOW));
    }

    #[test]
    fn a_token_lets_its_laptop_in_for_half_an_hour() {
        let seal = Seal::new(&[1; 32]);
        let pass = Pass { council: CouncilId::from_bytes([1; 32]), laptop: LaptopId::from_bytes([2; 16]) };
        let token = seal.token(&pass, NOW);
        assert_eq!(seal.pass(&token, NOW), Some(pass));
        assert_eq!(seal.pass(&token, NOW + TOKEN_LIVES), Some(pass));
        assert_eq!(seal.pass(&token, NOW + TOKEN_LIVES + 1), None);
        assert_eq!(seal.pass(&token, NOW - 1), None);
        assert_eq!(Seal::new(&[2; 32]).pass(&token, NOW), None);
        assert_eq!(seal.pass("", NOW), None);
        assert_eq!(seal.pass(&token.replacen('a', "b", 1), NOW).is_some(), !token.contains('a'));
        // A challenge is no token.
        assert_eq!(seal.pass(&sealed_log::base32_encode(&seal.challenge(NOW, [0; 16])), NOW), None);
    }
}
