//! Puts one of each thing that the program makes into the corpora, for the fuzzer to begin with.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sealed_log::wire::{Ask, Found, Given, Login, Message, Push, Pushed, Shelf};
use sealed_log::{
    Access, Approval, ChunkNote, DocId, End, Entry, Fetch, Grant, Hash, JoinFile, Kind, LaptopIdentity, LogId,
    Manifest, Part, Plain, READER, Rank, Request, Run, Seen, Short, SnapshotId, StreamHead, StreamId, Welcome, seal,
    seal_chunk, seal_note,
};
use talking_point_fuzz::council::{Council, Enrolling, NONCE};

fn main() -> std::io::Result<()> {
    let council = Council::new();
    let large = vec![5; 70 << 10];
    let segment = segment(&council, &[b"Mair came in", b"", &large]);
    keep("segment", "whole", &segment.encode())?;
    let mut apart = segment.clone();
    apart.set_apart();
    keep("segment", "apart", &apart.encode())?;
    apart.redact(|document| *document == DocId::from_bytes([1; 16]));
    keep("segment", "erased", &apart.encode())?;
    keep("seen", "statement", &seen(&council))?;
    keep("join_file", "door", &join_file(&council))?;
    enrolment(&council)?;
    relay(&council, &apart.encode())?;
    for (at, (_, entry)) in council.roster.entries().enumerate() {
        keep("roster", &format!("entry-{at}"), &entry.encode())?;
    }
    keep("snapshot", "manifest", &manifest(&council))?;
    let plain = b"Mair came in. ".repeat(40);
    let scope = (&council.id, &council.scope, &SnapshotId::from_bytes([3; 16]));
    let chunk = seal_chunk(scope, 0, (Part::Rows, 1), &council.key, &plain, NONCE).expect("sealed");
    keep("snapshot", "sealed", &chunk.bytes)?;
    // A frame that is not packed at all, after the length it claims.
    let raw = [&[5, 0, 0][..], &[0x28, 0xb5, 0x2f, 0xfd, 0x20, 5, 0x29, 0, 0], b"hello"].concat();
    keep("snapshot", "packed", &raw)
}

fn keep(target: &str, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(format!("seed-{name}")), bytes)
}

fn segment(council: &Council, changes: &[&[u8]]) -> sealed_log::Segment {
    let records: Vec<Plain<'_>> = changes
        .iter()
        .zip(1u8..)
        .map(|(changes, n)| Plain {
            document: DocId::from_bytes([n; 16]),
            run: Run::from_bytes([5; 16]),
            origin: (n == 2).then(|| LogId::from_bytes([6; 16])),
            min_reader: READER,
            changes,
        })
        .collect();
    seal(council.id, council.scope, 1, Hash::NONE, &council.key, &council.incarnation, &records, || NONCE)
        .expect("sealed")
}

fn seen(council: &Council) -> Vec<u8> {
    let stream = StreamId { log: council.log(), scope: council.scope };
    let note = seal_note(&council.keyring, &council.id, &council.scope, &council.log(), b"Green Lane 2", NONCE);
    let seen = Seen {
        council: council.id,
        log: council.log(),
        number: 12,
        vector: BTreeMap::from([(stream, StreamHead { seq: 300, head: Short::from_bytes([3; 5]) })]),
        wants: BTreeSet::from([(stream, 3)]),
        roster: council.roster.heads(),
        clock: -5,
        version: "0.1.0".into(),
        note: note.expect("sealed"),
        more: vec![],
    };
    seen.sign(&council.incarnation).expect("signed")
}

fn enrolment(council: &Council) -> std::io::Result<()> {
    let asking = Enrolling::new();
    keep("enrolment", "request", &asking.request)?;
    keep("enrolment", "code", b"ABCD-EFGH-JK01")?;
    let approval = Approval {
        root: council.root.public(),
        request: Request::name(&asking.request),
        roster: with(council, &asking.laptop),
        welcome: welcome(),
    };
    let bytes = approval.encode(&asking.key, &asking.laptop.agreement(), [5; 32]);
    keep("enrolment", "approval", &bytes.expect("its key is one"))
}

