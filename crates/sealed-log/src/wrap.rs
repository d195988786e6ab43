//! Keys wrapped so that one recipient alone can open them: HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256),
//! HKDF-SHA256, ChaCha20Poly1305. What the key is for is in the `info`, so that a wrap opens nowhere else.

use core::convert::Infallible;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal_with_rng};
use rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use crate::codec::Write;
use crate::id::{CouncilId, EpochId, LaptopId, ScopeId};
use crate::key::EpochKey;

/// Bytes of an epoch's key when it is wrapped: the sender's share, the key, the tag.
pub const WRAPPED: usize = 32 + 32 + 16;

/// Why a key could not be wrapped: the recipient's public key is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the recipient's key cannot be wrapped to")]
pub struct WrapError;

/// Wraps an epoch's key for a recipient with the public key `agreement`. `random`: 32 fresh random bytes.
///
/// # Errors
/// When `agreement` is no key.
pub fn wrap_key(
    key: &EpochKey,
    council: &CouncilId,
    scope: &ScopeId,
    (to, agreement): (&LaptopId, &[u8; 32]),
    random: [u8; 32],
) -> Result<[u8; WRAPPED], WrapError> {
    let info = info(council, scope, &key.id(), to);
    let sealed = seal_to(agreement, &info, key.secret().as_slice(), random)?;
    sealed.try_into().map_err(|_| WrapError)
}

/// Opens what [`wrap_key`] made for the holder of `secret`; `None` if it was made for another, or names another epoch.
#[must_use]
pub fn unwrap_key(
    wrapped: &[u8; WRAPPED],
    council: &CouncilId,
    scope: &ScopeId,
    epoch: &EpochId,
    (to, secret): (&LaptopId, &[u8; 32]),
) -> Option<EpochKey> {
    let plain = open_with(secret, &info(council, scope, epoch, to), wrapped)?;
    let secret: Zeroizing<[u8; 32]> = Zeroizing::new(plain.as_slice().try_into().ok()?);
    let key = EpochKey::from_secret(&secret);
    (key.id() == *epoch).then_some(key)
}

/// Seals bytes to a public key. `random`: 32 fresh random bytes.
pub(crate) fn seal_to(agreement: &[u8; 32], info: &[u8], plain: &[u8], random: [u8; 32]) -> Result<Vec<u8>, WrapError> {
    let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(agreement).map_err(|_| WrapError)?;
    let (share, sealed) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        info,
        plain,
        &[],
        &mut Given(random),
    )
    .map_err(|_| WrapError)?;
    let mut out = share.to_bytes().to_vec();
    out.extend(sealed);
    Ok(out)
}

/// Opens what [`seal_to`] sealed.
pub(crate) fn open_with(secret: &[u8; 32], info: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (share, sealed) = sealed.split_at_checked(32)?;
    let secret = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(secret).ok()?;
    let share = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(share).ok()?;
    single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret,
        &share,
        info,
        sealed,
        &[],
    )
    .ok()
    .map(Zeroizing::new)
}

/// The caller's random bytes, once. HPKE asks for 32 of them to seal; what would be asked beyond is derived from them.
struct Given([u8; 32]);

impl TryRng for Given {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for part in out.chunks_mut(32) {
            part.iter_mut().zip(self.0).for_each(|(to, from)| *to = from);
            self.0 = blake3::derive_key("talking-point v1 wrap randomness", &self.0);
        }
        Ok(())
    }
}

impl TryCryptoRng for Given {}

fn info(council: &CouncilId, scope: &ScopeId, epoch: &EpochId, to: &LaptopId) -> Vec<u8> {
    let mut info = b"talking-point v1 wrap\0".to_vec();
    info.put(council.as_bytes());
    info.put(scope.as_bytes());
    info.put(epoch.as_bytes());
    info.put(to.as_bytes());
    info
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::key::LaptopIdentity;

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        let digit = |at: usize| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap();
        core::array::from_fn(digit)
    }

    /// RFC 9180, A.2.1: base mode with X25519, HKDF-SHA256 and ChaCha20Poly1305, but for its associated data, which is
    /// always empty here.
    #[test]
    fn is_the_rfcs_hpke() {
        let secret = bytes("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb");
        let public = bytes("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a");
        let random = bytes("909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b");
        let info: [u8; 20] = bytes("4f6465206f6e2061204772656369616e2055726e");
        let sealed = seal_to(&public, &info, b"Beauty is truth, truth beauty", random).unwrap();
        let share: [u8; 32] = bytes("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a");
        assert_eq!(sealed[..32], share);
        // The keystream does not depend on the associated data, only the tag does.
        let text: [u8; 29] = bytes("1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b");
        assert_eq!(sealed[32..61], text);
        assert_eq!(open_with(&secret, &info, &sealed).unwrap().as_slice(), b"Beauty is truth, truth beauty");
    }

    proptest! {
        #[test]
        fn opens_for_its_recipient_alone(
            key in any::<[u8; 32]>(),
            who in any::<[u8; 32]>(),
            random in any::<[u8; 32]>(),
            flipped in 0..WRAPPED * 8,
        ) {
            let key = EpochKey::from_secret(&key);
            let laptop = LaptopIdentity::from_secret(&who);
            let other = LaptopIdentity::from_secret(&[random[0]; 32]);
            let council = CouncilId::from_bytes([1; 32]);
            let scope = ScopeId::of(&council, "casework");
            let to = laptop.laptop();
            let wrapped = wrap_key(&key, &council, &scope, (&to, &laptop.agreement()), random).unwrap();
            let open = |wrapped: &[u8; WRAPPED], scope: &ScopeId, epoch: &EpochId, to: &LaptopId, by: &LaptopIdentity| {
                unwrap_key(wrapped, &council, scope, epoch, (to, &by.agreement_secret()))
            };
            prop_assert_eq!(open(&wrapped, &scope, &key.id(), &to, &laptop), Some(key.clone()));
            prop_assert_eq!(open(&wrapped, &scope, &key.id(), &to, &other), None);
            prop_assert_eq!(open(&wrapped, &scope, &key.id(), &other.laptop(), &laptop), None);
            prop_assert_eq!(open(&wrapped, &ScopeId::of(&council, "team"), &key.id(), &to, &laptop), None);
            prop_assert_eq!(open(&wrapped, &scope, &EpochId::from_bytes([0; 16]), &to, &laptop), None);
            let mut spoilt = wrapped;
            spoilt[flipped / 8] ^= 1 << (flipped % 8);
            prop_assert_eq!(open(&spoilt, &scope, &key.id(), &to, &laptop), None);
        }
    }

    #[test]
    fn what_is_no_key_is_not_wrapped_to() {
        let (council, to) = (CouncilId::from_bytes([1; 32]), LaptopId::from_bytes([2; 16]));
        let key = EpochKey::from_secret(&[3; 32]);
        let wrapped = wrap_key(&key, &council, &ScopeId::of(&council, "team"), (&to, &[0; 32]), [4; 32]);
        assert_eq!(wrapped, Err(WrapError));
    }
}
