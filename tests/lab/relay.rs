//! A relay among the carriers: a real one with its SQLite, on this machine, killed at any byte of an exchange and started
//! again over what it had written.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result};
use hub::{Hub, RelayAddress};
use talking_point_relay::ports::Ports;
use talking_point_relay::store::Sqlite;
use talking_point_relay::{Doors, Relay, Serving, Settings, serve};
use tokio::runtime::Runtime;

use crate::laptop::TEN;
use crate::story::Story;

/// A relay is killed after so many bytes of an exchange at most.
const BYTES_MOST: usize = 24_000;

/// A relay, and the line that leads to it.
pub(crate) struct House {
    pub(crate) place: PathBuf,
    pub(crate) address: RelayAddress,
    root: [u8; 32],
    line: Line,
    running: Option<(Runtime, Serving)>,
}

impl House {
    /// For a council.
    pub(crate) fn new(place: &Path, hub: &Hub) -> Result<Self> {
        let line = Line::lay()?;
        let root = sealed_log::base32_decode(&hub.council_key()).and_then(|key| key.try_into().ok());
        std::fs::create_dir_all(place)?;
        let mut house = Self {
            place: place.to_owned(),
            address: RelayAddress { url: format!("http://localhost:{}", line.port), certificate: None },
            root: root.context("a council has a root")?,
            line,
            running: None,
        };
        house.start()?;
        Ok(house)
    }

    pub(crate) fn start(&mut self) -> Result<()> {
        if self.running.is_some() {
            return Ok(());
        }
        let mut settings = Settings::new(&format!("localhost:{}", self.line.port), vec![self.root]);
        settings.each_laptop = (1_000_000, 1_000_000);
        settings.each_address = (1_000_000, 1_000_000);
        let laptops = TcpListener::bind("127.0.0.1:0")?;
        let to = laptops.local_addr()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let serving = runtime.block_on(async {
            let store = Arc::new(Sqlite::open(&self.place.join("relay.db"))?);
            let relay = Relay::open(settings, store, Ports::with_clock(|| TEN.millis())).await?;
            anyhow::Ok(serve(&relay, Doors { laptops, tls: None, behind_proxy: true, watching: None })?)
        })?;
        self.running = Some((runtime, serving));
        self.line.lead(Some(to), None);
        Ok(())
    }

    /// Ends it where it stands: nobody is waited for, and nothing is closed in order.
    fn kill(&mut self) {
        self.line.lead(None, None);
        if let Some((runtime, serving)) = self.running.take() {
            drop(serving);
            runtime.shutdown_timeout(Duration::from_secs(2));
        }
    }

    /// True while an exchange with it may fail.
    pub(crate) fn is_down(&self) -> bool {
        self.line.is_down()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Where a line leads, and how long it holds.
struct Gate {
    to: Option<SocketAddr>,
    /// It breaks after so many bytes.
    holds: Option<usize>,
}

/// A line with one end that stays: behind it the relay comes and goes.
struct Line {
    port: u16,
    gate: Arc<Mutex<Gate>>,
    over: Arc<AtomicBool>,
    listens: Option<JoinHandle<()>>,
}

impl Line {
    fn lay() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let gate = Arc::new(Mutex::new(Gate { to: None, holds: None }));
        let over = Arc::new(AtomicBool::new(false));
        let (kept, ends) = (Arc::clone(&gate), Arc::clone(&over));
        let listens = thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                if ends.load(Ordering::Acquire) {
                    return;
                }
                let to = kept.lock().unwrap().to;
                if let Some(far) = to.and_then(|to| TcpStream::connect(to).ok()) {
                    join(&near, &far, &kept);
                }
            }
        });
        Ok(Self { port, gate, over, listens: Some(listens) })
    }

    fn lead(&self, to: Option<SocketAddr>, holds: Option<usize>) {
        *self.gate.lock().unwrap() = Gate { to, holds };
    }

    fn breaks_after(&self, bytes: usize) {
        self.gate.lock().unwrap().holds = Some(bytes);
    }

    fn is_down(&self) -> bool {
        self.gate.lock().unwrap().to.is_none()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Release);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        if let Some(listens) = self.listens.take() {
            drop(listens.join());
        }
    }
}

fn join(near: &TcpStream, far: &TcpStream, gate: &Arc<Mutex<Gate>>) {
    let _ = near.set_nodelay(true).and_then(|()| far.set_nodelay(true));
    for (from, to) in [(near, far), (far, near)] {
        let (Ok(from), Ok(to), gate) = (from.try_clone(), to.try_clone(), Arc::clone(gate)) else { return };
        thread::spawn(move || pass_on(from, to, &gate));
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, gate: &Mutex<Gate>) {
    let mut bytes = vec![0; 16_384];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        let may = pass(&mut gate.lock().unwrap(), read);
        if to.write_all(&bytes[..may]).is_err() || may < read {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

/// How many of so many bytes go through.
fn pass(gate: &mut Gate, read: usize) -> usize {
    let Some(holds) = gate.holds else { return read };
    let may = read.min(holds);
    if may < read {
        *gate = Gate { to: None, holds: Some(0) };
    } else {
        gate.holds = Some(holds - may);
    }
    may
}

impl Story {
    /// The relay is killed in the middle of a laptop's exchange, or between two; it may be a while until it runs again.
    pub(crate) fn relay_dies(&mut self, who: usize) -> Result<()> {
        let (way, Some(house)) = (self.relay_way(), self.relay.as_mut()) else { return Ok(()) };
        if !house.is_down() && self.more.chance(75) {
            let bytes = self.more.below(BYTES_MOST);
            house.line.breaks_after(bytes);
            self.told.push(format!("the relay dies after {bytes} bytes"));
            self.exchange_with(who, way)?;
        }
        let Some(house) = self.relay.as_mut() else { return Ok(()) };
        house.kill();
        if self.more.chance(80) {
            house.start()?;
            self.told.push("the relay is killed, and started again".to_owned());
        } else {
            self.told.push("the relay is killed".to_owned());
        }
        Ok(())
    }
}
