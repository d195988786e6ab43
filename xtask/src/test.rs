//! `cargo xtask test`: everything that can be wrong, tried, and one line at the end.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use crate::process::Show;
use crate::sentence::Result;
use crate::step::{Steps, in_words};
use crate::tally::{self, Tally};
use crate::{bindings, machine, process, repo, run, setup};

/// Longest that a step may take that builds no program: one that hangs is ended and has failed.
const SHORT: Duration = Duration::from_mins(10);

/// The same for one that builds. nextest ends a single test that hangs much sooner: see `.config/nextest.toml`.
const LONG: Duration = Duration::from_mins(40);

/// How much to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it.
    Everything,
    /// All but the real window.
    Quick,
}

/// How the outcome of a step is counted.
enum Counted {
    /// The step counts as one.
    Whole,
    /// The runner's own summary counts.
    By(fn(&str) -> Option<Tally>),
}

/// One step: what it is called, what it runs, how it counts.
struct Step {
    name: &'static str,
    command: Command,
    counted: Counted,
}

/// Sets up, then runs every step whatever the others did; 0 only when nothing failed.
pub(crate) fn test(extent: Extent) -> Result<ExitCode> {
    let began = Instant::now();
    let mut total = Tally::default();
    let mut failed = Vec::new();
    if let Err(error) = setup::everything() {
        eprintln!("\n{error}");
        total.add(Tally::one(false));
        failed.push("set-up");
    } else {
        let steps = steps(extent);
        let mut progress = Steps::ahead(steps.len());
        for step in steps {
            progress.next(step.name);
            let name = step.name;
            let tally = take(step);
            if tally.failed > 0 {
                failed.push(name);
            }
            total.add(tally);
        }
    }
    println!("\nTook {}.", in_words(began.elapsed()));
    if !failed.is_empty() {
        println!("Failed: {}.", failed.join("; "));
    }
    if let Some(space) = machine::little_space(&repo::target()).filter(|_| total.failed > 0) {
        println!("{space}");
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn take(mut step: Step) -> Tally {
    let command = step.command.env("PATH", setup::path_with_tools());
    let limit = if command.get_program() == "npm" { SHORT } else { LONG };
    let heard = match process::listen(command, Show::Everything, limit) {
        Ok(heard) => heard,
        Err(error) => {
            eprintln!("{error}");
            return Tally::one(false);
        }
    };
    match step.counted {
        Counted::Whole => Tally::one(heard.ok),
        Counted::By(count) => Tally::of_runner(heard.ok, count(&heard.text)),
    }
}

fn steps(extent: Extent) -> Vec<Step> {
    let whole = |name, command| Step { name, command, counted: Counted::Whole };
    let runner = |name, command, count| Step { name, command, counted: Counted::By(count) };
    let mut steps = vec![
        whole("the screens build", npm(&["run", "build", "--silent", "--", "--logLevel", "warn"])),
        whole("the screens' types (svelte-check)", npm(&["run", "check"])),
        whole("the screens' lints and format", npm(&["run", "lint"])),
        runner("the screens' tests (vitest)", npm(&["test"]), tally::vitest),
        whole("format (rustfmt)", cargo(&["fmt", "--all", "--check"])),
        whole("these commands' own format", cargo(&["fmt", "--manifest-path", XTASK, "--check"])),
        whole("the fuzz targets' format", cargo(&["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"])),
        whole(
            "these commands' own lints",
            cargo(&["clippy", "--manifest-path", XTASK, "--all-targets", "--quiet", "--", "-D", "warnings"]),
        ),
        runner("these commands' own tests", cargo(&["nextest", "run", "--manifest-path", XTASK]), tally::nextest),
        whole("the programs build", cargo(&["build", "--workspace", "--bins"])),
        whole("lints (clippy)", cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])),
        whole("licences and sources (cargo deny)", cargo(&DENY)),
        whole("the screens' bindings are those of the program", bindings::command()),
        runner("units, laws, Lab, upgrade (nextest)", nextest("not binary(desktop)"), tally::nextest),
        whole("a second decoder reads the sealed log (Python)", decoder()),
    ];
    if extent == Extent::Everything {
        let mut desktop = nextest("binary(desktop)");
        for (name, value) in run::for_desktop() {
            desktop.env(name, value);
        }
        steps.push(runner("the real window", desktop, tally::nextest));
    }
    steps
}

/// What can be decided from this repository alone: known faults (`advisories`) change from day to day and need a network.
const DENY: [&str; 7] = ["deny", "--log-level", "error", "check", "bans", "licenses", "sources"];

/// These commands stand outside the workspace.
const XTASK: &str = "xtask/Cargo.toml";

fn cargo(words: &[&str]) -> Command {
    let mut command = process::cargo();
    command.args(words);
    command
}

fn npm(words: &[&str]) -> Command {
    let mut command = process::npm();
    command.args(words);
    command
}

/// What docs/sealed-log.md says, read by a program that shares no code with ours: the vectors that are kept, and those
/// that the tests before this step have just left.
fn decoder() -> Command {
    let mut command = Command::new(setup::python("decoder"));
    command.current_dir(repo::root()).args(["-B", "tests/decoder/decode.py"]);
    command.args([repo::root().join("crates/sealed-log/tests/vectors"), repo::target().join("tmp/vectors")]);
    command
}

/// nextest over the workspace, all of it even when a test fails.
fn nextest(which: &str) -> Command {
    let mut command = cargo(&["nextest", "run", "--workspace", "--no-fail-fast", "--filterset", which]);
    // Where proptest keeps the seeds of cases that failed, and insta what differs, is in the tree, for all to see.
    command.env("INSTA_WORKSPACE_ROOT", repo::root());
    command
}
