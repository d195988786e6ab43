//! The screens' packages, installed when the lock file has changed since they last were.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::step::say;
use crate::{process, repo};

/// The oldest Node that can run npm here; the screens' own tools bring a newer one with them.
const OLDEST_NODE: u32 = 20;

/// Runs `npm ci` unless the installed packages are those of the lock file.
pub(crate) fn install_missing() -> Result<()> {
    check_node()?;
    let lock = fs::read(repo::ui().join("package-lock.json")).context("ui/package-lock.json cannot be read.")?;
    let installed = repo::ui().join("node_modules/.lock-installed");
    if fs::read(&installed).is_ok_and(|before| before == lock) {
        return Ok(());
    }
    say("installing the screens' packages (npm ci)");
    if process::run(process::npm().args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])).is_err() {
        bail!(
            "The screens' packages could not be installed: without a network they cannot be; `npm ci` in ui/ says more."
        );
    }
    fs::write(installed, lock).context("ui/node_modules cannot be written.")
}

fn check_node() -> Result<()> {
    let Some(version) = process::ask(Command::new("node").arg("--version")) else {
        bail!("Node is not installed: install Node {OLDEST_NODE} or newer with npm, then run this again.");
    };
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|number| number.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        bail!("Node {} is too old: install Node {OLDEST_NODE} or newer, then run this again.", version.trim());
    }
    if process::ask(process::npm().arg("--version")).is_none() {
        bail!("npm is not installed: install npm beside Node, then run this again.");
    }
    Ok(())
}
