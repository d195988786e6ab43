//! Making sure that everything needed is on the machine: quick when nothing is missing, one sentence when it cannot be.

mod npm;
mod packages;
mod python;
mod tools;

pub(crate) use python::python;
use tools::Platforms;
pub(crate) use tools::{path_with_tools, tauri_driver};

use crate::sentence::Result;
use crate::step::say;
use crate::{machine, repo};

/// What a first build takes, in MB, with its tools and the demo council.
const FIRST_BUILD: u64 = 9_000;

/// Everything that building, opening and testing need.
pub(crate) fn everything() -> Result<()> {
    look_for_room();
    packages::install_missing()?;
    tools::fetch(Platforms::All)?;
    npm::install_missing()?;
    npm::install_stores()?;
    python::install_missing()?;
    tools::for_the_window()?;
    tools::for_testing()
}

/// What measuring needs beside that.
pub(crate) fn to_measure() -> Result<()> {
    npm::install_peers()
}

/// What building and opening need: on a display, or driven without one.
pub(crate) fn to_run(display: bool) -> Result<()> {
    look_for_room();
    packages::install_missing()?;
    tools::fetch(Platforms::This)?;
    npm::install_missing()?;
    if display { Ok(()) } else { tools::for_the_window() }
}

/// Says at the start what would otherwise be found out after ten minutes.
fn look_for_room() {
    let built_before = repo::built("talking-point").exists();
    if let Some(free) = machine::free_megabytes(&repo::target()).filter(|free| !built_before && *free < FIRST_BUILD) {
        say(&format!(
            "the disk has {free} MB free and a first build takes about {FIRST_BUILD} MB: it may run out of space"
        ));
    }
}
