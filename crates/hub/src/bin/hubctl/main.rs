//! `hubctl`: everything IT does with a data folder, without a window.
//!
//! Exit code 0 when it did what was asked; otherwise 1 and one line on standard error that says what happened and what
//! to do. The last line on standard output is the command's figures as `key=value` pairs. No rule of the product
//! lives here: a command reads its arguments, calls `hub`, and prints.

mod hall;
mod laptops;
mod line;
mod work;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

fn main() -> ExitCode {
    let line = match line::Line::try_parse() {
        Ok(line) => line,
        Err(told) if matches!(told.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            return said(&told.render().to_string());
        }
        Err(told) => return fail(&line::one_line(&told)),
    };
    match work::carry_out(&line) {
        Ok(figures) => said(&figures),
        Err(stopped) => {
            if let Some(figures) = stopped.figures {
                let _ = work::say(&figures);
            }
            fail(&stopped.sentence)
        }
    }
}

fn said(text: &str) -> ExitCode {
    match work::say(text.trim_end()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => fail("It was done, but the figures could not be printed; standard output is closed or full."),
    }
}

fn fail(sentence: &str) -> ExitCode {
    // With standard error closed as well, the exit code is all that is left to say it with.
    let _ = writeln!(std::io::stderr(), "{sentence}");
    ExitCode::FAILURE
}
