//! Data folders that are copied, or put back from an older copy: nothing is lost, and no log goes two ways unnoticed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod sync_support;

use std::fs;

use hub::view::shell::Role;
use sync_support::{Council, Laptop, copy, files_below};

/// The second laptop's data folder, closed, and the council with it.
fn with_closed_second() -> (Council, std::path::PathBuf) {
    let council = Council::found();
    let two = council.joins(Role::Volunteer, 2);
    two.check_in("Before");
    council.meet(&[&two]);
    (council, two.dir)
}

#[test]
fn a_copy_on_another_machine_writes_a_log_of_its_own() {
    let (council, dir) = with_closed_second();
    let copied = council.place.path().join("copied");
    copy(&dir, &copied);
    let original = Laptop::reopen(&dir, 2, 20, Role::Volunteer);
    let clone = Laptop::open(&copied, 21, Role::Volunteer);
    original.check_in("On the original");
    clone.check_in("On the copy");
    council.meet(&[&original, &clone]);
    original.check_in("Again on the original");
    clone.check_in("Again on the copy");
    council.meet(&[&clone, &original]);
    let all = ["Again on the copy", "Again on the original", "Before", "On the copy", "On the original"];
    for laptop in [&council.one, &original, &clone] {
        assert_eq!(laptop.queue(), all);
        assert_eq!(laptop.refused(), []);
        assert_eq!(laptop.hub.verify().unwrap().broken_streams, 0);
    }
}

#[test]
fn a_copy_that_nothing_tells_apart_is_noticed_at_the_folder() {
    let (council, dir) = with_closed_second();
    let copied = council.place.path().join("copied");
    copy(&dir, &copied);
    // The same machine id, as two laptops made from one disk image have.
    let original = Laptop::reopen(&dir, 2, 20, Role::Volunteer);
    let clone = Laptop::reopen(&copied, 2, 21, Role::Volunteer);
    original.check_in("On the original");
    clone.check_in("On the copy");
    council.meet(&[&original, &clone]);
    assert_eq!(council.one.queue(), ["Before", "On the copy", "On the original"]);
    for laptop in [&council.one, &original, &clone] {
        assert_eq!(laptop.queue(), ["Before", "On the copy", "On the original"]);
        assert_eq!(laptop.refused(), []);
    }
}

#[test]
fn a_log_that_went_two_ways_is_kept_both_ways() {
    let (council, dir) = with_closed_second();
    let copied = council.place.path().join("copied");
    copy(&dir, &copied);
    let original = Laptop::reopen(&dir, 2, 20, Role::Volunteer);
    let clone = Laptop::reopen(&copied, 2, 21, Role::Volunteer);
    original.check_in("On the original");
    clone.check_in("On the copy");
    // Each shares through a folder of its own: neither can see that the other went on.
    let drive = council.place.path().join("drive");
    copy(&council.stick(), &drive);
    original.share(&council.stick());
    clone.share(&drive);
    council.one.share(&council.stick());
    council.one.share(&drive);
    council.one.share(&council.stick());
    assert_eq!(council.one.queue(), ["Before", "On the copy", "On the original"]);
    assert_eq!(council.one.refused(), []);
    // Now both see it, stop writing that log, and have all there is.
    for _ in 0..2 {
        original.check_in("Later on the original");
        clone.check_in("Later on the copy");
        original.share(&council.stick());
        clone.share(&council.stick());
    }
    council.meet(&[&original, &clone]);
    assert_eq!(council.one.queue().len(), 7);
    assert_eq!(original.queue(), council.one.queue());
    assert_eq!(clone.queue(), council.one.queue());
    assert_eq!(council.one.hub.verify().unwrap().broken_streams, 0);
}

