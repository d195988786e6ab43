//! Which files of a stream to read for a range, and which small ones its owner joins.

use std::ops::RangeInclusive;

/// A file of a stream: the first and last number in it, by its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileRange {
    /// First number.
    pub first: u64,
    /// Last number.
    pub last: u64,
    /// Its size in bytes.
    pub size: u64,
    /// Its name.
    pub name: String,
}

/// A file that reaches this size is not joined further.
const FULL: u64 = 4 << 20;
/// So many small files are joined.
const FAN: usize = 16;

/// The files to read for `first..=last`: every file of the range that no other, larger one contains.
#[must_use]
pub fn cover(files: &[FileRange], first: u64, last: u64) -> Vec<FileRange> {
    let mut within: Vec<&FileRange> = files.iter().filter(|file| file.last >= first && file.first <= last).collect();
    within.sort_by(|a, b| (a.first, b.last, &a.name).cmp(&(b.first, a.last, &b.name)));
    let mut chosen: Vec<FileRange> = Vec::new();
    let mut reach = 0;
    for file in within {
        let alike = chosen.last().is_some_and(|last| last.first == file.first && last.last == file.last);
        // Two with one range are a fork: both are read.
        if file.last > reach || alike {
            reach = reach.max(file.last);
            chosen.push(file.clone());
        }
    }
    chosen
}

/// The numbers from 1 to `high` that no file claims to hold.
#[must_use]
pub fn lacking(files: &[FileRange], high: u64) -> Vec<RangeInclusive<u64>> {
    let mut ranges: Vec<(u64, u64)> = files.iter().map(|file| (file.first, file.last)).collect();
    ranges.sort_unstable();
    let mut lacking = Vec::new();
    let mut next = 1;
    for (first, last) in ranges {
        if first > high {
            break;
        }
        if first > next {
            lacking.push(next..=first - 1);
        }
        next = next.max(last.saturating_add(1));
    }
    if next <= high {
        lacking.push(next..=high);
    }
    lacking
}

/// The runs of adjoining files that the stream's owner should join now: sixteen or more of about one size, none full.
/// Files that overlap are left alone. After n publishes about `15 × log16 n` files remain.
#[must_use]
pub fn joinable(files: &[FileRange]) -> Vec<Vec<FileRange>> {
    let mut sorted = files.to_vec();
    sorted.sort();
    let mut runs = Vec::new();
    let mut run: Vec<FileRange> = Vec::new();
    for file in sorted {
        let fits = run.last().is_some_and(|last| last.last + 1 == file.first && rank(last) == rank(&file));
        if !fits {
            finish(&mut runs, &mut run);
        }
        if file.size < FULL {
            run.push(file);
        }
        if run.len() == FAN || run.iter().map(|file| file.size).sum::<u64>() >= FULL {
            finish(&mut runs, &mut run);
        }
    }
    finish(&mut runs, &mut run);
    runs
}

fn finish(runs: &mut Vec<Vec<FileRange>>, run: &mut Vec<FileRange>) {
    let full = run.iter().map(|file| file.size).sum::<u64>() >= FULL;
    if run.len() >= FAN || (full && run.len() > 1) {
        runs.push(std::mem::take(run));
    } else {
        run.clear();
    }
}

/// Files of 1 to 15 numbers, of 16 to 255, and so on.
fn rank(file: &FileRange) -> u32 {
    (file.last - file.first + 1).ilog2() / FAN.ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(first: u64, last: u64) -> FileRange {
        FileRange { first, last, size: 500 * (last - first + 1), name: format!("{first}-{last}") }
    }

    #[test]
    fn reads_the_fewest_files() {
        let files = [file(1, 16), file(1, 1), file(2, 2), file(17, 17), file(18, 18)];
        let names = |first, last| -> Vec<String> { cover(&files, first, last).into_iter().map(|f| f.name).collect() };
        assert_eq!(names(1, 18), ["1-16", "17-17", "18-18"]);
        assert_eq!(names(17, 17), ["17-17"]);
        assert_eq!(names(2, 2), ["1-16"]);
    }

    #[test]
    fn says_what_no_file_holds() {
        let files = [file(9, 9), file(3, 4), file(3, 3), file(6, 6)];
        assert_eq!(lacking(&files, 12), [1..=2, 5..=5, 7..=8, 10..=12]);
        assert_eq!(lacking(&files, 4), [1..=2]);
        assert_eq!(lacking(&[FileRange { last: u64::MAX, ..file(1, 1) }], 4), []);
        assert_eq!(lacking(&[], 0), []);
    }

    #[test]
    fn reads_both_of_a_fork() {
        let mut other = file(3, 3);
        other.name = "3-3x".into();
        assert_eq!(cover(&[file(3, 3), other], 3, 3).len(), 2);
    }

    #[test]
    fn tens_of_files_after_ten_thousand_publishes() {
        let mut files: Vec<FileRange> = Vec::new();
        let mut most = 0;
        for seq in 1..=10_000 {
            files.push(file(seq, seq));
            if seq % 16 == 0 {
                loop {
                    let runs = joinable(&files);
                    if runs.is_empty() {
                        break;
                    }
                    for run in runs {
                        let joined = file(run[0].first, run[run.len() - 1].last);
                        files.retain(|f| !run.contains(f));
                        files.push(joined);
                    }
                }
            }
            most = most.max(files.len());
        }
        assert!(most <= 64, "{most}");
        let mut numbers: Vec<u64> = files.iter().flat_map(|f| f.first..=f.last).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=10_000).collect::<Vec<_>>());
    }
}
