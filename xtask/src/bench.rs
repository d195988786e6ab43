//! `cargo xtask bench`: the figures of docs/performance.md, measured in the release profile.

use anyhow::Result;

use crate::{process, repo, setup};

/// Runs every benchmark; words after `bench` go to the benchmark program.
pub(crate) fn bench(words: &[&str]) -> Result<()> {
    setup::everything()?;
    process::run(
        process::cargo()
            .args(["run", "--release", "--package", "talking-point-benches", "--"])
            .args(words)
            .env("TALKING_POINT_BENCH_DIR", repo::target().join("bench")),
    )
}
