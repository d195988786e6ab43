//! A new laptop's first sync over a real relay: a keeper's snapshot, from either store, stopped anywhere and gone on with.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

#[path = "../../relay/tests/cluster/mod.rs"]
mod cluster;
mod relay_support;
mod sync_support;

use cluster::Cluster;
use hub::view::shell::Role;
use hub::{HubError, Passphrase};
use relay_support::House;
use relay_support::liar::{Liar, Lie};
use sync_support::{Council, Laptop, PASSPHRASE};

fn share(laptop: &Laptop, house: &House) -> hub::view::laptop::Exchanged {
    laptop.hub.sync_with_relay(&house.address).unwrap()
}

/// Three people came, the first laptop shared them and left a snapshot.
fn leave_snapshot(council: &Council, house: &House) {
    for name in ["Mair", "Zofia", "Dai"] {
        council.one.check_in(name);
    }
    share(&council.one, house);
    let written = council.one.hub.write_snapshots_at_relay(&house.address).unwrap();
    assert_eq!((written.snapshots, written.documents), (2, 5), "the door's visits, and the council with its hub");
}

fn is_whole(laptop: &Laptop) {
    assert!(laptop.hub.verify().unwrap().is_whole());
    assert_eq!(laptop.hub.shell().unwrap().sync.arriving, None);
}

/// `sql` asks the relay's database something by hand.
fn story(council: &Council, house: &House, sql: impl Fn(&str) -> u64) {
    leave_snapshot(council, house);
    let records = sql("select count(*) from segment");
    assert!(records > 0 && sql("select count(*) from snapshot where manifest is not null") == 2);
    // As a relay whose log was pruned: what was before is in the snapshot alone.
    sql("with gone as (delete from segment returning 1) select count(*) from gone");
    council.one.check_in("Olwen");
    let two = council.joins(Role::Volunteer, 2);
    share(&council.one, house);
    let (met, cost) = two.hub.sync_with_relay_counted(&house.address).unwrap();
    assert_eq!((met.refused, met.parked), (0, 0), "{met:?}");
    assert_eq!(two.queue(), ["Dai", "Mair", "Olwen", "Zofia"]);
    is_whole(&two);
    // Who it is, the roster, the statements, what there is; then of two scopes the manifest, the rows, the documents.
    assert!(cost.calls <= 20, "{cost:?}");
    // One of another role takes what it may read of them, and nothing is refused to it that it asks for.
    let four = council.joins(Role::Manager, 4);
    share(&council.one, house);
    share(&four, house);
    assert_eq!(four.hub.shell().unwrap().sync.refused, 0);
    // From here on it is a laptop as any other.
    two.check_in("Bronwen");
    for laptop in [&two, &council.one, &two] {
        share(laptop, house);
    }
    assert_eq!(council.one.queue(), two.queue());
    let disk = sql("select coalesce(sum(length(bytes)), 0) from chunk");
    assert!(disk > 500, "{disk}");
}

#[test]
fn a_new_laptop_takes_the_snapshot_from_a_relay_with_sqlite() {
    let council = Council::found();
    let house = House::of(&[&council.one.hub]);
    story(&council, &house, |text| house.sql(text));
    let disk = house.disk();
    for word in ["Mair", "Green Lane", "Aberwen"] {
        assert!(!disk.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
    }
}

#[test]
fn a_new_laptop_takes_the_snapshot_from_a_relay_with_postgres() {
    let cluster = Cluster::start();
    let council = Council::found();
    let house = House::before(&cluster.address(), &[&council.one.hub]);
    story(&council, &house, |text| cluster.sql("a", text).trim().parse().unwrap());
}

#[test]
fn a_line_that_breaks_anywhere_leaves_what_came_and_it_goes_on_from_there() {
    let council = Council::found();
    let liar = Liar::called();
    let house = House::behind(&liar.name, &[&council.one.hub]);
    liar.before(&house.address);
    let direct = || council.one.hub.sync_with_relay(&liar.address).unwrap();
    for name in ["Mair", "Zofia", "Dai"] {
        council.one.check_in(name);
    }
    direct();
    council.one.hub.write_snapshots_at_relay(&liar.address).unwrap();
    house.sql("with gone as (delete from segment returning 1) select count(*) from gone");
    let two = council.joins(Role::Volunteer, 2);
    direct();
    let mut broken = 0;
    let mut shown_before_all_came = false;
    loop {
        // Each time one answer more comes before the line breaks.
        liar.tells(Lie::HangUpAfter("snapshot", 1));
        match two.hub.sync_with_relay(&liar.address) {
            Ok(_) => break,
            Err(error) => assert_eq!(error, HubError::RelayUnreachable),
        }
        broken += 1;
        assert!(broken < 12, "it goes on from where it was");
        let arriving = two.hub.shell().unwrap().sync.arriving;
        shown_before_all_came |= arriving.is_some_and(|arriving| arriving.shown == arriving.of && arriving.come == 0)
            && two.queue() == ["Dai", "Mair", "Zofia"];
    }
    assert!(broken >= 4, "{broken}");
    assert!(shown_before_all_came);
    assert_eq!(two.queue(), ["Dai", "Mair", "Zofia"]);
    is_whole(&two);
}

#[test]
fn a_chunk_with_a_flipped_bit_is_counted_and_left_for_the_log() {
    let council = Council::found();
    let house = House::of(&[&council.one.hub]);
    leave_snapshot(&council, &house);
    house.change("UPDATE chunk SET bytes = zeroblob(length(bytes))");
    let two = council.joins(Role::Volunteer, 2);
    share(&council.one, &house);
    share(&two, &house);
    assert_eq!(two.queue(), ["Dai", "Mair", "Zofia"]);
    assert_eq!(two.refused(), [("hashMismatch".to_owned(), 2)]);
    is_whole(&two);
}

#[test]
fn a_snapshot_with_somebody_who_was_erased_is_not_put_and_goes_when_a_newer_is_there() {
    let council = Council::found();
    let house = House::of(&[&council.one.hub]);
    let two = council.joins(Role::Worker, 2);
    let visit = two.check_in("Mair");
    let talk = two.hub.begin_conversation(visit, None).unwrap();
    let person = two.hub.conversation(talk).unwrap().person;
    for laptop in [&two, &council.one] {
        share(laptop, &house);
    }
    council.one.hub.write_snapshots_at_relay(&house.address).unwrap();
    let old = house.sql("select count(*) from snapshot");
    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    council.one.hub.erase_person(person, &Passphrase::from(PASSPHRASE)).unwrap();
    share(&council.one, &house);
    // The keeper has written those anew in which the person was, and taken the old away.
    assert_eq!(house.sql("select count(*) from snapshot"), old);
    let three = council.joins(Role::Worker, 3);
    share(&council.one, &house);
    share(&three, &house);
    assert_eq!(three.hub.person(person).unwrap_err(), HubError::NotFound);
    assert_eq!(three.hub.shell().unwrap().sync.refused, 0);
    is_whole(&three);
}
