//! Cargo's own tools: the test runner and the window's driver, kept in `target/tools` when they are not here already.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::step::say;
use crate::{process, repo};

/// Installs what is missing: rustfmt, clippy, cargo-nextest, tauri-driver.
pub(crate) fn install_missing() -> Result<()> {
    for component in ["rustfmt", "clippy"] {
        add_component(component)?;
    }
    if process::ask(process::cargo().args(["nextest", "--version"]).env("PATH", path_with_tools())).is_none() {
        let lean = ["--no-default-features", "--features", "default-no-update"];
        cargo_install("cargo-nextest", "^0.9", "3 to 8 minutes", &lean)?;
    }
    if tauri_driver().is_none() {
        cargo_install("tauri-driver", "^2", "1 to 2 minutes", &[])?;
    }
    Ok(())
}

/// True when `cargo deny` can be run; it is long to build, so it is used only where someone has installed it.
pub(crate) fn deny_is_here() -> bool {
    process::ask(process::cargo().args(["deny", "--version"]).env("PATH", path_with_tools())).is_some()
}

/// `PATH` with our own tools first.
pub(crate) fn path_with_tools() -> OsString {
    let ours = repo::tools().join("bin");
    let theirs = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(ours).chain(std::env::split_paths(&theirs))).unwrap_or(theirs)
}

/// The driver of version 2, ours or one installed by cargo. The newest is for Tauri 3 and does not drive this window.
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
    process::run(Command::new("rustup").args(["component", "add", component])).ok().with_context(|| {
        format!("{component} is missing and rustup could not add it: run `rustup component add {component}` by hand.")
    })
}

fn cargo_install(tool: &str, version: &str, how_long: &str, more: &[&str]) -> Result<()> {
    say(&format!("building {tool} (once, {how_long})"));
    let mut install = process::cargo();
    install
        .args(["install", tool, "--version", version, "--locked", "--root"])
        .arg(repo::tools())
        .args(more)
        .env("CARGO_TARGET_DIR", repo::tools().join("build"));
    if process::run(&mut install).is_err() {
        bail!(
            "{tool} could not be built (its reason is above; without a network it never can): run `cargo install {tool} \
             --version {version} --locked` by hand."
        );
    }
    Ok(())
}
