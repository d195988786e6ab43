//! `hubctl`: everything IT does with a data folder, without a window.
//!
//! Exit code 0 when it did what was asked; otherwise 1 and one line on standard error that says what happened and what
//! to do. The last line on standard output is the command's figures as `key=value` pairs. No rule of the product
//! lives here: a command reads its arguments, calls `hub`, and prints.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what a command line does")]

mod line;
mod passphrase;
mod work;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

fn main() -> ExitCode {
    let line = match line::Line::try_parse() {
        Ok(line) => line,
        Err(told) if matches!(told.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            print!("{}", told.render());
            return ExitCode::SUCCESS;
        }
        Err(told) => return fail(&line::one_line(&told)),
    };
    match work::carry_out(&line) {
        Ok(figures) => {
            println!("{figures}");
            ExitCode::SUCCESS
        }
        Err(stopped) => {
            if let Some(figures) = stopped.figures {
                println!("{figures}");
            }
            fail(&stopped.sentence)
        }
    }
}

fn fail(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::FAILURE
}
