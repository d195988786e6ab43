//! Counting what passed and what failed, from what the test runners say at their end.

/// How many passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Passed.
    pub(crate) passed: u32,
    /// Failed.
    pub(crate) failed: u32,
}

impl Tally {
    /// One step that passed or failed as a whole.
    pub(crate) fn one(passed: bool) -> Self {
        Self { passed: u32::from(passed), failed: u32::from(!passed) }
    }

    /// Adds another count to this one.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// A runner's count. One that says nothing has run nothing, and one that fails without a failed test has failed
    /// before its tests: both count as a failure, so that nothing passes in silence.
    pub(crate) fn of_runner(ok: bool, counted: Option<Self>) -> Self {
        match counted {
            Some(tally) if !ok && tally.failed == 0 => Self { failed: 1, ..tally },
            Some(tally) => tally,
            None => Self { passed: 0, failed: 1 },
        }
    }
}

/// From nextest: `Summary [ 3.1s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 0 skipped`.
pub(crate) fn nextest(text: &str) -> Option<Tally> {
    let summary =
        text.lines().rev().find(|line| line.trim_start().starts_with("Summary [") && line.contains(" run"))?;
    let (_, counts) = summary.split_once(": ").unwrap_or(("", ""));
    Some(Tally {
        passed: before(counts, "passed"),
        failed: ["failed", "timed out", "exec failed"].into_iter().map(|word| before(counts, word)).sum(),
    })
}

/// From vitest: `Tests  1 failed | 11 passed (12)`.
pub(crate) fn vitest(text: &str) -> Option<Tally> {
    let line = text.lines().rev().find_map(|line| line.trim_start().strip_prefix("Tests "))?;
    Some(Tally { passed: before(line, "passed"), failed: before(line, "failed") })
}

/// The number that stands directly before a word; 0 when the word is not there.
fn before(counts: &str, word: &str) -> u32 {
    counts
        .split([',', '|'])
        .filter_map(|part| part.trim().split_once(' '))
        .find(|(_, rest)| rest.strip_prefix(word).is_some_and(|after| !after.starts_with(char::is_alphanumeric)))
        .and_then(|(number, _)| number.parse().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_summaries_are_counted() {
        for (said, passed, failed) in [
            ("     Summary [   3.120s] 12 tests run: 12 passed, 0 skipped", 12, 0),
            ("     Summary [   3.120s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 3 skipped", 10, 2),
            ("     Summary [   0.020s] 3/12 tests run: 2 passed, 1 exec failed, 0 skipped", 2, 1),
            ("     Summary [   0.000s] 0 tests run: 0 passed, 5 skipped", 0, 0),
        ] {
            assert_eq!(
                nextest(&format!("    PASS one\n{said}\nerror: no\n")),
                Some(Tally { passed, failed }),
                "{said}"
            );
        }
        assert_eq!(nextest("error: could not compile"), None);
    }

    #[test]
    fn vitest_summaries_are_counted() {
        let said = " Test Files  1 failed | 3 passed (4)\n      Tests  2 failed | 40 passed (42)\n   Start at  10:05";
        assert_eq!(vitest(said), Some(Tally { passed: 40, failed: 2 }));
        assert_eq!(vitest("      Tests  7 passed (7)"), Some(Tally { passed: 7, failed: 0 }));
        assert_eq!(vitest("No test files found"), None);
    }

    #[test]
    fn nothing_passes_in_silence() {
        assert_eq!(Tally::of_runner(true, None), Tally { passed: 0, failed: 1 });
        assert_eq!(Tally::of_runner(false, Some(Tally { passed: 5, failed: 0 })), Tally { passed: 5, failed: 1 });
        assert_eq!(Tally::of_runner(false, Some(Tally { passed: 5, failed: 2 })), Tally { passed: 5, failed: 2 });
    }
}
