"""The roster and its fold: docs/sealed-log.md, sections 4 and 5."""

import heapq
from collections import namedtuple

from codec import Reader, Stop, rising
from crypto import derived, verifies

FOUND, ENROL, INCARNATE, GRANT, REVOKE, RETIRE, ROTATE = 1, 2, 3, 4, 5, 6, 7
SHARE, ERASE, KEEPER, PRUNE, CONFIRM, RETIRE_EPOCH, RE_ROOT = 8, 9, 10, 11, 12, 13, 14

Entry = namedtuple("Entry", "hash council parents author kind said")
Wrap = namedtuple("Wrap", "to sealed")
Shared = namedtuple("Shared", "scope epoch wrap")


def laptop_of(public):
    return derived("laptop", public)[:16]


def read_entry(data):
    reader = Reader(data)
    reader.version(1)
    council = reader.take(32)
    parents = rising([reader.take(32) for _ in range(reader.count(4096))])
    author = reader.take(32)
    number = reader.number()
    content = reader.bytes(512 * 1024)
    body = data[: reader.at]
    signature = reader.take(64)
    reader.end()
    kind, said = read_kind(number, content)
    entry = Entry(derived("roster entry", body), council, parents, author, kind, said)
    proven = kind != INCARNATE or verifies(said["key"], "incarnation", council + author, said["proof"])
    if not (proven and verifies(author, "roster", body, signature)):
        raise Stop("refused: badSignature")
    return entry


def read_kind(number, content):
    """What this version cannot read in its own form is kept as it is: kind None."""
    reader = Reader(content)
    if number not in KINDS:
        return None, {}
    try:
        said = {name: read(reader) for name, read in KINDS[number].items()}
        reader.end()
    except Stop:
        return None, {}
    return number, said


def fixed(length):
    return lambda reader: reader.take(length)


def publics(reader):
    return reader.take(32), reader.take(32)


def grants(reader):
    return rising([(reader.take(16), reader.flag()) for _ in range(reader.count(64))])


def wrap(reader):
    return Wrap(reader.take(16), reader.take(80))


def wraps(reader):
    return rising([wrap(reader) for _ in range(reader.count(8192))], lambda wrap: wrap.to)


def shared(reader):
    keys = [Shared(reader.take(16), reader.take(16), wrap(reader)) for _ in range(reader.count(8192))]
    return rising(keys, lambda key: (key.scope, key.epoch, key.wrap.to))


def documents(reader):
    return rising([(reader.take(16), reader.take(16)) for _ in range(reader.count(8192))])


LAPTOP, SCOPE, EPOCH, HASH = fixed(16), fixed(16), fixed(16), fixed(32)
KINDS = {
    FOUND: {"root": fixed(32), "identity": publics, "grants": grants},
    ENROL: {"identity": publics, "rank": Reader.flag, "grants": grants},
    INCARNATE: {"key": fixed(32), "proof": fixed(64)},
    GRANT: {"laptop": LAPTOP, "rank": Reader.flag, "grants": grants},
    REVOKE: {"laptop": LAPTOP},
    RETIRE: {"laptop": LAPTOP},
    ROTATE: {"scope": SCOPE, "epoch": EPOCH, "wraps": wraps},
    SHARE: {"keys": shared},
    ERASE: {"documents": documents},
    KEEPER: {"laptop": LAPTOP, "keeps": Reader.flag},
    PRUNE: {"scope": SCOPE, "snapshot": HASH},
    CONFIRM: {"prune": HASH},
    RETIRE_EPOCH: {"scope": SCOPE, "epoch": EPOCH},
    RE_ROOT: {"root": publics},
}


class Node:
    """An entry in its place: `before` has a bit for each entry that comes before it."""

    def __init__(self, at, entry, parents):
        self.at, self.entry, self.hash, self.kind, self.said = at, entry, entry.hash, entry.kind, entry.said
        self.author = laptop_of(entry.author)
        self.by_root = derived("council", entry.author) == entry.council
        self.depth = max((parent.depth + 1 for parent in parents), default=0)
        self.before = 0
        for parent in parents:
            self.before |= parent.before | 1 << parent.at

    def after(self, other):
        return bool(self.before >> other.at & 1)

    def gives(self):
        """To whom this gives a place in the council, and whether it is an administrator's."""
        if self.kind == FOUND:
            return laptop_of(self.said["identity"][0]), True
        if self.kind == ENROL:
            return laptop_of(self.said["identity"][0]), self.said["rank"]
        if self.kind == GRANT:
            return self.said["laptop"], self.said["rank"]
        return None


def in_order(entries):
    """Those whose ancestors are all here, parents before children, of those that are ready the least hash first."""
    missing = {entry.hash: len(entry.parents) for entry in entries.values()}
    children = {}
    for entry in entries.values():
        for parent in entry.parents:
            children.setdefault(parent, []).append(entry.hash)
    ready = [hash for hash, count in missing.items() if count == 0]
    heapq.heapify(ready)
    nodes, named = [], {}
    while ready:
        entry = entries[heapq.heappop(ready)]
        node = Node(len(nodes), entry, [named[parent] for parent in entry.parents])
        nodes.append(node)
        named[entry.hash] = node
        for child in children.get(entry.hash, ()):
            missing[child] -= 1
            if missing[child] == 0:
                heapq.heappush(ready, child)
    return nodes


