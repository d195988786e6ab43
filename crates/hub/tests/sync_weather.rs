//! A folder in foul weather: what is damaged, forged or foreign is refused or passed over, named and counted, and stops
//! nothing else.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod sync_support;

use std::fs;
use std::path::{Path, PathBuf};

use hub::HubError;
use hub::view::shell::Role;
use sync_support::{Council, files_below};

fn flip(path: &Path, from_end: usize) {
    let mut bytes = fs::read(path).unwrap();
    let at = bytes.len() - 1 - from_end;
    bytes[at] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

#[test]
fn one_flipped_bit_in_a_body_stops_that_record_alone_and_is_mended() {
    let council = Council::found();
    council.one.check_in("Mair");
    council.one.share(&council.stick());
    let two = council.joins(Role::Volunteer, 2);
    council.one.share(&council.stick());
    for file in council.segment_files() {
        flip(&file, 3);
    }
    let met = two.share(&council.stick());
    assert!(met.refused > 0, "{met:?}");
    assert!(two.refused().iter().all(|(reason, _)| reason == "hashMismatch"), "{:?}", two.refused());
    // The envelope stood, so its stream goes on; what was damaged is asked of the others and put again.
    council.one.check_in("Zofia");
    council.one.share(&council.stick());
    two.share(&council.stick());
    assert_eq!(two.queue(), ["Mair", "Zofia"]);
    assert_eq!(two.hub.shell().unwrap().sync.parked, 0);
    assert_eq!(two.hub.verify().unwrap().broken_streams, 0);
}

#[test]
fn one_flipped_bit_in_an_envelope_is_refused_and_mended() {
    let council = Council::found();
    council.one.check_in("Mair");
    council.one.share(&council.stick());
    let two = council.joins(Role::Volunteer, 2);
    council.one.share(&council.stick());
    for file in council.segment_files() {
        let length = fs::read(&file).unwrap().len();
        flip(&file, length - 20);
    }
    let met = two.share(&council.stick());
    assert!(met.refused > 0 && met.received == 0, "{met:?}");
    assert_eq!(two.queue(), Vec::<String>::new());
    council.one.share(&council.stick());
    two.share(&council.stick());
    assert_eq!(two.queue(), ["Mair"]);
}

#[test]
fn half_written_files_and_tips_before_their_segments_are_waited_for() {
    let council = Council::found();
    council.one.check_in("Mair");
    council.one.share(&council.stick());
    let two = council.joins(Role::Volunteer, 2);
    council.one.share(&council.stick());
    let whole: Vec<(PathBuf, Vec<u8>)> =
        council.segment_files().into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    for (nth, (path, bytes)) in whole.iter().enumerate() {
        if nth % 2 == 0 { fs::write(path, &bytes[..bytes.len() / 2]).unwrap() } else { fs::remove_file(path).unwrap() }
    }
    let met = two.share(&council.stick());
    assert_eq!((met.received, met.refused), (0, 0));
    for (path, bytes) in &whole {
        fs::write(path, bytes).unwrap();
    }
    two.share(&council.stick());
    assert_eq!(two.queue(), ["Mair"]);
}

#[test]
fn conflict_copies_and_foreign_files_are_passed_over_and_counted() {
    let council = Council::found();
    council.one.check_in("Mair");
    let two = council.joins(Role::Volunteer, 2);
    council.one.share(&council.stick());
    for path in files_below(&council.stick()) {
        for tail in [" (1)", "-LAPTOP7", ".tmp"] {
            fs::copy(&path, format!("{}{tail}", path.display())).unwrap();
        }
    }
    fs::write(council.stick().join("Rota for May.xlsx"), b"rota").unwrap();
    let met = two.share(&council.stick());
    assert!(met.foreign > 3, "{met:?}");
    assert_eq!(met.refused, 0);
    assert_eq!(two.queue(), ["Mair"]);
    assert!(council.stick().join("Rota for May.xlsx").exists());
}

#[test]
fn another_councils_records_in_the_same_folder_are_left_alone() {
    let (council, other) = (Council::found(), Council::found_as(77));
    council.one.check_in("Mair");
    other.one.check_in("Olwen");
    council.one.share(&council.stick());
    other.one.share(&council.stick());
    council.one.share(&council.stick());
    assert_eq!(council.one.queue(), ["Mair"]);
    assert_eq!(other.one.queue(), ["Olwen"]);
    assert_eq!(council.one.refused(), []);
}

#[test]
fn a_strangers_segment_is_refused_by_name() {
    let (council, other) = (Council::found(), Council::found_as(77));
    council.one.check_in("Mair");
    other.one.check_in("Olwen");
    council.one.share(&council.stick());
    other.one.share(&other.stick());
    // The stranger's files, laid where this council's are: same scope, the stranger's log.
    let ours = fs::read_dir(council.stick()).unwrap().next().unwrap().unwrap().path();
    let theirs = fs::read_dir(other.stick()).unwrap().next().unwrap().unwrap().path();
    let first = |dir: PathBuf| fs::read_dir(dir).unwrap().next().unwrap().unwrap().path();
    let scope = |top: &Path| fs::read_dir(top.join("tip")).unwrap().next().unwrap().unwrap().file_name();
    let (our_scope, their_scope) = (scope(&ours), scope(&theirs));
    sync_support::copy(&theirs.join("seg").join(&their_scope), &ours.join("seg").join(&our_scope));
    let tip = first(theirs.join("tip").join(&their_scope));
    fs::copy(&tip, ours.join("tip").join(&our_scope).join(tip.file_name().unwrap())).unwrap();
    let met = council.one.share(&council.stick());
    assert!(met.refused > 0, "{met:?}");
    assert_eq!(council.one.refused()[0].0, "foreignCouncil");
    let two = council.joins(Role::Worker, 2);
    council.meet(&[&two]);
    assert_eq!(two.queue(), ["Mair"]);
}

#[test]
fn a_missing_folder_and_one_that_can_only_be_read_are_told_apart() {
    let council = Council::found();
    council.one.check_in("Mair");
    let missing = council.one.try_share(&council.place.path().join("no stick"));
    assert_eq!(missing, Err(HubError::SyncFolderMissing));
    assert_eq!(council.one.hub.shell().unwrap().sync.trouble.as_deref(), Some("syncFolderMissing"));
    // The kernel's own folder: there, readable, and closed to all for writing.
    let read_only = council.one.try_share(Path::new("/sys/kernel"));
    assert_eq!(read_only, Err(HubError::SyncFolderReadOnly));
    // Nothing is lost, and the next folder gets all of it.
    council.one.share(&council.stick());
    assert_eq!(council.one.hub.shell().unwrap().sync.trouble, None);
    let two = council.joins(Role::Volunteer, 2);
    council.one.share(&council.stick());
    two.share(&council.stick());
    assert_eq!(two.queue(), ["Mair"]);
}

#[test]
fn a_roster_entry_that_is_damaged_or_forged_is_refused() {
    let council = Council::found();
    council.one.check_in("Mair");
    let two = council.joins(Role::Volunteer, 2);
    let three = council.joins(Role::Volunteer, 3);
    council.one.share(&council.stick());
    three.share(&council.stick());
    // The entry by which the third laptop vouches for its log comes damaged to the second.
    let roster = || -> Vec<PathBuf> {
        let mut files = files_below(&council.stick());
        files.retain(|path| path.parent().unwrap().ends_with("roster"));
        files
    };
    for path in roster() {
        flip(&path, 5);
    }
    let met = two.share(&council.stick());
    assert!(met.refused > 0, "{met:?}");
    assert_eq!(two.queue(), ["Mair"]);
}

#[test]
fn a_spoilt_roster_entry_is_put_again_by_whoever_has_it() {
    // In the version, in the council's name, in a parent's.
    for at in [0, 5, 40] {
        spoilt_at(at);
    }
}

fn spoilt_at(at: usize) {
    let council = Council::found();
    let two = council.joins(Role::Volunteer, 2);
    council.one.share(&council.stick());
    let known = files_below(&council.stick().join(council_folder(&council)).join("roster"));
    two.check_in("Mair");
    two.share(&council.stick());
    for path in files_below(&council.stick().join(council_folder(&council)).join("roster")) {
        if !known.contains(&path) {
            flip(&path, at);
        }
    }
    // The first sight may be of a half-written file; the second is not.
    for _ in 0..2 {
        council.one.share(&council.stick());
        assert_eq!(council.one.queue(), Vec::<String>::new());
    }
    two.share(&council.stick());
    council.one.share(&council.stick());
    assert_eq!(council.one.queue(), ["Mair"]);
}

#[test]
fn a_spoilt_statement_is_put_again_by_its_laptop() {
    let council = Council::found();
    council.one.check_in("Mair");
    let two = council.joins(Role::Volunteer, 2);
    council.meet(&[&two]);
    let unconfirmed = |laptop: &sync_support::Laptop| laptop.hub.laptop().unwrap().sync.to_be_held;
    council.one.check_in("Zofia");
    council.one.share(&council.stick());
    two.share(&council.stick());
    for path in files_below(&council.stick().join(council_folder(&council)).join("seen")) {
        flip(&path, 3);
    }
    council.one.share(&council.stick());
    assert_eq!(unconfirmed(&council.one), 1);
    two.share(&council.stick());
    council.one.share(&council.stick());
    assert_eq!(unconfirmed(&council.one), 0);
}

#[test]
fn what_rested_on_a_damaged_record_is_taken_when_that_is_mended() {
    let council = Council::found();
    let visit = council.one.check_in("Mair");
    council.one.share(&council.stick());
    let two = council.joins(Role::Volunteer, 2);
    for file in council.segment_files() {
        flip(&file, 3);
    }
    council.one.hub.note_left(visit).unwrap();
    council.one.share(&council.stick());
    two.share(&council.stick());
    assert!(two.hub.laptop().unwrap().sync.parked > 1);
    council.one.share(&council.stick());
    two.share(&council.stick());
    assert_eq!(two.hub.laptop().unwrap().sync.parked, 0);
    assert_eq!(two.hub.queue().unwrap().finished, 1);
}

#[test]
fn what_nobody_has_any_more_is_asked_for_once_whatever_the_folder() {
    let council = Council::found();
    let drive = council.place.path().join("drive");
    fs::create_dir(&drive).unwrap();
    let two = council.joins(Role::Volunteer, 2);
    council.meet(&[&two]);
    two.check_in("Mair");
    let before = files_below(&council.stick());
    two.share(&council.stick());
    drop(two);
    for path in council.segment_files().into_iter().filter(|path| !before.contains(path)) {
        fs::remove_file(path).unwrap();
    }
    let round = || {
        council.one.share(&council.stick());
        council.one.share(&drive);
        (files_below(&council.stick()), files_below(&drive))
    };
    round();
    assert_eq!(round(), round());
}

#[test]
fn what_vanished_is_put_back_by_whoever_holds_it() {
    let council = Council::found();
    let two = council.joins(Role::Volunteer, 2);
    for name in ["Mair", "Zofia", "Ola"] {
        council.one.check_in(name);
        council.meet(&[&two]);
    }
    let first = council.segment_files().into_iter().next().unwrap();
    fs::remove_file(&first).unwrap();
    for path in files_below(&council.stick().join(council_folder(&council)).join("roster")) {
        flip(&path, 3);
    }
    // The laptop that wrote it is gone; another of its scopes brings it back within a day, asked or not.
    two.world.advance(25 * 60 * 60 * 1000);
    two.share(&council.stick());
    let three = council.joins(Role::Volunteer, 3);
    three.share(&council.stick());
    assert_eq!(three.queue(), ["Mair", "Ola", "Zofia"]);
    assert_eq!(three.refused(), []);
}

#[test]
fn a_tip_that_somebody_made_up_hides_nothing() {
    let council = Council::found();
    let two = council.joins(Role::Volunteer, 2);
    council.one.check_in("Mair");
    council.meet(&[&two]);
    let drive = council.place.path().join("drive");
    let tips = council.stick().join(council_folder(&council)).join("tip");
    // A fresh folder in which every stream seems to be far ahead.
    for tip in files_below(&tips) {
        let name = tip.file_name().unwrap().to_str().unwrap();
        let mut parts = name.split('-');
        let made_up = format!("{}-0000v000-{}", parts.next().unwrap(), parts.nth(1).unwrap());
        let to = drive.join(tip.parent().unwrap().strip_prefix(council.stick()).unwrap());
        fs::create_dir_all(&to).unwrap();
        fs::write(to.join(made_up), "tip").unwrap();
    }
    two.share(&drive);
    let three = council.joins(Role::Volunteer, 3);
    council.one.share(&drive);
    three.share(&drive);
    assert_eq!(three.queue(), ["Mair"]);
}

/// Somebody writes more than 64 KiB in one go: the longest reason there is, of letters outside English.
fn check_in_with_a_long_story(laptop: &sync_support::Laptop) {
    let story: String = (0..20_000).map(|i| char::from_u32(0x1F300 + i % 700).unwrap()).collect();
    let typed = hub::action::check_in::CheckIn { name: "Mair".to_owned(), reason: story, ..Default::default() };
    laptop.hub.check_in(typed).unwrap();
}

fn blob_files(council: &Council) -> Vec<PathBuf> {
    let folder = council.stick().join(council_folder(council)).join("blob");
    if folder.exists() { files_below(&folder) } else { Vec::new() }
}

#[test]
fn a_large_body_travels_apart_from_its_segment() {
    let council = Council::found();
    check_in_with_a_long_story(&council.one);
    let two = council.joins(Role::Volunteer, 2);
    council.one.share(&council.stick());
    assert_eq!(blob_files(&council).len(), 1);
    assert!(council.segment_files().iter().all(|file| fs::metadata(file).unwrap().len() < 10_000));
    two.share(&council.stick());
    assert_eq!(two.queue(), ["Mair"]);
    assert_eq!(two.hub.verify().unwrap().broken_streams, 0);
}

#[test]
fn a_large_body_that_is_missing_or_spoilt_stops_nothing_and_is_put_again() {
    for spoil in [|path: &PathBuf| fs::remove_file(path).unwrap(), |path: &PathBuf| flip(path, 9)] {
        let council = Council::found();
        check_in_with_a_long_story(&council.one);
        let two = council.joins(Role::Volunteer, 2);
        council.one.share(&council.stick());
        blob_files(&council).iter().for_each(spoil);
        council.one.check_in("Zofia");
        council.one.share(&council.stick());
        two.share(&council.stick());
        assert_eq!(two.queue(), ["Zofia"]);
        assert_eq!(two.hub.shell().unwrap().sync.parked, 1);
        council.one.share(&council.stick());
        two.share(&council.stick());
        assert_eq!(two.queue(), ["Mair", "Zofia"]);
        assert_eq!(two.hub.shell().unwrap().sync.parked, 0);
    }
}

#[test]
fn a_large_body_that_vanished_is_put_back_by_another_laptop() {
    let council = Council::found();
    check_in_with_a_long_story(&council.one);
    let two = council.joins(Role::Volunteer, 2);
    council.meet(&[&two]);
    blob_files(&council).iter().for_each(|path| fs::remove_file(path).unwrap());
    two.world.advance(25 * 60 * 60 * 1000);
    two.share(&council.stick());
    let three = council.joins(Role::Volunteer, 3);
    three.share(&council.stick());
    assert_eq!(three.queue(), ["Mair"]);
}

/// The council's own folder on the stick.
fn council_folder(council: &Council) -> std::ffi::OsString {
    fs::read_dir(council.stick()).unwrap().map(|entry| entry.unwrap().file_name()).next().unwrap()
}

/// The same segments with every body marked as erased, as anybody with a text editor could.
fn mark_erased(file: &Path) {
    let unpacked = carriers::frame::unpack(&fs::read(file).unwrap());
    let erased: Vec<Vec<u8>> = unpacked
        .segments
        .iter()
        .map(|bytes| {
            let mut segment = sealed_log::Segment::decode(bytes).unwrap();
            segment.bodies.iter_mut().for_each(|body| *body = sealed_log::Body::Erased);
            segment.encode()
        })
        .collect();
    fs::write(file, carriers::frame::pack(erased.iter().map(Vec::as_slice))).unwrap();
}

#[test]
fn a_mark_that_says_erased_erases_nothing_unless_the_roster_says_so() {
    let council = Council::found();
    council.one.check_in("Mair");
    council.one.share(&council.stick());
    let two = council.joins(Role::Volunteer, 2);
    council.one.share(&council.stick());
    council.segment_files().iter().for_each(|file| mark_erased(file));
    let met = two.share(&council.stick());
    assert_eq!(met.applied, 0);
    // The roster's word may be on its way: it waits, and is nothing to be told of.
    assert_eq!(two.refused(), []);
    // Nothing that the other lacks counts as safe there.
    council.one.share(&council.stick());
    two.share(&council.stick());
    assert_eq!(two.queue(), ["Mair"]);
}

#[test]
fn what_another_laptop_holds_without_its_content_is_not_safe_there() {
    let council = Council::found();
    council.one.check_in("Mair");
    council.one.share(&council.stick());
    let two = council.joins(Role::Volunteer, 2);
    council.one.share(&council.stick());
    for file in council.segment_files() {
        flip(&file, 3);
    }
    two.share(&council.stick());
    let held = |laptop: &sync_support::Laptop| laptop.hub.laptop().unwrap().sync.to_be_held;
    let before = held(&council.one);
    // Its statement covers the envelope and asks for the content, which is put again by now.
    council.one.share(&council.stick());
    assert!(held(&council.one) > 0, "{before}");
    two.share(&council.stick());
    council.one.share(&council.stick());
    assert_eq!(held(&council.one), 0);
}

#[test]
fn what_is_asked_for_is_put_also_by_one_who_gets_it_later() {
    let council = Council::found();
    let drive = council.place.path().join("drive");
    fs::create_dir(&drive).unwrap();
    let (two, three) = (council.joins(Role::Volunteer, 2), council.joins(Role::Volunteer, 3));
    council.meet(&[&two, &three]);
    three.check_in("Mair");
    three.share(&council.stick());
    sync_support::copy(&council.stick(), &drive);
    for file in council.segment_files() {
        flip(&file, 3);
    }
    two.share(&council.stick());
    assert!(two.hub.shell().unwrap().sync.parked > 0);
    // The first reads the request while it lacks the record as well, then finds it on the drive.
    council.one.share(&council.stick());
    council.one.share(&drive);
    council.one.share(&council.stick());
    two.share(&council.stick());
    assert_eq!(two.queue(), ["Mair"]);
}
