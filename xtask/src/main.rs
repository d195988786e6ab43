//! The developer's commands: `cargo xtask run`, `test`, `soak`, `bench`, `bindings`, `tidy`, `setup`.
//!
//! This is the first thing a newcomer compiles, so it uses the standard library alone: it can be built, and can say what
//! is wrong, on a machine without a network. It installs, builds and starts; what is right or wrong about the app is
//! decided by the app's own tests, never here.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "talking to the person at the terminal is its work")]

mod bench;
mod bindings;
mod demo;
mod machine;
mod process;
mod repo;
mod run;
mod sentence;
mod setup;
mod soak;
mod step;
mod tally;
mod test;
mod tidy;

use std::process::ExitCode;

use sentence::{Result, Sentence};

const USAGE: &str = "\
cargo xtask COMMAND

  run [--role volunteer|worker|manager]  set up, build, and open the app on the demo council
  test [--quick]                         set up, then check everything; --quick leaves the real window out
  soak --seeds N [--from SEED]           the Lab: many laptops with faults, N seeds from SEED on
  bench                                  measure; writes target/bench/summary.json
  bindings [--check]                     write ui/src/lib/api/bindings.ts, or fail when it is stale
  tidy                                   format and lint everything
  setup                                  install what is missing and stop";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&words.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\n{error}");
            if let Some(space) = machine::little_space(&repo::target()) {
                eprintln!("{space}");
            }
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[&str]) -> Result<ExitCode> {
    match words {
        ["run"] => run::run(None)?,
        ["run", "--role", role] => run::run(Some(run::Role::parse(role)?))?,
        ["run", "--role"] => run::run(Some(run::Role::parse("")?))?,
        ["test"] => return test::test(test::Extent::Everything),
        ["test", "--quick"] => return test::test(test::Extent::Quick),
        ["soak", rest @ ..] => soak::soak(&soak::Asked::read(rest)?)?,
        ["bench", rest @ ..] => bench::bench(rest)?,
        ["bindings"] => bindings::write()?,
        ["bindings", "--check"] => bindings::check()?,
        ["tidy"] => tidy::tidy()?,
        ["setup"] => setup::everything()?,
        ["help" | "--help" | "-h"] => println!("{USAGE}"),
        [] => return Err(Sentence::new(USAGE)),
        _ => return Err(Sentence::new(format!("`{}` is not understood: these are.\n\n{USAGE}", words.join(" ")))),
    }
    Ok(ExitCode::SUCCESS)
}
