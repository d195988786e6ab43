//! One laptop: the program on a data folder, with someone at its keyboard.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::json;
use thirtyfour::{Capabilities, WebDriver};
use tokio::net::{TcpListener, TcpStream};

use super::display::Display;
use super::processes::{self, Owned};
use super::programs;
use super::wait::eventually;

/// What the program is started with.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// The data folder.
    pub data: PathBuf,
    /// A file with the passphrase; without it the program asks.
    pub passphrase_file: Option<PathBuf>,
    /// `volunteer`, `worker` or `manager`; without it the program asks who is there.
    pub role: Option<&'static str>,
    /// Looks for other laptops in the same hall, as the program does when nothing else is said. Without it, tests that run
    /// beside one another on one machine would meet.
    pub in_hall: bool,
}

impl Setting {
    /// On a data folder, asking for everything else.
    #[must_use]
    pub fn on(data: &Path) -> Self {
        Self { data: data.to_owned(), ..Self::default() }
    }

    /// Opened with the passphrase in a file.
    #[must_use]
    pub fn opened_with(self, passphrase_file: &Path) -> Self {
        Self { passphrase_file: Some(passphrase_file.to_owned()), ..self }
    }

    /// With someone signed in.
    #[must_use]
    pub fn signed_in_as(self, role: &'static str) -> Self {
        Self { role: Some(role), ..self }
    }

    /// Looking for other laptops in the same hall.
    #[must_use]
    pub fn in_hall(self) -> Self {
        Self { in_hall: true, ..self }
    }

    fn arguments(&self) -> Result<Vec<String>> {
        let text = |path: &Path| path.to_str().map(str::to_owned).context("a path that is not Unicode");
        let mut words = vec!["--data".to_owned(), text(&self.data)?];
        if let Some(file) = &self.passphrase_file {
            words.extend(["--passphrase-file".to_owned(), text(file)?]);
        }
        if let Some(role) = self.role {
            words.extend(["--role".to_owned(), role.to_owned()]);
        }
        if !self.in_hall {
            words.push("--no-hall".to_owned());
        }
        Ok(words)
    }
}

/// The program, running, with its window's driver.
pub struct Laptop {
    pub(super) driver: WebDriver,
    pub(super) name: String,
    pub(super) test: String,
    program: u32,
    _process: Owned,
}

impl Laptop {
    /// Starts the program, with a driver on ports that nobody has.
    ///
    /// # Errors
    /// When the driver or the program does not come up.
    pub async fn start(display: &Display, name: &str, setting: &Setting) -> Result<Self> {
        let (port, native) = two_ports().await?;
        let log = display.log(name)?;
        let mut command = Command::new(programs::driver()?);
        command.args(["--port", &port.to_string(), "--native-port", &native.to_string()]);
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        display.lend_to(&mut command, name)?;
        let mut process = Owned::new(command.spawn().context("tauri-driver cannot be started")?);
        eventually("the window's driver", async || {
            if let Some(status) = process.child().try_wait()? {
                bail!("tauri-driver ended: {status}");
            }
            Ok((listens(port).await && listens(native).await).then_some(()))
        })
        .await?;
        let driver = connect(port, setting).await?;
        let app = programs::app()?.canonicalize().context("TALKING_POINT_APP is not there")?;
        let program = processes::descendants(process.id())
            .into_iter()
            .find(|id| processes::program(*id).as_deref() == Some(app.as_path()))
            .context("the program is not among what the driver started")?;
        Ok(Self { driver, name: name.to_owned(), test: display.name().to_owned(), program, _process: process })
    }

    /// Closes the window as a person would, and waits until the program is gone and its data folder free.
    ///
    /// # Errors
    /// When the program does not end.
    pub async fn stop(self) -> Result<()> {
        self.driver.clone().quit().await.context("the window cannot be closed")?;
        gone(self.program).await
    }

    /// Ends the program as a power cut would.
    ///
    /// # Errors
    /// When it is still there afterwards.
    pub async fn power_cut(self) -> Result<()> {
        let program = self.program;
        drop(self);
        gone(program).await
    }

    /// True while the program runs.
    #[must_use]
    pub fn is_running(&self) -> bool {
        processes::is_alive(self.program)
    }
}

/// Two ports that are free now: held both at once, so that they differ, and let go for the driver to take.
async fn two_ports() -> Result<(u16, u16)> {
    let (one, other) = (TcpListener::bind(("127.0.0.1", 0)).await?, TcpListener::bind(("127.0.0.1", 0)).await?);
    Ok((one.local_addr()?.port(), other.local_addr()?.port()))
}

async fn listens(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).await.is_ok()
}

/// A laptop that is dropped, as when its test fails, is switched off: its driver would wait two minutes for the window.
impl Drop for Laptop {
    fn drop(&mut self) {
        if self.is_running() {
            processes::kill(self.program);
            // The session's program is gone, so there is nothing left for the driver to quit.
            let _ = self.driver.clone().leak();
        }
    }
}

async fn gone(program: u32) -> Result<()> {
    eventually("the program's end", async || Ok((!processes::is_alive(program)).then_some(()))).await
}

async fn connect(port: u16, setting: &Setting) -> Result<WebDriver> {
    // The driver's client is made with TLS in it, though it never leaves this machine. The second time is no matter.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut wanted = Capabilities::new();
    wanted.set("browserName".to_owned(), json!("wry"))?;
    wanted.set("tauri:options".to_owned(), json!({ "application": programs::app()?, "args": setting.arguments()? }))?;
    WebDriver::new(format!("http://127.0.0.1:{port}"), wanted).await.context("the window did not open")
}
