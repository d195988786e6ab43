//! What IT does to a council's laptops with `hubctl`: takes in, takes out, brings back.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod office;

use std::fs;

use office::{Office, sentence};

/// Groups of four letters and digits on lines of their own: the recovery words, or a code.
fn words(out: &std::process::Output) -> String {
    let told = String::from_utf8(out.stdout.clone()).unwrap();
    let clear = |line: &&str| {
        line.len() > 12 && line.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || " -".contains(c))
    };
    told.lines().find(clear).unwrap().to_owned()
}

impl Office {
    fn meets(&self, laptops: &[&str]) {
        fs::create_dir_all(self.path("stick")).unwrap();
        for laptop in laptops {
            self.figures(laptop, &["sync", "--folder", "stick"]);
        }
    }

    fn joins(&self, laptop: &str, role: &str) {
        let file = format!("join-{laptop}");
        self.figures("first", &["invite", "--role", role, "--out", &file, "--laptop", laptop]);
        self.figures(laptop, &["join", "--file", &file, "--hub", laptop]);
    }

    fn listed(&self, by: &str) -> String {
        let out = self.run(by, &["laptops"]);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    }
}

#[test]
fn a_laptop_is_taken_in_by_code() {
    let office = Office::new();
    office.founded();
    let asked = office.run("second", &["ask", "--out", "request"]);
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    let code = words(&asked);
    let approve = |code: &str, out: &str| {
        office.run("first", &["approve", "--request", "request", "--code", code, "--role", "worker", "--out", out])
    };
    assert!(sentence(&approve("AAAA-BBBB-CCCC", "wrong")).contains("code"));
    assert!(!office.path("wrong").exists());
    assert!(approve(&code, "approval").status.success());
    assert!(sentence(&approve(&code, "again")).contains("already"));
    assert!(sentence(&office.run("third", &["finish", "--approval", "approval"])).contains("no records"));
    office.figures("second", &["finish", "--approval", "approval", "--hub", "Hall 2"]);
    office.meets(&["first", "second", "first"]);
    assert!(office.listed("first").contains("Hall 2: worker live"), "{}", office.listed("first"));
}

#[test]
fn laptops_are_listed_taken_out_and_made_administrators() {
    let office = Office::new();
    office.founded();
    office.joins("second", "manager");
    office.joins("third", "worker");
    office.meets(&["first", "second", "third", "first"]);
    let listed = office.listed("first");
    assert!(listed.contains("second: manager live") && listed.contains("third: worker live"), "{listed}");
    assert!(sentence(&office.run("first", &["take-out", "--laptop", "nobody"])).contains("laptops"));
    office.figures("first", &["take-out", "--laptop", "third"]);
    office.figures("first", &["make-administrator", "--laptop", "second"]);
    office.figures("first", &["renew-keys"]);
    office.meets(&["first", "second"]);
    assert!(office.listed("first").contains("third: worker taken-out"));
    assert!(sentence(&office.run("third", &["sync", "--folder", "stick"])).contains("taken out"));
    office.figures("second", &["renew-keys"]);
    office.figures("second", &["keeper", "--laptop", "Green Lane Library 1"]);
    assert!(sentence(&office.run("first", &["erase", "--person", "nobody"])).contains("not on this laptop"));
    assert!(sentence(&office.run("first", &["take-out", "--laptop", "Green Lane Library 1"])).contains("laptops"));
}

#[test]
fn a_council_comes_back_from_its_sheet_and_a_folder() {
    let office = Office::new();
    let founded = office.run("first", &["init", "--council", "Aberwen Council", "--hub", "Green Lane Library"]);
    fs::write(office.path("sheet"), words(&founded)).unwrap();
    assert_eq!(office.figures("first", &["check-sheet", "--sheet", "sheet"])["sheets"], 1);
    let other = office.run("elsewhere", &["init", "--council", "Elsewhere", "--hub", "Hall"]);
    fs::write(office.path("other-sheet"), words(&other)).unwrap();
    assert!(
        sentence(&office.run("first", &["check-sheet", "--sheet", "other-sheet"])).contains("not the recovery words")
    );
    office.joins("second", "worker");
    office.meets(&["first", "second", "first"]);
    // Every administrator's laptop is lost.
    let recover = |sheet: &str, folder: &str, to: &str| {
        let args =
            ["recover", "--sheet", sheet, "--folder", folder, "--laptop", "Office", "--hub", "Green Lane Library"];
        office.run(to, &args)
    };
    fs::write(office.path("mistyped"), words(&founded).replacen(' ', " 0", 1)).unwrap();
    assert!(sentence(&recover("mistyped", "stick", "new")).contains("mistyped"));
    fs::create_dir(office.path("empty")).unwrap();
    assert!(sentence(&recover("sheet", "empty", "new")).contains("nothing"));
    let done = recover("sheet", "stick", "new");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(office.figures("new", &["verify"])["documents"], 2);
    assert!(office.listed("new").contains("second: worker live"), "{}", office.listed("new"));
    // It is an administrator's, and the old one can be taken out.
    office.figures("new", &["take-out", "--laptop", "Green Lane Library 1"]);
    office.meets(&["new", "second", "new"]);
    assert!(sentence(&office.run("first", &["sync", "--folder", "stick"])).contains("taken out"));
    assert_eq!(office.figures("second", &["verify"])["documents"], 2);
}

#[test]
fn a_lost_sheet_is_replaced_by_two_administrators() {
    let office = Office::new();
    let founded = office.run("first", &["init", "--council", "Aberwen Council", "--hub", "Green Lane Library"]);
    fs::write(office.path("old"), words(&founded)).unwrap();
    assert!(sentence(&office.run("first", &["new-sheet"])).contains("second laptop"));
    office.joins("second", "manager");
    office.meets(&["first", "second", "first"]);
    office.figures("first", &["make-administrator", "--laptop", "second"]);
    let proposed = office.run("first", &["new-sheet"]);
    assert!(proposed.status.success(), "{}", String::from_utf8_lossy(&proposed.stderr));
    fs::write(office.path("new"), words(&proposed)).unwrap();
    office.meets(&["first", "second"]);
    assert!(sentence(&office.run("second", &["agree-sheet", "--by", "nobody"])).contains("not on this laptop"));
    assert_eq!(office.figures("second", &["agree-sheet", "--by", "Green Lane Library 1"])["sheets"], 1);
    office.meets(&["second", "first"]);
    assert_eq!(office.figures("first", &["check-sheet", "--sheet", "new"])["sheets"], 1);
    assert!(sentence(&office.run("first", &["check-sheet", "--sheet", "old"])).contains("replaced"));
    let recover = |sheet: &str, to: &str| {
        let args =
            ["recover", "--sheet", sheet, "--folder", "stick", "--laptop", "Office", "--hub", "Green Lane Library"];
        office.run(to, &args)
    };
    assert!(sentence(&recover("old", "by-the-old")).contains("replaced"));
    assert!(recover("new", "by-the-new").status.success());
    assert_eq!(office.figures("by-the-new", &["verify"])["documents"], 2);
}
