//! A new laptop's first sync from a keeper's snapshot: rows first, then the documents; stopped anywhere it goes on, and
//! what is not what it says is left for the log.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod sync_support;

use std::fs;
use std::path::{Path, PathBuf};

use hub::action::write_conversation::Typed;
use hub::view::shell::Role;
use hub::{HubError, Passphrase};
use sync_schema::{PersonId, Tool, VisitId};
use sync_support::{Council, Laptop, files_below};

/// The snapshots' files on the stick, in the order of their names: manifests last in each.
fn snapshot_files(council: &Council) -> Vec<PathBuf> {
    let mut files = files_below(&council.stick());
    files.retain(|path| path.components().any(|part| part.as_os_str() == "snap"));
    files.sort();
    files
}

fn chunks(council: &Council) -> Vec<PathBuf> {
    let mut files = snapshot_files(council);
    files.retain(|path| path.file_name().unwrap() != "manifest");
    files
}

/// As a pruned folder: the log's beginning is gone.
fn remove_log(council: &Council) {
    for file in council.segment_files() {
        fs::remove_file(file).unwrap();
    }
}

/// Three people came, the first laptop shared them and left a snapshot.
fn with_snapshot() -> Council {
    let council = Council::found();
    for name in ["Mair", "Zofia", "Dai"] {
        council.one.check_in(name);
    }
    council.one.share(&council.stick());
    let written = council.one.hub.write_snapshots(&council.stick()).unwrap();
    assert_eq!((written.snapshots, written.documents), (2, 5), "the door's visits, and the council with its hub");
    council
}

fn visit_of(laptop: &Laptop, name: &str) -> VisitId {
    let waiting = laptop.hub.queue().unwrap().waiting;
    waiting.into_iter().find(|row| row.name.as_deref() == Some(name)).unwrap().visit
}

fn is_whole(laptop: &Laptop) {
    let verified = laptop.hub.verify().unwrap();
    assert!(verified.is_whole(), "{verified:?}");
    assert_eq!(laptop.hub.shell().unwrap().sync.arriving, None);
}

#[test]
fn a_new_laptop_needs_no_more_than_the_snapshot_and_what_came_after() {
    let council = with_snapshot();
    remove_log(&council);
    council.one.check_in("Olwen");
    council.one.share(&council.stick());
    let two = council.joins(Role::Volunteer, 2);
    council.one.share(&council.stick());
    let met = two.share(&council.stick());
    assert_eq!((met.refused, met.parked), (0, 0), "{met:?}");
    assert_eq!(two.queue(), ["Dai", "Mair", "Olwen", "Zofia"]);
    is_whole(&two);

    // From here on it is a laptop as any other: what it writes is heard, and what others write.
    two.check_in("Bronwen");
    let mair = visit_of(&two, "Mair");
    two.hub.note_left(mair).unwrap();
    council.one.check_in("Ffion");
    council.meet(&[&two]);
    assert_eq!(two.queue(), council.one.queue());
    assert_eq!(two.queue(), ["Bronwen", "Dai", "Ffion", "Olwen", "Zofia"]);
    assert_eq!(council.one.hub.shell().unwrap().sync.to_be_held, 0);
    is_whole(&two);
    is_whole(&council.one);
}

