//! What a laptop and a relay say to one another: any bytes as each kind of message, and what is in a push then read as a
//! relay reads it.

use std::sync::LazyLock;

use sealed_log::wire::{
    Ask, Given, Knock, KnockAnswer, Knocks, Login, Message, Push, Pushed, Shelf, SnapshotAsk, SnapshotGiven,
    SnapshotPut, Snapshots,
};
use sealed_log::{Added, Hash, Members, Roster, Seen, Segment, body_hash, login_holds};

use super::council::{Council, overlay};

static COUNCIL: LazyLock<(Council, Members)> = LazyLock::new(|| {
    let council = Council::new();
    let members = council.roster.fold();
    (council, members)
});

/// Reads an input: its first byte says as what.
pub fn run(input: &[u8]) {
    let Some((kind, bytes)) = input.split_first() else {
        return;
    };
    match kind {
        249 => drop(read::<KnockAnswer>(bytes)),
        250 => drop(read::<Knocks>(bytes)),
        251 => drop(read::<Knock>(bytes)),
        252 => drop(read::<Snapshots>(bytes)),
        253 => drop(read::<SnapshotAsk>(bytes)),
        254 => drop(read::<SnapshotGiven>(bytes)),
        255 => drop(read::<SnapshotPut>(bytes)),
        kind => earlier(kind % 6, bytes),
    }
}

/// What there was before snapshots and knocks: the inputs that are kept go by these numbers.
fn earlier(kind: u8, bytes: &[u8]) {
    match kind {
        0 => drop(read::<Ask>(bytes)),
        1 => drop(read::<Given>(bytes)),
        2 => drop(read::<Pushed>(bytes)),
        3 => drop(read::<Shelf>(bytes)),
        4 => login(bytes),
        _ => push(bytes),
    }
}

fn read<M: Message>(bytes: &[u8]) -> Option<M> {
    let message = M::decode(bytes).ok()?;
    assert_eq!(message.encode(), bytes, "a message has one spelling");
    Some(message)
}

/// Somebody says that they are our administrator.
fn login(bytes: &[u8]) {
    let (council, _) = &*COUNCIL;
    let mut bytes = bytes.to_vec();
    overlay(&mut bytes, 1, council.id.as_bytes());
    overlay(&mut bytes, 33, &council.office.public());
    let Some(login) = read::<Login>(&bytes) else {
        return;
    };
    let holds = login_holds(&login.signing, "relay.example", &login.council, &login.challenge, &login.signature);
    assert!(!holds, "nobody signed this");
    let mut roster = Roster::new(login.council);
    for entry in &login.roster {
        let _ = roster.add(entry);
    }
    assert_eq!(roster.council(), &council.id);
}

/// As a relay looks at a push.
fn push(bytes: &[u8]) {
    let (council, members) = &*COUNCIL;
    let Some(push) = read::<Push>(bytes) else {
        return;
    };
    let mut roster = council.roster.clone();
    let added = push.roster.iter().filter_map(|entry| roster.add(entry).ok());
    let new: Vec<Hash> = added.map(|(Added::New(hash) | Added::Known(hash))| hash).collect();
    roster.settle(&new);
    assert!(roster.fold().has(&council.found()), "what stood stands");
    for statement in &push.seen {
        let _ = Seen::verify(statement, &council.id, members);
    }
    for segment in &push.segments {
        let Ok(mut segment) = Segment::decode(segment) else {
            continue;
        };
        let _ = segment.verify(&council.id, members);
        let whole = segment.clone();
        for (hash, body) in segment.set_apart() {
            let index = whole.envelope.items.iter().position(|item| item.hash == hash).expect("it was in it");
            assert_eq!(body_hash(&body) == hash, segment.put_in(index, body), "only what was signed is put in");
        }
    }
}
