//! Rust's packages, and cargo's own tools, which are kept in `target/tools` when they are not here already.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::process::{self, Show};
use crate::repo;
use crate::sentence::{Result, Sentence};
use crate::step::say;

/// A program that cargo builds for us. Versions are fixed: what is built today is built tomorrow.
struct Tool {
    name: &'static str,
    version: &'static str,
    how_long: &'static str,
    features: &'static [&'static str],
}

const NEXTEST: Tool = Tool {
    name: "cargo-nextest",
    version: "0.9.151",
    how_long: "3 to 6 minutes",
    features: &["--no-default-features", "--features", "default-no-update"],
};

/// The newest is for Tauri 3 and does not drive this window.
const DRIVER: Tool = Tool { name: "tauri-driver", version: "2.1.0", how_long: "half a minute", features: &[] };

const DENY: Tool =
    Tool { name: "cargo-deny", version: "0.20.2", how_long: "2 to 4 minutes", features: &["--no-default-features"] };

/// Longest that a tool's building is waited for.
const LIMIT: Duration = Duration::from_mins(40);

/// Whose Rust packages are fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Platforms {
    /// What is built here.
    This,
    /// What the lock file names: nextest and cargo-deny read all of it.
    All,
}

/// Rust's packages, fetched before anything is built, so that a missing network is said at once.
pub(super) fn fetch(platforms: Platforms) -> Result<()> {
    let mut fetch = process::cargo();
    fetch.args(["fetch", "--locked"]);
    let here = process::ask(process::cargo().arg("-vV"));
    if let Some(host) = here.as_deref().and_then(host).filter(|_| platforms == Platforms::This) {
        fetch.args(["--target", host]);
    }
    let heard = process::listen(&mut fetch, Show::SignsOfLife, LIMIT)?;
    if heard.ok {
        return Ok(());
    }
    Err(Sentence::new(format!("Rust packages could not be fetched: {}, then run this again.", what_to_do(&heard.text))))
}

/// From `cargo -vV`: `host: x86_64-unknown-linux-gnu`.
fn host(said: &str) -> Option<&str> {
    said.lines().find_map(|line| line.strip_prefix("host: "))
}

/// What drives the window.
pub(super) fn for_the_window() -> Result<()> {
    if tauri_driver().is_none() { install(&DRIVER) } else { Ok(()) }
}

/// rustfmt, clippy, cargo-nextest and cargo-deny.
pub(super) fn for_testing() -> Result<()> {
    for component in ["rustfmt", "clippy"] {
        add_component(component)?;
    }
    for (command, tool) in [("nextest", &NEXTEST), ("deny", &DENY)] {
        if process::ask(process::cargo().args([command, "--version"]).env("PATH", path_with_tools())).is_none() {
            install(tool)?;
        }
    }
    Ok(())
}

/// `PATH` with our own tools first.
pub(crate) fn path_with_tools() -> OsString {
    let ours = repo::tools().join("bin");
    let theirs = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(ours).chain(std::env::split_paths(&theirs))).unwrap_or(theirs)
}

/// The driver of version 2, ours or one installed by cargo.
pub(crate) fn tauri_driver() -> Option<PathBuf> {
    let ours = repo::tools().join("bin/tauri-driver");
    if ours.is_file() {
        return Some(ours);
    }
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")))?;
    let installed = std::fs::read_to_string(home.join(".crates.toml")).unwrap_or_default();
    let theirs = home.join("bin/tauri-driver");
    (installed.contains("\"tauri-driver 2.") && theirs.is_file()).then_some(theirs)
}

fn add_component(component: &str) -> Result<()> {
    let command = if component == "rustfmt" { "fmt" } else { component };
    if process::ask(process::cargo().args([command, "--version"])).is_some() {
        return Ok(());
    }
    say(&format!("adding {component} to the Rust toolchain"));
    process::run(Command::new("rustup").args(["component", "add", component])).map_err(|_| {
        Sentence::new(format!(
            "{component} is missing and rustup could not add it: install it beside cargo (with a network, \
             `rustup component add {component}`), then run this again."
        ))
    })
}

fn install(tool: &Tool) -> Result<()> {
    let Tool { name, version, how_long, features } = tool;
    say(&format!("building {name} (once, {how_long})"));
    let mut install = process::cargo();
    install
        .args(["install", name, "--version", &format!("={version}"), "--locked", "--root"])
        .arg(repo::tools())
        .args(*features)
        // Built to be built soon: none of them works long.
        .envs([("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"), ("CARGO_PROFILE_RELEASE_LTO", "off")])
        .envs([("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"), ("CARGO_PROFILE_RELEASE_DEBUG", "false")])
        .env("CARGO_TARGET_DIR", repo::tools().join("build"));
    let heard = process::listen(&mut install, Show::SignsOfLife, LIMIT)?;
    // A few hundred MB that nothing needs once the tool is there.
    let _ = std::fs::remove_dir_all(repo::tools().join("build"));
    if heard.ok {
        return Ok(());
    }
    Err(Sentence::new(format!(
        "{name} could not be built: {}, then run this again; by hand it is `cargo install {name} --version {version} \
         --locked`.",
        what_to_do(&heard.text)
    )))
}

/// What cargo's failure asks for, from what it said.
fn what_to_do(said: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if has(&["No space left", "no space left", "(os error 28)"]) {
        "the disk is full; free at least 2 GB"
    } else if has(&["spurious network error", "Could not resolve host", "download of", "failed to download"]) {
        "the network or the package registry cannot be reached; connect this machine"
    } else {
        "what cargo said is above; put that right"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_read_from_what_cargo_says() {
        assert_eq!(
            host("cargo 1.95.0 (f2d3ce0bd 2026-03-21)\nhost: x86_64-unknown-linux-gnu\nos: Debian 12\n"),
            Some("x86_64-unknown-linux-gnu")
        );
        assert_eq!(host("cargo 1.95.0"), None);
    }

    #[test]
    fn each_failure_of_cargo_has_its_own_advice() {
        for (said, advice) in [
            ("error: could not write: No space left on device (os error 28)", "2 GB"),
            ("warning: spurious network error (3 tries remaining): [6] Could not resolve hostname", "network"),
            ("error: download of config.json failed", "network"),
            ("error[E0308]: mismatched types", "above"),
        ] {
            assert!(what_to_do(said).contains(advice), "{said}");
        }
    }
}
