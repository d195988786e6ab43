"""Join files, requests and approvals: docs/sealed-log.md, sections 11 and 12."""

from codec import RECOVERY, TOO_LARGE, Reader, Stop, base32, rising
from crypto import derived, hpke_open, keyed_hash, signing_public, stretched
from log import KIB, MIB, agreement_secret, signing_secret
from members import Members
from roster import laptop_of

ENTRIES, ENTRY, FILE = 10_000, 768 * KIB, 4 * MIB


def take_in(root, entries, identity):
    """The members by these entries, if the newcomer is one of them."""
    members = Members(derived("council", root), entries)
    if not members.is_live(laptop_of(signing_public(signing_secret(identity)))):
        raise Stop("disagrees")
    return members


def welcome(reader):
    role, letter = reader.text(KIB), reader.text(KIB)
    texts = [(reader.text(KIB), reader.text(KIB)) for _ in range(reader.count(64))]
    return role, letter, dict(rising(texts, lambda text: text[0].encode()))


class JoinFile:
    def __init__(self, data):
        if not data.startswith(b"TPJOIN\r\n"):
            raise Stop("not a join file")
        if len(data) > FILE:
            raise Stop(TOO_LARGE)
        if len(data) < 24 or derived("join file", data[:-16])[:16] != data[-16:]:
            raise Stop("damaged")
        reader = Reader(data[8:-16])
        reader.version(1)
        self.root = reader.take(32)
        self.entries = [reader.bytes(ENTRY) for _ in range(reader.count(ENTRIES))]
        self.identity = reader.take(32)
        self.welcome = welcome(reader)
        reader.end()
        self.members = take_in(self.root, self.entries, self.identity)


def code_of(random):
    return base32(random, RECOVERY)[:12]


def code_key(code, salt):
    return derived("enrolment", stretched(code.encode(), salt))


def agreed(key, purpose, data):
    if keyed_hash(key, purpose, data[:-32]) != data[-32:]:
        raise Stop("wrong code")


class Request:
    def __init__(self, data, code):
        if not data.startswith(b"TPASKS\r\n"):
            raise Stop("not a request")
        reader = Reader(data[8:])
        reader.version(1)
        self.signing, self.agreement, self.salt = reader.take(32), reader.take(32), reader.take(16)
        self.made = int.from_bytes(reader.take(8), "little", signed=True)
        reader.take(32)
        reader.end()
        self.key = code_key(code, self.salt)
        agreed(self.key, b"request", data)
        self.name = derived("request", data)


class Approval:
    def __init__(self, data, key, identity, request):
        if len(data) > FILE or not data.startswith(b"TPTAKE\r\n"):
            raise Stop("not an approval")
        reader = Reader(data[8:])
        reader.version(1)
        self.root, answers = reader.take(32), reader.take(32)
        if answers != request:
            raise Stop("another request")
        agreed(key, b"approval", data)
        self.entries = [reader.bytes(ENTRY) for _ in range(reader.count(ENTRIES))]
        sealed = reader.bytes(256 * KIB)
        reader.take(32)
        reader.end()
        info = b"talking-point v1 welcome\0" + self.root + answers
        plain = hpke_open(agreement_secret(identity), info, sealed)
        if plain is None:
            raise Stop("disagrees")
        inside = Reader(plain)
        self.welcome = welcome(inside)
        inside.end()
        self.members = take_in(self.root, self.entries, identity)
