//! `cargo xtask bench`: the figures of docs/performance.md, measured in the release profile.

use crate::sentence::Result;
use crate::step::say;
use crate::{process, repo, run, setup};

/// Runs the benchmarks, all or the groups named; the figures go to `target/bench/summary.json`.
pub(crate) fn bench(words: &[&str]) -> Result<()> {
    setup::everything()?;
    setup::to_measure()?;
    run::build_screens()?;
    say("building the program in the release profile");
    process::run(process::cargo().args(["build", "--release", "--package", "talking-point", "--bins"]))?;
    process::run(process::cargo().args(["build", "--release", "--package", "talking-point-relay", "--bins"]))?;
    let mut benches = process::cargo();
    benches.args(["run", "--release", "--package", "talking-point-benches", "--"]).args(words);
    for (name, value) in run::for_desktop() {
        benches.env(name, value);
    }
    benches.env("TALKING_POINT_APP", repo::target().join("release/talking-point"));
    benches.env("TALKING_POINT_BENCH_DIR", repo::target().join("bench"));
    process::run(&mut benches)
}
