//! Saying what is being done and how long it took.

use std::time::{Duration, Instant};

/// Prints a line about something that is about to be done.
pub(crate) fn say(what: &str) {
    println!("• {what}");
}

/// A numbered step of a long command.
pub(crate) struct Steps {
    done: usize,
    of: usize,
    began: Instant,
}

impl Steps {
    /// So many steps lie ahead.
    pub(crate) fn ahead(of: usize) -> Self {
        Self { done: 0, of, began: Instant::now() }
    }

    /// Announces the next one.
    pub(crate) fn next(&mut self, what: &str) {
        self.done += 1;
        println!("\n[{}/{}] {what} ({} so far)", self.done, self.of, in_words(self.began.elapsed()));
    }
}

/// `3 min 20 s`.
pub(crate) fn in_words(time: Duration) -> String {
    match time.as_secs() {
        seconds if seconds < 60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}
