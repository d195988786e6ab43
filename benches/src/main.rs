//! The figures in docs/performance.md: each measured in this run, beside its peer or the bare engine where it has one.
//!
//! Prints a table and writes `summary.json`, a flat object of names to numbers. Councils that take minutes to make are
//! kept between runs in the same folder; every figure is measured afresh. Words on the command line pick groups of
//! figures, by the names in `GROUPS`; none picks all.

#![allow(clippy::print_stdout, reason = "a program that prints its figures")]

mod automerge_sync;
mod bootstrap;
mod checkin;
mod council;
mod figures;
mod hall;
mod near;
mod overhead;
mod pouchdb;
mod reconnect;
mod relay;
mod search;
mod start;
mod wake;

use std::path::PathBuf;

use anyhow::{Result, bail};

use figures::Figures;

type Measure = fn(&council::Bench, &mut Figures) -> Result<()>;

const GROUPS: &[(&str, Measure)] = &[
    ("checkin", checkin::measure),
    ("search", search::measure),
    ("reconnect", reconnect::measure),
    ("automerge", automerge_sync::measure),
    ("bootstrap", bootstrap::measure),
    ("pouchdb", pouchdb::measure),
    ("overhead", overhead::measure),
    ("hall", hall::measure),
    ("relay", relay::measure),
    ("wake", wake::measure),
    ("start", start::measure),
];

fn main() -> Result<()> {
    let dir = std::env::var_os("TALKING_POINT_BENCH_DIR").map_or_else(|| PathBuf::from("target/bench"), PathBuf::from);
    let picked: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = picked.iter().find(|word| !GROUPS.iter().any(|(name, _)| name == word)) {
        let names: Vec<&str> = GROUPS.iter().map(|(name, _)| *name).collect();
        bail!("there is no group of figures called {unknown}; there are {}", names.join(", "));
    }
    let bench = council::Bench::in_folder(dir)?;
    let mut figures = Figures::default();
    for (name, measure) in GROUPS {
        if picked.is_empty() || picked.iter().any(|word| word == name) {
            println!("measuring: {name}");
            measure(&bench, &mut figures)?;
            // What was measured stays measured when a later group cannot be.
            figures.write(&bench.dir.join("summary.json"))?;
        }
    }
    figures.print();
    Ok(())
}
