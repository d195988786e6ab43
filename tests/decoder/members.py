"""What the standing entries make of the council: docs/sealed-log.md, section 6."""

from codec import Stop
from crypto import derived
from roster import (
    CONFIRM, Court, ENROL, ERASE, FOUND, GRANT, INCARNATE, KEEPER, PRUNE, RE_ROOT, RETIRE_EPOCH, REVOKE, ROTATE, SHARE,
    in_order, laptop_of, newest, read_entry, says_keeper,
)


def scope_of(council, code):
    return derived("scope", council, code.encode())[:16]


class Laptop:
    def __init__(self):
        self.identity, self.administrator, self.given, self.keeper_words = None, None, [], []


class Members:
    def __init__(self, council, entries):
        self.council, self.entries = council, {}
        for data in entries:
            entry = read_entry(data)
            if entry.council != council:
                raise Stop("refused: foreignCouncil")
            self.entries[entry.hash] = entry
        self.nodes = in_order(self.entries)
        self.court = Court(self.nodes)
        self.stands = self.court.last.stands
        self.team = scope_of(council, "team")
        self.logs, self.roots, self.proposed, self.epochs = {}, {}, {}, {}
        self.erased, self.prunings = set(), {}
        self.read_voided()
        self.laptops = self.read_laptops()
        self.read_logs()
        self.read_roots()
        self.read_epochs()
        self.read_acts()

    def read_voided(self):
        """Enrol and grant entries whose authors had the right, void by the ends that are told beside each."""
        self.void_identities, self.void_grants = {}, {}
        standing = {node.at for node in self.stands}
        for node in self.court.entitled:
            if node.kind not in (ENROL, GRANT) or node.at in standing:
                continue
            ends = {end.at: end for end in self.court.ended.get(node.author, ()) if not end.after(node)}
            ends.update(self.void_ends(node.author))
            if ends:
                laptop = node.gives()[0]
                self.void_grants.setdefault(laptop, []).append((node, ends))
                if node.kind == ENROL:
                    self.void_identities.setdefault(laptop, node.said["identity"])

    def void_ends(self, laptop):
        return {at: end for _, ends in self.void_grants.get(laptop, ()) for at, end in ends.items()}

    def read_logs(self):
        standing = {node.at for node in self.stands}
        entitled = {node.at for node in self.court.entitled}
        for node in self.nodes:
            if node.kind != INCARNATE:
                continue
            ends = self.void_ends(node.author).values()
            unknown = node.author in self.void_identities and node.at in entitled
            if node.at in standing or unknown and not any(node.after(end) for end in ends):
                self.logs.setdefault(derived("log", node.said["key"])[:16], (node.said["key"], node.author))

    def close_voided(self, known):
        for name, grants in self.void_grants.items():
            laptop = known.get(name)
            if laptop is None and name in self.void_identities:
                laptop = known[name] = Laptop()
                laptop.identity, laptop.administrator, laptop.keeper = self.void_identities[name], False, False
                laptop.grants, laptop.closed, laptop.state = {}, {}, "revoked"
                laptop.by = sorted(end.hash for end in self.void_ends(name).values())
            if laptop is None:
                continue
            for node, ends in grants:
                for scope, writes in node.said["grants"]:
                    if writes and not laptop.grants.get(scope) and (scope != self.team or node.gives()[1]):
                        by = set(laptop.closed.get(scope, [])) | {end.hash for end in ends.values()}
                        laptop.closed[scope] = sorted(by)

    def read_laptops(self):
        said = {}
        for node in self.stands:
            if given := node.gives():
                laptop = said.setdefault(given[0], Laptop())
                if node.kind != GRANT:
                    laptop.identity = laptop.identity or node.said["identity"]
                laptop.administrator = laptop.administrator or given[1]
                laptop.given.append(node)
            elif node.kind == KEEPER:
                said.setdefault(node.said["laptop"], Laptop()).keeper_words.append(node)
        for name, laptop in said.items():
            self.finish(name, laptop)
        known = {name: laptop for name, laptop in said.items() if laptop.identity and laptop.given}
        self.close_voided(known)
        return {name: known[name] for name in sorted(known)}

    def finish(self, name, laptop):
        ends = self.court.ended.get(name, [])
        laptop.by = sorted(node.hash for node in ends)
        laptop.state = "live" if not ends else "revoked" if any(n.kind == REVOKE for n in ends) else "retired"
        laptop.keeper = says_keeper(newest(laptop.keeper_words))
        if not laptop.given:
            return
        counts = self.first(newest([node for node in laptop.given if node.gives()[1] == laptop.administrator]))
        laptop.grants = {}
        for scope, writes in counts.said["grants"]:
            laptop.grants[scope] = laptop.grants.get(scope, False) or writes
        once = {scope for node in laptop.given for scope, writes in node.said["grants"] if writes}
        laptop.closed = {scope: [counts.hash] for scope in once if not laptop.grants.get(scope) and scope != self.team}

    def first(self, nodes):
        """Of entries of which none comes before another, the one that counts."""

        def since(author):
            for node in self.stands:
                if (given := node.gives()) and given == (author, True):
                    return (1, node.depth, node.hash)
            return (0, 0, b"")

        return min(nodes, key=lambda node: (not node.by_root, since(node.author), node.hash))

    def read_roots(self):
        for node in self.stands:
            if node.kind == FOUND and node.author not in self.court.ended:
                self.roots.setdefault(node.author, node.said["root"])
            elif node.kind == RE_ROOT:
                self.proposed.setdefault(node.said["root"], set()).add(node.author)
        for (signing, agreement), by in sorted(self.proposed.items()):
            if len(by) >= 2 and laptop_of(signing) not in self.court.ended:
                self.roots.setdefault(laptop_of(signing), agreement)

    def read_epochs(self):
        for node in self.stands:
            if node.kind == ROTATE:
                epoch = self.epochs.setdefault(
                    (node.said["scope"], node.said["epoch"]),
                    {"since": (node.depth, node.hash), "recipients": set(), "retired": None},
                )
                epoch["since"] = min(epoch["since"], (node.depth, node.hash))
        standing = {node.at for node in self.stands}
        for node in self.nodes:
            # Whoever was given a key has it, whatever became of the entry that gave it.
            if node.kind == ROTATE:
                self.note((node.said["scope"], node.said["epoch"]), [wrap.to for wrap in node.said["wraps"]])
            elif node.kind == SHARE:
                for key in node.said["keys"]:
                    self.note((key.scope, key.epoch), [key.wrap.to])
            elif node.kind == RETIRE_EPOCH and node.at in standing:
                if epoch := self.epochs.get((node.said["scope"], node.said["epoch"])):
                    epoch["retired"] = min(epoch["retired"] or node.hash, node.hash)

    def note(self, name, recipients):
        if epoch := self.epochs.get(name):
            epoch["recipients"].update(recipients)

    def read_acts(self):
        for node in self.stands:
            if node.kind == ERASE:
                self.erased.update(node.said["documents"])
            elif node.kind == PRUNE:
                self.prunings[node.hash] = {"by": node.author, "confirmed": set(), **node.said}
            elif node.kind == CONFIRM:
                pruning = self.prunings.get(node.said["prune"])
                if pruning and pruning["by"] != node.author:
                    pruning["confirmed"].add(node.author)

    def laptop_of_log(self, log):
        return self.laptops.get(self.logs[log][1]) if log in self.logs else None

    def is_live(self, name):
        return name in self.laptops and self.laptops[name].state == "live"

    def may_read(self, name, scope):
        return self.is_live(name) and scope in self.laptops[name].grants

    def could_write(self, log, scope):
        laptop = self.laptop_of_log(log)
        if laptop is None:
            return False
        writes = laptop.grants.get(scope) and (scope != self.team or laptop.administrator)
        return bool(writes or scope in laptop.closed)

    def closed_by(self, log, scope):
        laptop = self.laptop_of_log(log)
        if laptop is None:
            return []
        return laptop.closed.get(scope, []) if laptop.state == "live" else laptop.by

    def may_write(self, log, scope):
        return self.could_write(log, scope) and not self.closed_by(log, scope)

    def may_keep(self, log, scope):
        laptop = self.laptop_of_log(log)
        return laptop is not None and (laptop.keeper or laptop.administrator) and self.may_write(log, scope)

    def is_usable(self, scope, epoch):
        known = self.epochs.get((scope, epoch))

        def may_have(name):
            retired = name in self.laptops and self.laptops[name].state == "retired"
            return retired or name in self.roots or self.may_read(name, scope)

        return known is not None and known["retired"] is None and all(map(may_have, known["recipients"]))

    def sealing(self, scope):
        usable = [(known["since"], epoch) for (of, epoch), known in self.epochs.items() if of == scope and self.is_usable(of, epoch)]
        return max(usable)[1] if usable else None

    def heads(self):
        parents = {parent for entry in self.entries.values() for parent in entry.parents}
        return sorted(self.entries.keys() - parents)

    def kept(self, hash):
        """Whether an entry may be kept, or why not."""
        if any(node.hash == hash for node in self.court.entitled):
            return "kept"
        seen, waiting = set(), list(self.entries[hash].parents)
        while waiting:
            parent = waiting.pop()
            if parent not in self.entries:
                return "waits: ahead"
            if parent not in seen:
                seen.add(parent)
                waiting.extend(self.entries[parent].parents)
        unknown = any(self.entries[parent].kind is None for parent in seen)
        return "waits: newerVersion" if unknown else "refused: stranger"
