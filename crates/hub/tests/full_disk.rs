//! A disk that is full, and one that can only be read: told apart in a sentence, and nothing that was saved is lost.
//!
//! `/dev/full` answers every write as a full disk does, on every Linux and for everybody, so these always check: a link
//! to it stands where the file is to be written. (SQLite follows no links: how its own writes fare is in `hub/src/hub/full_disk.rs`.)
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
mod office;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output};

use common::{Laptop, PASSPHRASE};
use hub::HubError;
use hub::folder::{self, DataFolder, Holds};
use office::{Office, sentence};

/// What is written to `path` from now on finds the disk full.
fn fill(path: &Path) {
    symlink("/dev/full", path).unwrap();
}

#[test]
fn nothing_is_founded_on_a_full_disk() {
    let office = Office::new();
    fs::create_dir(office.path("first")).unwrap();
    fill(&office.path("first").join("key.json.part"));
    let told = sentence(&office.run("first", &["init", "--council", "C", "--hub", "H"]));
    assert!(told.contains("disk is full"), "{told}");
    assert_eq!(folder::holds(&office.path("first")), Ok(Holds::Nothing));
    office.founded();
}

#[test]
fn the_small_files_of_the_data_folder_tell_a_full_disk() {
    let laptop = Laptop::first();
    let Laptop { dir, world, hub } = laptop;
    drop(hub);
    let taken = DataFolder::take(dir.path()).unwrap();
    let before = taken.counter().unwrap();
    fill(&dir.path().join("counter.part"));
    assert_eq!(taken.set_counter(before + 1).unwrap_err(), HubError::DiskFull);
    assert_eq!(taken.counter(), Ok(before));
    // Wrong passphrases cannot be counted then; the right one still opens.
    fill(&dir.path().join("attempts.part"));
    taken.unlock(&PASSPHRASE.into(), &world.ports()).unwrap();
}

#[test]
fn an_export_onto_a_full_disk_leaves_the_earlier_one() {
    let office = Office::new();
    office.founded();
    office.figures("first", &["export-csv", "out"]);
    let listings = office.path("out").join("listings.csv");
    let before = fs::read(&listings).unwrap();
    fill(&office.path("out").join(".listings.csv.part"));
    let told = sentence(&office.run("first", &["export-csv", "out"]));
    assert!(told.contains("disk is full"), "{told}");
    assert_eq!(fs::read(&listings).unwrap(), before);
}

/// Runs `hubctl` as somebody who may not write where others may only read: root may write anywhere, so root's tests
/// become nobody.
fn as_nobody(office: &Office, args: &[&str]) -> Output {
    let program = office.path("hubctl");
    if !program.exists() {
        fs::copy(env!("CARGO_BIN_EXE_hubctl"), &program).unwrap();
        fs::set_permissions(office.path(""), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = Command::new(program);
    command.arg("--data").arg(office.path("first")).arg("--passphrase-file").arg(office.path("passphrase")).args(args);
    if fs::metadata(office.path("")).unwrap().uid() == 0 {
        command.uid(65_534).gid(65_534);
    }
    command.current_dir("/").output().unwrap()
}

/// Takes the right to write from a folder and what is in it, and gives it back.
fn writable(dir: &Path, may: bool) {
    let (folder, file) = if may { (0o755, 0o644) } else { (0o555, 0o444) };
    for entry in fs::read_dir(dir).unwrap() {
        fs::set_permissions(entry.unwrap().path(), fs::Permissions::from_mode(file)).unwrap();
    }
    fs::set_permissions(dir, fs::Permissions::from_mode(folder)).unwrap();
}

#[test]
fn a_folder_that_can_only_be_read_is_told_and_left_as_it_was() {
    let office = Office::new();
    office.founded();
    let dir = office.path("first");
    let database = fs::read(dir.join("talking-point.db")).unwrap();
    writable(&dir, false);
    let told = sentence(&as_nobody(&office, &["verify"]));
    assert!(told.contains("can only be read") && told.contains("IT"), "{told}");
    writable(&dir, true);
    assert_eq!(fs::read(dir.join("talking-point.db")).unwrap(), database);
    assert_eq!(office.figures("first", &["verify"]).get("differences"), Some(&0));
}

#[test]
fn a_database_that_can_only_be_read_is_told_and_left_as_it_was() {
    let office = Office::new();
    office.founded();
    let dir = office.path("first");
    writable(&dir, true);
    let database = dir.join("talking-point.db");
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o777)).unwrap();
    fs::set_permissions(dir.join("lock"), fs::Permissions::from_mode(0o666)).unwrap();
    fs::set_permissions(&database, fs::Permissions::from_mode(0o444)).unwrap();
    let before = fs::read(&database).unwrap();
    let told = sentence(&as_nobody(&office, &["verify"]));
    assert!(told.contains("can only be read"), "{told}");
    assert_eq!(fs::read(&database).unwrap(), before);
}
