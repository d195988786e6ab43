//! Laptop to laptop, in one hall, with no server and no internet.
//!
//! Laptops of one council find each other by multicast DNS, connect by QUIC, and show each other by the roster who they
//! are. From then on each asks the other for what it lacks, and is woken when there is news; nobody puts anything into
//! another's records. What comes is judged as what lies in a folder is. Which records those are and who may have them is
//! the [`Host`]'s to say.

mod call;
mod meet;
mod peer;
mod serve;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use iroh::endpoint::{Connection, IdleTimeout, QuicTransportConfig, presets};
use iroh::{Endpoint, EndpointId, RelayMode, SecretKey};
use iroh_mdns_address_lookup::MdnsAddressLookup;
use sealed_log::CouncilId;
use sealed_log::wire::{Ask, Given, Greeting, Shelf};
use thiserror::Error;
use tokio::runtime::Runtime;
use tokio::sync::watch;

pub use peer::Peer;

/// What the connection is for, so that nobody else's is mistaken for it.
const ALPN: &[u8] = b"talking-point/hall/1";

/// One end of a connection: a key made for one run of the program.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(EndpointId);

impl fmt::Debug for PeerId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PeerId({})", self.0.fmt_short())
    }
}

/// A laptop's signing key, as the roster knows it.
pub type Signing = [u8; 32];

/// What the roster says of a laptop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is one of the council's.
    Live,
    /// It was one: it may have the roster, in which it reads so, and nothing else.
    Out,
    /// The roster does not know it.
    Unknown,
}

/// The laptop whose hall this is: who it is, and what it gives to whom. Its calls may wait for a disk.
pub trait Host: Send + Sync + 'static {
    /// The council.
    fn council(&self) -> CouncilId;

    /// Its word that it is at the end `mine` of a connection whose other end is `theirs`; with its roster, for one who
    /// does not know it.
    fn greeting(&self, mine: &[u8; 32], theirs: &[u8; 32], with_roster: bool) -> Greeting;

    /// What the roster says of a laptop.
    fn standing(&self, signing: &Signing) -> Standing;

    /// Takes in the roster of a laptop that is not known yet. Who it is is not proved by it.
    fn introduce(&self, roster: Vec<Vec<u8>>);

    /// What it has, as far as this laptop may have it.
    fn look(&self, guest: &Signing) -> Option<Shelf>;

    /// What it has of this, as far as this laptop may have it.
    fn give(&self, guest: &Signing, ask: Ask) -> Option<Given>;
}

/// What happened in the hall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// A laptop was met.
    Met(PeerId),
    /// One that was met has news.
    News(PeerId),
    /// One has gone, or cannot be reached.
    Left(PeerId),
}

/// Why there is no hall here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HallTrouble {
    /// This machine lets nothing be heard or said.
    #[error("this machine's network cannot be used ({0})")]
    NoNetwork(String),
}

/// Who is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The laptops that are met, by their keys.
    pub with: Vec<Signing>,
    /// How many make themselves known and cannot be reached: a network that keeps its guests apart.
    pub out_of_reach: usize,
}

/// This laptop's place in the hall. Dropping it leaves.
pub struct Hall {
    shared: Arc<Shared>,
    turn: watch::Sender<u64>,
    runtime: Option<Runtime>,
}

impl fmt::Debug for Hall {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Hall").field("about", &self.about()).finish_non_exhaustive()
    }
}

/// What every task of the hall has.
struct Shared {
    host: Arc<dyn Host>,
    heard: Box<dyn Fn(Heard) + Send + Sync>,
    endpoint: Endpoint,
    met: Mutex<BTreeMap<PeerId, Met>>,
    turn: watch::Receiver<u64>,
}

/// One that made itself known.
#[derive(Default)]
struct Met {
    /// True while it makes itself known.
    seen: bool,
    /// True when the last try to reach it failed.
    failed: bool,
    /// The connection over which it is asked, and who it is.
    line: Option<(Connection, Signing)>,
    /// Wakes the task that stays with it.
    again: Arc<tokio::sync::Notify>,
}

