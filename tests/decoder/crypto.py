"""The ciphers, hashes and signatures of docs/sealed-log.md, section 2, out of the usual parts."""

import struct

from blake3 import blake3
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RAW = (Encoding.Raw, PublicFormat.Raw)


def derived(context, *parts):
    """BLAKE3 in its key-derivation mode."""
    return blake3(b"".join(parts), derive_key_context=f"talking-point v1 {context}").digest()


def plain_hash(*parts):
    return blake3(b"".join(parts)).digest()


def hkdf(secret, salt, info):
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info).derive(secret)


def stretched(code, salt):
    return Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=19_456).derive(code)


def keyed_hash(key, *parts):
    return blake3(b"".join(parts), key=key).digest()


def signing_public(seed):
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(*RAW)


def agreement_public(secret):
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes(*RAW)


def sign(seed, purpose, data):
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message(purpose, data))


def message(purpose, data):
    return b"talking-point v1 " + purpose.encode() + b"\0" + data


def verifies(public, purpose, data, signature):
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message(purpose, data))
        return True
    except (InvalidSignature, ValueError):
        return False


def xchacha_open(key, sealed, associated):
    """XChaCha20-Poly1305 over `nonce ‖ ciphertext ‖ tag`; None if it does not open."""
    if len(sealed) < 40:
        return None
    nonce, rest = sealed[:24], sealed[24:]
    try:
        return ChaCha20Poly1305(hchacha20(key, nonce[:16])).decrypt(b"\0\0\0\0" + nonce[16:], rest, associated)
    except InvalidTag:
        return None


def hchacha20(key, nonce):
    state = list(struct.unpack("<16I", b"expand 32-byte k" + key + nonce))

    def quarter(a, b, c, d):
        for to, add, by, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            state[to] = (state[to] + state[add]) & 0xFFFFFFFF
            mixed = state[by] ^ state[to]
            state[by] = ((mixed << turn) | (mixed >> (32 - turn))) & 0xFFFFFFFF

    for _ in range(10):
        for column in range(4):
            quarter(column, 4 + column, 8 + column, 12 + column)
        for diagonal in range(4):
            quarter(diagonal, 4 + (diagonal + 1) % 4, 8 + (diagonal + 2) % 4, 12 + (diagonal + 3) % 4)
    return struct.pack("<8I", *state[:4], *state[12:])


# HPKE, RFC 9180: base mode, DHKEM(X25519, HKDF-SHA256) = 0x0020, HKDF-SHA256 = 0x0001, ChaCha20Poly1305 = 0x0003.
KEM_SUITE = b"KEM" + (0x0020).to_bytes(2, "big")
HPKE_SUITE = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x0020, 0x0001, 0x0003))


def hmac_sha256(key, data):
    mac = hmac.HMAC(key, hashes.SHA256())
    mac.update(data)
    return mac.finalize()


def labeled_extract(suite, salt, label, material):
    return hmac_sha256(salt or bytes(32), b"HPKE-v1" + suite + label + material)


def labeled_expand(suite, key, label, info, length):
    labeled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac_sha256(key, labeled + b"\x01")[:length]


def hpke_open(secret, info, sealed):
    """Opens `share ‖ ciphertext ‖ tag`; None if it does not open."""
    share, rest = sealed[:32], sealed[32:]
    try:
        agreed = X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError:
        return None
    extracted = labeled_extract(KEM_SUITE, b"", b"eae_prk", agreed)
    shared = labeled_expand(KEM_SUITE, extracted, b"shared_secret", share + agreement_public(secret), 32)
    schedule = (
        b"\0"
        + labeled_extract(HPKE_SUITE, b"", b"psk_id_hash", b"")
        + labeled_extract(HPKE_SUITE, b"", b"info_hash", info)
    )
    exported = labeled_extract(HPKE_SUITE, shared, b"secret", b"")
    key = labeled_expand(HPKE_SUITE, exported, b"key", schedule, 32)
    nonce = labeled_expand(HPKE_SUITE, exported, b"base_nonce", schedule, 12)
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, rest, b"")
    except InvalidTag:
        return None
