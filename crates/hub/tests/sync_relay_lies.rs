//! A relay that lies, told by a real server between: each lie is refused or survived with a plain sentence, and when it
//! is over, everybody has everything.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod relay_support;
mod sync_support;

use std::net::TcpListener;
use std::time::Duration;

use carriers::relay::{Address, Guest, Patience};
use carriers::{Carrier, CarrierError, Relay, RelayTrouble};
use hub::HubError;
use hub::view::laptop::Exchanged;
use hub::view::shell::Role;
use relay_support::House;
use relay_support::liar::{Liar, Lie};
use sync_support::{Council, Laptop};

struct Scene {
    council: Council,
    two: Laptop,
    liar: Liar,
    _house: House,
}

impl Scene {
    /// Two laptops that have met through the liar while it was honest.
    fn set() -> Self {
        let council = Council::found();
        let liar = Liar::called();
        let house = House::behind(&liar.name, &[&council.one.hub]);
        liar.before(&house.address);
        let two = council.joins(Role::Worker, 2);
        let scene = Self { council, two, liar, _house: house };
        scene.one().check_in("Mair");
        scene.meet();
        assert_eq!(scene.two.queue(), ["Mair"]);
        scene
    }

    fn one(&self) -> &Laptop {
        &self.council.one
    }

    fn share(&self, laptop: &Laptop) -> Result<Exchanged, HubError> {
        laptop.hub.sync_with_relay(&self.liar.address)
    }

    fn meet(&self) {
        for laptop in [self.one(), &self.two, self.one(), &self.two] {
            self.share(laptop).unwrap();
        }
    }

    /// Once the relay is honest again, both have everything, and nothing was refused that is right.
    fn ends_well(&self, queue: &[&str]) {
        self.liar.tells(Lie::Honest);
        self.meet();
        self.meet();
        for laptop in [self.one(), &self.two] {
            assert_eq!(laptop.queue(), queue);
            assert!(laptop.hub.verify().unwrap().is_whole());
            let sync = laptop.hub.shell().unwrap().sync;
            assert_eq!((sync.to_share, sync.to_be_held, sync.parked), (0, 0, 0));
            assert_eq!(sync.trouble, None);
        }
    }
}

#[test]
fn what_answers_with_rubbish_is_not_believed() {
    let scene = Scene::set();
    scene.one().check_in("Zofia");
    for (lie, told) in [
        (Lie::Garbage, HubError::RelayNonsense),
        (Lie::Endless, HubError::RelayNonsense),
        (Lie::HangUp, HubError::RelayUnreachable),
    ] {
        scene.liar.tells(lie.clone());
        assert_eq!(scene.share(scene.one()), Err(told), "{lie:?}");
        assert!(scene.one().hub.shell().unwrap().sync.to_share > 0, "{lie:?}");
    }
    scene.ends_well(&["Mair", "Zofia"]);
}

