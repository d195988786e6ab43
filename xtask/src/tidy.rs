//! `cargo xtask tidy`: put everything into the shape that `cargo xtask test` asks for.

use crate::sentence::Result;
use crate::step::say;
use crate::{bindings, process, setup};

/// Formats, then lints.
pub(crate) fn tidy() -> Result<()> {
    setup::everything()?;
    say("formatting");
    process::run(process::cargo().args(["fmt", "--all"]))?;
    process::run(process::cargo().args(["fmt", "--manifest-path", "xtask/Cargo.toml"]))?;
    process::run(process::cargo().args(["fmt", "--manifest-path", "fuzz/Cargo.toml"]))?;
    process::run(process::npm().args(["run", "format", "--if-present"]))?;
    say("bindings");
    bindings::write()?;
    say("lints");
    process::run(process::cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))?;
    process::run(process::npm().args(["run", "check"]))?;
    process::run(process::npm().args(["run", "lint"]))?;
    process::run(process::cargo().args(["deny", "--log-level", "error", "check"]).env("PATH", setup::path_with_tools()))
}
