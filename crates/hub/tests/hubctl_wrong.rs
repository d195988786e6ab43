//! What people hand to `hubctl` by mistake: each is one sentence that says what happened and what to do, and nothing is
//! half-done afterwards.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod office;

use std::fs;

use office::{Office, sentence};

#[test]
fn numbers_that_will_not_do_are_told_as_people_count() {
    let office = Office::new();
    for people in ["0", "-5", "19", "200001", "99999999999999999999", "many", "1.5", ""] {
        let told = sentence(&office.run("demo", &["demo", "--people", people]));
        assert!(told.contains("--people") && told.contains("from 20 to 200,000"), "{told}");
    }
    for seed in ["-1", "99999999999999999999999", "x"] {
        let told = sentence(&office.run("demo", &["demo", "--seed", seed]));
        assert!(told.contains("--seed") && told.contains("a whole number, 0 or more"), "{told}");
    }
    assert!(!office.path("demo").exists());
}

#[test]
fn a_passphrase_file_is_never_cut_short() {
    let office = Office::new();
    fs::write(office.path("long"), "a".repeat(1_000_000)).unwrap();
    let told = sentence(&office.run_with("first", "long", &["init", "--council", "C", "--hub", "H"]));
    assert!(told.contains("too long"), "{told}");
    assert!(!office.path("first").exists());
    fs::write(office.path("notepad"), b"\xef\xbb\xbfthree quiet teapots\r\n").unwrap();
    office.founded();
    let opened = office.run_with("first", "notepad", &["verify"]);
    assert!(opened.status.success(), "{}", String::from_utf8_lossy(&opened.stderr));
}

#[test]
fn a_data_folder_that_is_a_file_is_said_to_be_one() {
    let office = Office::new();
    fs::write(office.path("file"), "a letter").unwrap();
    for args in [&["verify"][..], &["init", "--council", "C", "--hub", "H"], &["demo"], &["export-csv", "out"]] {
        let told = sentence(&office.run("file", args));
        assert!(told.contains("is a file, not a folder"), "{args:?}: {told}");
    }
    assert_eq!(fs::read_to_string(office.path("file")).unwrap(), "a letter");
}

#[test]
fn what_is_missing_or_too_long_is_named() {
    let office = Office::new();
    let told = sentence(&office.run("first", &["init", "--council", "", "--hub", "H"]));
    assert!(told.contains("council"), "{told}");
    let told = sentence(&office.run("first", &["init", "--council", "C", "--hub", " \u{200b}"]));
    assert!(told.contains("hub"), "{told}");
    let told = sentence(&office.run("first", &["init", "--council", "C", "--hub", &"H".repeat(301)]));
    assert!(told.contains("hub") && told.contains("300"), "{told}");
    assert!(!office.path("first").exists());
}

#[test]
fn a_join_file_that_will_not_do() {
    let office = Office::new();
    office.founded();
    let bytes = |name: &str| fs::read(office.path(name)).unwrap();
    office.figures("first", &["invite", "--role", "worker", "--out", "join"]);
    let whole = bytes("join");
    let mut older = whole.clone();
    *older.get_mut(8).unwrap() = 0;
    let mut newer = whole.clone();
    *newer.get_mut(8).unwrap() = 9;
    let half = whole.get(..whole.len() / 2).unwrap().to_vec();
    let more = [whole.clone(), vec![0]].concat();
    for (name, bytes) in [("half", half), ("more", more), ("none", Vec::new()), ("older", older)] {
        fs::write(office.path(name), bytes).unwrap();
        let told = sentence(&office.run("second", &["join", "--file", name, "--hub", "X"]));
        assert!(told.contains("Ask for a new one"), "{name}: {told}");
    }
    fs::write(office.path("newer"), newer).unwrap();
    let told = sentence(&office.run("second", &["join", "--file", "newer", "--hub", "X"]));
    assert!(told.contains("another version"), "{told}");
    // A file of a gigabyte with nothing in it takes no room, and is not read to its end.
    fs::File::create(office.path("huge")).unwrap().set_len(1 << 30).unwrap();
    let told = sentence(&office.run("second", &["join", "--file", "huge", "--hub", "X"]));
    assert!(told.contains("not a Talking Point join file"), "{told}");
    for at in (0..whole.len()).step_by(101) {
        let mut flipped = whole.clone();
        *flipped.get_mut(at).unwrap() ^= 4;
        fs::write(office.path("flipped"), flipped).unwrap();
        sentence(&office.run("second", &["join", "--file", "flipped", "--hub", "X"]));
    }
    assert!(!office.path("second").exists());
}

