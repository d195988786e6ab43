//! Two laptops live in one hall: from the moment someone is checked in at one until the other's program has them in its
//! queue and would draw it. Real connections on this machine's own network; the drawing itself is not in it.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use hub::action::check_in::CheckIn;
use hub::view::shell::Role;
use hub::{Hub, Join, Place};

use crate::council::Bench;
use crate::figures::{Figures, percentile_ms};

const PEOPLE: u32 = 1_500;
const TIMES: u32 = 200;
const AIM_MS: f64 = 300.0;
/// Nothing in a hall takes so long.
const LONG: Duration = Duration::from_secs(60);

struct Seated {
    hub: Arc<Hub>,
    changed: Receiver<()>,
    _place: Place,
}

impl Seated {
    fn at(hub: Hub) -> Result<Self> {
        let hub = Arc::new(hub);
        let (tell, changed) = mpsc::channel();
        let place = hub.enter_hall(move || {
            // The bench may have ended.
            let _ = tell.send(());
        })?;
        Ok(Self { hub, changed, _place: place })
    }

    /// Waits for the hall until this is so.
    fn until(&self, is_so: impl Fn(&Hub) -> Result<bool>) -> Result<()> {
        while !is_so(&self.hub)? {
            if self.changed.recv_timeout(LONG).is_err() {
                bail!("the other laptop's news did not come");
            }
        }
        Ok(())
    }

    fn has(&self, name: &str) -> Result<()> {
        self.until(|hub| Ok(hub.queue()?.waiting.iter().any(|row| row.name.as_deref() == Some(name))))
    }
}

fn second(bench: &Bench, first: &Hub, dir: &Path, between: &Path) -> Result<Hub> {
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    let file = between.join("join");
    fs::write(&file, first.invite(Role::Worker, None)?.as_slice())?;
    let join = Join { file: &file, laptop: String::new(), passphrase: Bench::passphrase() };
    let hub = Hub::join(dir, join, &bench.ports)?;
    hub.sign_in_as("Bench", Role::Worker)?;
    let folder = between.join("folder");
    fs::create_dir(&folder)?;
    for hub in [first, &hub, first] {
        hub.sync_with(&folder)?;
    }
    Ok(hub)
}

pub(crate) fn measure(bench: &Bench, figures: &mut Figures) -> Result<()> {
    let between = tempfile::tempdir_in(&bench.dir)?;
    let first = bench.open(&bench.copy_of(PEOPLE, "hall-first")?)?;
    let second = second(bench, &first, &bench.dir.join("hall-second"), between.path())?;
    let (first, second) = (Seated::at(first)?, Seated::at(second)?);
    for seated in [&first, &second] {
        seated.until(|hub| Ok(hub.met_in_hall()?.with.len() == 1)).context("the two have not met")?;
    }
    let mut times = Vec::new();
    for n in 0..TIMES {
        let (here, there) = if n % 2 == 0 { (&first, &second) } else { (&second, &first) };
        let name = format!("Mair Prosser {n}");
        let began = Instant::now();
        here.hub.check_in(CheckIn { name: name.clone(), ..CheckIn::default() })?;
        there.has(&name)?;
        times.push(began.elapsed());
    }
    figures.aimed("hall_live_ms_p95", percentile_ms(&mut times, 95), AIM_MS);
    figures.plain("hall_live_ms_p50", percentile_ms(&mut times, 50));
    Ok(())
}
