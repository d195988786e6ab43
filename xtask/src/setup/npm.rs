//! npm's packages, the screens' and the tests' own, each set installed when its lock file has changed since it last was.

use std::fs::{self, File, TryLockError};
use std::process::Command;
use std::time::Duration;

use crate::process::{self, Show};
use crate::repo;
use crate::sentence::{OrSay, Result, Sentence};
use crate::step::say;

/// The oldest Node that can run npm here; the screens' own tools bring a newer one with them.
const OLDEST_NODE: u32 = 20;

/// Longest that npm is waited for.
const LIMIT: Duration = Duration::from_mins(30);

/// A set of packages, and where its lock file is.
struct Set {
    what: &'static str,
    folder: &'static str,
}

/// Runs `npm ci` for the screens unless the installed packages are those of the lock file.
pub(crate) fn install_missing() -> Result<()> {
    install(&Set { what: "the screens' packages", folder: "ui" })
}

/// The same for the store of objects that the tests start.
pub(crate) fn install_stores() -> Result<()> {
    install(&Set { what: "the tests' store of objects", folder: "tests/stores" })
}

/// The same for the peers that figures are measured beside.
pub(crate) fn install_peers() -> Result<()> {
    install(&Set { what: "the peers' packages", folder: "benches/peers" })
}

fn install(set: &Set) -> Result<()> {
    let node = process::ask(Command::new("node").arg("--version"));
    let npm = process::ask(process::npm().arg("--version"));
    fit(node.as_deref(), npm.is_some()).map_err(Sentence::new)?;
    let Set { what, folder } = set;
    let room = repo::root().join(folder);
    let lock = fs::read(room.join("package-lock.json"))
        .or_say(|| format!("{folder}/package-lock.json cannot be read: `git checkout {folder}` brings it back."))?;
    // npm removes the folder before it begins, and this mark with it: a half-done installation has none.
    let mark = room.join("node_modules/.lock-installed");
    if fs::read(&mark).is_ok_and(|before| before == lock) {
        return Ok(());
    }
    let only_one = after_others()?;
    say(&format!("installing {what} (npm ci)"));
    let heard = process::listen(
        process::npm().current_dir(&room).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).stdin(only_one),
        Show::SignsOfLife,
        LIMIT,
    )?;
    if !heard.ok {
        return Err(Sentence::new(format!(
            "npm could not install {what}: {}, then run this again.",
            what_to_do(&heard.text)
        )));
    }
    fs::write(mark, lock)
        .or_say(|| format!("{folder}/node_modules cannot be written: is it yours, and is the disk full?"))
}

/// A locked file, once nobody else has it locked. npm holds it as its input for as long as it lives: stopped with Ctrl+C,
/// it goes on tidying up for some seconds after we are gone, and a second one would stumble over it.
fn after_others() -> Result<File> {
    let path = repo::target().join("npm-ci.lock");
    let open = || -> std::io::Result<File> {
        fs::create_dir_all(repo::target())?;
        let file = File::options().create(true).truncate(false).read(true).write(true).open(&path)?;
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            say("waiting for an earlier npm to finish");
            file.lock()?;
        }
        Ok(file)
    };
    open().or_say(|| format!("{} cannot be written: is it yours, and is the disk full?", path.display()))
}

/// Whether Node and npm will do.
fn fit(node: Option<&str>, npm: bool) -> Result<(), String> {
    let Some(version) = node.map(str::trim) else {
        return Err(format!(
            "Node is not installed: install Node {OLDEST_NODE} or newer, with npm, then run this again."
        ));
    };
    let major = version.trim_start_matches('v').split('.').next().and_then(|number| number.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        return Err(format!("Node {version} is too old: install Node {OLDEST_NODE} or newer, then run this again."));
    }
    if !npm {
        return Err("npm is not installed: install npm beside Node, then run this again.".to_owned());
    }
    Ok(())
}

/// What npm's failure asks for, from what it said.
fn what_to_do(said: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if has(&["ENOSPC"]) {
        "the disk is full; free at least 1 GB"
    } else if has(&["EACCES", "EPERM"]) {
        "a folder cannot be written; make node_modules and ~/.npm your own (`sudo chown -R \"$USER\" ui tests/stores benches/peers ~/.npm`)"
    } else if has(&["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "network"]) {
        "the network or npm's registry cannot be reached; connect this machine"
    } else if has(&["EINTEGRITY"]) {
        "a package is not the one that package-lock.json names; run `npm cache clean --force`"
    } else {
        "what npm said is above; put that right"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_20_and_newer_with_npm_will_do() {
        for version in ["v20.0.0\n", "v22.23.3", "v100.1.0"] {
            assert_eq!(fit(Some(version), true), Ok(()), "{version}");
        }
    }

    #[test]
    fn what_is_missing_or_too_old_is_named() {
        for (node, npm, named) in [
            (None, false, "Node is not installed"),
            (Some("v18.20.4\n"), true, "Node v18.20.4 is too old"),
            (Some("nonsense"), true, "too old"),
            (Some("v20.1.0"), false, "npm is not installed"),
        ] {
            let said = fit(node, npm).unwrap_err();
            assert!(said.contains(named) && said.ends_with("then run this again."), "{said}");
        }
    }

    #[test]
    fn each_failure_of_npm_has_its_own_advice() {
        for (said, advice) in [
            ("npm error code ENOSPC\nnpm error nospc no space left on device, write", "1 GB"),
            ("npm error code EACCES\nnpm error path /home/me/.npm", "chown"),
            ("npm error code ENOTFOUND\nnpm error network request to https://packages.example failed", "network"),
            ("npm error code EAI_AGAIN", "network"),
            ("npm error code EINTEGRITY", "cache clean"),
            ("npm error code ELIFECYCLE", "above"),
        ] {
            assert!(what_to_do(said).contains(advice), "{said}");
        }
    }
}