#[test]
fn a_directory_file_that_is_too_large_is_said_to_be() {
    let office = Office::new();
    office.founded();
    fs::File::create(office.path("huge.json")).unwrap().set_len(500 << 20).unwrap();
    let told = sentence(&office.run("first", &["import-directory", "huge.json"]));
    assert!(told.contains("64 MiB") && told.contains("nothing was changed"), "{told}");
}

#[test]
fn a_directory_file_of_any_other_shape_changes_nothing() {
    let office = Office::new();
    office.founded();
    let import = |bytes: &[u8]| {
        fs::write(office.path("d.json"), bytes).unwrap();
        office.run("first", &["import-directory", "d.json"])
    };
    let nested = ["[".repeat(100_000), "]".repeat(100_000)].concat();
    let cut = b"[{\"id\":\"1\",\"name\":\"Choir\",\"status\":\"active\"},{\"id\":";
    for bytes in [&b""[..], b"hello", b"null", b"42", b"{}", b"[\xff]", nested.as_bytes(), cut] {
        assert!(sentence(&import(bytes)).contains("not Open Referral"));
    }
    let fifty = ["[".repeat(50), "]".repeat(50)].concat();
    assert!(import(fifty.as_bytes()).status.success());
    assert_eq!(office.figures("first", &["export-csv", "out"]).get("rows"), Some(&0));
}

#[test]
fn what_is_cut_short_in_a_directory_file_is_told() {
    let office = Office::new();
    office.founded();
    let name = "n".repeat(301);
    let rows = serde_json::json!([
        {"id": "1", "name": name, "status": "active"},
        {"id": "2", "name": "Choir", "status": "active", "description": "d ".repeat(20_000)},
        {"id": "3", "name": name.get(1..), "status": "active", "description": "x".repeat(20_000)},
    ]);
    fs::write(office.path("d.json"), rows.to_string()).unwrap();
    let out = office.run("first", &["import-directory", "d.json"]);
    let told = String::from_utf8(out.stdout).unwrap();
    assert!(told.contains("kept without the end of a name or description that is too long: 2"), "{told}");
    assert_eq!(told.lines().last(), Some("added=3 changed=0 unchanged=0 skipped=0"));
}

#[test]
fn the_folder_with_the_records_is_not_one_to_share_through() {
    let office = Office::new();
    office.founded();
    let before = fs::read_dir(office.path("first")).unwrap().count();
    let told = sentence(&office.run("first", &["sync", "--folder", "first"]));
    assert!(told.contains("this laptop's own records"), "{told}");
    assert_eq!(fs::read_dir(office.path("first")).unwrap().count(), before);
}

#[test]
fn an_export_goes_beside_what_is_there_and_says_so_when_it_cannot() {
    let office = Office::new();
    office.founded();
    fs::create_dir(office.path("out")).unwrap();
    fs::write(office.path("out").join("letter.txt"), "Dear Mair").unwrap();
    office.figures("first", &["export-csv", "out"]);
    office.figures("first", &["export-csv", "out"]);
    assert_eq!(fs::read_to_string(office.path("out").join("letter.txt")).unwrap(), "Dear Mair");
    assert_eq!(fs::read_dir(office.path("out")).unwrap().count(), 5);
    // Nobody, root included, can make a folder there.
    let told = sentence(&office.run("first", &["export-csv", "/proc/nowhere/out"]));
    assert!(told.contains("the folder for the export"), "{told}");
}
