//! One laptop of the Lab: a real hub over a real data folder, and an eye that looks past the hub at what lies on the disk.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use automerge::ChangeHash;
use hub::folder::{DataFolder, DatabaseKey};
use hub::policy::{self, Grant};
use hub::ports::Virtual;
use hub::store::document::Stored;
use hub::store::sync::{identity, roster, segment, snapshot};
use hub::store::{Store, document};
use hub::view::shell::Role;
use hub::{Found, Hub, Join, Passphrase};
use sealed_log::{Access, Hash, Keyring, LaptopId, LaptopIdentity, Members, Rank, Roster, ScopeId, Segment};
use sync_schema::{DocId, Instant, Kind, Scope};

/// 23 November 2026, a Monday, at ten in the morning.
pub(crate) const TEN: Instant = Instant::from_millis(1_795_428_000_000);
const PASSPHRASE: &str = "three plain words";

/// What opens the records, and what an administrator types again before each act.
pub(crate) fn passphrase() -> Passphrase {
    Passphrase::from(PASSPHRASE)
}

const DATABASE: [&str; 3] = ["talking-point.db", "talking-point.db-wal", "talking-point.db-shm"];

/// A document as it lies on a laptop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) kind: String,
    pub(crate) scope: String,
    pub(crate) heads: BTreeSet<ChangeHash>,
    pub(crate) history: BTreeSet<ChangeHash>,
}

/// Every document of a laptop.
pub(crate) type Documents = BTreeMap<DocId, Document>;

/// What a laptop knows of its council.
pub(crate) struct Known {
    entries: BTreeSet<Hash>,
    pub(crate) roster: Roster,
    pub(crate) members: Members,
}

impl Known {
    /// All of these together.
    pub(crate) fn together(of: &[Rc<Self>]) -> Option<Self> {
        let mut roster = of.first()?.roster.clone();
        for (_, entry) in of.iter().flat_map(|known| known.roster.entries()) {
            let _ = roster.add_kept(&entry.encode());
        }
        Some(Self { entries: roster.hashes().collect(), members: roster.fold(), roster })
    }

    /// True if it knows the same entries as another.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.entries == other.entries
    }

    /// A scope as the log knows it.
    pub(crate) fn scope(&self, scope: &str) -> ScopeId {
        ScopeId::of(self.roster.council(), scope)
    }

    /// What a laptop may do in a scope.
    pub(crate) fn grant(&self, laptop: &LaptopId, scope: Scope) -> Option<Grant> {
        let known = self.members.laptop(laptop).filter(|_| self.members.is_live(laptop))?;
        let access = known.grants.get(&self.scope(scope.code()))?;
        let write = *access == Access::Write && (scope != Scope::Team || known.rank == Rank::Administrator);
        Some(Grant { scope, write })
    }

    /// The laptops that have ended, and those that may write no more in a scope where they could.
    pub(crate) fn closed(&self) -> BTreeSet<(LaptopId, ScopeId)> {
        let of = |(log, id)| {
            let scopes = Scope::ALL.iter().map(|scope| self.scope(scope.code()));
            let closed = scopes.filter(move |scope| !self.members.closed_by(&log, scope).is_empty());
            closed.map(move |scope| (id, scope))
        };
        self.members.logs().flat_map(of).collect()
    }
}

/// A laptop, with somebody at it.
pub(crate) struct Laptop {
    pub(crate) name: String,
    /// Who it is in the roster; a copy is the same.
    pub(crate) id: LaptopId,
    pub(crate) world: Virtual,
    pub(crate) dir: PathBuf,
    key: DatabaseKey,
    open: Option<(Hub, Store)>,
    known: RefCell<Option<Rc<Known>>>,
}

impl Laptop {
    /// Founds the council.
    pub(crate) fn found(dir: PathBuf, seed: u64) -> Result<Self> {
        let world = Virtual::new(seed, TEN);
        let found = Found {
            council: "Aberwen".to_owned(),
            hub: "Green Lane".to_owned(),
            laptop: String::new(),
            passphrase: passphrase(),
        };
        let (hub, _) = Hub::found(&dir, found, &world.ports_with_cheap_key())?;
        Self::with(dir, world, hub)
    }

    /// Joins it.
    pub(crate) fn join(dir: PathBuf, seed: u64, invitation: &Path) -> Result<Self> {
        let world = Virtual::new(seed, TEN);
        let join = Join { file: invitation, laptop: String::new(), passphrase: passphrase() };
        let hub = Hub::join(&dir, join, &world.ports_with_cheap_key())?;
        Self::with(dir, world, hub)
    }

    /// A copy of another's data folder; on a machine of its own, or on one that nothing tells apart from the first, as two
    /// made from one disk image are.
    pub(crate) fn clone_of(other: &Self, dir: PathBuf, seed: u64, same_machine: bool) -> Result<Self> {
        let world = Virtual::new(seed, TEN);
        if same_machine {
            world.move_to_machine(&other.machine());
        }
        world.set(other.now());
        copy(&other.dir, &dir)?;
        let name = format!("{} copied", other.name);
        let (key, known) = (other.key.clone(), RefCell::default());
        let mut clone = Self { name, id: other.id, world, dir, key, open: None, known };
        clone.start()?;
        Ok(clone)
    }

