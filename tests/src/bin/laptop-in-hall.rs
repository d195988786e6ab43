//! One laptop without a window, with a place in the hall, that does what it is told on standard input, a line each, and
//! answers each with a line. For the tests that put several into networks of their own.
//!
//! `check-in NAME`, `wait NAME` (until NAME is in the queue), `with N` (until so many are met), `apart N` (until so many
//! cannot be reached), `queue`. It ends with its input.
#![allow(clippy::print_stdout, reason = "it answers there")]

use std::io::BufRead;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use hub::action::check_in::CheckIn;
use hub::view::shell::Role;
use hub::{Hub, Passphrase, Ports};

/// Nothing that is waited for takes so long.
const LONG: Duration = Duration::from_secs(120);

fn main() -> Result<()> {
    let mut words = std::env::args_os().skip(1).map(PathBuf::from);
    let (data, file) = words.next().zip(words.next()).context("the data folder, and a file with the passphrase")?;
    let passphrase = Passphrase::of_file(&file).map_err(|why| anyhow::anyhow!("{why}"))?;
    let hub = Arc::new(Hub::open(&data, &passphrase, &Ports::system())?);
    hub.sign_in_as("Jo", Role::Volunteer)?;
    let (tell, changed) = mpsc::channel();
    let place = hub.enter_hall(move || {
        // Whoever has stopped listening is about to leave.
        let _ = tell.send(());
    })?;
    println!("ready");
    for line in std::io::stdin().lock().lines() {
        println!("{}", obey(&hub, &changed, &line?)?);
    }
    drop(place);
    Ok(())
}

fn obey(hub: &Hub, changed: &Receiver<()>, line: &str) -> Result<String> {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    match verb {
        "check-in" => {
            hub.check_in(CheckIn { name: rest.to_owned(), ..CheckIn::default() })?;
            Ok("checked in".to_owned())
        }
        "wait" => until(changed, || Ok(queue(hub)?.iter().any(|name| name == rest))),
        "with" => {
            let many: usize = rest.parse()?;
            until(changed, || Ok(hub.met_in_hall()?.with.len() == many))
        }
        "apart" => {
            let many: u32 = rest.parse()?;
            until(changed, || Ok(hub.met_in_hall()?.out_of_reach == many))
        }
        "queue" => Ok(queue(hub)?.join(",")),
        _ => bail!("`{verb}` is not understood"),
    }
}

fn queue(hub: &Hub) -> Result<Vec<String>> {
    let mut names: Vec<String> = hub.queue()?.waiting.into_iter().filter_map(|row| row.name).collect();
    names.sort();
    Ok(names)
}

/// How many milliseconds it took until this was so, or `in vain`.
fn until(changed: &Receiver<()>, is_so: impl Fn() -> Result<bool>) -> Result<String> {
    let began = Instant::now();
    while !is_so()? {
        let left = LONG.saturating_sub(began.elapsed());
        if changed.recv_timeout(left).is_err() {
            return Ok("in vain".to_owned());
        }
    }
    Ok(began.elapsed().as_millis().to_string())
}
