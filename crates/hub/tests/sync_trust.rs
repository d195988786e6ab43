//! Laptops that are taken out, leave, gain and lose rights, and records that are erased, over real folders.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod sync_support;

use std::fs;
use std::path::Path;

use hub::action::write_conversation::Typed;
use hub::view::laptop::{LaptopStanding, OtherLaptop};
use hub::view::shell::{Gone, Role, Start};
use hub::{HubError, Passphrase};
use sync_schema::{PersonId, Tool};
use sync_support::{Council, Laptop, PASSPHRASE, copy, files_below};

fn passphrase() -> Passphrase {
    Passphrase::from(PASSPHRASE)
}

/// What one laptop knows of another by name.
fn known(by: &Laptop, name: &str) -> OtherLaptop {
    let others = by.hub.laptop().unwrap().others;
    others.into_iter().find(|other| other.name == name).unwrap()
}

impl Council {
    /// Someone sits at the founding laptop who may administer.
    fn office(&self) -> &Laptop {
        self.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
        &self.one
    }

    fn id_of(&self, name: &str) -> String {
        known(&self.one, name).id
    }
}

/// A person spoken with on this laptop, with words that can be searched for.
fn spoken_with(laptop: &Laptop, name: &str, words: &str) -> PersonId {
    laptop.hub.sign_in_as("Sam", Role::Worker).unwrap();
    let visit = laptop.check_in(name);
    let talk = laptop.hub.begin_conversation(visit, None).unwrap();
    laptop.hub.write(talk, Tool::Notes, Typed::now(words)).unwrap();
    laptop.hub.conversation(talk).unwrap().person
}

#[test]
fn a_laptop_that_was_taken_out_learns_nothing_more_and_is_heard_no_more() {
    let council = Council::found();
    let (two, three) = (council.joins(Role::Worker, 2), council.joins(Role::Worker, 3));
    two.check_in("Before");
    council.meet(&[&two, &three]);
    let lost = council.id_of("Green Lane 2");
    council.office().hub.take_out(&lost, &passphrase()).unwrap();
    council.meet(&[&three]);
    three.check_in("After");
    council.meet(&[&three]);
    assert_eq!(three.queue(), ["After", "Before"]);

    // Whoever has it goes on, and lays everything into the folder as if it had heard nothing.
    let other = council.place.path().join("other");
    copy(&council.stick(), &other);
    two.check_in("Forged");
    assert_eq!(two.try_share(&other).unwrap_err(), HubError::TakenOut);
    assert_eq!(two.hub.verify().unwrap().broken_streams, 0);
    // It shows nothing, and nobody can work on it.
    assert!(two.hub.queue().is_err());
    assert!(two.hub.sign_in_as("Sam", Role::Worker).is_err() || two.hub.queue().is_err());
    council.meet(&[&three]);
    assert_eq!(three.queue(), ["After", "Before"]);
    assert_eq!(known(council.office(), "Green Lane 2").standing, LaptopStanding::TakenOut);
}

#[test]
fn what_a_third_laptop_held_of_the_one_taken_out_stands() {
    let council = Council::found();
    let (two, three) = (council.joins(Role::Worker, 2), council.joins(Role::Worker, 3));
    council.meet(&[&two, &three]);
    // Two and three meet by themselves: the office does not know of it.
    let hall = council.place.path().join("hall");
    fs::create_dir(&hall).unwrap();
    two.check_in("Known to the third");
    for laptop in [&two, &three] {
        laptop.share(&hall);
    }
    two.check_in("Known to nobody");
    let lost = council.id_of("Green Lane 2");
    council.office().hub.take_out(&lost, &passphrase()).unwrap();
    council.one.share(&council.stick());
    // The thief shares the rest through the hall's folder, not having heard.
    two.share(&hall);
    council.meet(&[&three]);
    council.meet(&[&three]);
    council.one.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    for laptop in [&council.one, &three] {
        laptop.share(&hall);
        assert_eq!(laptop.queue(), ["Known to the third"]);
        assert!(laptop.refused().iter().any(|(reason, _)| reason == "revoked"), "{:?}", laptop.refused());
    }
}