    fn with(dir: PathBuf, world: Virtual, hub: Hub) -> Result<Self> {
        drop(hub);
        let key = DataFolder::take(&dir)?.unlock(&passphrase(), &world.ports())?;
        let eye = Store::open(&dir.join(DATABASE[0]), &key)?;
        let myself = eye.read(identity::myself)?.context("a laptop knows itself")?;
        drop(eye);
        let id = LaptopIdentity::from_secret(&myself.identity).laptop();
        let mut laptop = Self { name: String::new(), id, world, dir, key, open: None, known: RefCell::default() };
        laptop.start()?;
        laptop.name = laptop.hub().laptop()?.letter;
        Ok(laptop)
    }

    /// Opens the data folder, and somebody sits down.
    pub(crate) fn start(&mut self) -> Result<()> {
        let hub = Hub::open(&self.dir, &passphrase(), &self.world.ports_with_cheap_key())?;
        let eye = Store::open(&self.dir.join(DATABASE[0]), &self.key)?;
        self.open = Some((hub, eye));
        self.sit()
    }

    /// Whoever usually works here sits down; nobody where nothing can be done any more.
    pub(crate) fn sit(&self) -> Result<()> {
        let role = if self.is_administrator()? { Some(Role::Worker) } else { policy::role_of(&self.grants()?) };
        match role {
            Some(role) => Ok(self.hub().sign_in_as(&format!("{role:?} {}", self.name), role)?),
            None => Ok(self.hub().hand_over()?),
        }
    }

    /// Closes the program in good order.
    pub(crate) fn stop(&mut self) {
        self.open = None;
    }

    /// What the disk would hold if the plug were pulled now.
    pub(crate) fn image(&self, to: &Path) -> Result<()> {
        if to.exists() {
            fs::remove_dir_all(to)?;
        }
        copy(&self.dir, to)
    }

    /// How far its journal goes.
    pub(crate) fn journal(&self) -> Result<Journal> {
        Journal::of(&self.dir)
    }

    /// Puts an earlier image in the place of what is there: all of it, or the database alone.
    pub(crate) fn put_back(&mut self, image: &Path, database_alone: bool) -> Result<()> {
        self.stop();
        if !database_alone {
            fs::remove_dir_all(&self.dir)?;
            copy(image, &self.dir)?;
            return self.start();
        }
        for name in DATABASE {
            let (from, to) = (image.join(name), self.dir.join(name));
            if from.exists() {
                fs::copy(&from, &to)?;
            } else if to.exists() {
                fs::remove_file(&to)?;
            }
        }
        self.start()
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.open.as_ref().expect("a laptop is open between steps").0
    }

    fn eye(&self) -> &Store {
        &self.open.as_ref().expect("a laptop is open between steps").1
    }

    pub(crate) fn now(&self) -> Instant {
        self.world.ports().now()
    }

    fn machine(&self) -> String {
        self.world.ports().machine.machine_id()
    }

    /// What it knows of its council, read past the hub.
    pub(crate) fn known(&self) -> Result<Rc<Known>> {
        let entries = self.eye().read(roster::hashes)?;
        if let Some(known) = self.known.borrow().as_ref().filter(|known| known.entries == entries) {
            return Ok(Rc::clone(known));
        }
        let myself = self.eye().read(identity::myself)?.context("a laptop knows its council")?;
        let mut all = Roster::new(sealed_log::council_of_root(&myself.root));
        for entry in self.eye().read(roster::entries)? {
            let _ = all.add_kept(&entry);
        }
        let known = Rc::new(Known { entries, members: all.fold(), roster: all });
        *self.known.borrow_mut() = Some(Rc::clone(&known));
        Ok(known)
    }

    /// True while it belongs to its council, as far as it knows.
    pub(crate) fn is_live(&self) -> Result<bool> {
        Ok(self.known()?.members.is_live(&self.id))
    }

    /// True while it is an administrator's, as far as it knows.
    pub(crate) fn is_administrator(&self) -> Result<bool> {
        Ok(self.known()?.members.administrators().any(|id| *id == self.id))
    }

    /// What it holds, as far as it knows.
    pub(crate) fn grants(&self) -> Result<Vec<Grant>> {
        let known = self.known()?;
        Ok(Scope::ALL.iter().filter_map(|scope| known.grant(&self.id, *scope)).collect())
    }

    pub(crate) fn reads(&self, scope: &str) -> Result<bool> {
        Ok(self.grants()?.iter().any(|grant| grant.scope.code() == scope))
    }

    pub(crate) fn writes(&self, scope: Scope) -> Result<bool> {
        Ok(self.grants()?.iter().any(|grant| grant.scope == scope && grant.write))
    }

