//! The programs under test, where `cargo xtask` has told us they are.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// A path that `cargo xtask` gives to everything that drives the window.
fn told(name: &str) -> Result<PathBuf> {
    std::env::var_os(name)
        .map(PathBuf::from)
        .with_context(|| format!("{name} is not set: run the desktop tests with `cargo xtask test`, which builds the program and says where it is."))
}

/// The window's program.
pub(super) fn app() -> Result<PathBuf> {
    told("TALKING_POINT_APP")
}

/// `tauri-driver`, version 2.
pub(super) fn driver() -> Result<PathBuf> {
    told("TALKING_POINT_DRIVER")
}

/// Where pictures of screens go.
///
/// # Errors
/// When `cargo xtask` did not say, or the folder cannot be made.
pub fn screenshots() -> Result<PathBuf> {
    folder(told("TALKING_POINT_SCREENSHOTS")?)
}

/// Where what the programs said is kept.
pub(super) fn logs() -> Result<PathBuf> {
    folder(told("TALKING_POINT_DESKTOP_LOGS")?)
}

/// The demo council's data folder and its passphrase file.
///
/// # Errors
/// When `cargo xtask` did not say.
pub fn demo_council() -> Result<(PathBuf, PathBuf)> {
    Ok((told("TALKING_POINT_DEMO")?, told("TALKING_POINT_DEMO_PASSPHRASE")?))
}

/// Runs the command line on a data folder; its last line of output, the figures, is the answer.
///
/// # Errors
/// With what it said on standard error when it ends with anything but 0.
pub fn hubctl(data: &Path, passphrase_file: &Path, words: &[&str]) -> Result<String> {
    let output = Command::new(told("TALKING_POINT_HUBCTL")?)
        .arg("--data")
        .arg(data)
        .arg("--passphrase-file")
        .arg(passphrase_file)
        .args(words)
        .output()
        .context("hubctl cannot be started")?;
    if !output.status.success() {
        bail!("hubctl {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    let said = String::from_utf8_lossy(&output.stdout);
    Ok(said.lines().next_back().unwrap_or_default().to_owned())
}

fn folder(path: PathBuf) -> Result<PathBuf> {
    std::fs::create_dir_all(&path).with_context(|| format!("{} cannot be made", path.display()))?;
    Ok(path)
}
