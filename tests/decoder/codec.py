"""The spelling of bytes: docs/sealed-log.md, section 1."""


class Stop(Exception):
    """Why something is not taken: `refused: …` or `waits: …`."""


CUT_SHORT, TOO_LARGE, MALFORMED = "refused: cutShort", "refused: tooLarge", "refused: malformed"
ALPHABET = "0123456789abcdefghijklmnopqrstuv"
RECOVERY = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, length):
        if length > len(self.data) - self.at:
            raise Stop(CUT_SHORT)
        self.at += length
        return self.data[self.at - length : self.at]

    def byte(self):
        return self.take(1)[0]

    def version(self, known):
        version = self.byte()
        if version == 0:
            raise Stop(MALFORMED)
        if version > known:
            raise Stop("waits: newerVersion")

    def number(self):
        value = 0
        for group in range(10):
            byte = self.byte()
            if group == 9 and byte > 1:
                raise Stop(MALFORMED)
            value |= (byte & 0x7F) << (7 * group)
            if byte < 0x80:
                if byte == 0 and group > 0:
                    raise Stop(MALFORMED)
                return value
        raise Stop(MALFORMED)

    def count(self, most):
        value = self.number()
        if value > most:
            raise Stop(TOO_LARGE)
        return value

    def bytes(self, most):
        return self.take(self.count(most))

    def text(self, most):
        try:
            return self.bytes(most).decode("utf-8")
        except UnicodeDecodeError:
            raise Stop(MALFORMED) from None

    def flag(self):
        value = self.byte()
        if value > 1:
            raise Stop(MALFORMED)
        return value == 1

    def rest(self):
        return self.data[self.at :]

    def end(self):
        if self.at != len(self.data):
            raise Stop(MALFORMED)


def number(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def base32(data, alphabet=ALPHABET):
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    return "".join(alphabet[int(bits[at : at + 5], 2)] for at in range(0, len(bits), 5))


def rising(items, key=lambda item: item):
    """Each once, in order: the one spelling of a set."""
    keys = [key(item) for item in items]
    if any(a >= b for a, b in zip(keys, keys[1:])):
        raise Stop(MALFORMED)
    return items
