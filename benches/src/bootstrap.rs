//! A new laptop's first sync, from a folder and from a relay, in which a keeper has left snapshots: until all it will ever show can be seen
//! and found, and until every record is here, looked at, and can be changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hub::view::shell::Role;
use hub::{Hub, HubError, Join};

use crate::council::{self, Bench};
use crate::figures::{Figures, percentile_ms};
use crate::near::Near;
use crate::reconnect::pair;

const ROUNDS: usize = 3;
const AIM_10K_S: f64 = 3.0;
const AIM_100K_S: f64 = 30.0;
const AIM_SCREEN_S: f64 = 3.0;

/// What the new laptop takes everything from.
enum From<'a> {
    Folder(&'a Path),
    Relay(&'a Near),
}

impl From<'_> {
    const fn name(&self) -> &'static str {
        match self {
            Self::Folder(_) => "a folder",
            Self::Relay(_) => "a relay",
        }
    }

    fn sync(&self, hub: &Hub) -> Result<(), HubError> {
        match self {
            Self::Folder(folder) => hub.sync_with(folder),
            Self::Relay(near) => hub.sync_with_relay(&near.address),
        }
        .map(drop)
    }
}

/// One new laptop: when all could be seen, and when all was here.
fn round(bench: &Bench, ours: &Hub, from: &From<'_>, people: u32) -> Result<(Duration, Duration)> {
    let home = bench.dir.join("bootstrap");
    if home.exists() {
        fs::remove_dir_all(&home)?;
    }
    fs::create_dir_all(&home)?;
    let file = home.join("new.join");
    fs::write(&file, ours.invite(Role::Worker, None)?)?;
    let joining = Join { file: &file, laptop: "Green Lane new".to_owned(), passphrase: Bench::passphrase() };
    let new = Hub::join(&home.join("new"), joining, &bench.ports)?;
    new.sign_in_as("Bench", Role::Worker)?;
    let began = Instant::now();
    let (seen, whole) = thread::scope(|threads| {
        let syncing = threads.spawn(|| from.sync(&new).map(|()| began.elapsed()));
        let mut seen = None;
        while seen.is_none() && !syncing.is_finished() {
            let all = new.shell()?.sync.arriving.is_some_and(|now| now.of > 0 && now.shown >= now.of);
            if all && !new.people("s")?.is_empty() {
                new.queue()?;
                seen = Some(began.elapsed());
            }
            thread::park_timeout(Duration::from_millis(10));
        }
        let whole = syncing.join().map_err(|_| anyhow::anyhow!("the first sync ended badly"))??;
        Ok::<_, anyhow::Error>((seen, whole))
    })?;
    ensure!(new.shell()?.sync.arriving.is_none(), "the first sync has not ended");
    ensure!(new.laptop()?.refused.is_empty(), "something was refused");
    let seen = seen.context("nothing was shown before all was here: there is no snapshot")?;
    println!(
        "  {people} people from {}: all seen after {:.2} s, all here after {:.2} s",
        from.name(),
        seen.as_secs_f64(),
        whole.as_secs_f64()
    );
    Ok((seen, whole))
}

/// The medians of several new laptops, in seconds: until all could be seen, and until all was here.
fn rounds(bench: &Bench, ours: &Hub, from: &From<'_>, people: u32) -> Result<(f64, f64)> {
    let (mut seen, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (shown, here) = round(bench, ours, from, people)?;
        seen.push(shown);
        whole.push(here);
    }
    Ok((percentile_ms(&mut seen, 50) / 1000.0, percentile_ms(&mut whole, 50) / 1000.0))
}

#[allow(clippy::cast_precision_loss, reason = "bytes far below 2^52")]
fn tell(written: &hub::Written, took: Duration) {
    println!(
        "  snapshots of {} documents in {} chunks, {:.1} MB, written in {:.1} s",
        written.documents,
        written.chunks,
        written.bytes as f64 / 1e6,
        took.as_secs_f64()
    );
}

/// A laptop that has everything, and the folder that it shared through: copies, since each newcomer leaves its mark on both.
fn full(bench: &Bench, people: u32) -> Result<(Hub, PathBuf)> {
    let pair = pair(bench, people)?;
    let copies = bench.dir.join("bootstrap-from");
    if copies.exists() {
        fs::remove_dir_all(&copies)?;
    }
    let (home, folder) = (copies.join("home"), copies.join("folder"));
    council::copy(&pair.home, &home)?;
    council::copy(&pair.folder, &folder)?;
    Ok((bench.open(&home)?, folder))
}

fn from_folder(bench: &Bench, people: u32) -> Result<(f64, f64)> {
    let (ours, folder) = full(bench, people)?;
    let began = Instant::now();
    let written = ours.write_snapshots(&folder)?;
    tell(&written, began.elapsed());
    rounds(bench, &ours, &From::Folder(&folder), people)
}

/// The same laptop brings all that it has to a relay that knows nothing yet.
fn from_relay(bench: &Bench, people: u32) -> Result<(f64, f64)> {
    let (ours, _) = full(bench, people)?;
    let near = Near::to(&ours, bench)?;
    let began = Instant::now();
    ours.sync_with_relay(&near.address)?;
    println!("  {people} people brought to a relay in {:.1} s", began.elapsed().as_secs_f64());
    let began = Instant::now();
    let written = ours.write_snapshots_at_relay(&near.address)?;
    tell(&written, began.elapsed());
    rounds(bench, &ours, &From::Relay(&near), people)
}

pub(crate) fn measure(bench: &Bench, figures: &mut Figures) -> Result<()> {
    let (_, small) = from_folder(bench, 10_000)?;
    let (_, small_relay) = from_relay(bench, 10_000)?;
    let (seen, large) = from_folder(bench, 100_000)?;
    let (seen_relay, large_relay) = from_relay(bench, 100_000)?;
    figures.aimed("bootstrap_10k_s", small, AIM_10K_S);
    figures.aimed("bootstrap_100k_s", large, AIM_100K_S);
    figures.aimed("bootstrap_first_screen_100k_s", seen, AIM_SCREEN_S);
    figures.aimed("bootstrap_relay_10k_s", small_relay, AIM_10K_S);
    figures.aimed("bootstrap_relay_100k_s", large_relay, AIM_100K_S);
    figures.aimed("bootstrap_relay_first_screen_100k_s", seen_relay, AIM_SCREEN_S);
    Ok(())
}
