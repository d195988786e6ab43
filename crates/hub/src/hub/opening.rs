//! How a data folder comes to be open: founded, joined, or opened again.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sealed_log::{ActorId, JoinError, JoinFile, LaptopIdentity, RecoveryWords, RootSeed, Roster, Run, Welcome};
use sync_schema::document::{council, hub};
use sync_schema::{CalendarDate, CouncilId, Edit, HubId, Kind, TeamMemberId};
use zeroize::Zeroizing;

use super::clock::Doubt;
use super::identity::Identity;
use super::{Hub, Seat, Standing, asking, founding, invitation};
use crate::action::typed;
use crate::error::HubError;
use crate::folder::{self, DataFolder, Holds, Passphrase};
use crate::policy;
use crate::ports::Ports;
use crate::store::query::register;
use crate::store::{Store, Tx, setting, sync as store_sync};
use crate::sync::Here;
use crate::view::shell::{Role, Start};

/// Where [`Standing`] is kept.
const STANDING: &str = "standing";
/// The newest ticket letter given to a laptop; the founding laptop's own at first.
const LETTER: &str = "newest letter";
/// Room for a join file of a council with some hundred laptops, in bytes.
const JOIN_FILE_USUAL: usize = 64 * 1024;
/// A larger file is none: some ten thousand laptops' entries have room in it.
const JOIN_FILE_MOST: u64 = 4 * 1024 * 1024;

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

impl Found {
    /// The names of the council, of its hub and of this laptop.
    fn names(&self) -> Result<(String, String, String), HubError> {
        let council = typed::needed_line(&self.council, typed::NAME_MOST, "council")?;
        let hub = typed::needed_line(&self.hub, typed::NAME_MOST, "hub")?;
        let laptop = typed::line(&self.laptop, typed::NAME_MOST, "laptop")?.unwrap_or_else(|| format!("{hub} 1"));
        Ok((council, hub, laptop))
    }

