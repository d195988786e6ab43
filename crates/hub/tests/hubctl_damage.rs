//! `hubctl verify` after each kind of damage: it says so, with its figures where there are any, and changes nothing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod office;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use office::{Office, last_line, sentence};

/// Every file of a data folder, by name.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |entry: fs::DirEntry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap());
    // SQLite's own two, which hold nothing once the last program has left.
    let own = |name: &String| !name.ends_with("-wal") && !name.ends_with("-shm");
    fs::read_dir(dir).unwrap().map(|entry| read(entry.unwrap())).filter(|(name, _)| own(name)).collect()
}

/// Changes one file of the data folder, proves it, and puts everything back.
fn after(office: &Office, name: &str, damage: impl FnOnce(&mut Vec<u8>)) -> (String, String) {
    let dir = office.path("first");
    let whole = files(&dir);
    let mut bytes = whole[name].clone();
    damage(&mut bytes);
    fs::write(dir.join(name), &bytes).unwrap();
    let before = files(&dir);
    let out = office.run("first", &["verify"]);
    // Not `assert_eq`, which would print every byte of a database.
    assert!(files(&dir) == before, "verify changed a file after {name} was damaged");
    for (name, bytes) in whole {
        fs::write(dir.join(name), bytes).unwrap();
    }
    (sentence(&out), last_line(&out))
}

#[test]
fn verify_changes_no_byte_and_finds_every_kind_of_damage() {
    let office = Office::new();
    office.figures("first", &["demo", "--people", "20"]);
    let whole = files(&office.path("first"));
    let said = office.figures("first", &["verify"]);
    assert_eq!((said["faults"], said["differences"]), (0, 0));
    assert!(files(&office.path("first")) == whole, "verify changed a file of a whole database");

    let database = "talking-point.db";
    let pages = whole[database].len() / 4096;
    for page in [1, pages / 2, pages - 1] {
        let (told, figures) = after(&office, database, |bytes| bytes[page * 4096 + 200] ^= 1);
        assert!(told.contains("damaged"), "page {page}: {told}");
        // A page that the program needs to open the records at all leaves no figures.
        assert!(
            figures.is_empty() || figures.starts_with("documents=0 ") && !figures.contains("faults=0"),
            "{figures}"
        );
    }
    let (told, figures) = after(&office, database, |bytes| bytes.truncate(bytes.len() - 100));
    assert!(told.contains("damaged") && figures.contains("faults="), "{told} {figures}");
    let half = pages / 2 * 4096;
    for (name, length) in [(database, half), (database, 0), ("key.json", 100), ("key.json", 0)] {
        let (told, _) = after(&office, name, |bytes| bytes.truncate(length));
        assert!(told.contains("damaged") && told.contains("Do not delete"), "{name} {length}: {told}");
    }
    assert_eq!(office.figures("first", &["verify"])["faults"], 0);
}

#[test]
fn a_folder_with_only_half_of_what_belongs_together_is_damaged_and_not_empty() {
    let office = Office::new();
    office.founded();
    for name in ["talking-point.db", "key.json"] {
        let path = office.path("first").join(name);
        let bytes = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        for args in [&["verify"][..], &["init", "--council", "C", "--hub", "H"], &["demo"]] {
            let told = sentence(&office.run("first", args));
            assert!(told.contains("damaged"), "{name} {args:?}: {told}");
        }
        assert!(!path.exists());
        fs::write(&path, bytes).unwrap();
    }
    office.figures("first", &["verify"]);
}

#[test]
fn small_files_that_make_no_sense_stop_nobody() {
    let office = Office::new();
    office.founded();
    for (name, nonsense) in [("counter", "banana"), ("counter", ""), ("attempts.json", "{"), ("lock", "banana")] {
        fs::write(office.path("first").join(name), nonsense).unwrap();
        office.figures("first", &["export-csv", "out"]);
        assert_eq!(office.figures("first", &["verify"])["faults"], 0, "{name}");
    }
}