def newest(nodes):
    return [node for node in nodes if not any(other.after(node) for other in nodes)]


LAPTOPS, ADMINISTRATORS, ROOTS = 0, 1, 2


class Pass:
    def __init__(self):
        self.stands, self.rights, self.keepers, self.roots = [], {}, {}, {}

    def is_administrator(self, laptop):
        return any(right == ADMINISTRATORS for _, right in self.rights.get(laptop, ()))


class Court:
    """Section 5: which entries stand."""

    def __init__(self, nodes):
        self.nodes, self.ended, self.decided, self.spared = nodes, {}, set(), set()
        self.entitled = self.run().stands
        while True:
            self.last = self.run()
            open_ones = [
                node
                for node in self.last.stands
                if node.at not in self.decided and node.at not in self.spared and self.ends(self.last, node)
            ]
            if not open_ones:
                break
            for node in self.next(self.last, open_ones):
                self.accept(self.last, node)

    def run(self):
        now = Pass()
        for node in self.nodes:
            if node.at not in self.decided and (
                node.at in self.spared or not self.is_entitled(now, node) or self.is_void(node)
            ):
                continue
            now.stands.append(node)
            if given := node.gives():
                now.rights.setdefault(given[0], []).append((node, ADMINISTRATORS if given[1] else LAPTOPS))
            elif node.kind == KEEPER:
                now.keepers.setdefault(node.said["laptop"], []).append(node)
            elif node.kind == RE_ROOT and self.is_second(now, node):
                name = laptop_of(node.said["root"][0])
                now.rights.setdefault(name, []).append((node, ROOTS))
                now.roots[node.at] = name
        return now

    def has(self, now, node, least):
        return node.by_root or any(
            right >= least and node.after(by) for by, right in now.rights.get(node.author, ())
        )

    def is_entitled(self, now, node):
        if node.kind == FOUND:
            return node.by_root
        if node.kind in (INCARNATE, None) or (node.kind == RETIRE and node.said["laptop"] == node.author):
            return self.has(now, node, LAPTOPS)
        if node.kind in (PRUNE, CONFIRM):
            return says_keeper(newest([by for by in now.keepers.get(node.author, ()) if node.after(by)]))
        return self.has(now, node, ADMINISTRATORS)

    def is_second(self, now, node):
        return any(
            node.after(other)
            and other.kind == RE_ROOT
            and other.said == node.said
            and other.author != node.author
            for other in now.stands
        )

    def is_void(self, node):
        for end in self.ended.get(node.author, ()):
            if node.kind in (INCARNATE, None):
                if node.after(end):
                    return True
            elif end is not node and not end.after(node):
                return True
        return False

    def ends(self, now, node):
        if node.kind in (REVOKE, RETIRE):
            return [node.said["laptop"]]
        if node.kind == RE_ROOT and node.at in now.roots:
            first = {other.author for other in self.nodes if other.by_root}
            later = {name for at, name in now.roots.items() if node.before >> at & 1}
            return sorted((first | later) - {now.roots[node.at]})
        return []

    def rests_on(self, now, node):
        rests, waiting = {}, [node]
        while waiting:
            node = waiting.pop()
            if node.at not in rests:
                rests[node.at] = node
                waiting.extend(by for by, _ in now.rights.get(node.author, ()) if node.after(by))
        return rests.values()

    def next(self, now, open_ones):
        open_ones = sorted(open_ones, key=lambda node: self.precedence(now, node))
        ends = [self.ends(now, node) for node in open_ones]
        rests = [self.rests_on(now, node) for node in open_ones]

        def touches(a, b):
            by = open_ones[a]
            return any(node is not by and node.author in ends[a] and not by.after(node) for node in rests[b])

        everyone = range(len(open_ones))
        free = [
            b for b in everyone if all(a == b or not touches(a, b) or (touches(b, a) and b < a) for a in everyone)
        ]
        return [open_ones[at] for at in free] or open_ones[:1]

    def precedence(self, now, node):
        if node.by_root:
            since = (0, bytes(32))
        else:
            given = [(by.depth + 1, by.hash) for by, _ in now.rights.get(node.author, ())]
            since = min(given, default=(2**32 - 1, bytes(32)))
        return (*since, node.depth, node.hash)

    def accept(self, now, node):
        ends = self.ends(now, node)
        self.decided.add(node.at)
        for laptop in ends:
            self.ended.setdefault(laptop, []).append(node)
        by_root = node.by_root or self.has(now, node, ROOTS)
        if any(now.is_administrator(laptop) for laptop in ends) and not by_root and not self.anyone_left():
            self.decided.remove(node.at)
            self.spared.add(node.at)
            for laptop in ends:
                self.ended[laptop] = [by for by in self.ended[laptop] if by is not node]
            self.ended = {laptop: by for laptop, by in self.ended.items() if by}

    def anyone_left(self):
        now = self.run()
        return any(now.is_administrator(laptop) and laptop not in self.ended for laptop in now.rights)


def says_keeper(newest_words):
    return bool(newest_words) and all(node.said["keeps"] for node in newest_words)
