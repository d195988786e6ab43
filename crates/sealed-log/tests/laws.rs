//! The laws of the roster, a property each: laptops act and hear of one another in any order, and whatever comes of it,
//! these hold.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop here")]

mod common;

use common::world::*;
use proptest::prelude::*;
use sealed_log::*;

fn revoked(kind: &Kind) -> Option<LaptopId> {
    match kind {
        Kind::Revoke { laptop } => Some(*laptop),
        _ => None,
    }
}

fn author(entry: &Entry) -> LaptopId {
    LaptopId::of_signing(&entry.author)
}

fn is_life(kind: &Kind) -> bool {
    matches!(kind, Kind::Incarnate { .. } | Kind::Unknown { .. })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 384, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whoever has the same entries knows the same council, in whatever order they came.
    #[test]
    fn the_order_of_arrival_changes_nothing(
        acts in acts(40),
        order in Just((0..=LAPTOPS).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let world = World::after(&acts);
        let (all, shuffled) = (world.all(), world.all_in(&order));
        prop_assert_eq!(all.fold(), shuffled.fold());
        prop_assert_eq!(all.heads(), shuffled.heads());
    }

    /// What may be kept stays so, whatever else arrives: two laptops that have heard of the same never differ in it.
    #[test]
    fn what_is_kept_is_kept_by_everyone(acts in acts(40)) {
        let mut world = World::after(&acts);
        for who in 0..=LAPTOPS {
            world.hear(0, who);
        }
        let all = world.all();
        prop_assert_eq!(all.hashes().collect::<Vec<_>>(), world.rosters[0].hashes().collect::<Vec<_>>());
    }

    /// A laptop that was taken out does nothing after it.
    #[test]
    fn nothing_after_it_was_taken_out_stands(acts in acts(40)) {
        let all = World::after(&acts).all();
        let members = all.fold();
        for (out, entry) in all.entries().filter(|(hash, _)| members.has(hash)) {
            let Some(laptop) = revoked(&entry.kind) else { continue };
            prop_assert!(!members.is_live(&laptop) || members.laptop(&laptop).is_none());
            let after = all.entries().filter(|(hash, entry)| author(entry) == laptop && precedes(&all, out, hash));
            for (hash, _) in after {
                let contradicted = matches!(&all.get(hash).unwrap().kind, Kind::Revoke { .. } | Kind::Retire { .. });
                prop_assert!(contradicted || !members.has(hash));
            }
        }
    }

    /// Nobody writes into the past: acts that a standing taking-out does not come after are void.
    #[test]
    fn acts_beside_a_taking_out_are_void(acts in acts(40)) {
        let all = World::after(&acts).all();
        let members = all.fold();
        for (out, entry) in all.entries().filter(|(hash, _)| members.has(hash)) {
            let Some(laptop) = revoked(&entry.kind) else { continue };
            for (hash, entry) in all.entries().filter(|(hash, entry)| author(entry) == laptop && *hash != out) {
                let ends = matches!(entry.kind, Kind::Revoke { .. } | Kind::Retire { .. } | Kind::ReRoot { .. });
                if !ends && !is_life(&entry.kind) && !precedes(&all, hash, out) {
                    prop_assert!(!members.has(hash), "{:?}", entry.kind);
                }
            }
        }
    }

    /// The root's word stands, until a new root is agreed on.
    #[test]
    fn the_root_overrules(acts in acts(40)) {
        let world = World::after(&acts);
        let all = world.all();
        let members = all.fold();
        let root = LaptopId::of_signing(&world.root.public());
        prop_assume!(members.roots().any(|(id, _)| *id == root));
        for (hash, entry) in all.entries().filter(|(_, entry)| author(entry) == root) {
            // It is no keeper and no laptop of its own.
            if !matches!(entry.kind, Kind::Prune { .. } | Kind::Confirm { .. }) {
                prop_assert!(members.has(hash), "{:?}", entry.kind);
            }
        }
    }

    /// There is an administrator, unless the root took the last one out.
    #[test]
    fn the_last_administrator_cannot_leave(acts in acts(40)) {
        let world = World::after(&acts);
        let all = world.all();
        let members = all.fold();
        let root = LaptopId::of_signing(&world.root.public());
        let by_root = all.entries().any(|(_, entry)| {
            author(entry) == root && matches!(entry.kind, Kind::Revoke { .. } | Kind::Retire { .. })
        });
        prop_assert!(by_root || members.administrators().next().is_some());
    }

    /// Every act that stands has an administrator or the root for its author, whose own enrolment stands before it.
    #[test]
    fn nobody_acts_without_the_right(acts in acts(40)) {
        let world = World::after(&acts);
        let all = world.all();
        let members = all.fold();
        let roots: Vec<LaptopId> = [RootSeed::from_secret(&[200; 32]), RootSeed::from_secret(&[201; 32])]
            .iter().chain([&world.root]).map(|root| LaptopId::of_signing(&root.public())).collect();
        let ends = |kind: &Kind| matches!(kind, Kind::Revoke { .. } | Kind::Retire { .. } | Kind::ReRoot { .. });
        for (hash, entry) in all.entries().filter(|(hash, _)| members.has(hash)) {
            // What took somebody out is not taken back when its author's own right falls later.
            if roots.contains(&author(entry)) || ends(&entry.kind) {
                continue;
            }
            let life = is_life(&entry.kind);
            let given = all.entries().any(|(by, giver)| {
                let (whom, rank) = match &giver.kind {
                    Kind::Found { identity, .. } => (LaptopId::of_signing(&identity.signing), Rank::Administrator),
                    Kind::Enrol { identity, rank, .. } => (LaptopId::of_signing(&identity.signing), *rank),
                    Kind::Grant { laptop, rank, .. } => (*laptop, *rank),
                    _ => return false,
                };
                whom == author(entry)
                    && (life || rank == Rank::Administrator)
                    && members.has(by)
                    && precedes(&all, by, hash)
            });
            prop_assert!(given, "{:?}", entry.kind);
        }
    }

    /// An epoch that may seal is known to nobody who has been taken out or has lost the scope.
    #[test]
    fn no_one_who_is_out_can_open_what_is_sealed_now(acts in acts(40)) {
        let world = World::after(&acts);
        let all = world.all();
        let members = all.fold();
        let Some(epoch) = members.sealing_epoch(&world.scope) else { return Ok(()) };
        let given = |entry: &Entry| match &entry.kind {
            Kind::Rotate { epoch: of, wraps, .. } if *of == epoch => wraps.iter().map(|wrap| wrap.to).collect(),
            Kind::Share { keys } => {
                keys.iter().filter(|key| key.epoch == epoch).map(|key| key.wrap.to).collect::<Vec<_>>()
            }
            _ => Vec::new(),
        };
        for to in all.entries().flat_map(|(_, entry)| given(entry)) {
            let retired = members.laptop(&to).is_some_and(|laptop| matches!(laptop.state, State::Retired(_)));
            let root = members.roots().any(|(id, _)| *id == to);
            prop_assert!(retired || root || members.may_read(&to, &world.scope));
        }
    }

    /// Entries of nobody's change nothing.
    #[test]
    fn a_stranger_changes_nothing(acts in acts(30), kind in 0usize..4) {
        let world = World::after(&acts);
        let mut all = world.all();
        let before = all.fold();
        let stranger = common::Machine::new(90);
        let victim = world.name(0);
        let kind = [
            Kind::Revoke { laptop: victim },
            Kind::Enrol { identity: stranger.identity.publics(), rank: Rank::Administrator, grants: vec![] },
            Kind::Erase { documents: vec![(world.scope, DocId::from_bytes([9; 16]))] },
            Kind::incarnate(&stranger.incarnation, &world.id, &stranger.identity),
        ][kind].clone();
        let entry = Entry::by_laptop(&stranger.identity, world.id, all.heads(), kind);
        all.add(&entry.encode()).unwrap();
        prop_assert_eq!(&all.fold(), &before);
        prop_assert_eq!(all.settle(&[entry.hash()]), [(entry.hash(), Refusal::Stranger.into())]);
    }

    /// An entry comes back as it was, and no other bytes mean the same.
    #[test]
    fn entries_come_back(acts in acts(30), at in any::<prop::sample::Index>(), bit in 0usize..8) {
        let all = World::after(&acts).all();
        let entries: Vec<Vec<u8>> = all.entries().map(|(_, entry)| entry.encode()).collect();
        let mut again = Roster::new(*all.council());
        for bytes in &entries {
            again.add(bytes).unwrap();
        }
        let back: Vec<Vec<u8>> = again.entries().map(|(_, entry)| entry.encode()).collect();
        prop_assert_eq!(&back, &entries);
        let mut spoilt = at.get(&entries).clone();
        let byte = at.index(spoilt.len());
        spoilt[byte] ^= 1 << bit;
        prop_assert!(Roster::new(*all.council()).add(&spoilt).is_err());
    }
}

/// Two administrators beside the founder, who have heard of one another, and a volunteer's laptop.
fn three_administrators() -> World {
    let mut world = World::new();
    let grants = vec![Grant { scope: world.scope, access: Access::Write }];
    for whom in 1..4 {
        let rank = if whom < 3 { Rank::Administrator } else { Rank::Laptop };
        let identity = world.machines[whom].identity.publics();
        world.write(0, Kind::Enrol { identity, rank, grants: grants.clone() });
    }
    for who in 1..=LAPTOPS {
        world.hear(who, 0);
    }
    world
}

fn live(world: &World) -> Vec<usize> {
    let members = world.all().fold();
    (0..LAPTOPS).filter(|who| members.is_live(&world.name(*who))).collect()
}

#[test]
fn of_two_that_take_each_other_out_the_senior_stays() {
    let mut world = three_administrators();
    let junior = world.write(2, Kind::Revoke { laptop: world.name(1) });
    let senior = world.write(1, Kind::Revoke { laptop: world.name(2) });
    assert_eq!(live(&world), [0, 1, 3]);
    let members = world.all().fold();
    assert!(members.has(&senior) && !members.has(&junior));
}

#[test]
fn a_junior_takes_a_senior_out_who_knows_nothing_of_it() {
    let mut world = three_administrators();
    world.write(1, Kind::Revoke { laptop: world.name(0) });
    // The founder's laptop, in a thief's hands, goes on as if it had heard nothing.
    let identity = world.machines[4].identity.publics();
    world.write(0, Kind::Enrol { identity, rank: Rank::Administrator, grants: vec![] });
    world.write(0, Kind::Revoke { laptop: world.name(2) });
    assert_eq!(live(&world), [1, 2, 3]);
}

#[test]
fn in_a_ring_of_three_the_eldest_comes_first_and_nobody_is_left_out() {
    let mut world = three_administrators();
    world.write(0, Kind::Revoke { laptop: world.name(1) });
    world.write(1, Kind::Revoke { laptop: world.name(2) });
    world.write(2, Kind::Revoke { laptop: world.name(0) });
    // The founder's comes first, so that the second's is void; the third's stands, for nobody who stands took them out.
    assert_eq!(live(&world), [2, 3]);
}

#[test]
fn the_last_administrator_cannot_take_itself_out() {
    let mut world = three_administrators();
    world.write(0, Kind::Retire { laptop: world.name(1) });
    world.write(0, Kind::Retire { laptop: world.name(2) });
    world.write(0, Kind::Retire { laptop: world.name(0) });
    assert_eq!(live(&world), [0, 3]);
    // Nor do all of them at once.
    let mut world = three_administrators();
    for who in 0..3 {
        world.write(who, Kind::Retire { laptop: world.name(who) });
    }
    assert_eq!(live(&world).iter().filter(|who| **who < 3).count(), 1);
}

#[test]
fn what_a_laptop_wrote_before_it_was_taken_out_stands() {
    let mut world = three_administrators();
    let enrolled = world
        .write(1, Kind::Enrol { identity: world.machines[4].identity.publics(), rank: Rank::Laptop, grants: vec![] });
    world.hear(0, 1);
    world.write(0, Kind::Revoke { laptop: world.name(1) });
    assert!(world.all().fold().has(&enrolled));
    assert_eq!(live(&world), [0, 2, 3, 4]);
}

#[test]
fn an_incarnation_that_others_may_have_heard_of_stands() {
    let mut world = three_administrators();
    let life = Incarnation::from_secret(&[77; 32]);
    let beside = Kind::incarnate(&life, &world.id, &world.machines[3].identity);
    world.write(3, beside);
    let out = world.write(0, Kind::Revoke { laptop: world.name(3) });
    let members = world.all().fold();
    assert_eq!(members.laptop_of(&life.log()), Some(world.name(3)));
    assert!(!members.may_write(&life.log(), &world.scope));
    assert!(members.could_write(&life.log(), &world.scope));
    assert_eq!(members.closed_by(&life.log(), &world.scope), [out]);
}

#[test]
fn a_right_that_was_taken_away_closes_the_log() {
    let mut world = three_administrators();
    let life = Incarnation::from_secret(&[77; 32]);
    let begun = Kind::incarnate(&life, &world.id, &world.machines[3].identity);
    world.write(3, begun);
    world.hear(0, 3);
    assert!(world.all().fold().may_write(&life.log(), &world.scope));
    let grants = vec![Grant { scope: world.scope, access: Access::Read }];
    let taken = world.write(0, Kind::Grant { laptop: world.name(3), rank: Rank::Laptop, grants });
    let members = world.all().fold();
    assert!(!members.may_write(&life.log(), &world.scope) && members.could_write(&life.log(), &world.scope));
    assert_eq!(members.closed_by(&life.log(), &world.scope), [taken]);
    assert!(members.may_read(&world.name(3), &world.scope));
}

#[test]
fn an_epoch_whose_holder_was_taken_out_seals_no_more() {
    let mut world = three_administrators();
    world.rotate(0);
    let first = world.all().fold().sealing_epoch(&world.scope).unwrap();
    world.write(0, Kind::Revoke { laptop: world.name(3) });
    let members = world.all().fold();
    assert_eq!(members.sealing_epoch(&world.scope), None);
    assert!(!members.is_usable(&world.scope, &first));
    world.rotate(0);
    let members = world.all().fold();
    assert_ne!(members.sealing_epoch(&world.scope), Some(first));
    assert_eq!(members.epochs(&world.scope).count(), 2);
}

#[test]
fn two_that_rotate_at_once_agree_on_one_epoch() {
    let mut world = three_administrators();
    world.rotate(0);
    world.rotate(1);
    let here = world.all_in(&[0, 1]).fold().sealing_epoch(&world.scope);
    assert!(here.is_some());
    assert_eq!(here, world.all_in(&[1, 0]).fold().sealing_epoch(&world.scope));
    assert_eq!(world.all().fold().epochs(&world.scope).count(), 2);
}

#[test]
fn a_new_root_needs_two_administrators() {
    let mut world = three_administrators();
    let new = RootSeed::from_secret(&[200; 32]);
    let old = LaptopId::of_signing(&world.root.public());
    world.write(0, Kind::ReRoot { root: new.publics() });
    world.write(0, Kind::ReRoot { root: new.publics() });
    let members = world.all().fold();
    assert_eq!(members.roots().map(|(id, _)| *id).collect::<Vec<_>>(), [old]);
    assert_eq!(members.proposed_roots().count(), 1);
    world.hear(1, 0);
    world.write(1, Kind::ReRoot { root: new.publics() });
    let members = world.all().fold();
    let name = LaptopId::of_signing(&new.public());
    assert_eq!(members.roots().collect::<Vec<_>>(), [(&name, &new.agreement())]);
    // The new root acts, the old one no more.
    let mut all = world.all();
    let act = |laptop| Kind::Revoke { laptop };
    let by_new = Entry::by_root_of(&new, world.id, all.heads(), act(world.name(3)));
    let by_old = Entry::by_root(&world.root, all.heads(), act(world.name(2)));
    for entry in [&by_new, &by_old] {
        all.add(&entry.encode()).unwrap();
    }
    let members = all.fold();
    assert!(members.has(&by_new.hash()) && !members.has(&by_old.hash()));
}

#[test]
fn a_pruning_needs_two_keepers() {
    let mut world = three_administrators();
    for whom in [1, 3] {
        world.write(0, Kind::Keeper { laptop: world.name(whom), keeps: true });
    }
    (1..LAPTOPS).for_each(|who| world.hear(who, 0));
    let prune = world.write(3, Kind::Prune { scope: world.scope, snapshot: Hash::from_bytes([4; 32]) });
    (0..3).for_each(|who| world.hear(who, 3));
    world.write(2, Kind::Confirm { prune });
    world.write(3, Kind::Confirm { prune });
    let members = world.all().fold();
    let pruning = members.prunings().next().unwrap().1.clone();
    assert_eq!((pruning.by, pruning.confirmed.len()), (world.name(3), 0));
    world.write(1, Kind::Confirm { prune });
    let members = world.all().fold();
    assert!(members.prunings().next().unwrap().1.confirmed.contains(&world.name(1)));
}

/// An epoch's key, wrapped for the root and for these.
fn rotate_for(world: &mut World, key: &EpochKey, whom: &[usize]) {
    let id = world.id;
    let wrap = |to: LaptopId, agreement: [u8; 32], random: u8| Wrap {
        to,
        sealed: wrap_key(key, &id, &world.scope, (&to, &agreement), [random; 32]).unwrap(),
    };
    let root = wrap(LaptopId::of_signing(&world.root.public()), world.root.agreement(), 9);
    let laptops = whom.iter().map(|who| wrap(world.name(*who), world.machines[*who].identity.agreement(), *who as u8));
    let wraps = laptops.chain([root]).collect();
    world.write(0, Kind::Rotate { scope: world.scope, epoch: key.id(), wraps });
}

#[test]
fn a_keyring_follows_the_roster() {
    let mut world = three_administrators();
    let keys = [1, 2].map(|n| EpochKey::from_secret(&[n; 32]));
    rotate_for(&mut world, &keys[0], &[0, 1, 3]);
    let ring = |world: &World, who: usize| {
        let roster = world.all();
        let mut ring = Keyring::default();
        ring.follow(&roster, &roster.fold(), &world.machines[who].identity);
        ring
    };
    assert_eq!(ring(&world, 3).sealing(&world.scope), Some(&keys[0]));
    assert_eq!(ring(&world, 2), Keyring::default());
    // One is taken out, and the key renewed: it can open what was, and nothing that comes.
    world.write(0, Kind::Revoke { laptop: world.name(3) });
    assert_eq!(ring(&world, 0).sealing(&world.scope), None);
    rotate_for(&mut world, &keys[1], &[0, 1]);
    assert_eq!(ring(&world, 0).sealing(&world.scope), Some(&keys[1]));
    assert_eq!(ring(&world, 0).get(&world.scope, &keys[0].id()), Some(&keys[0]));
    assert_eq!(ring(&world, 3).get(&world.scope, &keys[1].id()), None);
    // With the sheet everything is open.
    let roster = world.all();
    let mut root = Keyring::default();
    assert!(root.follow_root(&roster, &roster.fold(), &world.root));
    assert_eq!(root.keys().count(), 2);
    // A retired epoch's key is let go of.
    world.write(0, Kind::RetireEpoch { scope: world.scope, epoch: keys[0].id() });
    let roster = world.all();
    assert!(root.follow_root(&roster, &roster.fold(), &world.root));
    assert_eq!(root.get(&world.scope, &keys[0].id()), None);
    assert!(!root.follow_root(&roster, &roster.fold(), &world.root));
}

/// A statement of `who`, with the roster it has heard of, that it holds this log up to `seq`.
fn states(world: &World, who: usize, life: &Incarnation, stream: &StreamId, seq: u64) -> Seen {
    let head = StreamHead { seq, head: Short::from_bytes([0; 5]) };
    Seen {
        council: world.id,
        log: life.log(),
        number: 1,
        vector: [(*stream, head)].into(),
        wants: [].into(),
        roster: world.rosters[who].heads(),
        clock: 0,
        version: String::new(),
        note: Vec::new(),
        more: Vec::new(),
    }
}

#[test]
fn what_a_live_laptop_held_when_it_heard_stands_whoever_brings_it() {
    let mut world = three_administrators();
    let lives: Vec<Incarnation> = (0..4).map(|at| Incarnation::from_secret(&[60 + at; 32])).collect();
    for (who, life) in lives.iter().enumerate() {
        let begun = Kind::incarnate(life, &world.id, &world.machines[who].identity);
        world.write(who, begun);
    }
    world.hear(0, 3);
    let stream = StreamId { log: lives[3].log(), scope: world.scope };
    assert_eq!(cut(&stream, &world.rosters[0], &world.rosters[0].fold(), 5, []), None);
    world.write(0, Kind::Revoke { laptop: world.name(3) });
    // The second administrator's laptop has seven and has not heard: what it holds says nothing yet.
    let unheard = states(&world, 1, &lives[1], &stream, 7);
    // The thief's own word counts for nothing.
    let own = states(&world, 0, &lives[3], &stream, 99);
    world.hear(0, 1);
    let members = world.rosters[0].fold();
    assert_eq!(cut(&stream, &world.rosters[0], &members, 5, [&unheard, &own]), Some(5));
    world.hear(1, 0);
    let heard = states(&world, 1, &lives[1], &stream, 7);
    assert_eq!(cut(&stream, &world.rosters[0], &members, 5, [&unheard, &heard, &own]), Some(7));
}
