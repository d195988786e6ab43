//! From starting the program to its first screen drawn, on the demo council and on 100,000 people, and the memory the
//! program itself then takes (WebKit's own processes, which draw the page, not counted).
//!
//! A worker's first screen is measured, signed in from the start: passphrase, key, database, window, screens, rows.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use talking_point_tests::desktop::Display;

use crate::council::Bench;
use crate::figures::{Figures, percentile_ms};

const STARTS: usize = 7;
const AIM_MS: f64 = 1_500.0;
const AIM_MIB: f64 = 200.0;

/// The program, ended when this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// One start: how long until the first screen, and the program's resident memory then, in kibibytes.
fn start_once(bench: &Bench, display: &Display, app: &Path, council: &Path) -> Result<(Duration, u32)> {
    let mut command = Command::new(app);
    command.arg("--data").arg(council).arg("--passphrase-file").arg(bench.passphrase_file());
    command.args(["--role", "worker", "--say-when-drawn"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    display.lend_to(&mut command, "start")?;
    let began = Instant::now();
    let mut running = Running(command.spawn().context("the program cannot be started")?);
    let said = running.0.stdout.take().context("the program has no standard output")?;
    let mut line = String::new();
    BufReader::new(said).read_line(&mut line)?;
    let took = began.elapsed();
    ensure!(line.trim() == "drawn", "the program ended before its first screen was drawn");
    Ok((took, resident_kib(running.0.id())?))
}

fn resident_kib(program: u32) -> Result<u32> {
    let status = std::fs::read_to_string(format!("/proc/{program}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    line.trim().trim_end_matches("kB").trim().parse().context("VmRSS is not a number")
}

pub(crate) fn measure(bench: &Bench, figures: &mut Figures) -> Result<()> {
    let app = std::env::var_os("TALKING_POINT_APP").map(PathBuf::from);
    let app =
        app.context("TALKING_POINT_APP is not set: `cargo xtask bench` builds the program and says where it is")?;
    let display = Display::start("bench")?;
    for (people, time, memory) in
        [(1_500, "start_to_first_screen_ms", "rss_mib"), (100_000, "start_to_first_screen_100k_ms", "rss_100k_mib")]
    {
        let council = bench.council(people)?;
        let mut times = Vec::new();
        let mut most = 0;
        for start in 0..=STARTS {
            let (took, kib) = start_once(bench, &display, &app, &council)?;
            // The first start of all warms the disk and is not counted.
            if start > 0 {
                times.push(took);
                most = most.max(kib);
            }
        }
        figures.aimed(time, percentile_ms(&mut times, 50), AIM_MS);
        figures.aimed(memory, f64::from(most) / 1024.0, AIM_MIB);
    }
    Ok(())
}
