//! Names, keys and spellings.

use sealed_log::*;
use serde_json::{Value, json};

use crate::told::{hex, kept};

#[test]
fn names_and_keys() {
    let root = RootSeed::from_secret(&[1; 32]);
    let (laptop, life) = (LaptopIdentity::from_secret(&[2; 32]), Incarnation::from_secret(&[3; 32]));
    let epoch = EpochKey::from_secret(&[4; 32]);
    let (council, run) = (root.council(), Run::from_bytes([5; 16]));
    let scopes: Vec<Value> = ["team", "front-desk", "casework", "waiting-list", "directory"]
        .map(|code| json!({ "code": code, "scope": hex(ScopeId::of(&council, code).as_bytes()) }))
        .into();
    let words: Vec<Value> = [&b""[..], &[0], &[255], b"Talking Point", &[7; 32]]
        .map(|bytes| json!({ "bytes": hex(bytes), "text": base32_encode(bytes) }))
        .into();
    let numbers: Vec<Value> = [0, 1, 127, 128, 300, 16_383, 16_384, 1 << 40, u64::MAX]
        .map(|value: u64| json!({ "value": value.to_string(), "bytes": hex(number(value)) }))
        .into();
    kept(
        "ids",
        &json!({
            "root": {
                "secret": hex([1; 32]), "signing": hex(root.public()), "agreement": hex(root.agreement()),
                "agreementSecret": hex(root.agreement_secret().as_slice()),
                "council": hex(council.as_bytes()), "folder": council.folder(),
                "asLaptop": hex(LaptopId::of_signing(&root.public()).as_bytes()),
                "words": RecoveryWords::of(&root).as_str(),
            },
            "laptop": {
                "secret": hex([2; 32]), "signing": hex(laptop.public()), "agreement": hex(laptop.agreement()),
                "laptop": hex(laptop.laptop().as_bytes()),
            },
            "incarnation": {
                "secret": hex([3; 32]), "signing": hex(life.public()), "log": hex(life.log().as_bytes()),
                "proof": hex(life.proof(&council, &laptop.public())),
            },
            "epoch": { "secret": hex([4; 32]), "epoch": hex(epoch.id().as_bytes()) },
            "actor": { "run": hex(run.as_bytes()), "actor": hex(ActorId::of(&life.log(), &run).as_bytes()) },
            "scopes": scopes, "base32": words, "numbers": numbers,
        }),
    );
}

/// A number as a segment of our making spells it: the numbering of a stream is one.
fn number(value: u64) -> Vec<u8> {
    if value == 0 {
        return vec![0];
    }
    let envelope = Envelope {
        council: CouncilId::from_bytes([0; 32]),
        log: LogId::from_bytes([0; 16]),
        scope: ScopeId::from_bytes([0; 16]),
        seq: value,
        prev: Hash::from_bytes([0xee; 32]),
        epoch: EpochId::from_bytes([0; 16]),
        items: vec![Item { document: DocId::from_bytes([0; 16]), length: 40, hash: Hash::NONE }],
    };
    let bytes = Segment { envelope, signature: [0; 64], bodies: vec![Body::Erased] }.encode();
    // Two bytes of length, one of version, council, log and scope before it; the hash of the one before after it.
    let after = bytes.windows(32).position(|window| window == [0xee; 32]).unwrap();
    bytes[2 + 1 + 32 + 16 + 16..after].to_vec()
}
