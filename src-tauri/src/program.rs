//! The program's state: which data folder it is on, and the hub when that folder is open.

mod joining;
mod sheet;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use hub::problem::{Problem, ProblemCode};
use hub::view::shell::{Arriving, Start};
use hub::{Founding, Hub, HubError, Join, NewSheet, Passphrase, Ports};
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindowBuilder};
use tauri_specta::Event;

use crate::arguments::Arguments;
use crate::hall::{self, Seat};

/// Records were changed, here or by what came from elsewhere: screens ask again for what they show.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, specta::Type, Event)]
pub struct RecordsChanged;

/// The lid closes or the desktop locks: the screens keep what is half typed, and lock.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, specta::Type, Event)]
pub struct LockNow;

/// A handle that every command has.
#[derive(Clone)]
pub(crate) struct Program {
    inner: Arc<Inner>,
}

struct Inner {
    arguments: Arguments,
    ports: Ports,
    app: AppHandle,
    hub: Mutex<Option<Arc<Hub>>>,
    waiting: Mutex<Option<joining::Waiting>>,
    founding: Mutex<Option<Founding>>,
    sheet: Mutex<Option<NewSheet>>,
    seat: Seat,
}

impl Program {
    /// On a data folder that is not open yet.
    pub(crate) fn new(arguments: Arguments, app: AppHandle) -> Self {
        Self {
            inner: Arc::new(Inner {
                arguments,
                ports: Ports::system(),
                app,
                hub: Mutex::new(None),
                waiting: Mutex::new(None),
                founding: Mutex::new(None),
                sheet: Mutex::new(None),
                seat: Seat::default(),
            }),
        }
    }

