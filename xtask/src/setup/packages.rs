//! System packages: the window's library, what draws it without a screen, and a C compiler.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::machine::{self, Root, System};
use crate::process::{self, Show};
use crate::sentence::{Result, Sentence};
use crate::step::say;

use super::python;

/// How a package's being there is seen on a system that is not Debian.
enum Sign {
    Program(&'static str),
    Library(&'static str),
    /// A Python that makes folders for packages: one from elsewhere than Debian will do.
    Python,
    /// The work goes on without it.
    None,
}

/// One that a build or a test fails without.
struct Package {
    debian: &'static str,
    elsewhere: &'static str,
    sign: Sign,
}

const fn package(debian: &'static str, elsewhere: &'static str, sign: Sign) -> Package {
    Package { debian, elsewhere, sign }
}

const PACKAGES: [Package; 11] = [
    // The window.
    package("libwebkit2gtk-4.1-dev", "webkit2gtk 4.1 with its development files", Sign::Library("webkit2gtk-4.1")),
    // Compiling SQLCipher and its OpenSSL, whose build is driven by Perl.
    package("build-essential", "a C and C++ compiler with make", Sign::Program("make")),
    package("pkg-config", "pkg-config", Sign::Program("pkg-config")),
    package("perl", "perl", Sign::Program("perl")),
    // Driving the real window without a screen.
    package("webkit2gtk-driver", "WebKitWebDriver (part of WebKitGTK)", Sign::Program("WebKitWebDriver")),
    package("xvfb", "Xvfb", Sign::Program("Xvfb")),
    package("dbus", "dbus-daemon", Sign::Program("dbus-daemon")),
    // The decoder of the sealed log that is not ours.
    package("python3-venv", "Python 3 with its venv module", Sign::Python),
    // Laptops in networks of their own.
    package("iproute2", "ip (iproute2)", Sign::Program("ip")),
    // What the relay's second store is tested against, in throw-away clusters.
    package("postgresql", "PostgreSQL with its server's programs", Sign::Program("initdb")),
    // Names in Chinese characters, drawn rather than boxed.
    package("fonts-droid-fallback", "a typeface with Chinese characters", Sign::None),
];

/// Longest that apt is waited for; a slow line takes a while over 230 MB.
const LIMIT: Duration = Duration::from_mins(60);

/// What to do about packages.
#[derive(Debug, PartialEq, Eq)]
enum Plan {
    /// All are here.
    Nothing,
    /// Install them, with these words before `apt-get`.
    Install(&'static [&'static str]),
    /// They must be installed by hand; the sentence says how.
    ByHand(String),
}

/// Installs the packages that are missing, or says in one sentence why it cannot.
pub(crate) fn install_missing() -> Result<()> {
    let system = machine::system();
    let missing: Vec<&Package> = match system {
        System::Debian => missing_by_name(),
        System::Other => PACKAGES.iter().filter(|package| !is_seen(&package.sign)).collect(),
    };
    match plan(&missing, system, machine::root) {
        Plan::Nothing => Ok(()),
        Plan::ByHand(sentence) => Err(Sentence::new(sentence)),
        Plan::Install(before) => install(&missing, before),
    }
}

fn plan(missing: &[&Package], system: System, root: impl FnOnce() -> Root) -> Plan {
    if missing.is_empty() {
        return Plan::Nothing;
    }
    if system == System::Other {
        let wanted: Vec<&str> = missing.iter().map(|package| package.elsewhere).collect();
        return Plan::ByHand(format!(
            "This is not Debian or one of its relatives, so packages cannot be installed for you: install {} by hand \
             (Debian's names: {}), then run this again.",
            wanted.join(", "),
            names(missing)
        ));
    }
    match root() {
        Root::Already => Plan::Install(&[]),
        Root::Sudo => Plan::Install(&["sudo", "-n"]),
        Root::SudoWithPassword => Plan::Install(&["sudo"]),
        Root::No => Plan::ByHand(without_root(missing)),
    }
}

fn without_root(missing: &[&Package]) -> String {
    format!(
        "Packages are missing, and only root can install them, which you cannot become here: ask someone who can to run \
         the next line, then run this again.\n\n    {}",
        by_hand(missing)
    )
}

fn names(missing: &[&Package]) -> String {
    missing.iter().map(|package| package.debian).collect::<Vec<_>>().join(" ")
}

/// The line that someone with root's rights can paste.
fn by_hand(missing: &[&Package]) -> String {
    let names = names(missing);
    format!("sudo apt-get update && sudo apt-get install --yes --no-install-recommends {names}")
}

fn install(missing: &[&Package], before: &[&str]) -> Result<()> {
    // The password is typed here, where its prompt is seen.
    if before == ["sudo"] && process::run(Command::new("sudo").arg("-v")).is_err() {
        return Err(Sentence::new(without_root(missing)));
    }
    say(&format!("installing Debian packages: {}", names(missing)));
    // Fresh machines have no package lists; a stale list is still worth trying without a network.
    let mut update = apt(before);
    update.args(["update", "-q", "-o", "APT::Update::Error-Mode=any"]);
    let updated = process::listen(&mut update, Show::SignsOfLife, LIMIT)?;
    let mut install = apt(before);
    install.args(["install", "-q", "-o", "Dpkg::Use-Pty=0", "--yes", "--no-install-recommends"]);
    install.args(missing.iter().map(|package| package.debian));
    let installed = process::listen(&mut install, Show::SignsOfLife, LIMIT)?;
    if installed.ok {
        return Ok(());
    }
    Err(Sentence::new(format!(
        "Packages could not be installed: {}, then run this again; by hand it would be the next line.\n\n    {}",
        what_to_do(&installed.text, updated.ok),
        by_hand(missing)
    )))
}

/// What apt's failure asks for, from what it said.
fn what_to_do(said: &str, updated: bool) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if has(&["Could not get lock", "Unable to acquire the dpkg frontend lock"]) {
        "another program is installing packages on this machine; wait until it has finished"
    } else if has(&["No space left", "enough free space"]) {
        "the disk is full; free at least 1 GB"
    } else if has(&["dpkg was interrupted"]) {
        "an earlier installation was cut short; run `sudo dpkg --configure -a`"
    } else if !updated || has(&["Temporary failure resolving", "Could not connect", "Could not resolve"]) {
        "the network or the package server cannot be reached; connect this machine"
    } else {
        "what apt-get said is above; put that right"
    }
}

