//! `cargo xtask bindings`: the screens' types and command wrappers, written by the window's own program.

use crate::process;
use crate::sentence::{Result, Sentence};

/// Writes `ui/src/lib/api/bindings.ts`.
pub(crate) fn write() -> Result<()> {
    process::run(command().arg("--write"))
}

/// Fails when the file is stale.
pub(crate) fn check() -> Result<()> {
    process::run(&mut command())
        .map_err(|_| Sentence::new("ui/src/lib/api/bindings.ts is stale: run `cargo xtask bindings`."))
}

/// Cargo, about to run the program that knows the bindings; without `--write` it only compares.
pub(crate) fn command() -> std::process::Command {
    let mut cargo = process::cargo();
    cargo.args(["run", "--quiet", "--package", "talking-point", "--example", "bindings", "--"]);
    cargo
}
