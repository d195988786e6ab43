//! A council of three laptops for these tests, made as IT would make it: the first is an administrator's, and its window
//! is the one looked at.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use hub::ports::{Ports, Virtual};
use hub::view::shell::Role;
use hub::{Found, Hub, Join, Passphrase};
use talking_point_tests::desktop::{Display, Laptop, Setting};

pub(crate) const PASSPHRASE: &str = "four words to remember";

/// How far the third laptop's clock is ahead, in milliseconds.
const AHEAD: i64 = 20 * 60_000;

/// Three data folders, and the folder between them.
pub(crate) struct Office {
    home: PathBuf,
    pub(crate) between: PathBuf,
}

impl Office {
    /// Green Lane 1, 2 and 3 have met; the third, at the door, has a clock that is fast.
    pub(crate) fn with_two(display: &Display) -> Result<Self> {
        let office = Self { home: display.folder("council")?, between: display.folder("between")? };
        std::fs::write(office.passphrase_file(), PASSPHRASE).context("no room for a passphrase")?;
        apart(|| office.begin())?;
        Ok(office)
    }

    /// Whatever is done on open records without a window.
    pub(crate) fn on(&self, number: u64, act: impl FnOnce(&Hub) -> Result<()> + Send) -> Result<()> {
        apart(|| act(&Hub::open(&self.data(number), &Passphrase::from(PASSPHRASE), &Ports::system())?))
    }

    fn begin(&self) -> Result<()> {
        let first = self.founded()?;
        first.sign_in_as("Ann", Role::Manager)?;
        let second = self.joined(&first, Role::Worker, 2, 0)?;
        let third = self.joined(&first, Role::Volunteer, 3, AHEAD)?;
        for hub in [&first, &second, &third, &second, &first] {
            hub.sync_with(&self.between)?;
        }
        Ok(())
    }

    /// The second laptop's join file is used once more, on another machine, and both work.
    pub(crate) fn double_the_second(&self) -> Result<()> {
        apart(|| {
            let world = Virtual::new(9, Ports::system().now());
            let twin = join(&self.data(9), &self.home.join("join-2"), &world.ports())?;
            let hubs = |numbers: [u64; 2]| {
                numbers.map(|n| Hub::open(&self.data(n), &Passphrase::from(PASSPHRASE), &Ports::system()))
            };
            let [first, second] = hubs([1, 2]);
            let (first, second) = (first?, second?);
            for round in 0..2 {
                for hub in [&second, &twin] {
                    hub.sign_in_as("Sam", Role::Worker)?;
                    let name = format!("Mair {round}");
                    hub.check_in(hub::action::check_in::CheckIn { name, ..Default::default() })?;
                }
                for hub in [&first, &second, &twin, &second, &first] {
                    hub.sync_with(&self.between)?;
                }
            }
            Ok(())
        })
    }

    /// The first laptop's window, with someone signed in.
    pub(crate) async fn window(&self, display: &Display, role: &'static str) -> Result<Laptop> {
        self.window_of(display, 1, role).await
    }

    /// The window of one of them.
    pub(crate) async fn window_of(&self, display: &Display, number: u64, role: &str) -> Result<Laptop> {
        let setting = Setting::on(&self.data(number)).opened_with(&self.passphrase_file());
        let window = Laptop::start(display, &format!("green lane {number}"), &setting).await?;
        window.drawn().await?;
        if window.find_one_of(&["sign-in-name", "sign-in-not-listed"]).await? == "sign-in-not-listed" {
            window.click("sign-in-not-listed").await?;
        }
        window.type_into("sign-in-name", "Ann").await?;
        if window.count(&format!("sign-in-role-{role}")).await? > 0 {
            window.click(&format!("sign-in-role-{role}")).await?;
        }
        window.click("sign-in-submit").await?;
        window.see("Ann,").await?;
        Ok(window)
    }

    /// A laptop's data folder.
    pub(crate) fn data(&self, number: u64) -> PathBuf {
        self.home.join(format!("laptop-{number}"))
    }

    /// The words on the recovery sheet.
    pub(crate) fn sheet(&self) -> Result<String> {
        Ok(std::fs::read_to_string(self.home.join("sheet"))?)
    }

    fn passphrase_file(&self) -> PathBuf {
        self.home.join("passphrase")
    }

    fn founded(&self) -> Result<Hub> {
        let found = Found {
            council: "Aberwen".to_owned(),
            hub: "Green Lane".to_owned(),
            laptop: String::new(),
            passphrase: Passphrase::from(PASSPHRASE),
        };
        let (hub, sheet) = Hub::found(&self.data(1), found, &Ports::system())?;
        std::fs::write(self.home.join("sheet"), sheet.as_str())?;
        Ok(hub)
    }

    fn joined(&self, by: &Hub, role: Role, number: u64, ahead: i64) -> Result<Hub> {
        let file = self.home.join(format!("join-{number}"));
        std::fs::write(&file, by.invite(role, None)?.as_slice())?;
        let world = Virtual::new(number, Ports::system().now().plus_millis(ahead));
        join(&self.data(number), &file, &world.ports())
    }
}

fn join(data: &Path, file: &Path, ports: &Ports) -> Result<Hub> {
    let join = Join { file, laptop: String::new(), passphrase: Passphrase::from(PASSPHRASE) };
    Ok(Hub::join(data, join, ports)?)
}

/// Does what waits for the disk on a thread of its own: a test's own thread may not wait.
fn apart(act: impl FnOnce() -> Result<()> + Send) -> Result<()> {
    std::thread::scope(|scope| scope.spawn(act).join()).map_err(|_| anyhow!("it stopped where something was wrong"))?
}
