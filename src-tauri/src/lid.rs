//! The lid closes or the desktop locks: the screens are told to keep what is half typed and lock.
//!
//! On Linux the system's session keeper (logind) says so on the system bus. It is asked to wait with sleeping until the
//! screens have had their time; where it is not there, five idle minutes still lock. No rule lives here.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use gio::prelude::*;
use gio::{BusType, Cancellable, DBusCallFlags, DBusConnection, DBusSignalFlags, UnixFDList, glib};
use tauri::{AppHandle, Manager};
use tauri_specta::Event;

use crate::program::LockNow;

const KEEPER: &str = "org.freedesktop.login1";
const KEEPER_PATH: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";

/// How long the screens have to lock before the laptop sleeps; logind itself waits five seconds at most.
const TIME_TO_LOCK: Duration = Duration::from_millis(1_500);
/// How long to wait for logind's answer, in milliseconds.
const ANSWER: i32 = 1_000;

/// What keeps the laptop awake while it is held.
type Awake = Rc<RefCell<Option<UnixFDList>>>;

/// Listens for as long as the program runs; call on the window's thread.
pub(crate) fn watch(app: &AppHandle) {
    let Ok(bus) = gio::bus_get_sync(BusType::System, Cancellable::NONE) else { return };
    // Without this, GIO ends the program when the bus goes.
    bus.set_exit_on_close(false);
    let awake: Awake = Rc::new(RefCell::new(stay_awake(&bus)));
    let told = app.clone();
    let _sleeping = bus.signal_subscribe(
        None,
        Some(MANAGER),
        Some("PrepareForSleep"),
        Some(KEEPER_PATH),
        None,
        DBusSignalFlags::NONE,
        move |bus, _, _, _, _, said| match said.get::<(bool,)>() {
            Some((true,)) => {
                lock(&told);
                let awake = Rc::clone(&awake);
                glib::timeout_add_local_once(TIME_TO_LOCK, move || drop(awake.take()));
            }
            Some((false,)) => drop(awake.replace(stay_awake(bus))),
            None => {}
        },
    );
    let told = app.clone();
    let _locking = bus.signal_subscribe(
        None,
        Some(SESSION),
        Some("Lock"),
        None,
        None,
        DBusSignalFlags::NONE,
        move |_, _, _, _, _, _| lock(&told),
    );
    // Held for as long as the program runs: it carries both subscriptions.
    app.manage(bus);
}

fn lock(app: &AppHandle) {
    // A window that has just closed needs no telling.
    let _ = LockNow.emit(app);
}

/// Asks logind to wait a moment before it sleeps, for as long as the answer is held.
fn stay_awake(bus: &DBusConnection) -> Option<UnixFDList> {
    let asked = ("sleep", "Talking Point", "The records are locked first", "delay").to_variant();
    let answer = bus.call_with_unix_fd_list_sync(
        Some(KEEPER),
        KEEPER_PATH,
        MANAGER,
        "Inhibit",
        Some(&asked),
        None,
        DBusCallFlags::NONE,
        ANSWER,
        None::<&UnixFDList>,
        Cancellable::NONE,
    );
    answer.ok().map(|(_, held)| held)
}