#[test]
fn erased_means_gone_from_every_laptop_folder_and_file() {
    const WORDS: &str = "planted-erasure-words";
    let council = Council::found();
    let (two, three) = (council.joins(Role::Worker, 2), council.joins(Role::Worker, 3));
    let person = spoken_with(&two, "Mair", WORDS);
    let kept = spoken_with(&two, "Zofia", "other words");
    council.meet(&[&two, &three]);
    let before = segment_bytes(&council.stick());
    let erased = council.office().hub.erase_person(person, &passphrase()).unwrap();
    assert_eq!(erased.documents, 3);
    let unconfirmed = known(&council.one, "Green Lane 2").erasures_unconfirmed;
    assert_eq!(unconfirmed, 1);
    council.meet(&[&two, &three]);
    council.office();
    for name in ["Green Lane 2", "Green Lane 3"] {
        assert_eq!(known(&council.one, name).erasures_unconfirmed, 0);
    }
    assert!(segment_bytes(&council.stick()) < before, "the bodies are still in the folder");
    council.one.hub.sign_in_as("Sam", Role::Worker).unwrap();
    for laptop in [&council.one, &two, &three] {
        assert_eq!(laptop.hub.person(person).unwrap_err(), HubError::NotFound);
        assert!(laptop.hub.people("Mair").unwrap().is_empty());
        assert_eq!(laptop.hub.people("Zofia").unwrap()[0].id, kept);
        assert!(laptop.hub.verify().unwrap().is_whole());
        let sync = laptop.hub.shell().unwrap().sync;
        assert_eq!((sync.parked, sync.refused), (0, 0));
    }
    // A laptop that joins afterwards gets all the rest, and nothing waits on it.
    let four = council.joins(Role::Worker, 4);
    council.meet(&[&two, &three, &four]);
    assert_eq!(four.hub.people("Zofia").unwrap().len(), 1);
    assert!(four.hub.people("Mair").unwrap().is_empty());
    assert_eq!(four.hub.shell().unwrap().sync.parked, 0);
}

#[test]
fn whoever_had_it_without_the_words_takes_them_out_of_other_folders_too() {
    let council = Council::found();
    let (two, three) = (council.joins(Role::Worker, 2), council.joins(Role::Worker, 3));
    let person = spoken_with(&two, "Mair", "planted-erasure-words");
    let drive = council.place.path().join("drive");
    fs::create_dir(&drive).unwrap();
    two.share(&drive);
    let before = segment_bytes(&drive);
    // The third has what was spoken from the stick alone, and only when the words had been taken out there.
    two.share(&council.stick());
    council.one.share(&council.stick());
    council.office().hub.erase_person(person, &passphrase()).unwrap();
    council.one.share(&council.stick());
    three.share(&council.stick());
    three.share(&drive);
    assert!(segment_bytes(&drive) < before, "the bodies are still in the folder");
    // And once told, the folder is not told each time.
    let after = files_below(&drive);
    three.share(&drive);
    assert_eq!(files_below(&drive), after);
}

#[test]
fn what_was_erased_and_comes_back_with_an_old_copy_of_a_folder_is_gone_within_a_day() {
    let council = Council::found();
    let two = council.joins(Role::Worker, 2);
    let person = spoken_with(&two, "Mair", "planted-erasure-words");
    council.meet(&[&two]);
    let yesterday = council.place.path().join("yesterday");
    copy(&council.stick(), &yesterday);
    let before = segment_bytes(&council.stick());
    council.office().hub.erase_person(person, &passphrase()).unwrap();
    council.meet(&[&two]);
    let erased = segment_bytes(&council.stick());
    assert!(erased < before);
    copy(&yesterday, &council.stick());
    council.one.share(&council.stick());
    council.one.world.advance(25 * 60 * 60 * 1000);
    council.one.share(&council.stick());
    assert_eq!(segment_bytes(&council.stick()), erased, "the bodies are in the folder again");
}

