//! `cargo xtask soak`: the Lab, many laptops with seeded faults, for as many seeds as there is time for.

use crate::process;
use crate::sentence::{Result, Sentence};
use crate::step::say;

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
            ["--seeds", seeds] => Ok(Self { seeds: number(seeds)?, from: 0 }),
            ["--seeds", seeds, "--from", from] | ["--from", from, "--seeds", seeds] => {
                Ok(Self { seeds: number(seeds)?, from: number(from)? })
            }
            _ => Err(Sentence::new("It is `cargo xtask soak --seeds N`, or `cargo xtask soak --seeds N --from SEED`.")),
        }
    }
}

/// Builds the Lab in the release profile and runs it, with its own progress shown.
pub(crate) fn soak(asked: &Asked) -> Result<()> {
    say("building the Lab in the release profile (the first time takes some minutes)");
    let test = ["--release", "--package", "talking-point-tests", "--test", "lab"];
    process::run(process::cargo().arg("test").args(test).arg("--no-run"))?;
    say(&format!("{} seeds, from {}", asked.seeds, asked.from));
    process::run(
        process::cargo()
            .arg("test")
            .args(test)
            .args(["--quiet", "--", "--nocapture"])
            .env("TALKING_POINT_LAB_SEEDS", asked.seeds.to_string())
            .env("TALKING_POINT_LAB_FROM", asked.from.to_string()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_read_in_either_order() {
        assert_eq!(Asked::read(&["--seeds", "20"]).unwrap(), Asked { seeds: 20, from: 0 });
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
}
