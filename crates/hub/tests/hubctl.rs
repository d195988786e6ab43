//! `hubctl` driven as IT drives it: as a program, by its arguments, its exit code and what it prints.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod office;

use std::fs;
use std::path::Path;
use std::process::Command;

use office::{Office, last_line, sentence};

fn listing(id: &str, name: &str) -> serde_json::Value {
    serde_json::json!({
        "id": id, "name": name, "status": "active", "assured_date": "2025-10-12", "description": "A hot dinner and company.",
        "schedules": [{"id": "s", "freq": "WEEKLY", "byday": "TU", "opens_at": "12:00:00", "closes_at": "14:00:00"}],
    })
}

#[test]
fn wrong_arguments_are_one_sentence_and_1() {
    let office = Office::new();
    let bare = |args: &[&str]| Command::new(env!("CARGO_BIN_EXE_hubctl")).args(args).output().unwrap();
    assert!(sentence(&bare(&[])).contains("--help"));
    sentence(&bare(&["--data", "x", "verify"]));
    sentence(&office.run("first", &["fly"]));
    sentence(&office.run("first", &["invite", "--role", "king", "--out", "x"]));
    sentence(&office.run("first", &["demo", "--people", "1"]));
    sentence(&office.run("first", &["init", "--hub", "x"]));
    let help = bare(&["--help"]);
    assert!(help.status.success() && String::from_utf8_lossy(&help.stdout).contains("import-directory"));
    assert!(bare(&["--version"]).status.success());
}

#[test]
fn a_passphrase_file_that_will_not_do() {
    let office = Office::new();
    let init = ["init", "--council", "C", "--hub", "H"];
    assert!(sentence(&office.run_with("first", "nowhere", &init)).contains("could not be read"));
    fs::write(office.path("empty"), "\nthree quiet teapots\n").unwrap();
    assert!(sentence(&office.run_with("first", "empty", &init)).contains("empty"));
    fs::write(office.path("bytes"), b"\xff\xfe\xff").unwrap();
    assert!(sentence(&office.run_with("first", "bytes", &init)).contains("UTF-8"));
    fs::write(office.path("short"), "tea").unwrap();
    assert!(sentence(&office.run_with("first", "short", &init)).contains("too short"));
    assert!(!office.path("first").join("talking-point.db").exists());
}

