//! Making sure that everything needed is on the machine: quick when nothing is missing, one sentence when it cannot be.

mod npm;
mod packages;
mod tools;

use anyhow::Result;

pub(crate) use tools::{deny_is_here, path_with_tools, tauri_driver};

/// Everything that building, opening and testing need.
pub(crate) fn everything() -> Result<()> {
    packages::install_missing()?;
    tools::install_missing()?;
    npm::install_missing()
}

/// What building and opening need; the test runner is left out.
pub(crate) fn to_run() -> Result<()> {
    packages::install_missing()?;
    npm::install_missing()
}