    /// Whether a council can be founded of what was typed.
    pub(super) fn check(&self) -> Result<(), HubError> {
        self.names()?;
        self.passphrase.check_new()
    }
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

/// A join file's bytes: whoever has them can join.
pub type JoinFileBytes = Zeroizing<Vec<u8>>;

/// How far a data folder has got, before anything is opened.
///
/// # Errors
/// [`HubError::Damaged`] when there are records whose key is gone.
pub fn start(dir: &Path, ports: &Ports) -> Result<Start, HubError> {
    Ok(match folder::holds(dir)? {
        Holds::Nothing if asking::is_asking(dir) => Start::Asking,
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
        Self::found_under(dir, &found, ports, founding::root)
    }

    /// Founds it under this root, which is drawn once it is known what the council is called.
    pub(super) fn found_under(
        dir: &Path,
        found: &Found,
        ports: &Ports,
        root: impl FnOnce(&Ports) -> Result<RootSeed, HubError>,
    ) -> Result<(Self, RecoveryWords), HubError> {
        let (council, home_name, laptop) = found.names()?;
        let standing = Standing {
            council,
            laptop,
            letter: "A".to_owned(),
            role: None,
            home: HubId::from_bytes(ports.fresh_uuid()?.into_bytes()),
            home_name,
        };
        let seed = root(ports)?;
        let identity = Identity::found(&seed, &policy::grants_of_the_first(), ports)?;
        let ids = (CouncilId::from_bytes(ports.random()?), TeamMemberId::from_bytes([0; 16]));
        let today = CalendarDate::new(crate::day::of(ports.now()));
        let hub = Self::settle(dir, &found.passphrase, &standing, &identity, ports, |tx, actor| {
            setting::put(tx.connection(), LETTER, &standing.letter)?;
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
    pub fn join(dir: &Path, join: Join<'_>, ports: &Ports) -> Result<Self, HubError> {
        let typed_name = typed::line(&join.laptop, typed::NAME_MOST, "laptop")?;
        let (file, roster) = JoinFile::decode(&join_file(join.file)?).map_err(of_join)?;
        let (root, laptop) = (file.root, file.identity.clone());
        Self::take_seat(dir, &join.passphrase, (root, laptop, roster), (&file.welcome, typed_name), ports)
    }

    /// Opens the records that are here.
    ///
    /// # Errors
    /// [`HubError::WrongPassphrase`] and whatever state the folder and the database are in.
    pub fn open(dir: &Path, passphrase: &Passphrase, ports: &Ports) -> Result<Self, HubError> {
        let (folder, store) = Self::unlocked(dir, passphrase, ports)?;
        Self::begin(folder, store, ports)
    }

    /// The folder, taken for this program, and its database, on which no run has begun yet.
    pub(super) fn unlocked(
        dir: &Path,
        passphrase: &Passphrase,
        ports: &Ports,
    ) -> Result<(DataFolder, Store), HubError> {
        if folder::holds(dir)? == Holds::Nothing {
            return Err(HubError::NoRecords);
        }
        let folder = DataFolder::take(dir)?;
        let key = folder.unlock(passphrase, ports)?;
        let store = Store::open(&folder.database(), &key)?;
        Ok((folder, store))
    }

    /// Makes a join file for a new laptop in this role.
    ///
    /// # Errors
    /// [`HubError::NotAllowed`] when this laptop is not an administrator's.
    pub fn invite(&self, role: Role, laptop: Option<String>) -> Result<JoinFileBytes, HubError> {
        self.asked_by_anyone(policy::Ask::KeepTeam)?;
        let name = typed::line(&laptop.unwrap_or_default(), typed::NAME_MOST, "laptop")?;
        // The identity is held while the roster grows, so that two invitations follow one another.
        let mut held = self.identity();
        let mut identity = held.clone();
        let mut file = identity.enrol(&policy::grants_of(role), &self.ports)?;
        file.welcome = self.welcome(role, (name, None), &identity)?;
        *held = identity;
        Ok(file.encode())
    }

    /// What a newcomer is told, who works at the hub `at`, or where this laptop does; with it the roster as `identity` has
    /// it is kept, and a ticket letter counted as given.
    pub(super) fn welcome(
        &self,
        role: Role,
        (name, at): (Option<String>, Option<HubId>),
        identity: &Identity,
    ) -> Result<Welcome, HubError> {
        let hubs = self.store.read(register::hubs)?;
        let council = self.council_name()?;
        self.store.write(|tx| {
            let newest: String = setting::get(tx.connection(), LETTER)?.unwrap_or_else(|| self.standing.letter.clone());
            let letter = invitation::letter_after(&newest);
            setting::put(tx.connection(), LETTER, &letter)?;
            identity.keep_roster(tx.connection())?;
            Ok(invitation::words(role, letter, name, &council, (at.unwrap_or(self.standing.home), &hubs)))
        })
    }

    /// Makes the records of a laptop that has been taken in.
    pub(super) fn take_seat(
        dir: &Path,
        passphrase: &Passphrase,
        (root, laptop, roster): ([u8; 32], LaptopIdentity, Roster),
        (told, called): (&Welcome, Option<String>),
        ports: &Ports,
    ) -> Result<Self, HubError> {
        let standing = invitation::standing(told, called)?;
        let identity = Identity::join(root, laptop, roster, ports)?;
        Self::settle(dir, passphrase, &standing, &identity, ports, |_, _| Ok(()))
    }

    /// Counts `letter` as given to a laptop: the next one invited gets another.
    ///
    /// # Errors
    /// The store's own.
    pub(crate) fn count_letter(&self, letter: char) -> Result<(), HubError> {
        self.store.write(|tx| setting::put(tx.connection(), LETTER, &letter.to_string()))
    }

    /// Makes new records for a laptop of this standing, with what `first` writes. Until all is there, the folder counts
    /// as empty.
    pub(super) fn settle(
        dir: &Path,
        passphrase: &Passphrase,
        standing: &Standing,
        identity: &Identity,
        ports: &Ports,
        first: impl FnOnce(&mut Tx<'_>, [u8; 16]) -> Result<(), HubError>,
    ) -> Result<Self, HubError> {
        let folder = DataFolder::take(dir)?;
        let new = folder.begin_records(passphrase, ports)?;
        let store = Store::create(&new.database(), new.key())?;
        let run = ports.random()?;
        store.begin_run(run);
        store.write(|tx| {
            setting::put(tx.connection(), STANDING, standing)?;
            identity.keep(tx.connection())?;
            let (run, log) = (Run::from_bytes(run), identity.incarnation.log());
            store_sync::identity::add_run(tx.connection(), &run, &log)?;
            first(tx, *ActorId::of(&log, &run).as_bytes())
        })?;
        new.keep()?;
        Self::begin(folder, store, ports)
    }

    /// Keeps another standing: what the laptop is called and where it works, from the next opening on.
    pub(super) fn restand(&self, standing: &Standing) -> Result<(), HubError> {
        self.store.write(|tx| setting::put(tx.connection(), STANDING, standing))
    }

    /// Begins a run of the program on open records.
    fn begin(folder: DataFolder, store: Store, ports: &Ports) -> Result<Self, HubError> {
        let standing: Standing = store.read(|rows| setting::get(rows, STANDING))?.ok_or(HubError::Damaged)?;
        let run = ports.random()?;
        let (identity, actor) = crate::sync::begin_run(&store, &folder, ports, run)?;
        store.begin_run(run);
        Ok(Self {
            doubt: store.read(|rows| Doubt::at_start(rows, ports.now()))?,
            actor,
            granted: std::sync::Mutex::new(Here::of(identity.clone()).grants().into()),
            identity: std::sync::Mutex::new(identity),
            sharing: std::sync::Mutex::default(),
            ports: ports.clone(),
            seat: std::sync::Mutex::new(Seat::default()),
            hall: std::sync::Mutex::default(),
            store,
            folder,
            standing,
        })
    }
}

/// What is in a join file; one that is larger than any can be is not read to its end.
fn join_file(path: &Path) -> Result<JoinFileBytes, HubError> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(JOIN_FILE_USUAL));
    File::open(path)
        .and_then(|file| file.take(JOIN_FILE_MOST + 1).read_to_end(&mut bytes))
        .map_err(|_| HubError::FileFailed { place: "the join file" })?;
    if bytes.len() as u64 > JOIN_FILE_MOST { Err(HubError::NotAJoinFile) } else { Ok(bytes) }
}

fn of_join(error: JoinError) -> HubError {
    match error {
        JoinError::Newer(_) => HubError::JoinFileOther,
        _ => HubError::NotAJoinFile,
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