#[test]
fn a_council_is_founded_once_and_opens_with_its_passphrase() {
    let office = Office::new();
    let out = office.run("first", &["init", "--council", "Aberwen Council", "--hub", "Green Lane Library"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert!(String::from_utf8_lossy(&out.stdout).contains("recovery words"));
    assert!(last_line(&out).contains('='));
    assert!(sentence(&office.run("first", &["init", "--council", "C", "--hub", "H"])).contains("already"));
    assert_eq!(office.figures("first", &["verify"])["differences"], 0);
    fs::write(office.path("wrong"), "three loud teapots\n").unwrap();
    assert!(sentence(&office.run_with("first", "wrong", &["verify"])).contains("passphrase"));
    assert!(sentence(&office.run("nowhere", &["verify"])).contains("no records"));
    assert!(office.figures("first", &["rebuild"])["documents"] > 0);
}

/// Founds a council at a terminal (util-linux's `script` makes one), with an answer to the words that were shown.
#[cfg(target_os = "linux")]
fn founded_at_a_terminal(office: &Office, answer: impl FnOnce(&str) -> String) -> (bool, String) {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::process::{Command, Stdio};

    let call = format!(
        "'{}' --data first --passphrase-file passphrase init --council C --hub H",
        env!("CARGO_BIN_EXE_hubctl")
    );
    let mut terminal = Command::new("script")
        .args(["--quiet", "--return", "--echo", "never", "--command", &call, "/dev/null"])
        .current_dir(office.path("."))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut shown = BufReader::new(terminal.stdout.take().unwrap());
    let mut line = String::new();
    let is_words = |line: &str| line.split_whitespace().count() == 14 && line.split_whitespace().all(|g| g.len() == 4);
    while !is_words(&line) {
        line.clear();
        assert!(shown.read_line(&mut line).unwrap() > 0, "no words were shown");
    }
    let mut keys = terminal.stdin.take().unwrap();
    keys.write_all(answer(line.trim()).as_bytes()).unwrap();
    let mut rest = String::new();
    shown.read_to_string(&mut rest).unwrap();
    drop(keys);
    (terminal.wait().unwrap().success(), rest)
}

#[cfg(target_os = "linux")]
#[test]
fn whoever_founds_at_a_terminal_types_the_words_again() {
    let office = Office::new();
    let (done, said) = founded_at_a_terminal(&office, |_| "AAAA BBBB\n\n\n".to_owned());
    assert!(!done && said.contains("not the words") && said.contains("nothing was founded"), "{said}");
    assert!(!office.path("first").join("talking-point.db").exists());
    let (done, said) = founded_at_a_terminal(&office, |words| format!("AAAA\n\n{}\n\n", words.to_lowercase()));
    assert!(done && said.contains("not the words") && said.contains("councils=1"), "{said}");
    assert_eq!(office.figures("first", &["verify"])["differences"], 0);
}

#[test]
fn laptops_are_invited_join_and_share() {
    let office = Office::new();
    office.founded();
    let join = office.path("join");
    let to = join.to_str().unwrap();
    assert!(office.figures("first", &["invite", "--role", "worker", "--out", to])["bytes"] > 0);
    assert!(sentence(&office.run("first", &["invite", "--role", "worker", "--out", to])).contains("another name"));
    assert!(office.figures("second", &["join", "--file", to, "--hub", "Green Lane 2"])["joined"] == 1);
    assert!(sentence(&office.run("second", &["join", "--file", to, "--hub", "Green Lane 2"])).contains("already"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&join).unwrap().permissions().mode() & 0o777, 0o600);
    }

    fs::create_dir(office.path("stick")).unwrap();
    let stick = office.path("stick");
    let stick = stick.to_str().unwrap();
    let sent = office.figures("first", &["sync", "--folder", stick]);
    assert!(sent["sent"] > 0 && sent["received"] == 0 && sent["refused"] == 0, "{sent:?}");
    let got = office.figures("second", &["sync", "--folder", stick]);
    assert!(got["received"] > 0 && got["applied"] == got["received"] && got["refused"] == 0, "{got:?}");
    let again = office.figures("second", &["sync", "--folder", stick]);
    assert_eq!((again["received"], again["refused"]), (0, 0), "{again:?}");

    assert!(sentence(&office.run("first", &["sync", "--folder", "/nowhere/at/all"])).contains("not there"));
    fs::write(office.path("bad"), "not a join file").unwrap();
    let bad = office.path("bad");
    sentence(&office.run("third", &["join", "--file", bad.to_str().unwrap(), "--hub", "X"]));
    sentence(&office.run("third", &["join", "--file", "/nowhere", "--hub", "X"]));
}

#[test]
fn a_directory_is_imported_once() {
    let office = Office::new();
    office.founded();
    let file = office.path("directory.json");
    let page =
        |rows: &[serde_json::Value]| fs::write(&file, serde_json::json!({ "contents": rows }).to_string()).unwrap();
    page(&[listing("1", "Lunch Club"), listing("2", "Choir"), listing("2", "Choir"), serde_json::json!({"id": "3"})]);
    let import = ["import-directory", "directory.json"];
    let first = office.figures("first", &import);
    assert_eq!((first["added"], first["changed"], first["unchanged"], first["skipped"]), (2, 0, 0, 1));
    let second = office.figures("first", &import);
    assert_eq!((second["added"], second["changed"], second["unchanged"], second["skipped"]), (0, 0, 2, 1));
    page(&[listing("1", "Tuesday Lunch Club"), listing("2", "Choir")]);
    let third = office.figures("first", &import);
    assert_eq!((third["added"], third["changed"], third["unchanged"], third["skipped"]), (0, 1, 1, 0));
    assert_eq!(office.figures("first", &["verify"])["differences"], 0);

    fs::write(&file, "{\"contents\": [").unwrap();
    assert!(sentence(&office.run("first", &import)).contains("Open Referral"));
    assert!(sentence(&office.run("first", &["import-directory", "nowhere.json"])).contains("could not be read"));
}

#[test]
fn two_laptops_that_import_one_file_have_one_directory() {
    let office = Office::new();
    office.founded();
    let join = office.path("join");
    let to = join.to_str().unwrap();
    office.figures("first", &["invite", "--role", "worker", "--out", to]);
    office.figures("second", &["join", "--file", to, "--hub", "Green Lane 2"]);
    fs::write(
        office.path("d.json"),
        serde_json::json!([listing("1", "Lunch Club"), listing("2", "Choir")]).to_string(),
    )
    .unwrap();
    for laptop in ["first", "second"] {
        assert_eq!(office.figures(laptop, &["import-directory", "d.json"])["added"], 2);
    }
    fs::create_dir(office.path("stick")).unwrap();
    for laptop in ["first", "second", "first"] {
        office.figures(laptop, &["sync", "--folder", "stick"]);
    }
    for laptop in ["first", "second"] {
        assert_eq!(office.figures(laptop, &["import-directory", "d.json"])["unchanged"], 2, "{laptop}");
        office.figures(laptop, &["export-csv", laptop_out(laptop)]);
        let csv = fs::read_to_string(office.path(laptop_out(laptop)).join("listings.csv")).unwrap();
        assert_eq!(csv.lines().count(), 3, "{csv}");
    }
}

fn laptop_out(laptop: &str) -> &'static str {
    if laptop == "first" { "out1" } else { "out2" }
}

