"""Reads the test vectors of the sealed log with nothing but docs/sealed-log.md to go by, and says whether all of it is
as told. `decode.py FOLDER...`; the name of each file in them says what is in it. Shares no code with the program."""

import json
import pathlib
import sys

import joining
import log
import relay
import spoil
from codec import Reader, Stop, base32, number
from crypto import agreement_public, derived, plain_hash, sign, signing_public, stretched, verifies
from members import Members, scope_of
from roster import laptop_of


def same(what, found, told):
    if found != told:
        raise AssertionError(f"{what}: found {found!r}, told {told!r}")


def of(text):
    return bytes.fromhex(text)


def outcome(read):
    try:
        return read()
    except Stop as stop:
        return str(stop)


def ids(told):
    root, laptop, life, epoch = told["root"], told["laptop"], told["incarnation"], told["epoch"]
    for one in (root, laptop):
        secret = of(one["secret"])
        same("signing", signing_public(log.signing_secret(secret)).hex(), one["signing"])
        same("agreement", agreement_public(log.agreement_secret(secret)).hex(), one["agreement"])
    council = derived("council", of(root["signing"]))
    same("agreement secret", log.agreement_secret(of(root["secret"])).hex(), root["agreementSecret"])
    same("council", council.hex(), root["council"])
    same("folder", base32(council[:10]), root["folder"])
    same("root as a laptop", laptop_of(of(root["signing"])).hex(), root["asLaptop"])
    same("words", log.recovery_words(of(root["secret"])), root["words"])
    same("laptop", laptop_of(of(laptop["signing"])).hex(), laptop["laptop"])
    key = signing_public(of(life["secret"]))
    same("incarnation", key.hex(), life["signing"])
    same("log", derived("log", key)[:16].hex(), life["log"])
    same("proof", sign(of(life["secret"]), "incarnation", council + of(laptop["signing"])).hex(), life["proof"])
    same("proof holds", verifies(key, "incarnation", council + of(laptop["signing"]), of(life["proof"])), True)
    same("epoch", log.epoch_of(of(epoch["secret"])).hex(), epoch["epoch"])
    same("actor", plain_hash(of(life["log"]), of(told["actor"]["run"]))[:16].hex(), told["actor"]["actor"])
    for scope in told["scopes"]:
        same(scope["code"], scope_of(council, scope["code"]).hex(), scope["scope"])
    for word in told["base32"]:
        same("base32", base32(of(word["bytes"])), word["text"])
    for one in told["numbers"]:
        same("number", number(int(one["value"])).hex(), one["bytes"])
        same("number", Reader(of(one["bytes"])).number(), int(one["value"]))
    return 7 + len(told["scopes"]) + len(told["base32"]) + len(told["numbers"])


def history(told):
    council = of(told["council"])
    members = Members(council, [of(entry) for entry in told["entries"]])
    shuffled = Members(council, [of(entry) for entry in reversed(told["entries"])])
    same("fold", folded(members), told["fold"])
    same("fold in another order", folded(shuffled), told["fold"])
    return members


def folded(members):
    scopes = [scope_of(members.council, code) for code in ("team", "casework", "front-desk")]
    return {
        "heads": [hash.hex() for hash in members.heads()],
        "stands": sorted(node.hash.hex() for node in members.stands),
        "kept": [[hash.hex(), members.kept(hash)] for hash in sorted(members.entries)],
        "laptops": [one_laptop(name, laptop) for name, laptop in members.laptops.items()],
        "logs": [one_log(members, log_id, scopes) for log_id in sorted(members.logs)],
        "epochs": [one_epoch(members, scope, name) for scope in scopes for name in sorted(members.epochs) if name[0] == scope],
        "sealing": [[scope.hex(), (sealing := members.sealing(scope)) and sealing.hex()] for scope in scopes],
        "roots": [[name.hex(), agreement.hex()] for name, agreement in sorted(members.roots.items())],
        "erased": [[scope.hex(), document.hex()] for scope, document in sorted(members.erased)],
    }


def one_laptop(name, laptop):
    return {
        "laptop": name.hex(),
        "signing": laptop.identity[0].hex(),
        "agreement": laptop.identity[1].hex(),
        "administrator": laptop.administrator,
        "grants": [[scope.hex(), writes] for scope, writes in sorted(laptop.grants.items())],
        "keeper": laptop.keeper,
        "state": laptop.state,
        "by": [hash.hex() for hash in laptop.by],
    }


def one_log(members, name, scopes):
    key, laptop = members.logs[name]

    def of_scope(scope):
        closed = [hash.hex() for hash in members.closed_by(name, scope)]
        return [scope.hex(), members.could_write(name, scope), members.may_write(name, scope), closed]

    return {"log": name.hex(), "laptop": laptop.hex(), "key": key.hex(), "scopes": [of_scope(scope) for scope in scopes]}


def one_epoch(members, scope, name):
    epoch = members.epochs[name]
    return {
        "scope": scope.hex(),
        "epoch": name[1].hex(),
        "depth": epoch["since"][0],
        "entry": epoch["since"][1].hex(),
        "usable": members.is_usable(*name),
        "recipients": [laptop.hex() for laptop in sorted(epoch["recipients"])],
        "retired": epoch["retired"] and epoch["retired"].hex(),
    }


def histories(told):
    for one in told:
        history(one)
    return len(told)