#[test]
fn what_is_shown_before_its_document_has_come_can_be_read_and_not_changed() {
    let council = with_snapshot();
    remove_log(&council);
    let two = council.joins(Role::Volunteer, 2);
    council.one.share(&council.stick());
    // Of each scope the first chunk is of rows, the second of documents.
    let aside = council.place.path().join("aside");
    let documents: Vec<PathBuf> =
        chunks(&council).into_iter().filter(|path| path.to_str().unwrap().ends_with('1')).collect();
    assert_eq!(documents.len(), 2, "{:?}", chunks(&council));
    fs::create_dir(&aside).unwrap();
    for (nth, path) in documents.iter().enumerate() {
        fs::rename(path, aside.join(nth.to_string())).unwrap();
    }
    two.share(&council.stick());
    assert_eq!(two.queue(), ["Dai", "Mair", "Zofia"]);
    let sync = two.hub.shell().unwrap().sync;
    let arriving = sync.arriving.unwrap();
    assert_eq!((arriving.shown, arriving.come, arriving.of), (5, 0, 5));
    let mair = visit_of(&two, "Mair");
    assert_eq!(two.hub.note_left(mair), Err(HubError::StillArriving));
    assert_eq!(two.hub.verify(), Err(HubError::StillArriving));

    // People are checked in meanwhile, and the others hear of them.
    two.check_in("Bronwen");
    two.share(&council.stick());
    council.one.share(&council.stick());
    assert_eq!(council.one.queue(), ["Bronwen", "Dai", "Mair", "Zofia"]);

    // Made again from the documents by a newer program meanwhile, what is on its way waits for them.
    two.hub.rebuild_projections().unwrap();
    assert_eq!(two.queue(), ["Bronwen"]);
    for (nth, path) in documents.iter().enumerate() {
        fs::rename(aside.join(nth.to_string()), path).unwrap();
    }
    two.share(&council.stick());
    assert_eq!(two.queue(), ["Bronwen", "Dai", "Mair", "Zofia"]);
    two.hub.note_left(mair).unwrap();
    is_whole(&two);
}

#[test]
fn stopped_before_any_chunk_it_goes_on_where_it_was() {
    let council = with_snapshot();
    remove_log(&council);
    let all = chunks(&council);
    assert_eq!(all.len(), 4);
    let two = council.joins(Role::Volunteer, 2);
    council.one.share(&council.stick());
    let dir = two.dir.clone();
    let kept: Vec<Vec<u8>> = all.iter().map(|path| fs::read(path).unwrap()).collect();
    for path in &all {
        fs::remove_file(path).unwrap();
    }
    let mut laptop = two;
    for (nth, (path, bytes)) in all.iter().zip(&kept).enumerate() {
        laptop.share(&council.stick());
        assert!(laptop.hub.shell().unwrap().sync.arriving.is_some());
        // A power cut, as far as the records can tell: nothing is said, the program is gone.
        drop(laptop);
        laptop = Laptop::reopen(&dir, 2, 20 + nth as u64, Role::Volunteer);
        fs::write(path, bytes).unwrap();
    }
    laptop.share(&council.stick());
    assert_eq!(laptop.queue(), ["Dai", "Mair", "Zofia"]);
    is_whole(&laptop);
}

