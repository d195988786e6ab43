//! The outside world as arguments: the clock, randomness, and which machine this is.
//!
//! The only place in the program that reads the system's clock or its random numbers. Files and folders are not ports:
//! tests give a folder of their own. [`Virtual`] is the same world with a clock that is set and randomness from a seed,
//! for tests, for the Lab, and for the demo, which must come out the same from one seed.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sync_schema::Instant;
use uuid::Uuid;

use crate::error::HubError;

/// What time it is.
pub trait Clock: Send + Sync {
    /// Now, in UTC, to the millisecond, as this machine believes.
    fn now(&self) -> Instant;
}

/// Numbers that nobody can guess.
pub trait Randomness: Send + Sync {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// [`NoRandomness`] when the system has none to give.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// The system gave no random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRandomness;

/// Which machine this is.
pub trait MachineId: Send + Sync {
    /// A string that differs between machines and stays on one; empty when the machine has none.
    fn machine_id(&self) -> String;
}

/// What it costs, in memory and passes of Argon2id, to try one passphrase. Written into the key file when the passphrase
/// is chosen, and read from there ever after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyCost {
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
}

impl KeyCost {
    /// 64 MiB and three passes: above OWASP's least (19 MiB, two passes), and quick enough for an old laptop. What
    /// everyone's records get.
    pub const FULL: Self = Self { memory_kib: 64 * 1024, passes: 3 };
    /// The least that Argon2id has: it guards nothing. Only [`Virtual::ports_with_cheap_key`] asks for it.
    const CHEAP: Self = Self { memory_kib: 8, passes: 1 };
}

/// The outside world.
#[derive(Clone)]
pub struct Ports {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Numbers that nobody can guess.
    pub randomness: Arc<dyn Randomness>,
    /// Which machine this is.
    pub machine: Arc<dyn MachineId>,
    /// What guessing a passphrase chosen from now on shall cost.
    pub key_cost: KeyCost,
}

impl fmt::Debug for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ports")
    }
}

impl Ports {
    /// The real ones.
    #[must_use]
    pub fn system() -> Self {
        Self {
            clock: Arc::new(System),
            randomness: Arc::new(System),
            machine: Arc::new(System),
            key_cost: KeyCost::FULL,
        }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// `N` random bytes.
    ///
    /// # Errors
    /// [`HubError::Unexpected`] when the system has no randomness to give.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], HubError> {
        let mut bytes = [0; N];
        self.randomness.fill(&mut bytes).map_err(|NoRandomness| HubError::unexpected("randomness"))?;
        Ok(bytes)
    }

    /// A fresh random id (UUID version 4: it tells nobody when it was made).
    ///
    /// # Errors
    /// As [`Ports::random`].
    pub fn fresh_uuid(&self) -> Result<Uuid, HubError> {
        Ok(uuid::Builder::from_random_bytes(self.random()?).into_uuid())
    }
}

/// The machine the program runs on.
struct System;

impl Clock for System {
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> Instant {
        Instant::from_millis(chrono::Utc::now().timestamp_millis())
    }
}

impl Randomness for System {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(bytes).map_err(|_| NoRandomness)
    }
}

impl MachineId for System {
    fn machine_id(&self) -> String {
        ["/etc/machine-id", "/var/lib/dbus/machine-id"]
            .iter()
            .filter_map(|path| std::fs::read_to_string(path).ok())
            .map(|id| id.trim().to_owned())
            .find(|id| !id.is_empty())
            .unwrap_or_default()
    }
}

/// A world whose clock is set by hand and whose randomness comes from a seed.
///
/// Clones share the clock and the randomness. Give each laptop of a test its own.
#[derive(Clone)]
pub struct Virtual(Arc<VirtualWorld>);

struct VirtualWorld {
    now: AtomicI64,
    random: std::sync::Mutex<ChaCha20Rng>,
    machine: std::sync::Mutex<String>,
}

impl Virtual {
    /// A world at `now`, with randomness from `seed`, on a machine called after the seed.
    #[must_use]
    pub fn new(seed: u64, now: Instant) -> Self {
        Self(Arc::new(VirtualWorld {
            now: AtomicI64::new(now.millis()),
            random: std::sync::Mutex::new(ChaCha20Rng::seed_from_u64(seed)),
            machine: std::sync::Mutex::new(format!("virtual-{seed}")),
        }))
    }

    /// This world as ports.
    #[must_use]
    pub fn ports(&self) -> Ports {
        let world = Arc::new(self.clone());
        Ports { clock: world.clone(), randomness: world.clone(), machine: world, key_cost: KeyCost::FULL }
    }

    /// This world as ports, with a passphrase that anyone could guess: for the Lab, which opens many thousands of data
    /// folders and keeps nobody's records in them.
    #[must_use]
    pub fn ports_with_cheap_key(&self) -> Ports {
        Ports { key_cost: KeyCost::CHEAP, ..self.ports() }
    }

    /// Sets the clock, forwards or back.
    pub fn set(&self, now: Instant) {
        self.0.now.store(now.millis(), Ordering::SeqCst);
    }

    /// Moves the clock by so many milliseconds; back when negative.
    pub fn advance(&self, millis: i64) {
        self.0.now.fetch_add(millis, Ordering::SeqCst);
    }

    /// As if the program now ran on another machine.
    pub fn move_to_machine(&self, id: &str) {
        *locked(&self.0.machine) = id.to_owned();
    }
}

impl fmt::Debug for Virtual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Virtual").field("now", &self.0.now).finish_non_exhaustive()
    }
}

impl Clock for Virtual {
    fn now(&self) -> Instant {
        Instant::from_millis(self.0.now.load(Ordering::SeqCst))
    }
}

impl Randomness for Virtual {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        locked(&self.0.random).fill_bytes(bytes);
        Ok(())
    }
}

impl MachineId for Virtual {
    fn machine_id(&self) -> String {
        locked(&self.0.machine).clone()
    }
}

/// Locks, whatever happened to another thread: what is inside is never half-changed.
fn locked<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_world() {
        let at = Instant::from_millis(1_000);
        let (a, b) = (Virtual::new(7, at).ports(), Virtual::new(7, at).ports());
        assert_eq!(a.random::<32>().unwrap(), b.random::<32>().unwrap());
        assert_eq!(a.fresh_uuid().unwrap(), b.fresh_uuid().unwrap());
        assert_ne!(a.fresh_uuid().unwrap(), Virtual::new(8, at).ports().fresh_uuid().unwrap());
    }

    #[test]
    fn the_clock_goes_where_it_is_put() {
        let world = Virtual::new(1, Instant::from_millis(1_000));
        let ports = world.ports();
        world.advance(-400);
        assert_eq!(ports.now(), Instant::from_millis(600));
        world.set(Instant::from_millis(5));
        assert_eq!(ports.now(), Instant::from_millis(5));
    }

    #[test]
    fn a_cheap_key_must_be_asked_for() {
        let world = Virtual::new(1, Instant::from_millis(0));
        assert_eq!([Ports::system().key_cost, world.ports().key_cost], [KeyCost::FULL; 2]);
        assert!(world.ports_with_cheap_key().key_cost.memory_kib < KeyCost::FULL.memory_kib);
    }

    #[test]
    fn the_real_world_has_a_time_and_randomness() {
        let ports = Ports::system();
        assert!(ports.now() > Instant::from_millis(1_700_000_000_000));
        assert_ne!(ports.random::<16>().unwrap(), ports.random::<16>().unwrap());
    }
}
