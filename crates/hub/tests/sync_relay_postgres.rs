//! Laptops that meet through several relays before one PostgreSQL database, whose primary dies meanwhile.

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
use sync_support::{Council, Laptop, PASSPHRASE};

fn share(laptop: &Laptop, house: &House) -> hub::view::laptop::Exchanged {
    laptop.hub.sync_with_relay(&house.address).unwrap()
}

#[test]
fn two_relays_serve_as_one_and_their_database_may_lose_its_primary() {
    let cluster = Cluster::start().with_standby();
    let council = Council::found();
    let hubs = [&council.one.hub];
    let (east, west) = (House::before(&cluster.address(), &hubs), House::before(&cluster.address(), &hubs));
    let two = council.joins(Role::Worker, 2);
    council.one.check_in("Mair");
    two.check_in("Zofia");
    share(&council.one, &east);
    share(&two, &west);
    share(&council.one, &east);
    assert_eq!(council.one.queue(), two.queue());
    cluster.kill_primary();
    council.one.check_in("Femi");
    // With nobody to write to, nothing is said to be shared.
    assert_eq!(council.one.hub.sync_with_relay(&east.address), Err(HubError::RelaySilent));
    assert!(council.one.hub.shell().unwrap().sync.to_share > 0);
    cluster.promote();
    share(&council.one, &east);
    share(&two, &west);
    share(&council.one, &west);
    for laptop in [&council.one, &two] {
        assert_eq!(laptop.queue(), ["Femi", "Mair", "Zofia"]);
        let sync = laptop.hub.shell().unwrap().sync;
        assert_eq!((sync.to_share, sync.parked, sync.refused), (0, 0, 0));
        assert_eq!(laptop.hub.verify().unwrap().broken_streams, 0);
    }
}

#[test]
fn a_database_holds_not_one_word_that_was_typed_and_erases() {
    let cluster = Cluster::start();
    let council = Council::found();
    let house = House::before(&cluster.address(), &[&council.one.hub]);
    let two = council.joins(Role::Worker, 2);
    let visit = two.check_in("Mair");
    let talk = two.hub.begin_conversation(visit, None).unwrap();
    let person = two.hub.conversation(talk).unwrap().person;
    for laptop in [&two, &council.one, &two] {
        share(laptop, &house);
    }
    let size = || cluster.sql("a", "select sum(octet_length(bytes)) from segment").trim().parse::<u64>().unwrap();
    let before = size();
    let disk = cluster.disk();
    assert!(disk.len() > 1_000_000);
    for word in ["Mair", "Green Lane", "Aberwen", "front-desk", "casework"] {
        assert!(!disk.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
    }
    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    council.one.hub.erase_person(person, &Passphrase::from(PASSPHRASE)).unwrap();
    share(&council.one, &house);
    assert!(size() < before);
    share(&two, &house);
    assert_eq!(two.hub.person(person).unwrap_err(), HubError::NotFound);
    assert_eq!(cluster.sql("a", "select count(*) > 0 from erased").trim(), "t");
}
