"""What goes to and from a relay: docs/sealed-log.md, section 14."""

from codec import MALFORMED, TOO_LARGE, Reader, Stop, rising
from crypto import derived, verifies

MANY, STREAMS, MESSAGE = 131_072, 65_536, 16 << 20


class Message:
    def __init__(self, data):
        if len(data) > MESSAGE:
            raise Stop(TOO_LARGE)
        self.reader = Reader(data)
        self.reader.version(1)
        self.read()
        self.reader.end()

    def list(self, one, most=MANY):
        return [one() for _ in range(self.reader.count(most))]

    def bytes(self):
        return self.reader.bytes(MESSAGE)

    def name(self):
        return self.reader.take(16)

    def number(self):
        return self.reader.number()

    def statement(self):
        return self.reader.take(16), self.number()

    def stream(self):
        return self.reader.take(16), self.reader.take(16)


class Login(Message):
    def read(self):
        self.council, self.signing = self.reader.take(32), self.reader.take(32)
        self.challenge, self.signature = self.reader.bytes(128), self.reader.take(64)
        self.entries = self.list(self.bytes)

    def holds(self, relay):
        signed = derived("relay name", relay.encode()) + self.council + self.challenge
        return verifies(self.signing, "relay login", signed, self.signature)


class Shelf(Message):
    def read(self):
        self.turn = self.number()
        self.names = rising(self.list(self.name))
        self.seen = rising(self.list(self.statement), lambda one: one[0])
        tips = self.list(lambda: (*self.stream(), self.number(), self.reader.take(5)), STREAMS)
        self.tips = rising(tips, lambda tip: (tip[1], tip[0], *tip[2:]))


class Ask(Message):
    def read(self):
        self.names, self.seen = self.list(self.name), self.list(self.statement)
        self.ranges = self.list(lambda: (self.stream(), self.number(), self.number()), STREAMS)
        self.bodies = self.list(lambda: self.reader.take(32))


class Given(Message):
    def read(self):
        self.entries = self.list(lambda: (self.name(), self.bytes()))
        self.seen = self.list(lambda: (*self.statement(), self.bytes()))
        self.left = MANY
        self.ranges = self.list(self.found, STREAMS)
        self.bodies = self.list(self.bytes)

    def found(self):
        through = self.number()
        segments = self.list(lambda: (self.number(), self.bytes()), self.left)
        self.left -= len(segments)
        return through, segments


class Push(Message):
    def read(self):
        self.entries, self.statements = self.list(self.bytes), self.list(self.bytes)
        self.bodies, self.segments = self.list(self.bytes), self.list(self.bytes)


class Pushed(Message):
    def read(self):
        self.refused = self.list(lambda: (self.number(), self.reader.text(40)))


class SnapshotName(Message):
    def read(self):
        self.name = self.stream()


class Snapshots(Message):
    def read(self):
        self.names = rising(self.list(self.stream, STREAMS))


class SnapshotParts(Message):
    def chunk(self):
        return self.number(), self.bytes()

    def one(self):
        return self.list(self.bytes, 1)


class SnapshotAsk(Message):
    def read(self):
        self.name, asked = self.stream(), self.reader.take(1)
        if asked not in (b"\0", b"\1"):
            raise Stop(MALFORMED)
        self.manifest, self.chunks = asked == b"\1", self.list(self.number, STREAMS)


class SnapshotGiven(SnapshotParts):
    def read(self):
        self.manifest = self.one()
        self.held = rising(self.list(lambda: (self.number(), self.number()), STREAMS))
        self.chunks = self.list(self.chunk, STREAMS)


class SnapshotPut(SnapshotParts):
    def read(self):
        self.name, self.chunks = self.stream(), self.list(self.chunk, STREAMS)
        self.manifest = self.one()


class Knocking(Message):
    def council_or_none(self):
        named = self.reader.byte()
        if named > 1:
            raise Stop(MALFORMED)
        return [self.reader.take(32)] if named else []


class Knock(Knocking):
    def read(self):
        self.council, self.request = self.council_or_none(), self.reader.bytes(1024)


class KnockAgain(Knocking):
    def read(self):
        self.council, self.name = self.council_or_none(), self.reader.take(32)


class Knocks(Message):
    def read(self):
        self.requests = self.list(lambda: self.reader.bytes(1024))


class KnockAnswer(Message):
    def read(self):
        self.name, self.approval = self.reader.take(32), self.reader.bytes(4 << 20)