fn segment_bytes(folder: &Path) -> u64 {
    let files = files_below(folder);
    let segments = files.iter().filter(|path| path.components().any(|part| part.as_os_str() == "seg"));
    segments.map(|path| fs::metadata(path).unwrap().len()).sum()
}

#[test]
fn what_arrives_later_about_someone_erased_is_hidden() {
    let council = Council::found();
    let two = council.joins(Role::Worker, 2);
    let person = spoken_with(&two, "Mair", "first words");
    council.meet(&[&two]);
    // Two, offline, begins another conversation with her.
    let visit = two.check_in("Mair");
    two.hub.begin_conversation(visit, Some(person)).unwrap();
    council.office().hub.erase_person(person, &passphrase()).unwrap();
    council.meet(&[&two]);
    council.meet(&[&two]);
    council.one.hub.sign_in_as("Sam", Role::Worker).unwrap();
    for laptop in [&council.one, &two] {
        assert!(laptop.hub.people("Mair").unwrap().is_empty());
        let today = laptop.hub.today().unwrap();
        assert!(today.mine.is_empty() && today.finished.is_empty());
        assert!(laptop.hub.verify().unwrap().is_whole());
    }
}

#[test]
fn a_second_administrator_can_do_what_the_first_did() {
    let council = Council::found();
    let (two, three) = (council.joins(Role::Manager, 2), council.joins(Role::Volunteer, 3));
    council.meet(&[&two, &three]);
    assert_eq!(two.hub.renew_keys(&passphrase()).unwrap_err(), HubError::NotAllowed);
    let second = council.id_of("Green Lane 2");
    council.office().hub.make_administrator(&second, &passphrase()).unwrap();
    council.meet(&[&two, &three]);
    let own = two.hub.laptop().unwrap();
    assert!(own.administrator && own.keeps_laptops && own.own.role.is_none() && !own.own.keeper);
    assert_eq!((own.own.id.as_str(), own.own.standing), (second.as_str(), LaptopStanding::Live));
    assert!(!three.hub.laptop().unwrap().keeps_laptops);
    let third = known(&two, "Green Lane 3").id;
    two.hub.take_out(&third, &passphrase()).unwrap();
    council.meet(&[&two]);
    assert_eq!(known(council.office(), "Green Lane 3").standing, LaptopStanding::TakenOut);
    // The founder may leave now; the last one may not.
    let first = known(&two, "Green Lane 1").id;
    council.one.hub.retire(&first, &passphrase()).unwrap();
    assert_eq!(council.one.hub.laptop().unwrap().own.standing, LaptopStanding::Retired);
    assert!(matches!(council.one.hub.start_state().unwrap(), Start::Gone(Gone { left: true, .. })));
    assert_eq!(council.one.try_share(&council.stick()).unwrap_err(), HubError::TakenOut);
    two.share(&council.stick());
    assert_eq!(known(&two, "Green Lane 1").standing, LaptopStanding::Retired);
    let own = council.place.path().join("own");
    fs::create_dir(&own).unwrap();
    assert_eq!(two.hub.retire(&second, &passphrase()).unwrap_err(), HubError::LastAdministrator);
}

#[test]
fn nobody_leaves_with_what_no_other_holds() {
    let council = Council::found();
    let two = council.joins(Role::Manager, 2);
    council.meet(&[&two]);
    let second = council.id_of("Green Lane 2");
    council.office().hub.make_administrator(&second, &passphrase()).unwrap();
    council.meet(&[&two]);
    council.one.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    council.one.check_in("Mair");
    let first = known(&two, "Green Lane 1").id;
    assert_eq!(council.office().hub.retire(&first, &passphrase()).unwrap_err(), HubError::NotYetHeld);
    council.meet(&[&two]);
    // Whoever leaves tells the others at once, where the folder is there.
    council.office().hub.set_sync_folder(Some(council.stick())).unwrap();
    council.one.hub.retire(&first, &passphrase()).unwrap();
    two.share(&council.stick());
    assert_eq!(known(&two, "Green Lane 1").standing, LaptopStanding::Retired);
}

