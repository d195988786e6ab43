//! The developer's commands: `cargo xtask run`, `test`, `bench`, `bindings`, `tidy`, `setup`.
//!
//! This is the first thing a newcomer compiles, so it uses the standard library and little else. It installs, builds
//! and starts; what is right or wrong about the app is decided by the app's own tests, never here.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "talking to the person at the terminal is its work")]

mod bench;
mod bindings;
mod process;
mod repo;
mod run;
mod setup;
mod step;
mod tally;
mod test;
mod tidy;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask COMMAND

  run [--role volunteer|worker|manager]  set up, build, and open the app on the demo council
  test [--quick]                         set up, then check everything; --quick leaves the real window out
  bench                                  measure; writes target/bench/summary.json
  bindings [--check]                     write ui/src/lib/api/bindings.ts, or fail when it is stale
  tidy                                   format and lint everything
  setup                                  install what is missing and stop";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&words.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[&str]) -> Result<ExitCode> {
    match words {
        ["run"] => run::run(None)?,
        ["run", "--role", role] => run::run(Some(run::Role::parse(role)?))?,
        ["test"] => return test::test(test::Extent::Everything),
        ["test", "--quick"] => return test::test(test::Extent::Quick),
        ["bench", rest @ ..] => bench::bench(rest)?,
        ["bindings"] => bindings::write()?,
        ["bindings", "--check"] => bindings::check()?,
        ["tidy"] => tidy::tidy()?,
        ["setup"] => setup::everything()?,
        ["help" | "--help" | "-h"] => println!("{USAGE}"),
        _ => bail!("{USAGE}"),
    }
    Ok(ExitCode::SUCCESS)
}