    /// Runs something that may wait for the disk, away from the window's thread.
    pub(crate) async fn wait_for<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let program = self.clone();
        match tauri::async_runtime::spawn_blocking(move || call(&program)).await {
            Ok(done) => done,
            Err(_) => Err(unexpected("W001")),
        }
    }

    /// Asks the open hub.
    pub(crate) async fn ask_hub<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Hub) -> Result<T, HubError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.wait_for(move |program| {
            let hub = program.hub().ok_or_else(not_open)?;
            call(&hub).map_err(|error| error.problem())
        })
        .await
    }

    /// Tells every window that records have changed.
    pub(crate) fn tell_screens(&self) {
        // A window that has just closed needs no telling.
        let _ = RecordsChanged.emit(&self.inner.app);
    }

    /// How far this folder has got. Opens it first when a passphrase file was given.
    pub(crate) fn start(&self) -> Result<Start, Problem> {
        if let Some(hub) = self.hub() {
            return hub.start_state().map_err(|error| error.problem());
        }
        let arguments = &self.inner.arguments;
        let start = hub::start(&arguments.data, &self.inner.ports).map_err(|error| error.problem())?;
        match (&start, &arguments.passphrase_file) {
            (Start::Locked { .. }, Some(file)) => {
                let typed = Passphrase::of_file(file).map_err(|_| problem(ProblemCode::FileFailed, "W005"))?;
                self.open_with(&typed)
            }
            _ => Ok(start),
        }
    }

    /// Opens the records.
    pub(crate) fn open(&self, passphrase: String) -> Result<Start, Problem> {
        self.open_with(&Passphrase::new(passphrase))
    }

    fn open_with(&self, passphrase: &Passphrase) -> Result<Start, Problem> {
        self.keep(|arguments, ports| Hub::open(&arguments.data, passphrase, ports))
    }

    /// Joins a council.
    pub(crate) fn join(&self, file: &str, laptop: String, passphrase: String) -> Result<Start, Problem> {
        let passphrase = Passphrase::new(passphrase);
        self.keep(|arguments, ports| {
            Hub::join(&arguments.data, Join { file: Path::new(file), laptop, passphrase }, ports)
        })
    }

    /// Somebody says that the laptop's date is right.
    pub(crate) fn believe_clock(&self) -> Result<Start, Problem> {
        let hub = self.hub().ok_or_else(not_open)?;
        hub.believe_clock().and_then(|()| hub.start_state()).map_err(|error| error.problem())
    }

    /// Shares when the folder is open and a folder to share through is set; true when it tried.
    pub(crate) fn share_if_open(&self) -> bool {
        self.hub().is_some_and(|hub| {
            hub.sync_folder_set() && {
                let _ = hub.share();
                true
            }
        })
    }

    /// How far a first sync has got, if one is under way.
    pub(crate) fn arriving(&self) -> Option<Arriving> {
        self.hub()?.arriving().ok().flatten()
    }

    /// The first screen is drawn: says so to whoever asked to be told.
    #[allow(clippy::print_stdout, reason = "asked for with --say-when-drawn")]
    pub(crate) fn drawn(&self) {
        if self.inner.arguments.say_when_drawn {
            println!("drawn");
        }
    }

    /// Opens the board, or brings it forward.
    pub(crate) fn open_board(&self) -> Result<(), Problem> {
        if let Some(board) = self.inner.app.get_webview_window("board") {
            return board.set_focus().map_err(|_| unexpected("W002"));
        }
        WebviewWindowBuilder::new(&self.inner.app, "board", WebviewUrl::App("board".into()))
            .title("Talking Point: board")
            .inner_size(1280.0, 800.0)
            .min_inner_size(640.0, 400.0)
            .build()
            .map(drop)
            .map_err(|_| unexpected("W003"))
    }

    /// Closes the board.
    pub(crate) fn close_board(&self) -> Result<(), Problem> {
        self.inner
            .app
            .get_webview_window("board")
            .map_or(Ok(()), |board| board.destroy().map_err(|_| unexpected("W004")))
    }

    fn hub(&self) -> Option<Arc<Hub>> {
        self.inner.hub.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps what was opened or joined, one at a time: two clicks on "Open" open once.
    fn keep(&self, open: impl FnOnce(&Arguments, &Ports) -> Result<Hub, HubError>) -> Result<Start, Problem> {
        let mut kept = self.inner.hub.lock().unwrap_or_else(PoisonError::into_inner);
        let hub = match kept.as_ref() {
            Some(hub) => Arc::clone(hub),
            None => {
                let hub = Arc::clone(kept.insert(Arc::new(self.opened(open)?)));
                self.enter_hall(&hub);
                hub
            }
        };
        drop(kept);
        self.tell_screens();
        hub.start_state().map_err(|error| error.problem())
    }

    /// Looks for other laptops in the same hall from now on, or no longer.
    pub(crate) fn set_meets_in_halls(&self, meets: bool) -> Result<(), Problem> {
        let hub = self.hub().ok_or_else(not_open)?;
        hub.set_meets_in_halls(meets).map_err(|error| error.problem())?;
        hall::leave(&self.inner.seat);
        self.enter_hall(&hub);
        self.tell_screens();
        Ok(())
    }

    fn enter_hall(&self, hub: &Arc<Hub>) {
        if !self.inner.arguments.no_hall {
            let program = self.clone();
            hall::enter(Arc::clone(hub), Arc::clone(&self.inner.seat), move || program.tell_screens());
        }
    }

    fn opened(&self, open: impl FnOnce(&Arguments, &Ports) -> Result<Hub, HubError>) -> Result<Hub, Problem> {
        let arguments = &self.inner.arguments;
        let hub = open(arguments, &self.inner.ports).map_err(|error| error.problem())?;
        if let Some(role) = arguments.role {
            let list = hub.sign_in_list().map_err(|error| error.problem())?;
            if let Some(first) = list.members.iter().find(|member| member.role == role) {
                hub.sign_in(first.id).map_err(|error| error.problem())?;
            }
        }
        Ok(hub)
    }
}

fn not_open() -> Problem {
    problem(ProblemCode::NotSignedIn, "W006")
}

fn unexpected(reference: &str) -> Problem {
    problem(ProblemCode::Unexpected, reference)
}

fn problem(code: ProblemCode, reference: &str) -> Problem {
    Problem { code, field: None, number: None, reference: reference.to_owned() }
}