#[test]
fn an_act_needs_the_passphrase_the_right_laptop_and_another_laptop() {
    let council = Council::found();
    let two = council.joins(Role::Worker, 2);
    council.meet(&[&two]);
    let id = council.id_of("Green Lane 2");
    let wrong = Passphrase::from("not the passphrase");
    assert_eq!(council.office().hub.take_out(&id, &wrong).unwrap_err(), HubError::WrongPassphrase);
    assert_eq!(known(&council.one, "Green Lane 2").standing, LaptopStanding::Live);
    assert_eq!(two.hub.take_out(&id, &passphrase()).unwrap_err(), HubError::NotAllowed);
    assert_eq!(council.one.hub.take_out("nonsense", &passphrase()).unwrap_err(), HubError::NotFound);
    let own = known(&two, "Green Lane 1").id;
    assert_eq!(council.one.hub.take_out(&own, &passphrase()).unwrap_err(), HubError::OwnLaptop);
    // A volunteer at the same laptop may not.
    council.one.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    assert_eq!(council.one.hub.take_out(&id, &passphrase()).unwrap_err(), HubError::NotAllowed);
}

#[test]
fn a_role_that_changes_brings_records_and_takes_them_away() {
    let council = Council::found();
    let two = council.joins(Role::Worker, 2);
    let three = council.joins(Role::Volunteer, 3);
    let person = spoken_with(&two, "Mair", "words");
    council.meet(&[&two, &three]);
    let id = council.id_of("Green Lane 3");
    council.office().hub.change_role(&id, Role::Worker, &passphrase()).unwrap();
    // What it is for is what the council says, whatever it last said of itself.
    assert_eq!(known(&council.one, "Green Lane 3").role, Role::Worker);
    council.meet(&[&two, &three]);
    let held = |laptop: &Laptop| laptop.hub.laptop().unwrap().scopes.len();
    assert_eq!(held(&three), 6);
    let role = |laptop: &Laptop| laptop.hub.person(person).is_ok();
    three.hub.sign_in_as("Sam", Role::Worker).unwrap();
    assert!(role(&three));
    // Back to the door: what it held is gone from it, and what is written now it cannot open.
    council.office().hub.change_role(&id, Role::Volunteer, &passphrase()).unwrap();
    council.meet(&[&two, &three]);
    assert_eq!(held(&three), 3);
    assert!(!role(&three));
    let data = three.dir.clone();
    drop(three);
    let again = Laptop::reopen(&data, 3, 33, Role::Volunteer);
    assert!(again.hub.verify().unwrap().is_whole());
    assert_eq!(held(&again), 3);
}

#[test]
fn two_who_renew_the_keys_at_once_go_on_under_one() {
    let council = Council::found();
    let (two, three) = (council.joins(Role::Manager, 2), council.joins(Role::Worker, 3));
    council.meet(&[&two, &three]);
    let second = council.id_of("Green Lane 2");
    council.office().hub.make_administrator(&second, &passphrase()).unwrap();
    council.meet(&[&two, &three]);
    council.office().hub.renew_keys(&passphrase()).unwrap();
    two.hub.renew_keys(&passphrase()).unwrap();
    three.check_in("Under the old key");
    council.meet(&[&two, &three]);
    three.check_in("Under the new one");
    council.meet(&[&two, &three]);
    council.one.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    for laptop in [&council.one, &three] {
        assert_eq!(laptop.queue(), ["Under the new one", "Under the old key"]);
        assert_eq!(laptop.hub.shell().unwrap().sync.parked, 0);
    }
}