#[test]
fn a_small_demo_is_made_exported_and_proved() {
    let office = Office::new();
    let made = office.figures("demo", &["demo", "--seed", "4", "--people", "60"]);
    assert_eq!((made["hubs"], made["people"]), (3, 60));
    assert!(made["visits"] > 100 && made["listings"] >= 30 && made["entries"] > 20, "{made:?}");
    assert!(sentence(&office.run("demo", &["demo"])).contains("already"));
    fs::create_dir(office.path("photos")).unwrap();
    fs::write(office.path("photos").join("cat.jpg"), "x").unwrap();
    assert!(sentence(&office.run("photos", &["demo"])).contains("empty folder"));
    assert_eq!(fs::read_dir(office.path("photos")).unwrap().count(), 1);
    fs::create_dir(office.path("bare")).unwrap();
    office.figures("bare", &["demo", "--people", "20"]);
    let proved = office.figures("demo", &["verify"]);
    assert_eq!((proved["differences"], proved["faults"], proved["orphans"]), (0, 0, 0));
    assert!(proved["documents"] > made["visits"] + made["people"]);

    let out = office.figures("demo", &["export-csv", "out"]);
    assert_eq!(out["files"], 4);
    let read = |name: &str| fs::read_to_string(office.path("out").join(name)).unwrap();
    assert!(read("visits.csv").contains("List z urzędu, nie rozumiem go"));
    assert!(read("waiting-list.csv").starts_with("entry,name,kind"));
    assert!(read("weekly-figures.csv").lines().count() > 50);
    assert!(rows(&read("listings.csv")) as u64 == made["listings"]);
    assert_no_formula(&office.path("out"));

    fs::write(office.path("taken"), "x").unwrap();
    sentence(&office.run("demo", &["export-csv", "taken"]));
}

fn rows(csv: &str) -> usize {
    csv.lines().count() - 1
}

fn assert_no_formula(dir: &Path) {
    for file in fs::read_dir(dir).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines() {
            assert!(!line.starts_with(['=', '+', '@']) && !line.contains(",=") && !line.contains(",+"), "{line}");
        }
    }
}
