//! How a data folder comes to be open: founded, joined, or opened again.

use std::path::Path;

use sync_schema::document::{council, hub};
use sync_schema::{CalendarDate, CouncilId, Edit, HubId, Instant, Kind, TeamMemberId};
use zeroize::Zeroizing;

use super::{Hub, Seat, Standing};
use crate::action::typed;
use crate::error::HubError;
use crate::folder::{self, DataFolder, Holds, Passphrase};
use crate::policy;
use crate::ports::Ports;
use crate::store::query::door;
use crate::store::{RunNonce, Store, Tx, setting};
use crate::view::shell::{Role, Start};

/// Where [`Standing`] is kept.
const STANDING: &str = "standing";
/// Where the log's id is kept.
const LOG: &str = "log";
/// How far past the newest event known a clock may be before it is doubted, in days.
const DOUBTFUL_AFTER_DAYS: i64 = 60;

/// What founding a council needs.
#[derive(Debug, Clone)]
pub struct Found {
    /// The council's name.
    pub council: String,
    /// The first hub's name.
    pub hub: String,
    /// This laptop's name; the hub's with a number when empty.
    pub laptop: String,
    /// What will open the records here.
    pub passphrase: Passphrase,
}

/// What joining a council needs.
#[derive(Debug, Clone)]
pub struct Join<'a> {
    /// The join file.
    pub file: &'a Path,
    /// What this laptop is to be called; empty: as the invitation says.
    pub laptop: String,
    /// What will open the records here.
    pub passphrase: Passphrase,
}

/// The founding key as words to be written down: shown once, never kept.
#[derive(Clone)]
pub struct RecoveryWords(Zeroizing<String>);

impl RecoveryWords {
    /// Groups of four letters and digits that cannot be taken for one another, and one group to check the rest by.
    pub(crate) fn of(seed: &[u8; 32]) -> Self {
        const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let check = blake3::derive_key("talking-point 2026 recovery words", seed);
        let bytes: Zeroizing<Vec<u8>> = Zeroizing::new(seed.iter().chain(check.iter().take(3)).copied().collect());
        let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
        let mut words = Zeroizing::new(String::with_capacity(72));
        for letter in 0..56 {
            let five = (0..5).fold(0_u8, |sum, step| sum << 1 | bit(letter * 5 + step));
            if letter > 0 && letter % 4 == 0 {
                words.push(' ');
            }
            words.push(LETTERS.get(usize::from(five)).map_or('0', |letter| char::from(*letter)));
        }
        Self(words)
    }

    /// The words, to be printed once.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for RecoveryWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryWords(hidden)")
    }
}

/// A join file's bytes: whoever has them can join.
pub type JoinFileBytes = Zeroizing<Vec<u8>>;

/// How far a data folder has got, before anything is opened.
///
/// # Errors
/// [`HubError::Damaged`] when there are records whose key is gone.
pub fn start(dir: &Path, ports: &Ports) -> Result<Start, HubError> {
    Ok(match folder::holds(dir)? {
        Holds::Nothing => Start::New,
        Holds::Records => {
            let attempts = folder::attempts(dir, ports);
            Start::Locked { wait_seconds: attempts.wait_seconds(), failed_attempts: attempts.failed() }
        }
    })
}

impl Hub {
    /// Founds a council on this laptop, which becomes an administrator's: it holds every scope, and anybody's role can
    /// be taken on it.
    ///
    /// # Errors
    /// [`HubError::AlreadyRecords`], [`HubError::PassphraseTooShort`], what was typed, and the disk's own.
    pub fn found(dir: &Path, found: Found, ports: &Ports) -> Result<(Self, RecoveryWords), HubError> {
        let council = typed::needed_line(&found.council, typed::NAME_MOST, "council")?;
        let home_name = typed::needed_line(&found.hub, typed::NAME_MOST, "hub")?;
        let laptop =
            typed::line(&found.laptop, typed::NAME_MOST, "laptop")?.unwrap_or_else(|| format!("{home_name} 1"));
        let standing = Standing {
            council,
            laptop,
            letter: "A".to_owned(),
            role: None,
            home: HubId::from_bytes(ports.fresh_uuid()?.into_bytes()),
            home_name,
            grants: policy::grants_of_the_first(),
        };
        let seed = Zeroizing::new(ports.random::<32>()?);
        let ids = (CouncilId::from_bytes(ports.random()?), TeamMemberId::from_bytes([0; 16]));
        let today = CalendarDate::new(crate::day::of(ports.now()));
        let hub = Self::settle(dir, &found.passphrase, &standing, ports, |tx, actor| {
            let laptop = standing.laptop.clone();
            let edit = Edit { actor, now: ports.now(), by: ids.1, by_name: laptop.clone(), laptop };
            register_the_first(tx, ids.0, &standing, today, &edit)
        })?;
        Ok((hub, RecoveryWords::of(&seed)))
    }

