//! Processes that we started, and those that they started: each ended by its own id, none ever left behind.

use std::fs;
use std::process::{Child, Command, Stdio};

/// A process that ends, with everything it started, when this is dropped.
pub(super) struct Owned(Child);

impl Owned {
    pub(super) fn new(child: Child) -> Self {
        Self(child)
    }

    pub(super) fn id(&self) -> u32 {
        self.0.id()
    }

    pub(super) fn child(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        let mut all = descendants(self.0.id());
        all.push(self.0.id());
        for id in all {
            kill(id);
        }
        let _ = self.0.wait();
    }
}

/// Ends a process at once, as a power cut would.
pub(super) fn kill(id: u32) {
    let _ = Command::new("kill").args(["-KILL", &id.to_string()]).stderr(Stdio::null()).status();
}

/// True while the process is there and has not ended. Its first thread can have ended before others that still hold its
/// files, the data folder's lock among them.
pub(super) fn is_alive(id: u32) -> bool {
    stat(id).is_some_and(|(_, state)| state != "Z" || threads(id) > 1)
}

fn threads(id: u32) -> usize {
    fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().count()
}

/// Everything that this process started, and what those started, as of now.
pub(super) fn descendants(id: u32) -> Vec<u32> {
    let everyone: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|process| Some((process, stat(process)?.0)))
        .collect();
    let mut found = Vec::new();
    let mut parents = vec![id];
    while let Some(parent) = parents.pop() {
        let children = everyone.iter().filter(|(_, its_parent)| *its_parent == parent).map(|(child, _)| *child);
        for child in children {
            found.push(child);
            parents.push(child);
        }
    }
    found
}

/// The program file a process runs.
pub(super) fn program(id: u32) -> Option<std::path::PathBuf> {
    fs::read_link(format!("/proc/{id}/exe")).ok()
}

/// Its parent and its state's letter.
fn stat(id: u32) -> Option<(u32, String)> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The program's name stands in brackets and may hold anything; what follows the last one is plain.
    let mut fields = text.rsplit_once(')')?.1.split_ascii_whitespace();
    let state = fields.next()?.to_owned();
    Some((fields.next()?.parse().ok()?, state))
}
