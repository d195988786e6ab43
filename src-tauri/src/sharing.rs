//! Shares with the folder once a minute, for as long as the program runs, whoever is signed in. While a first sync is under
//! way the screens are told each second, for it fills them before it ends.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::program::Program;

/// How long between two exchanges.
const EVERY: Duration = Duration::from_secs(60);
/// How long between two looks at a first sync.
const LOOK: Duration = Duration::from_secs(1);

/// Starts it. The threads end with the program.
pub(crate) fn begin(program: Program) {
    let watched = program.clone();
    thread::spawn(move || {
        let (_kept, ticks) = mpsc::channel::<()>();
        let mut told = None;
        while ticks.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
            let now = watched.arriving();
            if now != told {
                told = now;
                watched.tell_screens();
            }
        }
    });
    thread::spawn(move || {
        // Nothing is ever sent: the wait for it is the clock, and ends when the program lets go of its side.
        let (_kept, ticks) = mpsc::channel::<()>();
        while ticks.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
            // What goes wrong is kept in the hub's sync state, where the screens read it.
            if program.share_if_open() {
                program.tell_screens();
            }
        }
    });
}
