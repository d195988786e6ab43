//! A display and a message bus that exist for one test alone.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use super::processes::Owned;
use super::programs;

/// An X display without a screen, a message bus, and a home folder; all go when this is dropped.
pub struct Display {
    name: String,
    display: String,
    bus: String,
    home: TempDir,
    _server: Owned,
    _messages: Owned,
}

impl Display {
    /// Starts one; `name` is the test's, for its logs and pictures.
    ///
    /// # Errors
    /// When Xvfb or dbus-daemon cannot be started.
    pub fn start(name: &str) -> Result<Self> {
        let home = tempfile::Builder::new().prefix("talking-point-").tempdir().context("no temporary folder")?;
        let mut server = Command::new("Xvfb");
        server.args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]);
        let (server, number) = start(server, name, "Xvfb")?;
        let mut messages = Command::new("dbus-daemon");
        messages.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        messages.arg(format!("--address=unix:tmpdir={}", home.path().display()));
        let (messages, bus) = start(messages, name, "dbus-daemon")?;
        let display = format!(":{number}");
        Ok(Self { name: name.to_owned(), display, bus, home, _server: server, _messages: messages })
    }

    /// The test's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A folder inside this test's home, made if it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.home.path().join(name);
        std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(folder)
    }

    /// Gives a program this display, bus and a home of its own, and drawing that needs no graphics card.
    ///
    /// # Errors
    /// When its home cannot be made.
    pub fn lend_to(&self, command: &mut Command, laptop: &str) -> Result<()> {
        let own = |what: &str| self.folder(&format!("{laptop}/{what}"));
        command
            .env("DISPLAY", &self.display)
            .env_remove("WAYLAND_DISPLAY")
            .env("GDK_BACKEND", "x11")
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("DBUS_SYSTEM_BUS_ADDRESS", &self.bus)
            .env("NO_AT_BRIDGE", "1")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("HOME", own("home")?)
            .env("XDG_DATA_HOME", own("share")?)
            .env("XDG_CACHE_HOME", own("cache")?)
            .env("XDG_CONFIG_HOME", own("config")?);
        Ok(())
    }

    /// Says on the message bus what the system says when the lid closes: it is about to sleep.
    ///
    /// # Errors
    /// When it cannot be said.
    pub fn close_lid(&self) -> Result<()> {
        let said = Command::new("dbus-send")
            .arg(format!("--bus={}", self.bus))
            .args(["--type=signal", "/org/freedesktop/login1", "org.freedesktop.login1.Manager.PrepareForSleep"])
            .arg("boolean:true")
            .status()
            .context("dbus-send cannot be started: `cargo xtask setup` installs it")?;
        if said.success() { Ok(()) } else { bail!("the lid's closing cannot be said on the bus: {said}") }
    }

    /// A file for what a program says.
    pub(super) fn log(&self, of: &str) -> Result<File> {
        log(&self.name, of)
    }
}

fn log(test: &str, of: &str) -> Result<File> {
    let path = programs::logs()?.join(format!("{test}-{of}.log"));
    File::create(&path).with_context(|| format!("{} cannot be made", path.display()))
}

/// Starts a program that says one line when it is ready: the display's number, the bus's address.
fn start(mut command: Command, test: &str, program: &str) -> Result<(Owned, String)> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log(test, program)?);
    let child =
        command.spawn().with_context(|| format!("{program} cannot be started: `cargo xtask setup` installs it"))?;
    let mut owned = Owned::new(child);
    let said = owned.child().stdout.take().map(first_line).transpose()?.unwrap_or_default();
    if said.is_empty() {
        bail!("{program} ended without getting ready; its log says why");
    }
    Ok((owned, said))
}

fn first_line(from: ChildStdout) -> Result<String> {
    let mut line = String::new();
    BufReader::new(from).read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