    /// The documents of a kind, in the order of their ids.
    pub(crate) fn ids(&self, kind: Kind) -> Result<Vec<DocId>> {
        let mut ids = Vec::new();
        self.eye().read(|rows| {
            document::for_each(rows, Some(kind.scope()), |stored| {
                if stored.known_kind() == Some(kind) {
                    ids.push(stored.id);
                }
                Ok(())
            })
        })?;
        ids.sort_unstable();
        Ok(ids)
    }

    /// True in the middle of a first sync from a snapshot.
    pub(crate) fn is_arriving(&self) -> Result<bool> {
        Ok(self.eye().read(snapshot::any_arriving)?)
    }

    /// The scope and the newest changes of one document; none when it is not here, or not yet.
    pub(crate) fn heads(&self, id: DocId) -> Result<Option<(Scope, BTreeSet<ChangeHash>)>> {
        let stored = self.eye().read(|rows| document::find(rows, id))?.filter(Stored::has_come);
        let Some(stored) = stored else { return Ok(None) };
        let Some(scope) = Scope::from_code(&stored.scope) else { return Ok(None) };
        Ok(Some((scope, stored.load()?.get_heads().into_iter().collect())))
    }

    /// Every document, whole. In the middle of a first sync there may be some of which only rows have come: those are not
    /// here yet, and in the end there may be none.
    pub(crate) fn documents(&self) -> Result<Documents> {
        let mut documents = Documents::new();
        self.eye().read(|rows| {
            document::for_each(rows, None, |stored| {
                if !stored.has_come() {
                    return Ok(());
                }
                let mut doc = stored.load()?;
                let heads = doc.get_heads().into_iter().collect();
                let history = doc.get_changes(&[]).iter().map(automerge::Change::hash).collect();
                documents
                    .insert(stored.id, Document { kind: stored.kind, scope: stored.scope, heads, history })
                    .map_or(Ok(()), |_| Err(hub::HubError::Damaged))
            })
        })?;
        Ok(documents)
    }

    /// What it asks the others for, by stream and number.
    pub(crate) fn asks(&self) -> Result<Vec<(String, u64)>> {
        let rows = self.eye().read(roster::seen)?;
        let newest = rows.into_iter().filter_map(|row| sealed_log::Seen::read_kept(&row.statement).ok());
        let own = newest.filter(|seen| self.known().is_ok_and(|it| it.members.laptop_of(&seen.log) == Some(self.id)));
        Ok(own.flat_map(|seen| seen.wants).map(|(stream, seq)| (format!("{:?}", stream.log), seq)).collect())
    }

    /// Every segment that lies on it, of the scopes that it may read.
    pub(crate) fn segments(&self) -> Result<Vec<Segment>> {
        let known = self.known()?;
        let mut segments = Vec::new();
        for grant in self.grants()? {
            let scope = known.scope(grant.scope.code());
            self.eye().read(|rows| {
                for id in segment::of_scope(rows, &scope)? {
                    let row = segment::by_id(rows, id)?;
                    segments.extend(row.and_then(|row| Segment::decode(&row.bytes).ok()));
                }
                Ok(())
            })?;
        }
        Ok(segments)
    }

    /// What it may not hold is not there: no document, and no key.
    pub(crate) fn holds_only_its_own(&self) -> Result<()> {
        for (id, document) in self.documents()? {
            ensure!(
                self.reads(&document.scope)?,
                "{} holds {id}, a {} of {}",
                self.name,
                document.kind,
                document.scope
            );
        }
        let known = self.known()?;
        let own: Vec<ScopeId> = self.grants()?.iter().map(|grant| known.scope(grant.scope.code())).collect();
        for (scope, _) in self.keyring()?.keys() {
            ensure!(own.contains(&scope), "{} holds a key that it was not granted", self.name);
        }
        Ok(())
    }

    /// The keys that lie on it.
    pub(crate) fn keyring(&self) -> Result<Keyring> {
        Ok(self.eye().read(identity::keyring)?)
    }
}

/// How far the database's journal goes: what is written there is written in order, and its end may be missing after a crash.
pub(crate) struct Journal {
    /// What tells one use of the file from the next, which begins again at the front.
    pub(crate) life: Vec<u8>,
    pub(crate) length: u64,
}

impl Journal {
    pub(crate) const NAME: &str = DATABASE[1];

    pub(crate) fn of(dir: &Path) -> Result<Self> {
        let bytes = fs::read(dir.join(Self::NAME)).unwrap_or_default();
        Ok(Self { life: bytes.get(16..24).unwrap_or_default().to_vec(), length: bytes.len() as u64 })
    }
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let beside = to.join(path.file_name().context("a name")?);
        if path.is_dir() {
            copy(&path, &beside)?;
        } else if !path.ends_with("talking-point.db-shm") {
            fs::copy(&path, &beside)?;
        }
    }
    Ok(())
}

/// Every file below a folder, in order.
pub(crate) fn files_below(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files_below(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}
