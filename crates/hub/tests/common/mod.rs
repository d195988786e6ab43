//! A laptop for tests: a data folder, a clock that is set by hand, and somebody who sits at it.
#![allow(dead_code, reason = "each test file uses what it needs")]
#![allow(clippy::unwrap_used, reason = "a helper of tests fails by panicking")]

use hub::action::check_in::{CheckIn, CheckedIn};
use hub::ports::Virtual;
use hub::view::shell::Role;
use hub::{Found, Hub, HubError, Passphrase};
use sync_schema::Instant;
use tempfile::TempDir;

/// 23 November 2026, a Monday, at ten in the morning.
pub(crate) const TEN_O_CLOCK: i64 = 1_795_428_000_000;
pub(crate) const PASSPHRASE: &str = "three plain words";

pub(crate) struct Laptop {
    pub(crate) dir: TempDir,
    pub(crate) world: Virtual,
    pub(crate) hub: Hub,
}

impl Laptop {
    /// The founding laptop of a council, which is for any role.
    pub(crate) fn first() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let world = Virtual::new(1, Instant::from_millis(TEN_O_CLOCK));
        let found = Found {
            council: "Aberwen Council".to_owned(),
            hub: "Green Lane".to_owned(),
            laptop: String::new(),
            passphrase: Passphrase::from(PASSPHRASE),
        };
        let (hub, _) = Hub::found(dir.path(), found, &world.ports()).unwrap();
        Self { dir, world, hub }
    }

    /// Somebody sits down.
    pub(crate) fn seat(&self, name: &str, role: Role) {
        self.hub.sign_in_as(name, role).unwrap();
    }

    pub(crate) fn minutes_pass(&self, minutes: i64) {
        self.world.advance(minutes * 60_000);
    }

    /// Closes the program and starts it again.
    pub(crate) fn restart(self) -> Self {
        let Self { dir, world, hub } = self;
        drop(hub);
        let hub = Hub::open(dir.path(), &Passphrase::from(PASSPHRASE), &world.ports()).unwrap();
        Self { dir, world, hub }
    }

    pub(crate) fn check_in(&self, name: &str, reason: &str) -> CheckedIn {
        self.hub.check_in(CheckIn { name: name.to_owned(), reason: reason.to_owned(), ..CheckIn::default() }).unwrap()
    }
}

/// The field a refusal is about, with its code as the screen is told.
pub(crate) fn refused<T: std::fmt::Debug>(done: Result<T, HubError>) -> (hub::problem::ProblemCode, Option<String>) {
    let problem = done.unwrap_err().problem();
    (problem.code, problem.field)
}
