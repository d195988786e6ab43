//! A laptop that was away meets the folder again: 50 of many documents changed, from the first look to the last commit.
//!
//! Two laptops of one council hold the same records. One changes 50 people's telephone numbers and shares; the other
//! shares, and that is measured: looking, fetching, verifying, opening, merging, projecting, committing, and saying that
//! it has them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hub::action::person::PersonChange;
use hub::view::shell::Role;
use hub::{Hub, Join, Traffic};

use crate::council::Bench;
use crate::figures::{Figures, ms, percentile_ms};

const CHANGED: usize = 50;
const ROUNDS: usize = 7;
const AIM_CALLS: f64 = 25.0;
const AIM_BYTES: f64 = 30_000.0;
const AIM_MS: f64 = 60.0;
const AIM_GROWTH: f64 = 1.3;

/// Two laptops of one council and the folder between them.
pub(crate) struct Pair {
    pub(crate) home: PathBuf,
    away: PathBuf,
    pub(crate) folder: PathBuf,
}

/// Made once for a size and kept: the second laptop takes every record from the folder.
pub(crate) fn pair(bench: &Bench, people: u32) -> Result<Pair> {
    let home = bench.dir.join(format!("pair-{people}"));
    let pair = Pair { home: home.join("home"), away: home.join("away"), folder: home.join("folder") };
    if home.join("whole").exists() {
        return Ok(pair);
    }
    if home.exists() {
        fs::remove_dir_all(&home)?;
    }
    fs::create_dir_all(&pair.folder)?;
    let council = bench.council(people)?;
    crate::council::copy(&council, &pair.home)?;
    let ours = bench.open(&pair.home)?;
    let file = home.join("away.join");
    fs::write(&file, ours.invite(Role::Worker, None)?)?;
    ours.sync_with(&pair.folder)?;
    let joining = Join { file: &file, laptop: "Green Lane away".to_owned(), passphrase: Bench::passphrase() };
    let theirs = Hub::join(&pair.away, joining, &bench.ports)?;
    println!("  a second laptop takes every record of {people} people from the folder");
    let began = Instant::now();
    let taken = theirs.sync_with(&pair.folder)?;
    println!("  {} records in {:.1} s", taken.applied, began.elapsed().as_secs_f64());
    ours.sync_with(&pair.folder)?;
    fs::write(home.join("whole"), "")?;
    Ok(pair)
}

/// One round: changed there, taken here.
fn round(ours: &Hub, theirs: &Hub, folder: &Path, number: usize) -> Result<(Duration, Traffic)> {
    let names = ["a", "e", "i", "o", "m", "s", "t", "c", "d", "r", "g", "l", "w", "p", "n", "b", "k", "h", "f", "j"];
    let mut people = Vec::new();
    for name in names {
        for row in ours.people(name)? {
            if !people.contains(&row.id) && people.len() < CHANGED {
                people.push(row.id);
            }
        }
    }
    ensure!(people.len() == CHANGED, "the council has too few people to change {CHANGED}");
    for (at, person) in people.into_iter().enumerate() {
        ours.change_person(person, PersonChange::Phone(format!("01632 96{:04}", (number * CHANGED + at) % 1000)))?;
    }
    ours.sync_with(folder)?;
    let began = Instant::now();
    let (came, traffic) = theirs.sync_counted(folder)?;
    let took = began.elapsed();
    ensure!(came.applied as usize >= CHANGED, "{} of {CHANGED} changes arrived", came.applied);
    ours.sync_with(folder)?;
    Ok((took, traffic))
}

fn measure_size(bench: &Bench, people: u32) -> Result<(f64, Traffic)> {
    let pair = pair(bench, people)?;
    let (ours, theirs) = (bench.open(&pair.home)?, bench.open(&pair.away)?);
    // What a laptop does once in its life, at its first exchange after a start, is not part of a reconnect.
    theirs.sync_with(&pair.folder)?;
    let mut times = Vec::new();
    let mut traffic = None;
    for number in 0..ROUNDS {
        let (took, cost) = round(&ours, &theirs, &pair.folder, number)?;
        println!(
            "  {people} people: {:.1} ms, {} calls, {} bytes",
            ms(took),
            cost.calls,
            cost.bytes_in + cost.bytes_out
        );
        times.push(took);
        traffic = Some(traffic.map_or(cost, |most: Traffic| if cost.bytes_in > most.bytes_in { cost } else { most }));
    }
    Ok((percentile_ms(&mut times, 50), traffic.context("nothing was measured")?))
}

#[allow(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub(crate) fn measure(bench: &Bench, figures: &mut Figures) -> Result<()> {
    let (small_ms, small) = measure_size(bench, 10_000)?;
    let (large_ms, traffic) = measure_size(bench, 100_000)?;
    figures.aimed("reconnect_50_of_100k_calls", traffic.calls as f64, AIM_CALLS);
    figures.aimed("reconnect_50_of_100k_bytes", (traffic.bytes_in + traffic.bytes_out) as f64, AIM_BYTES);
    figures.aimed("reconnect_50_of_100k_ms", large_ms, AIM_MS);
    figures.plain("reconnect_50_of_10k_ms", small_ms);
    figures.plain("reconnect_50_of_10k_bytes", (small.bytes_in + small.bytes_out) as f64);
    figures.aimed("reconnect_growth_10k_to_100k", large_ms / small_ms, AIM_GROWTH);
    Ok(())
}
