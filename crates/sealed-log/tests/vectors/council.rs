//! One small council whole: its roster with wrapped keys, segments good and bad, a statement, a snapshot, a join file.

use std::collections::{BTreeMap, BTreeSet};

use sealed_log::*;
use serde_json::{Value, json};

use crate::common::{Council, Machine};
use crate::told::{hex, kept, stop};
use crate::{enrolment, histories};

#[test]
fn a_council_whole() {
    let mut council = Council::new();
    give_keys(&mut council);
    let members = council.roster.fold();
    let mut office = Keyring::default();
    office.follow(&council.roster, &members, &council.office.identity);
    kept(
        "council",
        &json!({
            "secrets": {
                "root": hex(council.root.secret().as_slice()),
                "office": secrets(&council.office), "door": secrets(&council.door),
            },
            "roster": histories::told(&council.roster),
            "keys": keys(&council, &members),
            "segments": segments(&council, &office),
            "seen": seen(&council, &office),
            "snapshot": snapshot(&council, &office),
            "join": join_file(&council),
            "enrolment": enrolment::told(&mut council),
        }),
    );
}

fn secrets(machine: &Machine) -> Value {
    json!({
        "identity": hex(machine.identity.secret().as_slice()), "incarnation": hex(machine.incarnation.secret().as_slice()),
    })
}

/// The front desk's key for both laptops, casework's for the office alone; then the door's is shared anew.
fn give_keys(council: &mut Council) {
    let root = (LaptopId::of_signing(&council.root.public()), council.root.agreement());
    let name = |machine: &Machine| (machine.identity.laptop(), machine.identity.agreement());
    let (office, door) = (name(&council.office), name(&council.door));
    let wrap = |key: &EpochKey, scope: &ScopeId, (to, agreement): &(LaptopId, [u8; 32]), n: u8| Wrap {
        to: *to,
        sealed: wrap_key(key, &council.id, scope, (to, agreement), [n; 32]).unwrap(),
    };
    let front = council.key.clone();
    let (casework, team) = (EpochKey::from_secret(&[19; 32]), EpochKey::from_secret(&[29; 32]));
    let astray = EpochKey::from_secret(&[39; 32]);
    let kinds = [
        Kind::Rotate {
            scope: council.front_desk,
            epoch: front.id(),
            wraps: vec![wrap(&front, &council.front_desk, &office, 1), wrap(&front, &council.front_desk, &root, 2)],
        },
        Kind::Rotate {
            scope: council.casework,
            epoch: casework.id(),
            wraps: vec![wrap(&casework, &council.casework, &office, 3), wrap(&casework, &council.casework, &root, 4)],
        },
        Kind::Rotate {
            scope: council.team,
            epoch: team.id(),
            wraps: vec![wrap(&team, &council.team, &office, 5), wrap(&team, &council.team, &root, 6)],
        },
        Kind::Share {
            keys: vec![
                Shared {
                    scope: council.front_desk,
                    epoch: front.id(),
                    wrap: wrap(&front, &council.front_desk, &door, 7),
                },
                Shared { scope: council.team, epoch: team.id(), wrap: wrap(&team, &council.team, &door, 8) },
            ],
        },
        // To one who may not read the scope: no key of its, and an epoch that does not seal.
        Kind::Rotate {
            scope: council.casework,
            epoch: astray.id(),
            wraps: vec![wrap(&astray, &council.casework, &door, 9), wrap(&astray, &council.casework, &office, 10)],
        },
        Kind::Erase { documents: vec![(council.front_desk, DocId::from_bytes([2; 16]))] },
        Kind::Unknown { kind: 99, content: b"of a newer version".to_vec() },
    ];
    for kind in kinds {
        let entry = Entry::by_laptop(&council.office.identity, council.id, council.roster.heads(), kind);
        council.roster.add(&entry.encode()).unwrap();
    }
}

fn keys(council: &Council, members: &Members) -> Value {
    let told = |keyring: &Keyring| -> Vec<Value> {
        let one = |(scope, key): (ScopeId, &EpochKey)| {
            json!({
                "scope": hex(scope.as_bytes()), "epoch": hex(key.id().as_bytes()), "key": hex(key.secret().as_slice()),
                "seals": keyring.sealing(&scope) == Some(key),
            })
        };
        keyring.keys().map(one).collect()
    };
    let of = |identity: &LaptopIdentity| {
        let mut keyring = Keyring::default();
        keyring.follow(&council.roster, members, identity);
        told(&keyring)
    };
    let mut root = Keyring::default();
    root.follow_root(&council.roster, members, &council.root);
    json!({ "office": of(&council.office.identity), "door": of(&council.door.identity), "root": told(&root) })
}

