//! Each message to and from a relay, with what is in it.

use std::collections::{BTreeMap, BTreeSet};

use sealed_log::wire::{
    Ask, Found, Given, Knock, KnockAgain, KnockAnswer, Knocks, Login, Message, Push, Pushed, Shelf, SnapshotAsk,
    SnapshotGiven, SnapshotName, SnapshotPut, Snapshots,
};
use sealed_log::*;
use serde_json::json;

use crate::common::Machine;
use crate::told::{hex, kept};

const RELAY: &str = "relay.example:8443";

#[test]
fn what_a_relay_is_told_and_tells() {
    let machine = Machine::new(2);
    let council = CouncilId::from_bytes([1; 32]);
    let stream = |n| StreamId { log: LogId::from_bytes([n; 16]), scope: ScopeId::from_bytes([9 - n; 16]) };
    let (one, two) = (stream(1), stream(2));
    let challenge = vec![3; 40];
    let signature = sign_login(&machine.identity, RELAY, &council, &challenge);
    let signing = machine.identity.public();
    let login = Login { council, signing, challenge, signature, roster: vec![b"an entry".to_vec(), Vec::new()] };
    let short = |n| Short::from_bytes([n; 5]);
    let shelf = Shelf {
        turn: 300,
        roster: BTreeSet::from([[1; 16], [2; 16]]),
        seen: BTreeMap::from([(one.log, 9), (two.log, 1 << 39)]),
        tips: BTreeMap::from([
            (one, BTreeSet::from([(4, short(1)), (4, short(2))])),
            (two, BTreeSet::from([(300, short(3))])),
        ]),
    };
    let ask = Ask {
        roster: vec![[2; 16], [1; 16]],
        seen: vec![(two.log, 9)],
        ranges: vec![Fetch { stream: one, first: 1, last: 200 }, Fetch { stream: two, first: 7, last: 7 }],
        blobs: vec![Hash::from_bytes([3; 32])],
    };
    let given = Given {
        roster: vec![([2; 16], b"an entry".to_vec())],
        seen: vec![(two.log, 9, b"a statement".to_vec())],
        ranges: vec![
            Found { through: 4, segments: vec![(3, b"three".to_vec()), (4, b"four".to_vec())] },
            Found { through: 6, segments: Vec::new() },
        ],
        blobs: vec![b"a body".to_vec()],
    };
    let push = Push {
        roster: vec![b"an entry".to_vec()],
        seen: vec![b"a statement".to_vec()],
        blobs: vec![b"a body".to_vec()],
        segments: vec![b"three".to_vec(), b"four".to_vec()],
    };
    let pushed = Pushed { refused: vec![(1, "gap".to_owned()), (300, "noGrant".to_owned())] };
    let snapshot = |n| SnapshotName { scope: ScopeId::from_bytes([n; 16]), id: SnapshotId::from_bytes([4; 16]) };
    let snapshots = Snapshots(BTreeSet::from([snapshot(1), snapshot(2)]));
    let wanted = SnapshotAsk { name: snapshot(1), manifest: true, chunks: vec![300, 2] };
    let held = BTreeSet::from([(2, 7), (300, 9)]);
    let chunks = vec![(300, b"a chunk".to_vec())];
    let found = SnapshotGiven { manifest: Some(b"a manifest".to_vec()), held, chunks: chunks.clone() };
    let placed = SnapshotPut { name: snapshot(1), chunks, manifest: None };
    let names = |name: &SnapshotName| json!([hex(name.scope.as_bytes()), hex(name.id.as_bytes())]);
    let numbered = |all: &[(u64, Vec<u8>)]| all.iter().map(|(n, bytes)| json!([n, hex(bytes)])).collect::<Vec<_>>();
    let name = Hash::from_bytes([6; 32]);
    let knock = Knock { council: Some(council), request: b"a request".to_vec() };
    let again = KnockAgain { council: None, name };
    let knocks = Knocks(vec![b"a request".to_vec(), b"another".to_vec()]);
    let answer = KnockAnswer { name, approval: b"an approval".to_vec() };
    let to = |council: &Option<CouncilId>| council.iter().map(|id| hex(id.as_bytes())).collect::<Vec<_>>();
    let streams = |stream: &StreamId| json!([hex(stream.scope.as_bytes()), hex(stream.log.as_bytes())]);
    let all = |list: &[Vec<u8>]| list.iter().map(hex).collect::<Vec<_>>();
    kept(
        "relay",
        &json!({
            "name": RELAY,
            "login": { "bytes": hex(login.encode()), "council": hex(council.as_bytes()), "signing": hex(signing),
                "challenge": hex(&login.challenge), "signature": hex(signature), "entries": all(&login.roster) },
            "shelf": { "bytes": hex(shelf.encode()), "turn": shelf.turn,
                "names": shelf.roster.iter().map(hex).collect::<Vec<_>>(),
                "seen": shelf.seen.iter().map(|(log, n)| json!([hex(log.as_bytes()), n])).collect::<Vec<_>>(),
                "tips": shelf.tips.iter().flat_map(|(stream, tips)| tips.iter().map(move |(seq, short)| {
                    json!([hex(stream.scope.as_bytes()), hex(stream.log.as_bytes()), seq, hex(short.as_bytes())])
                })).collect::<Vec<_>>() },
            "ask": { "bytes": hex(ask.encode()), "names": ask.roster.iter().map(hex).collect::<Vec<_>>(),
                "seen": ask.seen.iter().map(|(log, n)| json!([hex(log.as_bytes()), n])).collect::<Vec<_>>(),
                "ranges": ask.ranges.iter().map(|range| json!([streams(&range.stream), range.first, range.last])).collect::<Vec<_>>(),
                "bodies": ask.blobs.iter().map(|hash| hex(hash.as_bytes())).collect::<Vec<_>>() },
            "given": { "bytes": hex(given.encode()),
                "entries": given.roster.iter().map(|(name, bytes)| json!([hex(name), hex(bytes)])).collect::<Vec<_>>(),
                "seen": given.seen.iter().map(|(log, n, bytes)| json!([hex(log.as_bytes()), n, hex(bytes)])).collect::<Vec<_>>(),
                "ranges": given.ranges.iter().map(|found| {
                    let segments: Vec<_> = found.segments.iter().map(|(seq, bytes)| json!([seq, hex(bytes)])).collect();
                    json!([found.through, segments])
                }).collect::<Vec<_>>(),
                "bodies": all(&given.blobs) },
            "push": { "bytes": hex(push.encode()), "entries": all(&push.roster), "statements": all(&push.seen),
                "bodies": all(&push.blobs), "segments": all(&push.segments) },
            "snapshots": { "bytes": hex(snapshots.encode()), "names": snapshots.0.iter().map(names).collect::<Vec<_>>() },
            "snapshot name": { "bytes": hex(snapshot(2).encode()), "name": names(&snapshot(2)) },
            "snapshot ask": { "bytes": hex(wanted.encode()), "name": names(&wanted.name),
                "manifest": wanted.manifest, "chunks": wanted.chunks },
            "snapshot given": { "bytes": hex(found.encode()), "manifest": found.manifest.iter().map(hex).collect::<Vec<_>>(),
                "held": found.held, "chunks": numbered(&found.chunks) },
            "snapshot put": { "bytes": hex(placed.encode()), "name": names(&placed.name),
                "chunks": numbered(&placed.chunks), "manifest": placed.manifest.iter().map(hex).collect::<Vec<_>>() },
            "knock": { "bytes": hex(knock.encode()), "council": to(&knock.council), "request": hex(&knock.request) },
            "knock again": { "bytes": hex(again.encode()), "council": to(&again.council), "name": hex(name.as_bytes()) },
            "knocks": { "bytes": hex(knocks.encode()), "requests": all(&knocks.0) },
            "knock answer": { "bytes": hex(answer.encode()), "name": hex(name.as_bytes()), "approval": hex(&answer.approval) },
            "pushed": { "bytes": hex(pushed.encode()), "refused": pushed.refused },
        }),
    );
}
