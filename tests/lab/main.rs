//! The Lab: many laptops, virtual time, and faults from a seed. After the weather comes quiet, and then every laptop that
//! may hold a record holds it and shows the same; everything saved is there; nothing can be read without a key.
//!
//! A seed tells everything: `TALKING_POINT_LAB_FROM=1234 TALKING_POINT_LAB_SEEDS=1 cargo test -p talking-point-tests
//! --test lab more_seeds` lives it again (with `TALKING_POINT_LAB_TELL` set, in more words). `seeds` keeps those that once failed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops where something is wrong, and says so"
)]

mod act;
mod dice;
mod disk;
mod expect;
mod faults;
mod folder;
mod gone;
mod laptop;
mod office;
mod quiet;
mod relay;
mod story;
mod way;

use std::path::{Path, PathBuf};

use anyhow::Result;
use story::Story;

/// Each of the tests that run side by side tries so many.
const SEEDS_EACH: u64 = 50;

/// Lives one seed. What went wrong is told with all that happened before.
fn live(seed: u64) -> Result<(), Failed> {
    let memory = PathBuf::from("/dev/shm");
    let place = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    let mut told = Vec::new();
    let lived = try_to_live(seed, place.path(), &mut told);
    lived.map_err(|error| Failed { seed, why: format!("{error:#}"), told })
}

/// A seed that failed.
struct Failed {
    seed: u64,
    why: String,
    told: Vec<String>,
}

fn try_to_live(seed: u64, place: &Path, told: &mut Vec<String>) -> Result<()> {
    let mut story = Story::begin(seed, place)?;
    let lived = story.go_on().and_then(|()| story.end());
    told.append(&mut story.told);
    if std::env::var_os("TALKING_POINT_LAB_TELL").is_some() {
        let (saved, lost) = (story.expected.len(), story.expected.lost);
        println!("seed {seed}: {} laptops, {saved} changes saved, {lost} lost", story.laptops.len());
        println!("  {}", told.join("\n  "));
    }
    lived
}

fn try_seeds(test: &str, seeds: impl IntoIterator<Item = u64>) {
    disk::where_disks_are(test, || try_seeds_here(seeds));
}

fn try_seeds_here(seeds: impl IntoIterator<Item = u64>) {
    let failed: Vec<Failed> = seeds.into_iter().filter_map(|seed| live(seed).err()).collect();
    let Some(first) = failed.first() else { return };
    println!("seed {}:\n  {}", first.seed, first.told.join("\n  "));
    let all: Vec<String> = failed.iter().map(|failed| format!("seed {}: {}", failed.seed, failed.why)).collect();
    panic!("{} seeds failed\n{}", all.len(), all.join("\n"));
}

macro_rules! seeds {
    ($($name:ident: $nth:literal),* $(,)?) => {$(
        #[test]
        fn $name() {
            try_seeds(stringify!($name), $nth * SEEDS_EACH..($nth + 1) * SEEDS_EACH);
        }
    )*};
}

seeds!(
    seeds_0: 0, seeds_1: 1, seeds_2: 2, seeds_3: 3, seeds_4: 4, seeds_5: 5, seeds_6: 6, seeds_7: 7, seeds_8: 8,
    seeds_9: 9, seeds_10: 10, seeds_11: 11, seeds_12: 12, seeds_13: 13, seeds_14: 14, seeds_15: 15, seeds_16: 16,
    seeds_17: 17, seeds_18: 18, seeds_19: 19, seeds_20: 20, seeds_21: 21, seeds_22: 22, seeds_23: 23, seeds_24: 24,
    seeds_25: 25, seeds_26: 26, seeds_27: 27, seeds_28: 28, seeds_29: 29, seeds_30: 30, seeds_31: 31, seeds_32: 32,
    seeds_33: 33, seeds_34: 34, seeds_35: 35, seeds_36: 36, seeds_37: 37, seeds_38: 38, seeds_39: 39,
);

#[test]
fn seeds_that_once_failed() {
    let kept = include_str!("seeds").lines().filter(|line| !line.starts_with('#'));
    try_seeds("seeds_that_once_failed", kept.map(|line| line.split_whitespace().next().unwrap().parse().unwrap()));
}

/// For a long run: so many seeds from a first one, both from the environment.
#[test]
fn more_seeds() {
    let number = |name: &str, otherwise| std::env::var(name).map_or(otherwise, |text| text.parse().unwrap());
    let from = number("TALKING_POINT_LAB_FROM", 1_000_000);
    try_seeds("more_seeds", from..from + number("TALKING_POINT_LAB_SEEDS", 1));
}