    /// Joins a council with a join file.
    ///
    /// # Errors
    /// [`HubError::NotAJoinFile`], [`HubError::JoinFileOther`], and as [`Hub::found`].
    pub fn join(_dir: &Path, _join: Join<'_>, _ports: &Ports) -> Result<Self, HubError> {
        Err(HubError::unexpected("join"))
    }

    /// Opens the records that are here.
    ///
    /// # Errors
    /// [`HubError::WrongPassphrase`] and whatever state the folder and the database are in.
    pub fn open(dir: &Path, passphrase: &Passphrase, ports: &Ports) -> Result<Self, HubError> {
        if folder::holds(dir)? == Holds::Nothing {
            return Err(HubError::NoRecords);
        }
        let folder = DataFolder::take(dir)?;
        let key = folder.unlock(passphrase, ports)?;
        let store = Store::open(&folder.database(), &key)?;
        Self::begin(folder, store, ports)
    }

    /// Makes a join file for a new laptop in this role.
    ///
    /// # Errors
    /// [`HubError::NotAllowed`] when this laptop is not an administrator's.
    pub fn invite(&self, _role: Role, _laptop: Option<String>) -> Result<JoinFileBytes, HubError> {
        self.asked_by_anyone(policy::Ask::KeepTeam)?;
        Err(HubError::unexpected("invite"))
    }

    /// Makes new records for a laptop of this standing, with what `first` writes. Until all is there, the folder counts
    /// as empty.
    fn settle(
        dir: &Path,
        passphrase: &Passphrase,
        standing: &Standing,
        ports: &Ports,
        first: impl FnOnce(&mut Tx<'_>, [u8; 16]) -> Result<(), HubError>,
    ) -> Result<Self, HubError> {
        let folder = DataFolder::take(dir)?;
        let new = folder.begin_records(passphrase, ports)?;
        let store = Store::create(&new.database(), new.key())?;
        let log = ports.random::<32>()?;
        let run = ports.random()?;
        store.begin_run(run);
        store.write(|tx| {
            setting::put(tx.connection(), STANDING, standing)?;
            setting::put_bytes(tx.connection(), LOG, &log)?;
            first(tx, actor_of(&log, run))
        })?;
        new.keep()?;
        Self::begin(folder, store, ports)
    }

    /// Begins a run of the program on open records.
    fn begin(folder: DataFolder, store: Store, ports: &Ports) -> Result<Self, HubError> {
        let standing: Standing = store.read(|rows| setting::get(rows, STANDING))?.ok_or(HubError::Damaged)?;
        let log = store.read(|rows| setting::bytes(rows, LOG))?.ok_or(HubError::Damaged)?;
        let run = ports.random()?;
        store.begin_run(run);
        let newest = store.read(door::newest_event)?;
        Ok(Self {
            clock_doubtful: newest.is_some_and(|newest| is_doubtful(newest, ports.now())),
            actor: actor_of(&log, run),
            ports: ports.clone(),
            seat: std::sync::Mutex::new(Seat::default()),
            store,
            folder,
            standing,
        })
    }
}

/// Writes the council and its first hub down.
fn register_the_first(
    tx: &mut Tx<'_>,
    id: CouncilId,
    standing: &Standing,
    today: CalendarDate,
    edit: &Edit,
) -> Result<(), HubError> {
    let council = council::Council { name: standing.council.clone(), founded_on: Some(today), targets: Vec::new() };
    let first = hub::Hub { name: standing.home_name.clone(), locality: None, opened_on: None, sessions: Vec::new() };
    tx.create(Kind::Council, id, council::create(id, &council, edit)?)?;
    tx.create(Kind::Hub, standing.home, hub::create(standing.home, &first, edit)?)
}

/// The Automerge actor of one run: two copies of one laptop that nobody noticed cannot collide.
fn actor_of(log: &[u8], run: RunNonce) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(log).update(&run);
    let mut actor = [0; 16];
    hasher.finalize_xof().fill(&mut actor);
    actor
}

/// A clock before the newest thing known to have happened, or long past it.
fn is_doubtful(newest: Instant, now: Instant) -> bool {
    now < newest || now.millis() - newest.millis() > DOUBTFUL_AFTER_DAYS * 86_400_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_words_are_fourteen_groups_of_four() {
        let words = RecoveryWords::of(&[0xff; 32]);
        let groups: Vec<&str> = words.words().split(' ').collect();
        assert_eq!(groups.len(), 14);
        assert!(groups.iter().all(|group| group.len() == 4));
        assert_eq!(groups[0], "ZZZZ");
        assert_eq!(format!("{words:?}"), "RecoveryWords(hidden)");
    }

    #[test]
    fn a_clock_is_doubted_before_the_newest_event_and_long_after() {
        let day = |n: i64| Instant::from_millis(n * 86_400_000);
        assert!(is_doubtful(day(100), day(99)));
        assert!(!is_doubtful(day(100), day(100)));
        assert!(!is_doubtful(day(100), day(160)));
        assert!(is_doubtful(day(100), day(161)));
    }
}
