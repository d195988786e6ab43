//! Laptops that meet through a relay, which can read nothing, come to show the same, and each only what it may.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod relay_support;
mod sync_support;

use hub::view::shell::Role;
use hub::{HubError, Passphrase, RelayAddress};
use relay_support::House;
use sync_support::{Council, Laptop, PASSPHRASE};

fn share(laptop: &Laptop, house: &House) -> hub::view::laptop::Exchanged {
    laptop.hub.sync_with_relay(&house.address).unwrap()
}

#[test]
fn three_laptops_come_to_show_the_same() {
    let council = Council::found();
    let house = House::of(&[&council.one.hub]);
    let (two, three) = (council.joins(Role::Worker, 2), council.joins(Role::Volunteer, 3));
    let one = &council.one;
    let mair = one.check_in("Mair");
    one.check_in("Somebody's carer");
    let sent = share(one, &house);
    assert!(sent.sent >= 4, "{sent:?}");
    two.check_in("Zofia");
    let met = share(&two, &house);
    assert_eq!((met.received, met.applied, met.refused), (sent.sent, sent.sent, 0));
    share(&three, &house);
    two.hub.note_stepped_outside(mair, 10).unwrap();
    for _ in 0..2 {
        for laptop in [one, &two, &three] {
            share(laptop, &house);
        }
    }
    share(one, &house);
    for laptop in [one, &two, &three] {
        assert_eq!(laptop.queue(), ["Mair", "Somebody's carer", "Zofia"]);
        assert_eq!(laptop.hub.verify().unwrap().broken_streams, 0);
        let sync = laptop.hub.shell().unwrap().sync;
        assert_eq!((sync.to_share, sync.to_be_held, sync.parked, sync.refused), (0, 0, 0, 0));
    }
}

