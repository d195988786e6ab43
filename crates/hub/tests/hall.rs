//! Laptops in one hall: found by multicast, known by the roster, live, and giving nobody what the roster doesn't let them
//! have. Real connections on this machine's own network.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is wrong")]

mod sync_support;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use hub::view::shell::{InHall, Role};
use hub::{Hub, Passphrase, Place};
use sync_support::{Council, Laptop, PASSPHRASE, files_below};

/// Nothing in a hall takes so long.
const LONG: Duration = Duration::from_secs(60);

/// A laptop with a place in the hall.
struct Seated {
    hub: Arc<Hub>,
    changed: Receiver<()>,
    place: Place,
}

impl Seated {
    fn at(laptop: Laptop) -> Self {
        let hub = Arc::new(laptop.hub);
        let (tell, changed) = mpsc::channel();
        let place = hub
            .enter_hall(move || {
                let _ = tell.send(());
            })
            .unwrap();
        Self { hub, changed, place }
    }

    /// Waits until this is so, looking whenever the hall says that something changed.
    fn until(&self, what: &str, is_so: impl Fn(&Hub) -> bool) {
        let end = Instant::now() + LONG;
        while !is_so(&self.hub) {
            let left = end.checked_duration_since(Instant::now()).unwrap_or_default();
            self.changed.recv_timeout(left).unwrap_or_else(|_| panic!("in vain: {what}"));
        }
    }

    fn queue(&self) -> Vec<String> {
        names(&self.hub)
    }

    fn check_in(&self, name: &str) {
        let typed = hub::action::check_in::CheckIn { name: name.to_owned(), ..Default::default() };
        self.hub.check_in(typed).unwrap();
    }

    fn hall(&self) -> InHall {
        hall(&self.hub)
    }
}

fn names(hub: &Hub) -> Vec<String> {
    let mut names: Vec<String> = hub.queue().unwrap().waiting.into_iter().filter_map(|row| row.name).collect();
    names.sort();
    names
}

fn hall(hub: &Hub) -> InHall {
    hub.shell().unwrap().sync.hall.unwrap()
}

/// The scopes, by their sealed names, of which a laptop has anything to put into an empty folder.
fn passed_on(hub: &Hub) -> BTreeSet<String> {
    let folder = tempfile::tempdir().unwrap();
    hub.sync_with(folder.path()).unwrap();
    let files = files_below(folder.path()).into_iter();
    let scope = |path: PathBuf| {
        let parts: Vec<String> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let at = parts.iter().position(|part| part == "seg")?;
        parts.get(at + 1).cloned()
    };
    files.filter_map(scope).collect()
}

/// A seed that no other test has, in this process or beside it: in one hall nobody is there twice.
fn alone(number: u64) -> u64 {
    u64::from(std::process::id()) * 1000 + number
}

fn passphrase() -> Passphrase {
    Passphrase::from(PASSPHRASE)
}

#[test]
fn who_is_checked_in_at_one_stands_in_the_others_queue_with_no_folder_between_them() {
    let council = Council::found_as(alone(1));
    let two = council.joins(Role::Volunteer, alone(2));
    let (one, two) = (Seated::at(council.one), Seated::at(two));
    // Neither has ever shared: the roster itself goes from one to the other here.
    one.check_in("Mair");
    two.until("Mair in the second queue", |hub| names(hub) == ["Mair"]);
    two.check_in("Zofia");
    one.until("Zofia in the first queue", |hub| names(hub) == ["Mair", "Zofia"]);
    one.until("what was saved here is held by another", |hub| {
        let sync = hub.shell().unwrap().sync;
        (sync.to_share, sync.to_be_held) == (0, 0)
    });
    one.until("the screen says who is about", |hub| hall(hub).with == ["Green Lane 2"]);
    drop(two.place);
    one.until("the screen says that it has gone", |hub| hall(hub).with.is_empty());
}

#[test]
fn nobody_is_given_what_their_role_does_not_hold() {
    let council = Council::found_as(alone(1));
    let (two, three) = (council.joins(Role::Worker, alone(2)), council.joins(Role::Volunteer, alone(3)));
    let (one, two, three) = (Seated::at(council.one), Seated::at(two), Seated::at(three));
    two.hub.sign_in_as("Sam", Role::Worker).unwrap();
    two.check_in("Mair");
    let visit = two.hub.queue().unwrap().waiting.first().unwrap().visit;
    let talk = two.hub.begin_conversation(visit, None).unwrap();
    let words = hub::action::write_conversation::Typed::now("said in confidence");
    two.hub.write(talk, sync_schema::Tool::Notes, words).unwrap();
    two.check_in("Zofia");
    three.until("Zofia at the volunteer's", |hub| names(hub) == ["Zofia"]);
    one.hub.sign_in_as("Ann", Role::Worker).unwrap();
    one.until("the conversation in the office", |hub| hub.conversation(talk).is_ok());
    // What is sealed for workers is not even on the volunteer's laptop: it has nothing of theirs to pass on.
    let (by_two, by_three) = (passed_on(&two.hub), passed_on(&three.hub));
    assert!(by_three.is_subset(&by_two), "{by_three:?} of {by_two:?}");
    assert_eq!(by_two.difference(&by_three).count(), 1, "casework alone: {by_three:?} of {by_two:?}");
}

#[test]
fn one_that_was_taken_out_hears_so_in_the_hall_and_nothing_else() {
    let council = Council::found_as(alone(1));
    let (two, three) = (council.joins(Role::Volunteer, alone(2)), council.joins(Role::Volunteer, alone(3)));
    council.meet(&[&two, &three]);
    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    let others = council.one.hub.laptop().unwrap().others;
    let lost = others.into_iter().find(|other| other.name == "Green Lane 2").unwrap().id;
    council.one.hub.take_out(&lost, &passphrase()).unwrap();
    let one = Seated::at(council.one);
    one.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    one.check_in("After");
    let (two, three) = (Seated::at(two), Seated::at(three));
    three.until("After at the third", |hub| names(hub) == ["After"]);
    two.until("the lost one has heard", |hub| hub.queue().is_err());
    assert!(one.hall().with.iter().all(|name| name != "Green Lane 2"), "{:?}", one.hall());
}

#[test]
fn laptops_of_two_councils_do_not_hear_of_each_other() {
    let (here, there) = (Council::found_as(alone(1)), Council::found_as(alone(101)));
    let (two, far) = (here.joins(Role::Volunteer, alone(2)), there.joins(Role::Volunteer, alone(102)));
    let (one, two) = (Seated::at(here.one), Seated::at(two));
    let (other, far) = (Seated::at(there.one), Seated::at(far));
    one.check_in("Mair");
    other.check_in("Zofia");
    two.until("Mair at the second", |hub| names(hub) == ["Mair"]);
    far.until("Zofia at the other council's second", |hub| names(hub) == ["Zofia"]);
    assert_eq!((one.queue(), other.queue()), (vec!["Mair".to_owned()], vec!["Zofia".to_owned()]));
    assert_eq!(one.hall().with, ["Green Lane 2"]);
    assert_eq!(one.hall().out_of_reach, 0);
}
