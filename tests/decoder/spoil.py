"""A flipped bit is noticed, wherever it is: a decoder that took anything would read the vectors as well."""

import joining
import log
from codec import Stop
from crypto import signing_public
from roster import laptop_of, read_entry

# So many places are tried in each thing, the first and the last among them.
PLACES = 400


def everything(told, members, keys):
    of = bytes.fromhex
    for entry in told["roster"]["entries"]:
        each("a roster entry", of(entry), read_entry)
    for one in told["segments"]["arrive"]:
        if one["name"] == "whole":
            each("a segment", of(one["bytes"]), lambda data: opened(data, members, keys))
    each("a statement", of(told["seen"]["bytes"]), lambda data: log.Seen(data, members))
    manifest = log.Manifest(of(told["snapshot"]["manifest"]), members)
    each("a manifest", of(told["snapshot"]["manifest"]), lambda data: log.Manifest(data, members))
    for at, chunk in enumerate(told["snapshot"]["chunks"]):
        each("a chunk", of(chunk), lambda data: manifest.open(at, keys, data))
    each("a join file", of(told["join"]["bytes"]), joining.JoinFile)
    wrapped(told, members)
    enrolment(told["enrolment"])


def each(what, data, read):
    """Reading succeeds as it is, and with one bit of any byte changed does not."""
    read(data)
    for at in sorted({round(step * (len(data) - 1) / PLACES) for step in range(PLACES + 1)}):
        changed = bytearray(data)
        changed[at] ^= 1 << at % 8
        try:
            read(bytes(changed))
        except Stop:
            continue
        raise AssertionError(f"{what}: a bit flipped in byte {at} is not noticed")


def opened(data, members, keys):
    segment = log.Segment(data)
    segment.verify(members)
    for at in range(len(segment.items)):
        segment.open(at, keys)


def wrapped(told, members):
    """Each key that is wrapped to the office."""
    secret = log.agreement_secret(bytes.fromhex(told["secrets"]["office"]["identity"]))
    name = laptop_of(signing_public(log.signing_secret(bytes.fromhex(told["secrets"]["office"]["identity"]))))
    for scope, epoch, wrap in log.wraps(members, name):
        each("a wrapped key", wrap.sealed, lambda sealed: log.unwrap(members.council, scope, epoch, name, secret, sealed))


def enrolment(told):
    code = joining.code_of(bytes.fromhex(told["random"]))
    request = joining.Request(bytes.fromhex(told["request"]), code)
    identity = bytes.fromhex(told["identity"])
    key = joining.code_key
    # The code is stretched once: a salt that was changed is what it is.
    try:
        joining.code_key = lambda code, salt: request.key if salt == request.salt else bytes(32)
        each("a request", bytes.fromhex(told["request"]), lambda data: joining.Request(data, code))
    finally:
        joining.code_key = key
    each(
        "an approval",
        bytes.fromhex(told["approval"]),
        lambda data: joining.Approval(data, request.key, identity, request.name),
    )