/// Segments as they may arrive, with what the office makes of each.
fn segments(council: &Council, office: &Keyring) -> Value {
    let plain = council.sealed(&[b"Mair came in", b"Ifeoma came in", b""]);
    let large = council.sealed(&[&[7; 70_000], b"a small one"]);
    let mut apart = large.clone();
    let blobs: Vec<Value> =
        apart.set_apart().iter().map(|(hash, bytes)| json!([hex(hash.as_bytes()), hex(bytes)])).collect();
    let mut redacted = plain.clone();
    redacted.redact(|document| *document == DocId::from_bytes([2; 16]));
    let stranger = Machine::new(60);
    let office_signs = council.sealed_by(&council.office.incarnation, council.casework, &[b"in a scope of its own"]);
    let listed = [
        ("whole", plain.encode()),
        ("its second body erased", redacted.encode()),
        ("a large body apart", apart.encode()),
        ("after another, of an earlier log and a newer reader", second(council, &plain).encode()),
        ("by the office, under another key than the roster's", office_signs.encode()),
        (
            "by a log that nobody vouches for",
            council.sealed_by(&stranger.incarnation, council.front_desk, &[b"?"]).encode(),
        ),
        (
            "in a scope that its laptop may not write",
            council.sealed_by(&council.door.incarnation, council.team, &[b"?"]).encode(),
        ),
        ("claiming the office's log", claimed(council, &plain).encode()),
        ("with a bit of its signature changed", changed(&plain.encode(), 400)),
        ("with a bit of its body changed", {
            let bytes = plain.encode();
            changed(&bytes, bytes.len() - 1)
        }),
        ("of another council", changed(&plain.encode(), 3)),
        ("of a newer version", {
            let mut bytes = plain.encode();
            bytes[2] = 2;
            bytes
        }),
        ("cut short", plain.encode()[..300].to_vec()),
        ("with a byte too many", [plain.encode(), vec![0]].concat()),
        ("marked whole by whole", marked_whole(&plain)),
    ];
    let told: Vec<Value> = listed.iter().map(|(name, bytes)| received(council, office, name, bytes)).collect();
    json!({ "arrive": told, "blobs": blobs })
}

fn received(council: &Council, keyring: &Keyring, name: &str, bytes: &[u8]) -> Value {
    let read = Segment::decode(bytes).and_then(|segment| {
        segment.verify(&council.id, &council.roster.fold())?;
        Ok(segment)
    });
    let outcome = match &read {
        Err(why) => stop(why),
        Ok(segment) => {
            let records: Vec<Value> =
                (0..segment.envelope.items.len()).map(|at| record(segment, at, keyring)).collect();
            json!({
                "log": hex(segment.envelope.log.as_bytes()), "scope": hex(segment.envelope.scope.as_bytes()),
                "seq": segment.envelope.seq, "hash": hex(segment.hash().as_bytes()), "records": records,
            })
        }
    };
    json!({ "name": name, "bytes": hex(bytes), "outcome": outcome })
}

fn record(segment: &Segment, at: usize, keyring: &Keyring) -> Value {
    match open(segment, at, keyring) {
        Err(why) => stop(&why),
        Ok(None) => json!("erased"),
        Ok(Some(opened)) => json!({
            "document": hex(opened.document.as_bytes()), "run": hex(opened.run.as_bytes()),
            "origin": hex(opened.origin.as_bytes()), "changes": hex(opened.changes),
        }),
    }
}

fn second(council: &Council, first: &Segment) -> Segment {
    let plain = |n: u8, origin, min_reader| Plain {
        document: DocId::from_bytes([n; 16]),
        run: Run::from_bytes([5; 16]),
        origin,
        min_reader,
        changes: b"written before the backup",
    };
    let records = [plain(1, Some(LogId::from_bytes([6; 16])), READER), plain(3, None, READER + 1)];
    let signer = &council.door.incarnation;
    seal(council.id, council.front_desk, 2, first.hash(), &council.key, signer, &records, || [9; 24]).unwrap()
}

fn claimed(council: &Council, segment: &Segment) -> Segment {
    let mut segment = segment.clone();
    segment.envelope.log = council.office.incarnation.log();
    segment
}

fn changed(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1;
    bytes
}

/// Every body whole, and each with a mark all the same: another spelling, and so none.
fn marked_whole(segment: &Segment) -> Vec<u8> {
    let bodies: usize = segment.envelope.items.iter().map(|item| item.length).sum();
    let bytes = segment.encode();
    let mut out = bytes[..bytes.len() - bodies - 1].to_vec();
    out.push(1);
    for body in &segment.bodies {
        let Body::Sealed(body) = body else { continue };
        out.push(0);
        out.extend(body);
    }
    out
}