impl Hall {
    /// Takes a place. `key` is 32 random bytes made for this run of the program; `turn` is what the host's records are at
    /// now. `heard` must return at once.
    ///
    /// # Errors
    /// [`HallTrouble::NoNetwork`].
    pub fn enter(
        host: Arc<dyn Host>,
        key: &[u8; 32],
        turn: u64,
        heard: impl Fn(Heard) + Send + Sync + 'static,
    ) -> Result<Self, HallTrouble> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("hall")
            .enable_all()
            .build()
            .map_err(no_network)?;
        let service = service(&host.council());
        let (endpoint, finder) = runtime.block_on(bind(SecretKey::from_bytes(key), service))?;
        let (turn, turns) = watch::channel(turn);
        let heard = Box::new(heard);
        let shared = Arc::new(Shared { host, heard, endpoint, met: Mutex::default(), turn: turns });
        runtime.spawn(serve::serve(Arc::clone(&shared)));
        runtime.spawn(meet::meet(Arc::clone(&shared), finder));
        Ok(Self { shared, turn, runtime: Some(runtime) })
    }

    /// There is news here: whoever asked to be woken is.
    pub fn turned(&self, turn: u64) {
        self.turn.send_if_modified(|now| std::mem::replace(now, turn) != turn);
    }

    /// Who is about.
    #[must_use]
    pub fn about(&self) -> About {
        let met = self.shared.met();
        let mut with: Vec<Signing> = met.values().filter_map(|met| met.line.as_ref().map(|line| line.1)).collect();
        with.sort_unstable();
        with.dedup();
        let apart = met.values().filter(|met| met.seen && met.failed && met.line.is_none());
        About { with, out_of_reach: apart.count() }
    }

    /// One that is met, to be asked.
    #[must_use]
    pub fn peer(&self, id: PeerId) -> Option<Peer> {
        let met = self.shared.met();
        met.get(&id)?.line.as_ref().map(|(connection, _)| Peer::over(connection.clone()))
    }
}

impl Drop for Hall {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // The others are told, as far as they can be told at once.
            let endpoint = self.shared.endpoint.clone();
            runtime.block_on(async move {
                let _ = tokio::time::timeout(call::FAREWELL, endpoint.close()).await;
            });
            runtime.shutdown_background();
        }
    }
}

impl Shared {
    fn met(&self) -> MutexGuard<'_, BTreeMap<PeerId, Met>> {
        self.met.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mine(&self) -> [u8; 32] {
        *self.endpoint.id().as_bytes()
    }

    /// Asks the host, away from the network's own thread.
    async fn host<T: Send + 'static>(&self, ask: impl FnOnce(&dyn Host) -> T + Send + 'static) -> Option<T> {
        let host = Arc::clone(&self.host);
        tokio::task::spawn_blocking(move || ask(host.as_ref())).await.ok()
    }
}

async fn bind(key: SecretKey, service: String) -> Result<(Endpoint, MdnsAddressLookup), HallTrouble> {
    let transport = QuicTransportConfig::builder()
        .keep_alive_interval(call::ALIVE)
        .max_idle_timeout(IdleTimeout::try_from(call::SILENT).ok())
        .max_concurrent_uni_streams(0_u8.into())
        .max_concurrent_bidi_streams(call::CALLS.into())
        .build();
    let endpoint = Endpoint::builder(presets::Minimal)
        .secret_key(key)
        .alpns(vec![ALPN.to_vec()])
        .relay_mode(RelayMode::Disabled)
        .transport_config(transport)
        .bind()
        .await
        .map_err(no_network)?;
    let finder = MdnsAddressLookup::builder().service_name(service).build(endpoint.id()).map_err(no_network)?;
    endpoint.address_lookup().map_err(no_network)?.add(finder.clone());
    Ok((endpoint, finder))
}

/// Each council has a name of its own in the hall, from which the council cannot be told.
fn service(council: &CouncilId) -> String {
    let hash = blake3::derive_key("talking-point v1 hall service", council.as_bytes());
    let letters = hash.iter().take(6).map(|byte| format!("{byte:02x}"));
    format!("tp-{}", letters.collect::<String>())
}

fn no_network(error: impl fmt::Display) -> HallTrouble {
    HallTrouble::NoNetwork(error.to_string())
}
