//! `cargo xtask soak`: the Lab, many laptops with seeded faults, for as many seeds as there is time for.

use std::ops::Range;
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use crate::process::{self, Show};
use crate::sentence::{Result, Sentence};
use crate::step::{in_words, say};

/// Where seeds begin when nobody says so: beyond those that `cargo xtask test` tries.
const FROM: u64 = 1_000_000;

/// How many seeds one run of the Lab tries; the runs go side by side.
const PIECE: u64 = 10;

/// Longest that one run may take.
const LIMIT: Duration = Duration::from_mins(20);

/// Which seeds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    seeds: u64,
    from: u64,
}

impl Asked {
    /// From the words after `soak`.
    pub(crate) fn read(words: &[&str]) -> Result<Self> {
        let number = |word: &str| {
            word.parse().map_err(|_| Sentence::new(format!("`{word}` is no number: seeds are counted from 0.")))
        };
        match words {
            ["--seeds", seeds] => Ok(Self { seeds: number(seeds)?, from: FROM }),
            ["--seeds", seeds, "--from", from] | ["--from", from, "--seeds", seeds] => {
                Ok(Self { seeds: number(seeds)?, from: number(from)? })
            }
            _ => Err(Sentence::new("It is `cargo xtask soak --seeds N`, or `cargo xtask soak --seeds N --from SEED`.")),
        }
    }
}

/// Builds the Lab in the release profile and runs it on every core; tells each seed that failed.
pub(crate) fn soak(asked: &Asked) -> Result<()> {
    say("building the Lab in the release profile (the first time takes some minutes)");
    process::run(lab().arg("--no-run"))?;
    say(&format!("trying {} seeds from {} on", asked.seeds, asked.from));
    let progress = Mutex::new(Progress { left: pieces(asked), tried: 0, failed: Vec::new(), began: Instant::now() });
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|threads| {
        for _ in 0..cores {
            threads.spawn(|| {
                while let Some(piece) = with(&progress, |progress| progress.left.pop()) {
                    let failed = try_piece(&piece);
                    with(&progress, |progress| progress.add(&piece, failed, asked.seeds));
                }
            });
        }
    });
    let failed = with(&progress, |progress| std::mem::take(&mut progress.failed));
    if failed.is_empty() {
        return Ok(());
    }
    Err(Sentence::new(format!(
        "These seeds failed; `cargo xtask soak --seeds 1 --from SEED` lives one again.\n{}",
        failed.join("\n")
    )))
}

struct Progress {
    left: Vec<Range<u64>>,
    tried: u64,
    failed: Vec<String>,
    began: Instant,
}

impl Progress {
    fn add(&mut self, piece: &Range<u64>, failed: Vec<String>, of: u64) {
        self.tried += piece.end - piece.start;
        self.failed.extend(failed);
        let (tried, time) = (self.tried, in_words(self.began.elapsed()));
        println!("  {tried} of {of} seeds tried, {} failed ({time} so far)", self.failed.len());
    }
}

/// Does something with the progress; a thread that panicked leaves it as good as it was.
fn with<T>(progress: &Mutex<Progress>, work: impl FnOnce(&mut Progress) -> T) -> T {
    work(&mut progress.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}

/// The seeds in pieces, the last first, as they are taken from the end.
fn pieces(asked: &Asked) -> Vec<Range<u64>> {
    let end = asked.from.saturating_add(asked.seeds);
    let starts = (asked.from..end).step_by(usize::try_from(PIECE).unwrap_or(1));
    let mut pieces: Vec<Range<u64>> = starts.map(|start| start..end.min(start.saturating_add(PIECE))).collect();
    pieces.reverse();
    pieces
}

/// Tries some seeds; a line for each that failed.
fn try_piece(seeds: &Range<u64>) -> Vec<String> {
    let mut command = lab();
    command
        .args(["--quiet", "more_seeds", "--", "--exact", "--nocapture"])
        .env("TALKING_POINT_LAB_SEEDS", (seeds.end - seeds.start).to_string())
        .env("TALKING_POINT_LAB_FROM", seeds.start.to_string());
    match process::listen(&mut command, Show::Nothing, LIMIT) {
        Ok(heard) if heard.ok => Vec::new(),
        Ok(heard) => {
            println!("{}", heard.text.trim_end());
            told(&heard.text, seeds)
        }
        Err(error) => vec![error.to_string()],
    }
}

/// From the Lab: `2 seeds failed`, then `seed 1000007: why` for each. When it ended in another way, its seeds are named.
fn told(said: &str, seeds: &Range<u64>) -> Vec<String> {
    let lines: Vec<String> = said
        .lines()
        .skip_while(|line| !line.ends_with(" seeds failed"))
        .filter(|line| line.starts_with("seed "))
        .map(str::to_owned)
        .collect();
    if lines.is_empty() {
        return vec![format!("one of the seeds {} to {}: it ended or hung", seeds.start, seeds.end - 1)];
    }
    lines
}

/// Cargo, about to run the Lab.
fn lab() -> Command {
    let mut command = process::cargo();
    command.args(["test", "--release", "--package", "talking-point-tests", "--test", "lab"]);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_read_in_either_order() {
        assert_eq!(Asked::read(&["--seeds", "20"]).unwrap(), Asked { seeds: 20, from: FROM });
        for words in [["--seeds", "20", "--from", "7"], ["--from", "7", "--seeds", "20"]] {
            assert_eq!(Asked::read(&words).unwrap(), Asked { seeds: 20, from: 7 });
        }
    }

    #[test]
    fn anything_else_is_answered_with_how_it_is_said() {
        for words in [&[][..], &["--seeds"], &["--from", "7"], &["20"]] {
            assert!(Asked::read(words).unwrap_err().to_string().contains("--seeds N"), "{words:?}");
        }
        assert!(Asked::read(&["--seeds", "many"]).unwrap_err().to_string().contains("`many` is no number"));
    }

    #[test]
    fn every_seed_is_in_one_piece() {
        let mut all: Vec<u64> = pieces(&Asked { seeds: 25, from: 7 }).into_iter().rev().flatten().collect();
        assert_eq!(all, (7..32).collect::<Vec<_>>());
        all = pieces(&Asked { seeds: 0, from: 7 }).into_iter().flatten().collect();
        assert!(all.is_empty());
    }

    #[test]
    fn failed_seeds_are_told_and_a_run_that_died_is_not_forgotten() {
        let said = "seed 3:\n  a laptop joins\nthread 'more_seeds' panicked at lab/main.rs:80:\n2 seeds failed\n\
                    seed 3: two laptops differ\nseed 5: a record is lost\nnote: run with RUST_BACKTRACE=1";
        assert_eq!(told(said, &(0..10)), ["seed 3: two laptops differ", "seed 5: a record is lost"]);
        assert_eq!(told("Killed", &(0..10)), ["one of the seeds 0 to 9: it ended or hung"]);
    }
}
