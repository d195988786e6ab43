//! The roster: any bytes as an entry; then a history that the fuzzer makes up, of the root and six laptops that write
//! whatever they like after whatever they know, rightly signed. Order of arrival changes nothing.

use arbitrary::{Arbitrary, Result, Unstructured};
use sealed_log::{
    Access, CouncilId, DocId, Entry, EpochKey, Grant, Hash, Incarnation, Keyring, Kind, LaptopIdentity, Publics, Rank,
    RootSeed, Roster, ScopeId, Shared, Wrap, wrap_key,
};

const LAPTOPS: u8 = 6;
/// Folding grows with the square of the history.
const MOST: usize = 40;

struct World {
    council: CouncilId,
    roots: [RootSeed; 2],
    laptops: Vec<LaptopIdentity>,
    scopes: [ScopeId; 2],
}

/// Reads an input.
pub fn run(input: &[u8]) {
    let root = RootSeed::from_secret(&[1; 32]);
    let council = root.council();
    let world = World {
        council,
        roots: [root, RootSeed::from_secret(&[51; 32])],
        laptops: (2..2 + LAPTOPS).map(|seed| LaptopIdentity::from_secret(&[seed; 32])).collect(),
        scopes: [ScopeId::of(&council, "team"), ScopeId::of(&council, "casework")],
    };
    let mut roster = Roster::new(council);
    if roster.add(input).is_ok() {
        let _ = roster.fold();
    }
    let Ok(history) = history(&world, &mut Unstructured::new(input)) else { return };
    check(&world, &history);
}

fn history(world: &World, u: &mut Unstructured<'_>) -> Result<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    while !u.is_empty() && entries.len() < MOST {
        let who = u.int_in_range(0..=LAPTOPS + 1)?;
        let parents = parents(&entries, u)?;
        let kind = kind(world, who, &entries, u)?;
        entries.push(match world.laptops.get(usize::from(who).wrapping_sub(2)) {
            Some(laptop) => Entry::by_laptop(laptop, world.council, parents, kind),
            None => Entry::by_root_of(&world.roots[usize::from(who % 2)], world.council, parents, kind),
        });
    }
    Ok(entries)
}

/// Up to three of those before, the newest the likeliest.
fn parents(entries: &[Entry], u: &mut Unstructured<'_>) -> Result<Vec<Hash>> {
    let mut parents = Vec::new();
    for _ in 0..u.int_in_range(0..=3)? {
        let back = usize::from(u8::arbitrary(u)? % 6);
        if let Some(entry) = entries.len().checked_sub(back + 1).and_then(|at| entries.get(at)) {
            parents.push(entry.hash());
        }
    }
    Ok(parents)
}

fn kind(world: &World, who: u8, entries: &[Entry], u: &mut Unstructured<'_>) -> Result<Kind> {
    let laptop = |u: &mut Unstructured<'_>| Ok(world.laptops[usize::from(u8::arbitrary(u)? % LAPTOPS)].clone());
    let scope = |u: &mut Unstructured<'_>| Ok(world.scopes[usize::from(u8::arbitrary(u)? % 2)]);
    let key = |u: &mut Unstructured<'_>| Ok(EpochKey::from_secret(&[u8::arbitrary(u)? % 3; 32]));
    let rank = |u: &mut Unstructured<'_>| Ok(if bool::arbitrary(u)? { Rank::Administrator } else { Rank::Laptop });
    let some =
        |u: &mut Unstructured<'_>| Ok(entries.get(usize::from(u8::arbitrary(u)?)).map_or(Hash::NONE, Entry::hash));
    let publics = |of: &LaptopIdentity| -> Publics { of.publics() };
    let own = world.laptops.get(usize::from(who).wrapping_sub(2));
    Ok(match u.int_in_range(0..=15)? {
        1 => {
            Kind::Found { root: world.roots[0].agreement(), identity: publics(&laptop(u)?), grants: grants(world, u)? }
        }
        2 => Kind::Enrol { identity: publics(&laptop(u)?), rank: rank(u)?, grants: grants(world, u)? },
        3 => {
            let life = Incarnation::from_secret(&[100 + u8::arbitrary(u)? % 8; 32]);
            Kind::incarnate(&life, &world.council, own.unwrap_or(&laptop(u)?))
        }
        4 => Kind::Grant { laptop: laptop(u)?.laptop(), rank: rank(u)?, grants: grants(world, u)? },
        5 => Kind::Revoke { laptop: laptop(u)?.laptop() },
        6 => Kind::Retire { laptop: laptop(u)?.laptop() },
        7 => {
            let (scope, key, to) = (scope(u)?, key(u)?, laptop(u)?);
            Kind::Rotate { scope, epoch: key.id(), wraps: vec![wrap(world, &scope, &key, &to)] }
        }
        8 => {
            let (scope, key, to) = (scope(u)?, key(u)?, laptop(u)?);
            Kind::Share { keys: vec![Shared { scope, epoch: key.id(), wrap: wrap(world, &scope, &key, &to) }] }
        }
        9 => Kind::Erase { documents: vec![(scope(u)?, DocId::from_bytes([u8::arbitrary(u)? % 4; 16]))] },
        10 => Kind::Keeper { laptop: laptop(u)?.laptop(), keeps: bool::arbitrary(u)? },
        11 => Kind::Prune { scope: scope(u)?, snapshot: Hash::from_bytes([u8::arbitrary(u)? % 4; 32]) },
        12 => Kind::Confirm { prune: some(u)? },
        13 => Kind::RetireEpoch { scope: scope(u)?, epoch: key(u)?.id() },
        14 => Kind::ReRoot { root: world.roots[usize::from(u8::arbitrary(u)? % 2)].publics() },
        // Any kind, known ones too, with a content that is nobody's.
        number => {
            let length = u.int_in_range(0..=40)?;
            Kind::Unknown { kind: number + u64::from(u8::arbitrary(u)? % 17), content: u.bytes(length)?.to_vec() }
        }
    })
}