#[test]
fn a_data_folder_put_back_from_yesterday_gets_its_own_records_back() {
    let (council, dir) = with_closed_second();
    let yesterday = council.place.path().join("yesterday");
    copy(&dir, &yesterday);
    let two = Laptop::reopen(&dir, 2, 20, Role::Volunteer);
    two.check_in("Today");
    council.meet(&[&two]);
    drop(two);
    fs::remove_dir_all(&dir).unwrap();
    copy(&yesterday, &dir);
    let two = Laptop::reopen(&dir, 2, 22, Role::Volunteer);
    assert_eq!(two.queue(), ["Before"]);
    two.check_in("Written before it heard");
    council.meet(&[&two]);
    two.check_in("Later");
    council.meet(&[&two]);
    let all = ["Before", "Later", "Today", "Written before it heard"];
    assert_eq!(two.queue(), all);
    assert_eq!(council.one.queue(), all);
    assert_eq!(council.one.refused(), []);
}

#[test]
fn a_database_put_back_alone_is_noticed_by_the_counter_beside_it() {
    let (council, dir) = with_closed_second();
    let yesterday = council.place.path().join("yesterday");
    copy(&dir, &yesterday);
    let two = Laptop::reopen(&dir, 2, 20, Role::Volunteer);
    two.check_in("Lost with the disk");
    drop(two);
    for name in ["talking-point.db", "talking-point.db-wal", "talking-point.db-shm"] {
        let (from, to) = (yesterday.join(name), dir.join(name));
        if from.exists() {
            fs::copy(&from, &to).unwrap();
        } else {
            drop(fs::remove_file(&to));
        }
    }
    let two = Laptop::reopen(&dir, 2, 22, Role::Volunteer);
    two.check_in("Later");
    council.meet(&[&two]);
    assert_eq!(council.one.queue(), ["Before", "Later"]);
    assert_eq!(council.one.refused(), []);
}

#[test]
fn the_longer_way_of_a_log_is_fetched_from_where_it_parted() {
    let (council, dir) = with_closed_second();
    let copied = council.place.path().join("copied");
    copy(&dir, &copied);
    let original = Laptop::reopen(&dir, 2, 20, Role::Volunteer);
    let clone = Laptop::reopen(&copied, 2, 21, Role::Volunteer);
    let drive = council.place.path().join("drive");
    copy(&council.stick(), &drive);
    let mut all = vec!["Before".to_owned(), "On the copy".to_owned()];
    for number in 1..=9 {
        all.push(format!("On the original {number}"));
        original.check_in(&format!("On the original {number}"));
        original.share(&council.stick());
    }
    clone.check_in("On the copy");
    clone.share(&drive);
    council.one.share(&drive);
    council.one.share(&council.stick());
    assert_eq!(council.one.queue(), all);
    assert_eq!(council.one.hub.laptop().unwrap().sync.parked, 0);
    assert_eq!(council.one.hub.verify().unwrap().broken_streams, 0);
    // Whoever comes to the drive alone asks there for what parted, and has it.
    for _ in 0..2 {
        council.one.share(&drive);
        clone.share(&drive);
    }
    council.one.share(&drive);
    clone.share(&drive);
    assert_eq!(clone.queue(), all);
    assert_eq!(clone.hub.verify().unwrap().broken_streams, 0);
}

#[test]
fn the_shorter_way_of_a_log_stays_on_show() {
    let (council, dir) = with_closed_second();
    let three = council.joins(Role::Volunteer, 3);
    let copied = council.place.path().join("copied");
    copy(&dir, &copied);
    let original = Laptop::reopen(&dir, 2, 20, Role::Volunteer);
    let clone = Laptop::reopen(&copied, 2, 21, Role::Volunteer);
    let drive = council.place.path().join("drive");
    copy(&council.stick(), &drive);
    for name in ["On the original", "Again on the original"] {
        original.check_in(name);
        original.share(&council.stick());
    }
    three.share(&council.stick());
    clone.check_in("On the copy");
    clone.share(&drive);
    // The original holds both ways now, and takes the longer one to the drive. Who has that already must see the other.
    original.share(&drive);
    three.share(&drive);
    let all = ["Again on the original", "Before", "On the copy", "On the original"];
    assert_eq!(three.queue(), all);
    // And to the stick, where only the longer one was.
    original.share(&council.stick());
    council.one.share(&council.stick());
    assert_eq!(council.one.queue(), all);
    assert_eq!(council.one.refused(), []);
    assert_eq!(council.one.hub.verify().unwrap().broken_streams, 0);
}

