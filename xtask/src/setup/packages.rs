//! Debian packages: the window's library, what draws it without a screen, and a C compiler.

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;
use crate::step::say;

/// What is needed and why. Kept to what a build or a test fails without.
const PACKAGES: [&str; 8] = [
    // The window.
    "libwebkit2gtk-4.1-dev",
    // Compiling SQLCipher and its OpenSSL, whose build is driven by Perl.
    "build-essential",
    "pkg-config",
    "perl",
    // Driving the real window without a screen.
    "webkit2gtk-driver",
    "xvfb",
    "dbus",
    // Names in Chinese characters, drawn rather than boxed.
    "fonts-droid-fallback",
];

/// Installs the packages that are missing, or says in one sentence why it cannot.
pub(crate) fn install_missing() -> Result<()> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !is_debian() {
        bail!(
            "This is not Debian or one of its relatives, so the packages cannot be installed for you: install what \
             your system calls {list}, then run this again."
        );
    }
    let Some(before) = as_root() else {
        bail!(
            "Packages are missing and installing them needs root or sudo, which is not available here: ask someone to \
             run `apt-get install {list}`, then run this again."
        );
    };
    say(&format!("installing Debian packages: {list}"));
    // Fresh machines have no package lists; a stale list is still worth trying without a network.
    let updated = process::run(apt(&before).args(["update", "-q"])).is_ok();
    let installed = process::run(
        apt(&before).args(["install", "-q", "-o", "Dpkg::Use-Pty=0", "-y", "--no-install-recommends"]).args(&missing),
    );
    if installed.is_err() {
        let why = if updated {
            "apt-get install failed (its reason is above)"
        } else {
            "the network or the package server cannot be reached"
        };
        bail!("Packages could not be installed because {why}: install them by hand with `apt-get install {list}`.");
    }
    Ok(())
}

fn missing() -> Vec<&'static str> {
    let mut query = Command::new("dpkg-query");
    // dpkg-query ends with 1 when it does not know one of them, so its status says nothing.
    query.args(["--show", "--showformat=${binary:Package} ${db:Status-Status}\n"]).args(PACKAGES);
    let output = query.output().map(|output| output.stdout).unwrap_or_default();
    let text = String::from_utf8_lossy(&output);
    let here: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_suffix(" installed"))
        .map(|name| name.split_once(':').map_or(name, |(bare, _)| bare))
        .collect();
    PACKAGES.into_iter().filter(|package| !here.contains(package)).collect()
}

fn is_debian() -> bool {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .any(|ids| ids.trim_matches('"').split(' ').any(|id| id == "debian"))
}

/// The words before `apt-get`: none for root, sudo for someone who may, `None` when nobody may.
fn as_root() -> Option<Vec<&'static str>> {
    if process::ask(Command::new("id").arg("-u"))?.trim() == "0" {
        return Some(Vec::new());
    }
    if process::ask(Command::new("sudo").args(["-n", "true"])).is_some() {
        return Some(vec!["sudo", "-n"]);
    }
    let can_type_a_password =
        std::io::stdin().is_terminal() && process::ask(Command::new("sudo").arg("--version")).is_some();
    can_type_a_password.then(|| vec!["sudo"])
}

fn apt(before: &[&str]) -> Command {
    let words: Vec<&str> = before.iter().copied().chain(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]).collect();
    let (program, rest) = words.split_first().unwrap_or((&"apt-get", &[]));
    let mut command = Command::new(program);
    command.args(rest);
    command
}
