//! `cargo xtask run`: from a clean clone to the open app.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::demo::{self, Demo};
use crate::process::{self, Show};
use crate::sentence::{Result, Sentence};
use crate::step::say;
use crate::{repo, setup};

/// Whom to open the app as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// At the door.
    Volunteer,
    /// At a table.
    Worker,
    /// In the office.
    Manager,
}

impl Role {
    /// From the word after `--role`.
    pub(crate) fn parse(word: &str) -> Result<Self> {
        Ok(match word {
            "volunteer" => Self::Volunteer,
            "worker" => Self::Worker,
            "manager" => Self::Manager,
            "" => return Err(Sentence::new("After --role comes volunteer, worker or manager.")),
            _ => {
                return Err(Sentence::new(format!("There is no role `{word}`: it is volunteer, worker or manager.")));
            }
        })
    }

    fn word(self) -> &'static str {
        match self {
            Self::Volunteer => "volunteer",
            Self::Worker => "worker",
            Self::Manager => "manager",
        }
    }
}

/// Sets up, builds, makes the demo council if there is none, and opens the app, or photographs it without a display.
pub(crate) fn run(role: Option<Role>) -> Result<()> {
    let display =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|it| !it.is_empty()));
    setup::to_run(display)?;
    build_screens()?;
    say("building the program (the first time takes some minutes)");
    // The same programs as for `test`, so that cargo has nothing to build again for the other command.
    process::run(process::cargo().args(["build", "--workspace", "--bins"]))?;
    let council = demo::council()?;
    if display { open(&council, role) } else { photograph(&council, role) }
}

/// Builds the screens when anything they are made of is newer than they are.
pub(crate) fn build_screens() -> Result<()> {
    let built = modified(&repo::ui().join("build/index.html"));
    let sources = ["src", "messages", "static", "project.inlang", "package-lock.json", "vite.config.ts"];
    let newest = sources.iter().filter_map(|name| newest_in(&repo::ui().join(name))).max();
    if built.is_some() && built >= newest && repo::ui().join("build/_app").is_dir() {
        return Ok(());
    }
    say("building the screens");
    let mut build = process::npm();
    build.args(["run", "build", "--silent", "--", "--logLevel", "warn"]);
    let heard = process::listen(&mut build, Show::SignsOfLife, Duration::from_mins(15))?;
    if heard.ok { Ok(()) } else { Err(Sentence::new("The screens could not be built: the reason is above.")) }
}

fn open(demo: &Demo, role: Option<Role>) -> Result<()> {
    say(&format!("opening Talking Point on {}", demo.data.display()));
    let mut app = Command::new(repo::built("talking-point"));
    app.arg("--data").arg(&demo.data).arg("--passphrase-file").arg(&demo.passphrase);
    if let Some(role) = role {
        app.args(["--role", role.word()]);
    }
    process::run(&mut app)
}

fn photograph(demo: &Demo, role: Option<Role>) -> Result<()> {
    let pictures = repo::target().join("screenshots");
    say("there is no display: opening the app on a virtual one, as each role in turn");
    let mut photographer = Command::new(repo::built("first-screens"));
    photographer
        .args(role.map(Role::word))
        .env("TALKING_POINT_DEMO", &demo.data)
        .env("TALKING_POINT_DEMO_PASSPHRASE", &demo.passphrase);
    for (name, value) in for_desktop() {
        photographer.env(name, value);
    }
    process::run(&mut photographer)?;
    say(&format!("the pictures are in {}", pictures.display()));
    Ok(())
}

/// What a program that drives the real window has to be told.
pub(crate) fn for_desktop() -> Vec<(&'static str, PathBuf)> {
    let mut told = vec![
        ("TALKING_POINT_APP", repo::built("talking-point")),
        ("TALKING_POINT_HUBCTL", repo::built("hubctl")),
        ("TALKING_POINT_SCREENSHOTS", repo::target().join("screenshots")),
        ("TALKING_POINT_DESKTOP_LOGS", repo::target().join("desktop-logs")),
    ];
    told.extend(setup::tauri_driver().map(|driver| ("TALKING_POINT_DRIVER", driver)));
    told
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

/// The newest change under a path; what the screens' build writes among its own sources is left out.
fn newest_in(path: &Path) -> Option<SystemTime> {
    if path.ends_with("paraglide") {
        return None;
    }
    let within = fs::read_dir(path).ok().into_iter().flatten().flatten().filter_map(|entry| newest_in(&entry.path()));
    within.chain(modified(path).filter(|_| path.is_file())).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_three_words() {
        for word in ["volunteer", "worker", "manager"] {
            assert_eq!(Role::parse(word).unwrap().word(), word);
        }
        assert!(Role::parse("admin").unwrap_err().to_string().contains("admin"));
    }
}