#[test]
fn nobody_is_led_to_another_address() {
    let scene = Scene::set();
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    scene.liar.tells(Lie::Redirect(format!("http://{}", elsewhere.local_addr().unwrap())));
    scene.one().check_in("Zofia");
    assert_eq!(scene.share(scene.one()), Err(HubError::RelayNonsense));
    assert_eq!(elsewhere.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    scene.ends_well(&["Mair", "Zofia"]);
}

#[test]
fn an_old_picture_shown_again_hides_nothing_for_good() {
    let scene = Scene::set();
    scene.liar.tells(Lie::Replay(None));
    scene.share(&scene.two).unwrap();
    scene.one().check_in("Zofia");
    scene.share(scene.one()).unwrap();
    // The second is shown what was there before, and its own words are not taken for held.
    scene.two.check_in("Femi");
    scene.share(&scene.two).unwrap();
    assert_eq!(scene.two.queue(), ["Femi", "Mair"]);
    assert!(scene.two.hub.shell().unwrap().sync.to_be_held > 0);
    scene.ends_well(&["Femi", "Mair", "Zofia"]);
}

#[test]
fn what_is_withheld_comes_when_it_is_given() {
    for lie in [Lie::HideTips, Lie::GiveNothing] {
        let scene = Scene::set();
        scene.one().check_in("Zofia");
        scene.share(scene.one()).unwrap();
        scene.liar.tells(lie.clone());
        scene.share(&scene.two).unwrap();
        assert_eq!(scene.two.queue(), ["Mair"], "{lie:?}");
        scene.ends_well(&["Mair", "Zofia"]);
    }
}

#[test]
fn what_it_says_to_have_kept_is_not_safe_until_another_laptop_has_it() {
    let scene = Scene::set();
    scene.liar.tells(Lie::Swallow);
    scene.one().check_in("Zofia");
    scene.share(scene.one()).unwrap();
    scene.share(&scene.two).unwrap();
    assert_eq!(scene.two.queue(), ["Mair"]);
    assert!(scene.one().hub.shell().unwrap().sync.to_be_held > 0);
    scene.ends_well(&["Mair", "Zofia"]);
}

#[test]
fn a_bit_flipped_on_the_way_is_refused_and_asked_for_again() {
    let scene = Scene::set();
    scene.one().check_in("Zofia");
    scene.share(scene.one()).unwrap();
    scene.liar.tells(Lie::Flip);
    scene.share(&scene.two).unwrap();
    assert_eq!(scene.two.queue(), ["Mair"]);
    scene.ends_well(&["Mair", "Zofia"]);
}

/// Two envelopes with one number, as a copied laptop makes them, and a relay that shows some laptops the one and others the
/// other.
#[test]
fn a_relay_that_shows_each_another_branch_keeps_nothing_from_anybody_for_good() {
    let council = Council::found();
    let liar = Liar::called();
    let hubs = [&council.one.hub];
    let (house, behind) = (House::behind(&liar.name, &hubs), House::behind(&liar.name, &hubs));
    liar.before(&house.address);
    let (two, three) = (council.joins(Role::Volunteer, 2), council.joins(Role::Worker, 3));
    two.check_in("Before");
    let share = |laptop: &Laptop| laptop.hub.sync_with_relay(&liar.address).unwrap();
    let other_face = || liar.tells(Lie::OtherFace(behind.address.url.clone()));
    for face in [true, false] {
        liar.tells(Lie::Honest);
        if face {
            other_face();
        }
        for laptop in [&two, &council.one, &three, &two] {
            share(laptop);
        }
    }
    let dir = two.dir.clone();
    drop(two);
    let copied = council.place.path().join("copied");
    sync_support::copy(&dir, &copied);
    let original = Laptop::reopen(&dir, 2, 20, Role::Volunteer);
    let clone = Laptop::reopen(&copied, 2, 21, Role::Volunteer);
    original.check_in("On the original");
    clone.check_in("On the copy");
    for laptop in [&original, &council.one] {
        share(laptop);
    }
    other_face();
    for laptop in [&clone, &three] {
        share(laptop);
    }
    assert_eq!(council.one.queue(), ["Before", "On the original"]);
    assert_eq!(three.queue(), ["Before", "On the copy"]);
    // One who is shown both faces has both branches, and passes on what the other does not show.
    share(&council.one);
    assert_eq!(council.one.queue(), ["Before", "On the copy", "On the original"]);
    liar.tells(Lie::Honest);
    for laptop in [&council.one, &three, &original, &clone].repeat(3) {
        share(laptop);
    }
    for laptop in [&council.one, &three, &original, &clone] {
        assert_eq!(laptop.queue(), ["Before", "On the copy", "On the original"]);
        assert_eq!(laptop.refused(), []);
        assert!(laptop.hub.verify().unwrap().is_whole());
        let sync = laptop.hub.shell().unwrap().sync;
        assert_eq!((sync.to_share, sync.parked), (0, 0));
    }
}

/// Whoever shares otherwise meanwhile, in the hall or through a folder, is not kept waiting.
#[test]
fn one_that_does_not_answer_keeps_nobody_from_sharing_otherwise() {
    let scene = Scene::set();
    scene.one().check_in("Zofia");
    scene.liar.tells(Lie::Silent);
    std::thread::scope(|threads| {
        let waiting = threads.spawn(|| scene.share(scene.one()));
        scene.liar.keeps_somebody_waiting();
        scene.one().share(&scene.council.stick());
        scene.two.share(&scene.council.stick());
        assert_eq!(scene.two.queue(), ["Mair", "Zofia"]);
        // The first has not given up on the relay by then, and ends well with it.
        scene.liar.tells(Lie::Honest);
        scene.liar.lets_go();
        waiting.join().unwrap().unwrap();
    });
    scene.ends_well(&["Mair", "Zofia"]);
}

#[test]
fn a_certificate_that_has_run_out_is_said_to_have() {
    let council = Council::found();
    let house = House::expired(&[&council.one.hub], 2024);
    council.one.check_in("Mair");
    let told = council.one.hub.sync_with_relay(&house.address).unwrap_err();
    assert_eq!(told, HubError::RelayCertificateExpired);
    assert!(told.to_string().contains("clock"), "{told}");
    assert!(council.one.hub.shell().unwrap().sync.to_share > 0);
}

#[tokio::test]
async fn one_that_never_answers_is_left_alone_after_a_while() {
    let liar = Liar::called();
    liar.before(&liar.address);
    liar.tells(Lie::Silent);
    let address = Address { url: liar.address.url.clone(), certificate: None };
    let laptop = sealed_log::LaptopIdentity::from_secret(&[1; 32]);
    let council = sealed_log::CouncilId::from_bytes([1; 32]);
    let guest = Guest { council, laptop, roster: Vec::new(), token: None };
    let patience = Patience { word: Duration::from_millis(300), ..Patience::default() };
    let relay = Relay::at(&address, guest, patience).unwrap();
    assert_eq!(relay.roster().await, Err(CarrierError::Relay(RelayTrouble::Silent)));
}