fn missing_by_name() -> Vec<&'static Package> {
    let mut query = Command::new("dpkg-query");
    // dpkg-query ends with 1 when it does not know one of them, so its status says nothing.
    query.args(["--show", "--showformat=${binary:Package} ${db:Status-Status}\n"]);
    query.args(PACKAGES.iter().map(|package| package.debian));
    let output = query.output().map(|output| output.stdout).unwrap_or_default();
    let said = String::from_utf8_lossy(&output);
    let here = installed(&said);
    let missing = PACKAGES.iter().filter(|package| !here.contains(package.debian));
    missing.filter(|package| !matches!(package.sign, Sign::Python) || !is_seen(&package.sign)).collect()
}

/// From dpkg-query: `xvfb installed`, `libwebkit2gtk-4.1-dev:amd64 installed`, `perl config-files`.
fn installed(said: &str) -> BTreeSet<&str> {
    said.lines()
        .filter_map(|line| line.strip_suffix(" installed"))
        .map(|name| name.split_once(':').map_or(name, |(bare, _)| bare))
        .collect()
}

fn is_seen(sign: &Sign) -> bool {
    match sign {
        Sign::Program(program) => machine::on_path(program),
        Sign::Library(library) => process::ask(Command::new("pkg-config").args(["--exists", library])).is_some(),
        Sign::Python => python::is_here(),
        Sign::None => true,
    }
}

fn apt(before: &[&str]) -> Command {
    let words: Vec<&str> =
        before.iter().copied().chain(["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", "apt-get"]).collect();
    let (program, rest) = words.split_first().unwrap_or((&"apt-get", &[]));
    let mut command = Command::new(program);
    command.args(rest).stdin(Stdio::null());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Vec<&'static Package> {
        PACKAGES.iter().filter(|package| ["xvfb", "perl"].contains(&package.debian)).collect()
    }

    #[test]
    fn nothing_is_asked_when_nothing_is_missing() {
        for system in [System::Debian, System::Other] {
            assert_eq!(plan(&[], system, || panic!("nobody has to be root")), Plan::Nothing);
        }
    }

    #[test]
    fn root_and_sudo_install() {
        assert_eq!(plan(&two(), System::Debian, || Root::Already), Plan::Install(&[]));
        assert_eq!(plan(&two(), System::Debian, || Root::Sudo), Plan::Install(&["sudo", "-n"]));
        assert_eq!(plan(&two(), System::Debian, || Root::SudoWithPassword), Plan::Install(&["sudo"]));
    }

    #[test]
    fn without_root_the_exact_line_is_given() {
        let Plan::ByHand(said) = plan(&two(), System::Debian, || Root::No) else { panic!("it cannot be installed") };
        assert!(
            said.ends_with("sudo apt-get update && sudo apt-get install --yes --no-install-recommends perl xvfb"),
            "{said}"
        );
    }

    #[test]
    fn another_system_is_told_what_is_missing_under_both_names() {
        let missing: Vec<&Package> = PACKAGES.iter().collect();
        let Plan::ByHand(said) = plan(&missing, System::Other, || Root::Already) else { panic!("there is no apt") };
        for package in &PACKAGES {
            assert!(said.contains(package.debian) && said.contains(package.elsewhere), "{said}");
        }
    }

    #[test]
    fn each_failure_of_apt_has_its_own_advice() {
        for (said, updated, advice) in [
            ("E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7", true, "wait"),
            ("E: You don't have enough free space in /var/cache/apt/archives/.", true, "1 GB"),
            ("dpkg: error: cannot write: No space left on device", true, "1 GB"),
            ("E: dpkg was interrupted, you must manually run 'dpkg --configure -a'", true, "dpkg --configure -a"),
            ("Err:1 http://deb.debian.org Temporary failure resolving 'deb.debian.org'", true, "network"),
            ("E: Unable to locate package xvfb", false, "network"),
            ("E: Unable to correct problems, you have held broken packages.", true, "above"),
        ] {
            assert!(what_to_do(said, updated).contains(advice), "{said}");
        }
    }

    #[test]
    fn only_what_is_wholly_installed_counts() {
        let here =
            installed("xvfb installed\nlibwebkit2gtk-4.1-dev:amd64 installed\nperl config-files\ndbus unpacked\n");
        assert_eq!(here.into_iter().collect::<Vec<_>>(), ["libwebkit2gtk-4.1-dev", "xvfb"]);
    }
}
