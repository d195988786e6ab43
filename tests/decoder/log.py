"""Keys, segments, statements and snapshots: docs/sealed-log.md, sections 3 and 7 to 10."""

import zstandard

from codec import MALFORMED, RECOVERY, TOO_LARGE, Reader, Stop, base32, number, rising
from crypto import derived, hkdf, hpke_open, verifies, xchacha_open
from roster import ROTATE, SHARE

KIB, MIB = 1 << 10, 1 << 20
SEQ = (1 << 40) - 1
NONE = bytes(32)


def signing_secret(secret):
    return hkdf(secret, None, b"talking-point v1 signing")


def agreement_secret(secret):
    return hkdf(secret, None, b"talking-point v1 agreement")


def epoch_of(key):
    return derived("epoch", key)[:16]


def sealing_key(key, council, use, *parts):
    return hkdf(key, council, b"talking-point v1 " + use + b"".join(parts))


def recovery_words(secret):
    letters = base32(secret + derived("recovery check", secret)[:3], RECOVERY)
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def wraps(members, name):
    """Every wrap to this name in the roster, whatever became of its entry: scope, epoch, wrap."""
    for node in members.entries.values():
        given = []
        if node.kind == ROTATE:
            given = [(node.said["scope"], node.said["epoch"], wrap) for wrap in node.said["wraps"]]
        elif node.kind == SHARE:
            given = [(key.scope, key.epoch, key.wrap) for key in node.said["keys"]]
        yield from (one for one in given if one[2].to == name)


def unwrap(council, scope, epoch, name, secret, sealed):
    key = hpke_open(secret, b"talking-point v1 wrap\0" + council + scope + epoch + name, sealed)
    if key is None or len(key) != 32 or epoch_of(key) != epoch:
        raise Stop("no key")
    return key


def keyring(members, name, secret):
    """Every key that the roster wraps to whoever has this name and this agreement secret, and may read its scope."""
    keys = {}
    for scope, epoch, wrap in wraps(members, name):
        known = members.epochs.get((scope, epoch))
        reads = name in members.roots or members.may_read(name, scope)
        if reads and (known is None or known["retired"] is None):
            try:
                keys[scope, epoch] = unwrap(members.council, scope, epoch, name, secret, wrap.sealed)
            except Stop:
                continue
    return keys


class Segment:
    def __init__(self, data):
        if len(data) > 4 * MIB + 16_384 * 64:
            raise Stop(TOO_LARGE)
        outer = Reader(data)
        self.envelope = outer.bytes(4 * MIB)
        self.read_envelope(Reader(self.envelope))
        self.signature = outer.take(64)
        form = outer.byte()
        if form > 1:
            raise Stop(MALFORMED)
        self.bodies = []
        for _, length, _ in self.items:
            mark = outer.byte() if form else 0
            if mark > 2:
                raise Stop(MALFORMED)
            self.bodies.append(("sealed", outer.take(length)) if mark == 0 else (("erased", "apart")[mark - 1], None))
        if form and all(mark == "sealed" for mark, _ in self.bodies):
            raise Stop(MALFORMED)
        outer.end()
        self.hash = derived("envelope", self.envelope)

    def read_envelope(self, reader):
        reader.version(1)
        self.council, self.log, self.scope = reader.take(32), reader.take(16), reader.take(16)
        self.seq, self.prev, self.epoch = reader.count(SEQ), reader.take(32), reader.take(16)
        self.items, total = [], 0
        for _ in range(reader.count(16_384)):
            item = (reader.take(16), reader.count(MIB + KIB), reader.take(32))
            total += item[1]
            if total > 4 * MIB:
                raise Stop(TOO_LARGE)
            if item[1] < 40:
                raise Stop(MALFORMED)
            self.items.append(item)
        reader.end()
        if self.seq == 0 or not self.items or (self.seq == 1) != (self.prev == NONE):
            raise Stop(MALFORMED)

    def verify(self, members):
        if self.council != members.council:
            raise Stop("refused: foreignCouncil")
        if self.log not in members.logs:
            raise Stop("waits: unknownLog")
        if not verifies(members.logs[self.log][0], "segment", self.envelope, self.signature):
            others = any(verifies(key, "segment", self.envelope, self.signature) for key, _ in members.logs.values())
            raise Stop("refused: logNotItsOwn" if others else "refused: badSignature")
        if not members.could_write(self.log, self.scope):
            raise Stop("refused: noGrant")

    def put_in(self, blobs):
        """Puts the bodies that travelled apart in their places."""
        for at, ((_, length, hash), (mark, _)) in enumerate(zip(self.items, self.bodies)):
            blob = blobs.get(hash)
            if mark == "apart" and blob and len(blob) == length and derived("body", blob) == hash:
                self.bodies[at] = ("sealed", blob)

    def open(self, at, keys):
        document, _, hash = self.items[at]
        mark, body = self.bodies[at]
        if mark == "erased":
            return None
        if mark == "apart":
            raise Stop("waits: bodyMissing")
        if derived("body", body) != hash:
            raise Stop("refused: hashMismatch")
        if (self.scope, self.epoch) not in keys:
            raise Stop("waits: noKey")
        key = sealing_key(keys[self.scope, self.epoch], self.council, b"record", self.scope, document)
        place = [self.council, self.log, self.scope, number(self.seq), self.epoch, number(at), document]
        plain = xchacha_open(key, body, b"".join(place))
        if plain is None:
            raise Stop("refused: doesNotOpen")
        reader = Reader(plain)
        run = reader.take(16)
        if reader.number() > 1:
            raise Stop("waits: newerVersion")
        origin = reader.take(16) if reader.flag() else self.log
        return {"document": document, "run": run, "origin": origin, "changes": reader.rest()}