def council(told):
    members = history(told["roster"])
    secrets = told["secrets"]
    keys = {}
    for who, secret in (("root", secrets["root"]), ("office", secrets["office"]["identity"]), ("door", secrets["door"]["identity"])):
        name = laptop_of(signing_public(log.signing_secret(of(secret))))
        keys[who] = log.keyring(members, name, log.agreement_secret(of(secret)))
        found = [
            {"scope": scope.hex(), "epoch": epoch.hex(), "key": key.hex(), "seals": members.sealing(scope) == epoch}
            for (scope, epoch), key in sorted(keys[who].items())
        ]
        same(f"keys of {who}", found, told["keys"][who])
    blobs = {of(hash): of(blob) for hash, blob in told["segments"]["blobs"]}
    for one in told["segments"]["arrive"]:
        same(one["name"], outcome(lambda: arrived(members, keys["office"], of(one["bytes"]))), one["outcome"])
    large = next(log.Segment(of(one["bytes"])) for one in told["segments"]["arrive"] if "apart" in one["name"])
    large.put_in(blobs)
    same("a body that travelled apart", large.open(0, keys["office"])["changes"], bytes([7]) * 70_000)
    seen(members, keys["office"], told["seen"])
    snapshot(members, keys["office"], told["snapshot"])
    join(told["join"])
    enrolment(told["enrolment"])
    spoil.everything(told, members, keys["office"])
    return 3 + len(told["segments"]["arrive"]) + len(blobs) + 5


def arrived(members, keys, data):
    segment = log.Segment(data)
    segment.verify(members)
    records = [outcome(lambda: record(segment, at, keys)) for at in range(len(segment.items))]
    return {"log": segment.log.hex(), "scope": segment.scope.hex(), "seq": segment.seq, "hash": segment.hash.hex(), "records": records}


def record(segment, at, keys):
    opened = segment.open(at, keys)
    return "erased" if opened is None else {name: value.hex() for name, value in opened.items()}


def seen(members, keys, told):
    read = log.Seen(of(told["bytes"]), members)
    same("seen", [read.log.hex(), read.number, read.clock, read.version], [told[name] for name in ("log", "number", "clock", "version")])
    found = [[[log_id.hex(), scope.hex()], seq, head.hex()] for (log_id, scope), (seq, head) in sorted(read.vector.items())]
    same("vector", found, told["vector"])
    same("wants", [[[log_id.hex(), scope.hex()], seq] for (log_id, scope), seq in sorted(read.wants)], told["wants"])
    same("roster's heads", [head.hex() for head in read.roster], told["roster"])
    same("note", read.open_note(members, keys).decode(), told["note"])
    same("more", read.more.hex(), told["more"])


def snapshot(members, keys, told):
    manifest = log.Manifest(of(told["manifest"]), members)
    same("its name", manifest.name.hex(), told["name"])
    same("its parts", [manifest.id.hex(), manifest.projection, manifest.clock], [told[name] for name in ("id", "projection", "clock")])
    same("its ends", [[log_id.hex(), seq, hash.hex()] for log_id, seq, hash in manifest.ends], told["ends"])
    same("its documents", [chunk[1] for chunk in manifest.chunks], told["documents"])
    plain = [manifest.open(at, keys, of(chunk)).hex() for at, chunk in enumerate(told["chunks"])]
    same("its chunks", plain, told["plain"])


def join(told):
    file = joining.JoinFile(of(told["bytes"]))
    same("identity", file.identity.hex(), told["identity"])
    same("entries", len(file.entries), told["entries"])
    same("words", file.welcome, (told["role"], told["letter"], told["texts"]))


def enrolment(told):
    code = joining.code_of(of(told["random"]))
    same("code", "-".join(code[at : at + 4] for at in range(0, 12, 4)), told["code"])
    same("stretched", stretched(code.encode(), of(told["salt"])).hex(), told["stretched"])
    request = joining.Request(of(told["request"]), code)
    same("request's name", request.name.hex(), told["name"])
    identity = of(told["identity"])
    publics = [signing_public(log.signing_secret(identity)), agreement_public(log.agreement_secret(identity))]
    same("who asks", [request.signing, request.agreement, request.made], [*publics, told["made"]])
    approval = joining.Approval(of(told["approval"]), request.key, identity, request.name)
    same("entries", len(approval.entries), told["entries"])
    same("words", approval.welcome, (told["role"], told["letter"], told["texts"]))


def messages(told):
    kinds = {"login": relay.Login, "shelf": relay.Shelf, "ask": relay.Ask, "given": relay.Given, "push": relay.Push, "pushed": relay.Pushed}
    kinds |= {"snapshots": relay.Snapshots, "snapshot name": relay.SnapshotName, "snapshot ask": relay.SnapshotAsk}
    kinds |= {"knock": relay.Knock, "knock again": relay.KnockAgain, "knocks": relay.Knocks, "knock answer": relay.KnockAnswer}
    kinds |= {"snapshot given": relay.SnapshotGiven, "snapshot put": relay.SnapshotPut}
    for name, kind in kinds.items():
        read = kind(of(told[name]["bytes"]))
        for field in told[name].keys() - {"bytes"}:
            same(f"{name}: {field}", plain(getattr(read, field)), told[name][field])
    login = relay.Login(of(told["login"]["bytes"]))
    same("login holds", [login.holds(told["name"]), login.holds("another.example")], [True, False])
    return len(kinds)


def plain(value):
    """As it is told in JSON."""
    if isinstance(value, bytes):
        return value.hex()
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


READ = {"ids": ids, "histories": histories, "council": council, "relay": messages}


def main(folders):
    files = [file for folder in folders for file in sorted(pathlib.Path(folder).glob("*.json"))]
    failed = [folder for folder in folders if not any(file.parent == pathlib.Path(folder) for file in files)]
    for folder in failed:
        print(f"{folder}: there is no vector in it")
    for file in files:
        try:
            count = READ[file.stem](json.loads(file.read_text()))
            print(f"{file.stem}: {count} read as told")
        except (AssertionError, Stop) as error:
            failed.append(file)
            print(f"{file}: {error}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