fn spoil(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_spoilt_snapshot_is_counted_and_left_for_the_log() {
    for nth in 0..4 {
        let council = with_snapshot();
        let two = council.joins(Role::Volunteer, 2);
        council.one.share(&council.stick());
        spoil(&chunks(&council)[nth]);
        two.share(&council.stick());
        assert_eq!(two.queue(), ["Dai", "Mair", "Zofia"], "chunk {nth}");
        assert_eq!(two.refused(), [("hashMismatch".to_owned(), 1)], "chunk {nth}");
        is_whole(&two);
    }
}

#[test]
fn with_one_spoilt_another_is_taken() {
    let council = with_snapshot();
    let first = snapshot_files(&council);
    council.one.check_in("Olwen");
    council.one.share(&council.stick());
    council.one.hub.write_snapshots(&council.stick()).unwrap();
    remove_log(&council);
    for path in chunks(&council).iter().filter(|path| !first.contains(path)) {
        spoil(path);
    }
    let two = council.joins(Role::Volunteer, 2);
    council.one.share(&council.stick());
    two.share(&council.stick());
    assert_eq!(two.queue(), ["Dai", "Mair", "Zofia"]);
    assert_eq!(two.hub.shell().unwrap().sync.arriving, None);
}

#[test]
fn a_half_written_or_spoilt_manifest_is_no_snapshot() {
    for cut in [true, false] {
        let council = with_snapshot();
        for path in snapshot_files(&council).iter().filter(|path| path.ends_with("manifest")) {
            let bytes = fs::read(path).unwrap();
            if cut { fs::write(path, &bytes[..bytes.len() / 2]).unwrap() } else { spoil(path) }
        }
        let two = council.joins(Role::Volunteer, 2);
        council.one.share(&council.stick());
        two.share(&council.stick());
        assert_eq!(two.queue(), ["Dai", "Mair", "Zofia"]);
        is_whole(&two);
    }
}

#[test]
fn only_a_keeper_writes_one_and_old_ones_go() {
    let council = with_snapshot();
    let two = council.joins(Role::Worker, 2);
    council.meet(&[&two]);
    assert_eq!(two.hub.write_snapshots(&council.stick()), Err(HubError::NotAllowed));
    for name in ["Olwen", "Bronwen", "Ffion"] {
        council.one.check_in(name);
        council.one.share(&council.stick());
        council.one.hub.write_snapshots(&council.stick()).unwrap();
    }
    let manifests = snapshot_files(&council).into_iter().filter(|path| path.ends_with("manifest")).count();
    assert_eq!(manifests, 4, "two of each scope");
    assert_eq!(chunks(&council).len(), 8, "and nothing left of the others");
}

/// Somebody spoken with, in a snapshot of their own.
fn spoken_with(laptop: &Laptop, name: &str) -> PersonId {
    laptop.hub.sign_in_as("Sam", Role::Worker).unwrap();
    let visit = laptop.check_in(name);
    let talk = laptop.hub.begin_conversation(visit, None).unwrap();
    laptop.hub.write(talk, Tool::Notes, Typed::now("about the rent")).unwrap();
    laptop.hub.conversation(talk).unwrap().person
}

#[test]
fn who_was_erased_is_in_no_snapshot_any_more_and_comes_back_with_none() {
    let council = Council::found();
    let gone = spoken_with(&council.one, "Mair Evans");
    spoken_with(&council.one, "Zofia Nowak");
    council.one.share(&council.stick());
    council.one.hub.write_snapshots(&council.stick()).unwrap();
    let aside = council.place.path().join("aside");
    let (stale, snap) = (aside.join("snap"), snapshot_files(&council)[0].ancestors().nth(3).unwrap().to_owned());
    sync_support::copy(&snap, &stale);

    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    council.one.hub.erase_person(gone, &Passphrase::from(sync_support::PASSPHRASE)).unwrap();
    let before = snapshot_files(&council);
    council.one.share(&council.stick());
    let after = snapshot_files(&council);
    let casework = before.iter().filter(|path| !after.contains(path)).count();
    assert!(casework >= 3, "the one that they were in is gone: {casework}");

    // A newcomer finds the stale one all the same: on a stick that nobody has brought for long.
    remove_log(&council);
    fs::remove_dir_all(&snap).unwrap();
    sync_support::copy(&stale, &snap);
    let two = council.joins(Role::Worker, 2);
    council.one.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    two.share(&council.stick());
    let names = |query: &str| two.hub.people(query).unwrap().into_iter().map(|row| row.name).collect::<Vec<_>>();
    assert_eq!(names("Zofia"), [Some("Zofia Nowak".to_owned())]);
    assert_eq!(names("Mair"), []);
    is_whole(&two);
}

#[test]
fn a_snapshot_and_a_log_of_which_parts_are_gone_are_brought_by_whoever_has_them() {
    let council = with_snapshot();
    let two = council.joins(Role::Volunteer, 2);
    council.one.share(&council.stick());
    remove_log(&council);
    fs::remove_file(chunks(&council).pop().unwrap()).unwrap();
    fs::remove_file(chunks(&council).remove(0)).unwrap();
    for laptop in [&two, &council.one, &two] {
        laptop.share(&council.stick());
    }
    assert_eq!(two.queue(), ["Dai", "Mair", "Zofia"]);
    is_whole(&two);
}
