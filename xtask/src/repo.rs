//! Where things are in the repository and in cargo's target folder.

use std::path::{Path, PathBuf};

/// The repository's root: the folder above this package's.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The screens' folder.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// Cargo's target folder, which may be elsewhere.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// A program built by `cargo build`.
pub(crate) fn built(program: &str) -> PathBuf {
    target().join("debug").join(program)
}

/// Tools installed for this repository alone.
pub(crate) fn tools() -> PathBuf {
    target().join("tools")
}
