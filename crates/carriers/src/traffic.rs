//! What an exchange cost, and what was met on the way.

use std::cell::Cell;

/// Calls and bytes. A listing's bytes are those of the names it gave, below the folder that was listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Calls made: list, get, put or delete, one each.
    pub calls: u64,
    /// Bytes that came, names listed included.
    pub bytes_in: u64,
    /// Bytes that went, reading back not included (it is in `bytes_in`).
    pub bytes_out: u64,
    /// Names that are not ours: foreign files and conflict copies.
    pub foreign: u64,
    /// Files that ended in the middle of a segment.
    pub half_written: u64,
    /// Files that were listed, and had gone or could not be read when asked for.
    pub vanished: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Meter(Cell<Traffic>);

impl Meter {
    pub(crate) fn read(&self) -> Traffic {
        self.0.get()
    }

    pub(crate) fn call(&self) {
        self.change(|traffic| traffic.calls += 1);
    }

    pub(crate) fn came(&self, bytes: usize) {
        self.change(|traffic| traffic.bytes_in += bytes as u64);
    }

    pub(crate) fn went(&self, bytes: usize) {
        self.change(|traffic| traffic.bytes_out += bytes as u64);
    }

    pub(crate) fn foreign(&self, count: u64) {
        self.change(|traffic| traffic.foreign += count);
    }

    pub(crate) fn half_written(&self) {
        self.change(|traffic| traffic.half_written += 1);
    }

    pub(crate) fn vanished(&self) {
        self.change(|traffic| traffic.vanished += 1);
    }

    fn change(&self, change: impl FnOnce(&mut Traffic)) {
        let mut traffic = self.0.get();
        change(&mut traffic);
        self.0.set(traffic);
    }
}