/// Each kind of message, behind the byte that says which it is.
fn relay(council: &Council, segment: &[u8]) -> std::io::Result<()> {
    let stream = StreamId { log: council.log(), scope: council.scope };
    let entries: Vec<Vec<u8>> = council.roster.entries().map(|(_, entry)| entry.encode()).collect();
    let ask = Ask {
        roster: vec![[1; 16]],
        seen: vec![(stream.log, 9)],
        ranges: vec![Fetch { stream, first: 1, last: 200 }],
        blobs: vec![Hash::from_bytes([3; 32])],
    };
    let given = Given {
        roster: vec![([1; 16], entries[0].clone())],
        seen: vec![(stream.log, 12, seen(council))],
        ranges: vec![Found { through: 4, segments: vec![(3, vec![1]), (4, vec![2, 2])] }],
        blobs: vec![vec![7; 7]],
    };
    let shelf = Shelf {
        turn: 300,
        roster: BTreeSet::from([[1; 16], [2; 16]]),
        seen: BTreeMap::from([(stream.log, 9)]),
        tips: BTreeMap::from([(stream, BTreeSet::from([(4, Short::from_bytes([1; 5]))]))]),
    };
    let (signing, challenge) = (council.office.public(), vec![3; 40]);
    let login = Login { council: council.id, signing, challenge, signature: [4; 64], roster: entries.clone() };
    let (seen, segments) = (vec![seen(council)], vec![segment.to_vec()]);
    let push = Push { roster: entries, seen, blobs: vec![vec![3; 3]], segments };
    let pushed = Pushed { refused: vec![(1, "gap".to_owned()), (300, "noGrant".to_owned())] };
    let messages = [ask.encode(), given.encode(), pushed.encode(), shelf.encode(), login.encode(), push.encode()];
    for (kind, message) in (0u8..).zip(messages) {
        keep("relay", &format!("message-{kind}"), &[&[kind], message.as_slice()].concat())?;
    }
    Ok(())
}

fn welcome() -> Welcome {
    let texts = BTreeMap::from([("council".into(), "Afon Valley".into()), ("hub".into(), "Green Lane".into())]);
    Welcome { role: "volunteer".into(), letter: "B".into(), texts }
}

/// The roster with a laptop that is taken in.
fn with(council: &Council, laptop: &LaptopIdentity) -> Vec<Vec<u8>> {
    let grants = vec![Grant { scope: council.scope, access: Access::Write }];
    let kind = Kind::Enrol { identity: laptop.publics(), rank: Rank::Laptop, grants };
    let mut roster = council.roster.clone();
    let enrolled = Entry::by_laptop(&council.office, council.id, roster.heads(), kind);
    roster.add(&enrolled.encode()).expect("an entry of ours");
    roster.entries().map(|(_, entry)| entry.encode()).collect()
}

fn join_file(council: &Council) -> Vec<u8> {
    let door = LaptopIdentity::from_secret(&[3; 32]);
    let roster = with(council, &door);
    JoinFile { root: council.root.public(), roster, identity: door, welcome: welcome() }.encode().to_vec()
}

fn manifest(council: &Council) -> Vec<u8> {
    let hash = |n| Hash::from_bytes([n; 32]);
    let manifest = Manifest {
        council: council.id,
        log: council.log(),
        scope: council.scope,
        id: SnapshotId::from_bytes([3; 16]),
        epoch: council.key.id(),
        projection: 1,
        clock: -5,
        ends: BTreeSet::from([End { log: council.log(), seq: 300, hash: hash(1) }]),
        roster: council.roster.heads().into_iter().collect(),
        chunks: vec![ChunkNote { part: Part::Documents, documents: 256, plain: 1000, length: 500, hash: hash(2) }],
        more: vec![],
    };
    manifest.sign(&council.incarnation).expect("signed")
}
