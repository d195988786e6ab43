//! Starts the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use anyhow::{Context, Result};
use talking_point::Arguments;

fn main() -> Result<()> {
    let arguments = Arguments::read(std::env::args_os().skip(1))?;
    talking_point::open(arguments).context("The window cannot be shown: is there a display?")
}
