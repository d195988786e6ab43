//! As-you-type search: every beginning of names and words that people type, letter by letter.

use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::council::Bench;
use crate::figures::{Figures, percentile_ms};

const PEOPLE: u32 = 100_000;
const LISTINGS: u32 = 10_000;
const AIM_PEOPLE_MS: f64 = 20.0;
const AIM_DIRECTORY_MS: f64 = 10.0;
const ROUNDS: usize = 20;

const NAMES: &[&str] = &[
    "mair prosser",
    "o'connor",
    "nowak",
    "j",
    "王",
    "mohamed ali",
    "anghared",
    "ffion",
    "llewellyn",
    "zzz",
    "de la cruz",
];
const WORDS: &[&str] = &[
    "lunch club",
    "carers cafe",
    "debt advice",
    "choir",
    "bath rail",
    "walking group",
    "dementia",
    "b",
    "zzz",
    "tuesday",
];
const KINDS: &[&str] =
    &["Lunch club", "Carers' café", "Debt advice", "Choir", "Walking group", "Memory café", "Bus club"];
const PLACES: &[&str] =
    &["Green Lane", "Station Road", "St Mary's", "Hill Top", "The Quay", "Mill Street", "Fern Close"];

/// What stands in the search field after each key.
fn typed(words: &[&str]) -> Vec<String> {
    let beginnings = |word: &&str| {
        let mut so_far = String::new();
        word.chars()
            .map(|letter| {
                so_far.push(letter);
                so_far.clone()
            })
            .collect::<Vec<_>>()
    };
    words.iter().flat_map(beginnings).collect()
}

fn timed(queries: &[String], mut search: impl FnMut(&str) -> Result<()>) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        for query in queries {
            let began = Instant::now();
            search(query)?;
            times.push(began.elapsed());
        }
    }
    Ok(times)
}

/// A directory of so many listings, as another program would hand it over.
fn directory_file(count: u32) -> String {
    let mut text = String::from("{\"contents\":[");
    for n in 0..count {
        let kind = KINDS.get(n as usize % KINDS.len()).copied().unwrap_or_default();
        let place = PLACES.get(n as usize / 7 % PLACES.len()).copied().unwrap_or_default();
        let comma = if n == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{comma}{{\"id\":\"00000000-0000-4000-8000-{n:012x}\",\"name\":\"{place} {kind} {n}\",\"status\":\"active\",\
             \"description\":\"Company, a hot drink and somebody to ask, for people of {place} and round about. No need to book.\",\
             \"organization\":{{\"id\":\"o{n}\",\"name\":\"{place} Friends\",\"description\":\"Neighbours\"}}}}",
        );
    }
    text.push_str("]}");
    text
}

pub(crate) fn measure(bench: &Bench, figures: &mut Figures) -> Result<()> {
    let hub = bench.open(&bench.council(PEOPLE)?)?;
    let mut people = timed(&typed(NAMES), |query| Ok(hub.people(query).map(drop)?))?;
    figures.aimed("search_people_100k_ms_p99", percentile_ms(&mut people, 99), AIM_PEOPLE_MS);
    figures.plain("search_people_100k_ms_p50", percentile_ms(&mut people, 50));
    drop(hub);

    let folder = bench.copy_of(1_500, "directory")?;
    let hub = bench.open(&folder)?;
    let file = bench.dir.join("directory.json");
    fs::write(&file, directory_file(LISTINGS))?;
    let began = Instant::now();
    let imported = hub.import_directory(&file)?;
    figures.plain("import_directory_10k_s", began.elapsed().as_secs_f64());
    anyhow::ensure!(imported.added == LISTINGS, "{} of {LISTINGS} listings were taken in", imported.added);
    let mut directory = timed(&typed(WORDS), |query| Ok(hub.directory(query).map(drop)?))?;
    figures.aimed("search_directory_10k_ms_p99", percentile_ms(&mut directory, 99), AIM_DIRECTORY_MS);
    figures.plain("search_directory_10k_ms_p50", percentile_ms(&mut directory, 50));
    Ok(())
}
