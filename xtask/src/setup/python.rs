//! Python's packages for the tests, each set in a folder of its own under `target/`, installed when its list has changed
//! since it last was.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::process::{self, Show};
use crate::repo;
use crate::sentence::{OrSay, Result, Sentence};
use crate::step::say;

/// A set of packages, and the list that fixes their versions.
struct Set {
    name: &'static str,
    list: &'static str,
}

/// Longest that pip is waited for.
const LIMIT: Duration = Duration::from_mins(15);

const SETS: [Set; 2] = [
    Set { name: "decoder", list: "tests/decoder/requirements.txt" },
    Set { name: "stores", list: "tests/stores/requirements.txt" },
];

/// The Python that has the packages of a set.
pub(crate) fn python(set: &str) -> PathBuf {
    folder(set).join("bin/python3")
}

/// True if there is a Python here that can make such a folder.
pub(super) fn is_here() -> bool {
    process::ask(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_some()
}

/// Installs each set whose packages are not those of its list.
pub(super) fn install_missing() -> Result<()> {
    SETS.iter().try_for_each(install)
}

fn folder(set: &str) -> PathBuf {
    repo::target().join("python").join(set)
}

fn install(set: &Set) -> Result<()> {
    let list = repo::root().join(set.list);
    let wanted =
        fs::read(&list).or_say(|| format!("{0} cannot be read: `git checkout {0}` brings it back.", set.list))?;
    let folder = folder(set.name);
    // Written last and cleared with the folder: a half-done installation has none.
    let mark = folder.join(".list-installed");
    if fs::read(&mark).is_ok_and(|before| before == wanted) {
        return Ok(());
    }
    say(&format!("installing Python packages ({}; once, half a minute)", set.name));
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(&folder).stdin(Stdio::null());
    let mut fill = Command::new(python(set.name));
    fill.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--only-binary", ":all:", "-r"]);
    fill.arg(&list).stdin(Stdio::null());
    for command in [&mut make, &mut fill] {
        let heard = process::listen(command, Show::SignsOfLife, LIMIT)?;
        if !heard.ok {
            return Err(Sentence::new(format!(
                "Python packages could not be installed: {}, then run this again.",
                what_to_do(&heard.text)
            )));
        }
    }
    fs::write(mark, wanted).or_say(|| format!("{} cannot be written: is the disk full?", folder.display()))
}

/// What the failure asks for, from what was said.
fn what_to_do(said: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if has(&["No space left"]) {
        "the disk is full; free at least 1 GB"
    } else if has(&["ensurepip is not available", "No module named venv"]) {
        "Python's venv module is missing; install it beside Python 3 (Debian's name: python3-venv)"
    } else if has(&["Temporary failure in name resolution", "Connection refused", "NewConnectionError", "timed out"]) {
        "the network or Python's package index cannot be reached; connect this machine"
    } else {
        "what Python said is above; put that right"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_has_its_own_advice() {
        for (said, advice) in [
            ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "1 GB"),
            (
                "The virtual environment was not created successfully because ensurepip is not available.",
                "python3-venv",
            ),
            ("NewConnectionError: Failed to establish a new connection: [Errno -3]", "network"),
            ("ERROR: No matching distribution found for blake3==1.0.11", "above"),
        ] {
            assert!(what_to_do(said).contains(advice), "{said}");
        }
    }

    #[test]
    fn each_list_is_there_and_fixes_every_version() {
        for set in &SETS {
            let list = fs::read_to_string(repo::root().join(set.list)).unwrap();
            let packages: Vec<&str> = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
            assert!(!packages.is_empty() && packages.iter().all(|line| line.contains("==")), "{}", set.list);
        }
    }
}