#[test]
fn a_way_of_a_log_that_nobody_has_is_asked_for_once_whatever_the_folder() {
    let (council, dir) = with_closed_second();
    let copied = council.place.path().join("copied");
    copy(&dir, &copied);
    let original = Laptop::reopen(&dir, 2, 20, Role::Volunteer);
    let clone = Laptop::reopen(&copied, 2, 21, Role::Volunteer);
    let drive = council.place.path().join("drive");
    copy(&council.stick(), &drive);
    let before = council.segment_files();
    original.check_in("On the original");
    original.share(&council.stick());
    clone.check_in("On the copy");
    clone.share(&drive);
    // Of what the original wrote only the tip is left.
    drop(original);
    for path in council.segment_files().into_iter().filter(|path| !before.contains(path)) {
        fs::remove_file(path).unwrap();
    }
    council.one.share(&drive);
    let round = || {
        council.one.share(&council.stick());
        council.one.share(&drive);
        (files_below(&council.stick()), files_below(&drive))
    };
    round();
    assert_eq!(round(), round());
    // Brought by whoever turns out to have it, it is asked for no more.
    let original = Laptop::reopen(&dir, 2, 22, Role::Volunteer);
    council.meet(&[&original]);
    assert_eq!(council.one.queue(), ["Before", "On the copy", "On the original"]);
    assert_eq!(round(), round());
}

#[test]
fn a_counter_that_no_laptop_could_reach_is_none() {
    let council = Council::found();
    let Council { place, one } = council;
    let dir = one.dir.clone();
    drop(one);
    fs::write(dir.join("counter"), u64::MAX.to_string()).unwrap();
    for seed in [2, 3] {
        let laptop = Laptop::reopen(&dir, 1, seed, Role::Volunteer);
        laptop.check_in("Mair");
    }
    drop(place);
}

#[test]
fn a_name_that_somebody_made_up_begins_no_new_log() {
    let council = Council::found();
    let two = council.joins(Role::Volunteer, 2);
    council.one.check_in("Mair");
    council.meet(&[&two]);
    let in_roster = || files_below(&council.stick()).into_iter().filter(|path| is_in(path, "roster")).count();
    let before = in_roster();
    // Every stream, and every laptop's statements, seem to go on much further than they do.
    for path in files_below(&council.stick()) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let parts: Vec<&str> = name.split('-').collect();
        match parts.as_slice() {
            [log, _, short] if is_in(&path, "tip") => {
                fs::write(path.with_file_name(format!("{log}-0000v000-{short}")), "tip").unwrap();
                fs::write(path.with_file_name(format!("{log}-00000001-00000000")), "tip").unwrap();
            }
            [log, _] if is_in(&path, "seen") => {
                fs::write(path.with_file_name(format!("{log}-0000v000")), "nonsense").unwrap();
            }
            _ => {}
        }
    }
    council.one.check_in("Zofia");
    two.check_in("Ifeoma");
    council.meet(&[&two]);
    for laptop in [&council.one, &two] {
        assert_eq!(laptop.queue(), ["Ifeoma", "Mair", "Zofia"]);
        assert_eq!(laptop.hub.verify().unwrap().broken_streams, 0);
    }
    assert_eq!(in_roster(), before);
    // Each laptop's word is there again, and is believed.
    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    assert_eq!(council.one.hub.laptop().unwrap().others[0].unconfirmed, 0);
}

fn is_in(path: &std::path::Path, folder: &str) -> bool {
    path.components().any(|part| part.as_os_str() == folder)
}