fn grants(world: &World, u: &mut Unstructured<'_>) -> Result<Vec<Grant>> {
    let bits = u8::arbitrary(u)?;
    let access = |bit: u8| if bits & bit == 0 { Access::Read } else { Access::Write };
    let mut grants = Vec::new();
    for (at, scope) in world.scopes.iter().enumerate() {
        if bits & (1 << at) != 0 {
            grants.push(Grant { scope: *scope, access: access(4 << at) });
        }
    }
    Ok(grants)
}

fn wrap(world: &World, scope: &ScopeId, key: &EpochKey, to: &LaptopIdentity) -> Wrap {
    let laptop = to.laptop();
    let sealed = wrap_key(key, &world.council, scope, (&laptop, &to.agreement()), [4; 32]).expect("it is a key");
    Wrap { to: laptop, sealed }
}

fn check(world: &World, history: &[Entry]) {
    let bytes: Vec<Vec<u8>> = history.iter().map(Entry::encode).collect();
    let mut forward = Roster::new(world.council);
    let new: Vec<Hash> = bytes.iter().filter_map(|bytes| added(&mut forward, bytes)).collect();
    let mut backward = Roster::new(world.council);
    bytes.iter().rev().for_each(|bytes| {
        added(&mut backward, bytes);
    });
    let members = forward.fold();
    assert_eq!(members, backward.fold(), "the order of arrival changes nothing");
    for (hash, entry) in forward.entries() {
        assert_eq!(forward.get(hash), Some(entry));
        assert!(!members.has(hash) || forward.stands(hash).is_ok(), "what stands may be kept");
    }
    for (id, laptop) in members.live() {
        assert!(members.is_live(id) && laptop.identity.signing != [0; 32]);
    }
    for scope in &world.scopes {
        assert!(members.sealing_epoch(scope).is_none_or(|epoch| members.is_usable(scope, &epoch)));
    }
    for (log, laptop) in members.logs() {
        let _ = (members.may_write(&log, &world.scopes[0]), members.may_read(&laptop, &world.scopes[1]));
    }
    let (mut one, mut two) = (Keyring::default(), Keyring::default());
    for laptop in &world.laptops {
        one.follow(&forward, &members, laptop);
        two.follow(&backward, &members, laptop);
    }
    assert_eq!(one, two, "keys do not depend on the order either");
    let heads = forward.heads();
    assert!(new.iter().all(|hash| forward.is_known_to(&heads, hash)), "the heads know everything");
    // Settling forgets what may not be kept, all of it, and in either order the same.
    forward.settle(&new);
    backward.settle(&new);
    assert!(forward.hashes().eq(backward.hashes()), "what is kept does not depend on the order");
    assert_eq!(forward.fold(), backward.fold());
}

fn added(roster: &mut Roster, bytes: &[u8]) -> Option<Hash> {
    match roster.add(bytes) {
        Ok(sealed_log::Added::New(hash)) => {
            assert_eq!(roster.get(&hash).expect("just taken in").encode(), bytes, "an entry has one spelling");
            Some(hash)
        }
        _ => None,
    }
}
