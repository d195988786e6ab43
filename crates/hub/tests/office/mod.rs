//! `hubctl` as a program, with a passphrase file and room for laptops.
#![allow(dead_code, reason = "each test file uses what it needs")]

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A place with a passphrase file and room for laptops.
pub(crate) struct Office {
    dir: TempDir,
}

impl Office {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("passphrase"), "three quiet teapots\nnot this line\n").unwrap();
        Self { dir }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn run(&self, laptop: &str, args: &[&str]) -> Output {
        self.run_with(laptop, "passphrase", args)
    }

    pub(crate) fn run_with(&self, laptop: &str, passphrase: &str, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_hubctl"))
            .arg("--data")
            .arg(self.path(laptop))
            .arg("--passphrase-file")
            .arg(self.path(passphrase))
            .args(args)
            .current_dir(self.dir.path())
            .output()
            .unwrap()
    }

    /// Runs what must succeed, and gives its figures.
    pub(crate) fn figures(&self, laptop: &str, args: &[&str]) -> HashMap<String, u64> {
        let out = self.run(laptop, args);
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        assert!(out.stderr.is_empty(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        last_line(&out)
            .split(' ')
            .map(|pair| {
                let (key, value) = pair.split_once('=').unwrap();
                (key.to_owned(), value.parse().unwrap())
            })
            .collect()
    }

    pub(crate) fn founded(&self) {
        self.figures("first", &["init", "--council", "Aberwen Council", "--hub", "Green Lane Library"]);
    }
}

pub(crate) fn last_line(out: &Output) -> String {
    String::from_utf8(out.stdout.clone()).unwrap().lines().last().unwrap_or_default().to_owned()
}

/// What must fail: with 1, and one line on standard error that ends as a sentence does.
pub(crate) fn sentence(out: &Output) -> String {
    assert_eq!(out.status.code(), Some(1), "{}", String::from_utf8_lossy(&out.stdout));
    let told = String::from_utf8(out.stderr.clone()).unwrap();
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.trim_end().ends_with('.'), "{told}");
    told
}