class Seen:
    def __init__(self, data, members):
        if len(data) > MIB:
            raise Stop(TOO_LARGE)
        reader = Reader(data)
        reader.version(1)
        council, self.log, self.number = reader.take(32), reader.take(16), reader.count(SEQ)
        scopes = [reader.take(16) for _ in range(reader.count(64))]

        def scope():
            index = reader.count(64)
            if index >= len(scopes):
                raise Stop(MALFORMED)
            return scopes[index]

        self.vector = {}
        for _ in range(reader.count(65_536)):
            log = reader.take(16)
            for _ in range(reader.count(64)):
                of = scope()
                self.vector[log, of] = (reader.count(SEQ), reader.take(5))
        self.wants = {((reader.take(16), scope()), reader.count(SEQ)) for _ in range(reader.count(256))}
        self.roster = [reader.take(32) for _ in range(reader.count(4096))]
        self.clock = int.from_bytes(reader.take(8), "little", signed=True)
        self.version, self.note, self.more = reader.text(40), reader.bytes(KIB), reader.bytes(64 * KIB)
        body = data[: reader.at]
        signature = reader.take(64)
        reader.end()
        if council != members.council:
            raise Stop("refused: foreignCouncil")
        if self.log not in members.logs:
            raise Stop("waits: unknownLog")
        if not verifies(members.logs[self.log][0], "seen", body, signature):
            raise Stop("refused: badSignature")

    def open_note(self, members, keys):
        epoch, sealed = self.note[:16], self.note[16:]
        key = keys.get((members.team, epoch))
        return key and xchacha_open(sealing_key(key, members.council, b"note", members.team), sealed, self.log)


class Manifest:
    def __init__(self, data, members):
        if len(data) > 8 * MIB:
            raise Stop(TOO_LARGE)
        reader = Reader(data)
        reader.version(1)
        self.council, self.log, self.scope = reader.take(32), reader.take(16), reader.take(16)
        self.id, self.epoch, self.projection = reader.take(16), reader.take(16), reader.number()
        self.clock = int.from_bytes(reader.take(8), "little", signed=True)
        self.ends = rising([(reader.take(16), reader.count(SEQ), reader.take(32)) for _ in range(reader.count(65_536))])
        self.roster = rising([reader.take(32) for _ in range(reader.count(4096))])
        self.chunks = []
        for _ in range(reader.count(65_536)):
            part = reader.byte()
            chunk = (part, reader.count(16_384), reader.count(8 * MIB), reader.count(8 * MIB + 64 * KIB), reader.take(32))
            if part not in (1, 2) or chunk[3] < 40:
                raise Stop(MALFORMED)
            self.chunks.append(chunk)
        self.more = reader.bytes(64 * KIB)
        body = data[: reader.at]
        signature = reader.take(64)
        reader.end()
        if any(seq == 0 for _, seq, _ in self.ends):
            raise Stop(MALFORMED)
        if self.council != members.council:
            raise Stop("refused: foreignCouncil")
        if self.log not in members.logs:
            raise Stop("waits: unknownLog")
        if not verifies(members.logs[self.log][0], "snapshot", body, signature):
            raise Stop("refused: badSignature")
        if not members.may_keep(self.log, self.scope):
            raise Stop("refused: noGrant")
        self.name = derived("snapshot", data)

    def open(self, at, keys, sealed):
        part, _, plain_length, length, hash = self.chunks[at]
        if len(sealed) != length or derived("chunk", sealed) != hash:
            raise Stop("refused: hashMismatch")
        if (self.scope, self.epoch) not in keys:
            raise Stop("waits: noKey")
        key = sealing_key(keys[self.scope, self.epoch], self.council, b"snapshot", self.scope, self.id)
        place = [self.council, self.scope, self.id, self.epoch, bytes([part]), number(at)]
        packed = xchacha_open(key, sealed, b"".join(place))
        if packed is None:
            raise Stop("refused: doesNotOpen")
        # One frame, nothing behind it, no more memory than its length and a window of 8 MiB.
        decoder = zstandard.ZstdDecompressor(max_window_size=8 * MIB).stream_reader(packed)
        plain = decoder.read(plain_length + 1)
        if len(plain) != plain_length:
            raise Stop(MALFORMED)
        return plain
