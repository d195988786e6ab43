//! `key.json`: the database key, wrapped with XChaCha20-Poly1305 under a key that Argon2id makes from the passphrase.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{DatabaseKey, Passphrase};
use crate::error::HubError;
use crate::ports::{KeyCost, Ports};

const VERSION: u32 = 1;
const LANES: u32 = 1;
/// A file that asks for more than this was not written by us.
const MOST_MEMORY_KIB: u32 = 1024 * 1024;
const MOST_PASSES: u32 = 64;

#[derive(Serialize, Deserialize)]
struct KeyFile {
    version: u32,
    kdf: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    nonce: String,
    wrapped: String,
}

/// What every version of the file has.
#[derive(Deserialize)]
struct AnyKeyFile {
    version: u32,
}

/// The text of `key.json` for this key and passphrase.
pub(super) fn wrap(key: &DatabaseKey, passphrase: &Passphrase, ports: &Ports) -> Result<String, HubError> {
    let salt = ports.random::<16>()?;
    let nonce = ports.random::<24>()?;
    let KeyCost { memory_kib, passes } = ports.key_cost;
    let wrapping = derive(passphrase, &salt, memory_kib, passes, LANES)?;
    let bound = bound(memory_kib, passes, LANES, &salt);
    let wrapped = XChaCha20Poly1305::new(&Key::from(*wrapping))
        .encrypt(&XNonce::from(nonce), Payload { msg: key.as_slice(), aad: &bound })
        .map_err(|_| HubError::unexpected("folder/wrap"))?;
    let file = KeyFile {
        version: VERSION,
        kdf: "argon2id".to_owned(),
        memory_kib,
        passes,
        lanes: LANES,
        salt: to_hex(&salt),
        nonce: to_hex(&nonce),
        wrapped: to_hex(&wrapped),
    };
    serde_json::to_string_pretty(&file).map_err(|_| HubError::unexpected("folder/wrap"))
}

/// The key in the text of a `key.json`.
pub(super) fn unwrap(text: &str, passphrase: &Passphrase) -> Result<DatabaseKey, HubError> {
    let any: AnyKeyFile = serde_json::from_str(text).map_err(|_| HubError::Damaged)?;
    if any.version > VERSION {
        return Err(HubError::MadeByNewer);
    }
    let file: KeyFile = serde_json::from_str(text).map_err(|_| HubError::Damaged)?;
    if file.kdf != "argon2id" || file.memory_kib > MOST_MEMORY_KIB || file.passes > MOST_PASSES {
        return Err(HubError::Damaged);
    }
    let salt: [u8; 16] = from_hex(&file.salt)?;
    let nonce: [u8; 24] = from_hex(&file.nonce)?;
    let wrapped: [u8; 48] = from_hex(&file.wrapped)?;
    let wrapping = derive(passphrase, &salt, file.memory_kib, file.passes, file.lanes)?;
    let bound = bound(file.memory_kib, file.passes, file.lanes, &salt);
    let opened = XChaCha20Poly1305::new(&Key::from(*wrapping))
        .decrypt(&XNonce::from(nonce), Payload { msg: wrapped.as_slice(), aad: &bound })
        .map(Zeroizing::new)
        .map_err(|_| HubError::WrongPassphrase)?;
    let mut key = Zeroizing::new([0; 32]);
    if opened.len() != key.len() {
        return Err(HubError::Damaged);
    }
    key.copy_from_slice(&opened);
    Ok(key)
}

fn derive(
    passphrase: &Passphrase,
    salt: &[u8],
    memory: u32,
    passes: u32,
    lanes: u32,
) -> Result<Zeroizing<[u8; 32]>, HubError> {
    let params = Params::new(memory, passes, lanes, Some(32)).map_err(|_| HubError::Damaged)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, key.as_mut_slice())
        .map_err(|_| HubError::unexpected("folder/derive"))?;
    Ok(key)
}

/// What the seal is bound to, so that nobody can weaken the parameters in the file.
fn bound(memory: u32, passes: u32, lanes: u32, salt: &[u8]) -> Vec<u8> {
    let mut bytes = b"talking-point database key".to_vec();
    for number in [VERSION, memory, passes, lanes] {
        bytes.extend(number.to_be_bytes());
    }
    bytes.extend(salt);
    bytes
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex<const N: usize>(text: &str) -> Result<[u8; N], HubError> {
    if text.len() != 2 * N || !text.is_ascii() {
        return Err(HubError::Damaged);
    }
    let mut bytes = [0; N];
    for (index, byte) in bytes.iter_mut().enumerate() {
        let digits = text.get(2 * index..2 * index + 2).ok_or(HubError::Damaged)?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| HubError::Damaged)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Virtual;

    #[test]
    fn only_its_own_passphrase_opens_it() {
        let ports = Virtual::new(1, sync_schema::Instant::from_millis(0)).ports();
        let key = Zeroizing::new([7; 32]);
        let text = wrap(&key, &"correct horse".into(), &ports).unwrap();
        assert_eq!(*unwrap(&text, &"correct horse".into()).unwrap(), *key);
        assert_eq!(unwrap(&text, &"correct horsf".into()).unwrap_err(), HubError::WrongPassphrase);
        assert_eq!(
            unwrap(&text.replace("\"version\": 1", "\"version\": 2"), &"correct horse".into()).unwrap_err(),
            HubError::MadeByNewer
        );
        assert_eq!(
            unwrap(&text.replace("\"passes\": 3", "\"passes\": 99"), &"correct horse".into()).unwrap_err(),
            HubError::Damaged
        );
        assert_eq!(unwrap(&text[..text.len() / 2], &"correct horse".into()).unwrap_err(), HubError::Damaged);
    }
}
