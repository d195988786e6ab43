//! Sealed words about a laptop that travel in its *seen* statement: everyone who holds the scope's key may read them, and
//! no carrier can.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

use crate::id::{CouncilId, EpochId, LogId, ScopeId};
use crate::keyring::Keyring;

/// Seals words under a scope's sealing key; `None` when no key is held.
#[must_use]
pub fn seal_note(
    keyring: &Keyring,
    council: &CouncilId,
    scope: &ScopeId,
    log: &LogId,
    words: &[u8],
    nonce: [u8; 24],
) -> Option<Vec<u8>> {
    let key = keyring.sealing(scope)?;
    let cipher = XChaCha20Poly1305::new(&Key::from(*key.note_key(council, scope)));
    let payload = Payload { msg: words, aad: log.as_bytes() };
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload).ok()?;
    let mut note = Vec::with_capacity(EpochId::LENGTH + nonce.len() + sealed.len());
    note.extend_from_slice(key.id().as_bytes());
    note.extend_from_slice(&nonce);
    note.extend_from_slice(&sealed);
    Some(note)
}

/// Opens what [`seal_note`] made; `None` when its key is not held, or it was not made for this log.
#[must_use]
pub fn open_note(keyring: &Keyring, council: &CouncilId, scope: &ScopeId, log: &LogId, note: &[u8]) -> Option<Vec<u8>> {
    let (epoch, rest) = note.split_first_chunk::<{ EpochId::LENGTH }>()?;
    let (nonce, sealed) = rest.split_first_chunk::<24>()?;
    let key = keyring.get(scope, &EpochId::from_bytes(*epoch))?;
    let cipher = XChaCha20Poly1305::new(&Key::from(*key.note_key(council, scope)));
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: log.as_bytes() }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::EpochKey;

    #[test]
    fn opens_with_its_key_for_its_log_alone() {
        let council = CouncilId::from_bytes([1; 32]);
        let scope = ScopeId::of(&council, "team");
        let (log, other) = (LogId::from_bytes([1; 16]), LogId::from_bytes([2; 16]));
        let mut keyring = Keyring::default();
        keyring.add(scope, EpochKey::from_secret(&[5; 32]));
        let note = seal_note(&keyring, &council, &scope, &log, b"Green Lane 2", [9; 24]).unwrap();
        let open = |keyring: &Keyring, log| open_note(keyring, &council, &scope, log, &note);
        assert_eq!(open(&keyring, &log).as_deref(), Some(b"Green Lane 2".as_slice()));
        assert_eq!(open(&keyring, &other), None);
        assert_eq!(open(&Keyring::default(), &log), None);
        assert_eq!(open_note(&keyring, &council, &scope, &log, &note[..30]), None);
    }
}