#[test]
fn a_relay_holds_not_one_word_that_was_typed() {
    let council = Council::found();
    let house = House::of(&[&council.one.hub]);
    let worker = council.joins(Role::Worker, 2);
    let (volunteer, manager) = (council.joins(Role::Volunteer, 3), council.joins(Role::Manager, 4));
    let visit = council.one.check_in("Mair");
    share(&council.one, &house);
    share(&worker, &house);
    worker.hub.begin_conversation(visit, None).unwrap();
    for laptop in [&worker, &volunteer, &manager, &council.one] {
        share(laptop, &house);
    }
    let count = |laptop: &Laptop| laptop.hub.verify().unwrap().documents;
    assert!(count(&volunteer) < count(&worker) && count(&manager) < count(&volunteer));
    for laptop in [&volunteer, &manager] {
        let state = laptop.hub.shell().unwrap().sync;
        assert_eq!((state.parked, state.refused), (0, 0));
    }
    let disk = house.disk();
    assert!(disk.len() > 10_000);
    for word in ["Mair", "a form", "Green Lane", "Aberwen", "front-desk", "casework"] {
        assert!(!disk.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
    }
}

/// The other ways bring them, and so does a relay: it stops nothing of what the laptop still has to say.
#[test]
fn who_lost_a_scope_leaves_its_last_words_there_at_a_relay() {
    let council = Council::found();
    let house = House::of(&[&council.one.hub]);
    let (worker, volunteer) = (council.joins(Role::Worker, 2), council.joins(Role::Volunteer, 3));
    let one = &council.one;
    for laptop in [one, &worker, &volunteer, one] {
        share(laptop, &house);
    }
    volunteer.check_in("Mair");
    one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    let id = one.hub.laptop().unwrap().others.into_iter().find(|other| other.name == "Green Lane 3").unwrap().id;
    one.hub.change_role(&id, Role::Manager, &Passphrase::from(PASSPHRASE)).unwrap();
    for _ in 0..2 {
        for laptop in [one, &volunteer, &worker] {
            share(laptop, &house);
        }
    }
    assert_eq!(worker.queue(), ["Mair"]);
    assert_eq!(volunteer.hub.laptop().unwrap().sync.to_share, 0);
    share(&volunteer, &house);
    assert_eq!(volunteer.hub.verify().unwrap().documents, worker.hub.verify().unwrap().documents - 1);
}

#[test]
fn a_relay_counts_what_comes_and_goes_and_names_nobody() {
    let council = Council::found();
    let house = House::of(&[&council.one.hub]);
    council.one.check_in("Mair");
    share(&council.one, &house);
    let text = house.relay.metrics().text();
    let number = |name: &str| -> u64 {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line.rsplit(' ').next().unwrap().parse().unwrap()
    };
    assert!(number("relay_segments_kept_total") > 0);
    assert!(number("relay_bytes_in_total") > 500 && number("relay_bytes_out_total") > 100, "{text}");
    assert!(number("relay_requests_total{route=\"push\",status=\"ok\"}") > 0);
    assert_eq!(number("relay_requests_total{route=\"push\",status=\"failed\"}"), 0);
    assert!(!text.contains(&council.one.hub.council_key()));
}

/// The aim of the design: an exchange of 50 changed records in ten calls at the most.
#[test]
fn fifty_changes_cost_ten_calls() {
    let council = Council::found();
    let house = House::of(&[&council.one.hub]);
    let two = council.joins(Role::Worker, 2);
    let visits: Vec<_> = (0..200).map(|n| council.one.check_in(&format!("Visitor {n}"))).collect();
    for _ in 0..2 {
        share(&council.one, &house);
        share(&two, &house);
    }
    share(&council.one, &house);
    for visit in visits.iter().take(50) {
        council.one.hub.note_left(*visit).unwrap();
    }
    let (sent, giving) = council.one.hub.sync_with_relay_counted(&house.address).unwrap();
    let (came, taking) = two.hub.sync_with_relay_counted(&house.address).unwrap();
    assert_eq!((sent.sent, came.applied), (50, 50));
    println!("giving {giving:?}");
    println!("taking {taking:?}");
    for traffic in [giving, taking] {
        assert!(traffic.calls <= 10, "{traffic:?}");
        assert!(traffic.bytes_in + traffic.bytes_out <= 45_000, "{traffic:?}");
    }
    let (nothing, asked) = two.hub.sync_with_relay_counted(&house.address).unwrap();
    assert_eq!((nothing.sent, nothing.received), (0, 0));
    assert!(asked.calls <= 3, "{asked:?}");
}

#[test]
fn a_relay_and_a_stick_serve_as_one() {
    let council = Council::found();
    let house = House::of(&[&council.one.hub]);
    let (two, three) = (council.joins(Role::Worker, 2), council.joins(Role::Worker, 3));
    council.one.check_in("Mair");
    council.one.share(&council.stick());
    // The second has both, the third the relay alone.
    two.hub.set_sync_folder(Some(council.stick())).unwrap();
    two.hub.set_relay(Some(house.address.clone())).unwrap();
    two.hub.share().unwrap();
    two.hub.share().unwrap();
    three.hub.set_relay(Some(house.address.clone())).unwrap();
    three.hub.share().unwrap();
    assert_eq!(three.queue(), ["Mair"]);
}

#[test]
fn a_laptop_of_another_council_is_turned_away_with_a_sentence() {
    let (council, other) = (Council::found(), Council::found_as(9));
    let house = House::of(&[&council.one.hub]);
    let turned = other.one.hub.sync_with_relay(&house.address).unwrap_err();
    assert_eq!(turned, HubError::RelayOtherCouncil);
    // A laptop that no administrator took in, though it names the council.
    share(&council.one, &house);
    assert_eq!(council.one.hub.shell().unwrap().sync.trouble, None);
}

#[test]
fn a_relay_that_is_gone_full_or_not_to_be_trusted_has_its_sentence_and_loses_nothing() {
    let council = Council::found();
    let mut house = House::with(&[&council.one.hub], |settings| settings.quota = 10);
    council.one.check_in("Mair");
    let tried = |address: &RelayAddress| council.one.hub.sync_with_relay(address).unwrap_err();
    assert_eq!(tried(&house.address), HubError::RelayFull);
    let stranger = relay_support::certificate(&house.place.path().join("stranger"), "localhost", None);
    let certificate = Some(std::fs::read_to_string(&stranger.0).unwrap());
    assert_eq!(tried(&RelayAddress { certificate, ..house.address.clone() }), HubError::RelayCertificate);
    let by_number = house.address.url.replace("localhost", "127.0.0.1");
    assert_eq!(tried(&RelayAddress { url: by_number, ..house.address.clone() }), HubError::RelayCertificate);
    let address = house.address.clone();
    house.stop();
    assert_eq!(tried(&address), HubError::RelayUnreachable);
    let sync = council.one.hub.shell().unwrap().sync;
    assert!(sync.to_share > 0);
    assert_eq!(sync.trouble, Some("relayUnreachable".to_owned()));
    let plain = RelayAddress { url: "http://relay.example".to_owned(), certificate: None };
    assert_eq!(council.one.hub.set_relay(Some(plain)), Err(HubError::RelayAddress));
}

#[test]
fn a_laptop_that_was_taken_out_hears_that_and_nothing_else() {
    let council = Council::found();
    let house = House::of(&[&council.one.hub]);
    let two = council.joins(Role::Worker, 2);
    two.check_in("Mair");
    share(&two, &house);
    share(&council.one, &house);
    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    let others = council.one.hub.laptop().unwrap().others;
    // Its token would be good for half an hour yet.
    council.one.hub.take_out(&others[0].id, &Passphrase::from(PASSPHRASE)).unwrap();
    share(&council.one, &house);
    let after = house.segments();
    two.check_in("Zofia");
    assert_eq!(two.hub.sync_with_relay(&house.address), Err(HubError::TakenOut));
    assert_eq!(house.segments(), after);
    council.one.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    assert_eq!(council.one.queue(), ["Mair"]);
}

fn id_of(by: &Laptop, name: &str) -> String {
    let others = by.hub.laptop().unwrap().others;
    others.into_iter().find(|other| other.name == name).unwrap().id
}

#[test]
fn who_was_erased_is_erased_at_the_relay_and_comes_back_by_nobody() {
    let council = Council::found();
    let house = House::of(&[&council.one.hub]);
    let two = council.joins(Role::Worker, 2);
    let visit = two.check_in("Mair");
    let talk = two.hub.begin_conversation(visit, None).unwrap();
    let person = two.hub.conversation(talk).unwrap().person;
    two.check_in("Zofia");
    for laptop in [&two, &council.one, &two] {
        share(laptop, &house);
    }
    let before = house.sealed_bytes();
    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    council.one.hub.erase_person(person, &Passphrase::from(PASSPHRASE)).unwrap();
    share(&council.one, &house);
    let after = house.sealed_bytes();
    assert!(after < before, "{after} of {before}");
    // Whoever has not heard and shares again brings nothing back.
    for laptop in [&two, &council.one, &two] {
        share(laptop, &house);
    }
    assert!(house.sealed_bytes() <= after + 4_000);
    assert_eq!(two.hub.person(person).unwrap_err(), HubError::NotFound);
    // One that knows nothing but the relay sees the others, and nobody who was erased.
    let three = council.joins(Role::Worker, 3);
    share(&three, &house);
    assert_eq!(three.hub.person(person).unwrap_err(), HubError::NotFound);
    for laptop in [&two, &three] {
        assert_eq!(laptop.hub.shell().unwrap().sync.refused, 0);
        assert!(laptop.hub.verify().unwrap().is_whole());
    }
}

#[test]
fn an_erasure_by_one_who_had_been_taken_out_is_taken_back_at_the_relay() {
    let council = Council::found();
    let house = House::of(&[&council.one.hub]);
    let (two, three) = (council.joins(Role::Worker, 2), council.joins(Role::Worker, 3));
    let visit = three.check_in("Mair");
    let talk = three.hub.begin_conversation(visit, None).unwrap();
    let person = three.hub.conversation(talk).unwrap().person;
    let all = [&council.one, &two, &three];
    for laptop in all.into_iter().chain(all) {
        share(laptop, &house);
    }
    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    council.one.hub.make_administrator(&id_of(&council.one, "Green Lane 2"), &Passphrase::from(PASSPHRASE)).unwrap();
    for laptop in all.into_iter().chain(all) {
        share(laptop, &house);
    }
    // Each does it without the other's having heard; the relay and the third hear of the erasure first.
    two.hub.erase_person(person, &Passphrase::from(PASSPHRASE)).unwrap();
    council.one.hub.take_out(&id_of(&council.one, "Green Lane 2"), &Passphrase::from(PASSPHRASE)).unwrap();
    share(&two, &house);
    share(&three, &house);
    assert_eq!(three.hub.person(person).unwrap_err(), HubError::NotFound);
    for _ in 0..3 {
        share(&council.one, &house);
        share(&three, &house);
    }
    council.one.hub.sign_in_as("Sam", Role::Worker).unwrap();
    for laptop in [&council.one, &three] {
        assert_eq!(laptop.hub.person(person).unwrap().name.as_deref(), Some("Mair"));
        assert_eq!(laptop.hub.shell().unwrap().sync.parked, 0);
    }
}