fn seen(council: &Council, keyring: &Keyring) -> Value {
    let log = council.door.incarnation.log();
    let stream = |machine: &Machine, scope| StreamId { log: machine.incarnation.log(), scope };
    let head = |seq| StreamHead { seq, head: Short::from_bytes([3; 5]) };
    let note = seal_note(keyring, &council.id, &council.team, &log, "Green Lane 2".as_bytes(), [8; 24]).unwrap();
    let seen = Seen {
        council: council.id,
        log,
        number: 12,
        vector: BTreeMap::from([
            (stream(&council.door, council.front_desk), head(300)),
            (stream(&council.office, council.front_desk), head(7)),
            (stream(&council.office, council.team), head(2)),
        ]),
        wants: BTreeSet::from([(stream(&council.office, council.team), 3)]),
        roster: council.roster.heads(),
        clock: -5,
        version: "0.1.0".into(),
        note,
        more: vec![1],
    };
    let bytes = seen.sign(&council.door.incarnation).unwrap();
    let at = |stream: &StreamId| [hex(stream.log.as_bytes()), hex(stream.scope.as_bytes())];
    json!({
        "bytes": hex(bytes), "log": hex(log.as_bytes()), "number": 12, "clock": -5, "version": "0.1.0",
        "note": "Green Lane 2", "more": hex([1]), "roster": seen.roster.iter().map(|h| hex(h.as_bytes())).collect::<Vec<_>>(),
        "vector": seen.vector.iter().map(|(s, head)| json!([at(s), head.seq, hex(head.head.as_bytes())])).collect::<Vec<_>>(),
        "wants": seen.wants.iter().map(|(s, seq)| json!([at(s), seq])).collect::<Vec<_>>(),
    })
}

fn snapshot(council: &Council, keyring: &Keyring) -> Value {
    let id = SnapshotId::from_bytes([6; 16]);
    let key = keyring.sealing(&council.front_desk).unwrap();
    let plains = [b"rows, and rows, and rows, and rows".repeat(9), b"documents".to_vec()];
    let place = (&council.id, &council.front_desk, &id);
    let parts = [Part::Rows, Part::Documents];
    let chunks: Vec<SealedChunk> = (0..2)
        .map(|at| seal_chunk(place, at, (parts[at], 3 + at), key, &plains[at], [at as u8; 24]).unwrap())
        .collect();
    let end = |log: &Incarnation, seq| End { log: log.log(), seq, hash: Hash::from_bytes([4; 32]) };
    let manifest = Manifest {
        council: council.id,
        log: council.office.incarnation.log(),
        scope: council.front_desk,
        id,
        epoch: key.id(),
        projection: 2,
        clock: 1_700_000_000_000,
        ends: BTreeSet::from([end(&council.office.incarnation, 7), end(&council.door.incarnation, 300)]),
        roster: council.roster.heads().into_iter().collect(),
        chunks: chunks.iter().map(|chunk| chunk.note).collect(),
        more: vec![],
    };
    let bytes = manifest.sign(&council.office.incarnation).unwrap();
    json!({
        "name": hex(Manifest::name_of(&bytes).as_bytes()), "manifest": hex(&bytes), "id": hex(id.as_bytes()),
        "projection": 2, "clock": 1_700_000_000_000_i64,
        "ends": manifest.ends.iter().map(|end| json!([hex(end.log.as_bytes()), end.seq, hex(end.hash.as_bytes())])).collect::<Vec<_>>(),
        "chunks": chunks.iter().map(|chunk| hex(&chunk.bytes)).collect::<Vec<_>>(),
        "plain": plains.iter().map(hex).collect::<Vec<_>>(), "documents": [3, 4],
    })
}

pub(crate) fn welcome(role: &str, letter: &str) -> Welcome {
    let texts = BTreeMap::from([("council".into(), "Afon Valley".into()), ("hub".into(), "Green Lane".into())]);
    Welcome { role: role.into(), letter: letter.into(), texts }
}

fn join_file(council: &Council) -> Value {
    let file = JoinFile {
        root: council.root.public(),
        roster: council.roster.entries().map(|(_, entry)| entry.encode()).collect(),
        identity: council.door.identity.clone(),
        welcome: welcome("volunteer", "B"),
    };
    json!({
        "bytes": hex(file.encode().as_slice()), "identity": hex(council.door.identity.secret().as_slice()),
        "entries": council.roster.entries().count(), "role": "volunteer", "letter": "B",
        "texts": { "council": "Afon Valley", "hub": "Green Lane" },
    })
}
