//! A thousand laptops wait at one relay: how long after something is put each hears of it, and what memory that takes.
//!
//! The relay is a process of its own on two cores, before SQLite, behind where a proxy would have TLS. Each laptop has a
//! token of its own and a line of its own that is held open. Once a second one record is put; the clock runs from before
//! it is sent, so that putting it is in the figure.

#[path = "../../crates/relay/tests/town/mod.rs"]
mod town;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use sealed_log::Segment;
use sealed_log::wire::{Message, Push};
use serde_json::Value;
use tokio::sync::mpsc;

use crate::council::Bench;
use crate::figures::{Figures, percentile_ms};
use town::{Line, NAME, Town, request};

const LAPTOPS: u32 = 1_000;
const RECORDS: u8 = 30;
const AIM_MS: f64 = 200.0;
/// Nobody waits so long for a word.
const LONG: Duration = Duration::from_secs(30);

/// A relay that runs.
struct Running {
    process: Child,
    address: SocketAddr,
}

impl Running {
    fn start(town: &Town, place: &Path) -> Result<Self> {
        let relay = std::env::var_os("TALKING_POINT_RELAY").map(PathBuf::from);
        let relay = relay.or_else(|| Some(std::env::current_exe().ok()?.with_file_name("talking-point-relay")));
        let relay = relay.filter(|path| path.exists()).context(
            "the relay's program is not beside this one; `cargo build --release --package talking-point-relay`",
        )?;
        let mut process = Command::new("taskset")
            .args(["--cpu-list", "0,1"])
            .arg(relay)
            .args(["--name", NAME, "--council", &town.public(), "--behind-proxy", "--listen", "127.0.0.1:0", "--data"])
            .arg(place)
            .env("RUST_LOG", "info")
            .stderr(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(process.stderr.take().context("its log cannot be read")?).lines();
        let line = lines.next().context("the relay said nothing")??;
        let line: Value = serde_json::from_str(&line).with_context(|| line.clone())?;
        let address = line.pointer("/fields/listen").and_then(Value::as_str).context("it does not listen")?.parse()?;
        // Somebody reads what it writes down.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { process, address })
    }

    fn resident_mib(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What the turn is, as one who waits is told.
fn turn(line: &str) -> Option<u64> {
    line.strip_prefix("data:")?.trim().parse().ok()
}

/// Hears the turn that is now, then tells of each that follows.
async fn waits(mut line: Line, token: String, told: mpsc::UnboundedSender<(u64, Instant)>) {
    line.say(&request("wake", Some(&token), None, "")).await;
    line.head().await;
    loop {
        let said = line.next().await;
        if said.is_empty() {
            return;
        }
        if let Some(turn) = turn(&said) {
            // The bench may have ended.
            let _ = told.send((turn, Instant::now()));
        }
    }
}

async fn hear_all(heard: &mut mpsc::UnboundedReceiver<(u64, Instant)>, beyond: u64) -> Result<Vec<(u64, Instant)>> {
    let mut all = Vec::new();
    while all.len() < LAPTOPS as usize {
        let next = tokio::time::timeout(LONG, heard.recv()).await.ok().flatten();
        let Some((turn, at)) = next else { bail!("{} of {LAPTOPS} laptops heard", all.len()) };
        if turn > beyond {
            all.push((turn, at));
        }
    }
    Ok(all)
}

async fn measured() -> Result<(Vec<Duration>, f64)> {
    let mut town = Town::new();
    let others = town.enrols(LAPTOPS);
    let place = tempfile::tempdir()?;
    let relay = Running::start(&town, place.path())?;
    let mut office = Line::to(relay.address).await;
    let token = office.token(&town, &town.office).await;
    let (told, mut heard) = mpsc::unbounded_channel();
    for (number, laptop) in (0_u32..).zip(&others) {
        let [_, _, high, low] = number.to_be_bytes();
        let from = format!("x-forwarded-for: 192.0.{high}.{low}\r\n");
        let mut line = Line::to(relay.address).await;
        let given = line.says_who(town.id, laptop, Vec::new(), &from).await;
        if given.status != 200 {
            bail!("a laptop was not let in: {:?}", given.code());
        }
        tokio::spawn(waits(line, String::from_utf8(given.body)?, told.clone()));
    }
    let mut last = hear_all(&mut heard, 0).await?.into_iter().map(|(turn, _)| turn).max().unwrap_or(0);
    let mut times = Vec::new();
    let mut each_second = tokio::time::interval(Duration::from_secs(1));
    for segment in town.segments(&town.office, town.scopes[0], RECORDS.into()) {
        each_second.tick().await;
        let push = Push { segments: vec![Segment::encode(&segment)], ..Push::default() };
        let began = Instant::now();
        let answered = office.call("push", Some(&token), Some(&push.encode())).await;
        if answered.status != 200 {
            bail!("a record was not taken: {:?}", answered.code());
        }
        let all = hear_all(&mut heard, last).await?;
        last = all.iter().map(|(turn, _)| *turn).max().unwrap_or(last);
        times.extend(all.into_iter().map(|(_, at)| at.duration_since(began)));
    }
    let memory = relay.resident_mib()?;
    Ok((times, memory))
}

pub(crate) fn measure(_: &Bench, figures: &mut Figures) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (mut times, memory) = runtime.block_on(measured())?;
    figures.aimed("relay_1000_laptops_wake_ms_p95", percentile_ms(&mut times, 95), AIM_MS);
    figures.plain("relay_1000_laptops_mb", memory);
    Ok(())
}
