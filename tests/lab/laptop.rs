//! One laptop of the Lab: a real hub over a real data folder, and an eye that looks past the hub at what lies on the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use automerge::ChangeHash;
use hub::folder::{DataFolder, DatabaseKey};
use hub::policy::{self, Grant};
use hub::ports::Virtual;
use hub::store::{Store, document, sync::identity};
use hub::view::shell::Role;
use hub::{Found, Hub, Join, Passphrase};
use sealed_log::{CouncilId, ScopeId};
use sync_schema::{DocId, Instant, Kind, Scope};

/// 23 November 2026, a Monday, at ten in the morning.
pub(crate) const TEN: Instant = Instant::from_millis(1_795_428_000_000);
const PASSPHRASE: &str = "three plain words";
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

/// A laptop, with somebody at it.
pub(crate) struct Laptop {
    pub(crate) name: String,
    /// The role it was invited for; none on the founding laptop.
    pub(crate) role: Option<Role>,
    pub(crate) world: Virtual,
    pub(crate) dir: PathBuf,
    key: DatabaseKey,
    open: Option<(Hub, Store)>,
}

impl Laptop {
    /// Founds the council.
    pub(crate) fn found(dir: PathBuf, seed: u64) -> Result<Self> {
        let world = Virtual::new(seed, TEN);
        let found = Found {
            council: "Aberwen".to_owned(),
            hub: "Green Lane".to_owned(),
            laptop: String::new(),
            passphrase: Passphrase::from(PASSPHRASE),
        };
        let (hub, _) = Hub::found(&dir, found, &world.ports_with_cheap_key())?;
        Self::with(dir, world, None, hub)
    }

    /// Joins it.
    pub(crate) fn join(dir: PathBuf, seed: u64, role: Role, invitation: &Path) -> Result<Self> {
        let world = Virtual::new(seed, TEN);
        let join = Join { file: invitation, laptop: String::new(), passphrase: Passphrase::from(PASSPHRASE) };
        let hub = Hub::join(&dir, join, &world.ports_with_cheap_key())?;
        Self::with(dir, world, Some(role), hub)
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
        let mut clone = Self { name, role: other.role, world, dir, key: other.key.clone(), open: None };
        clone.start()?;
        Ok(clone)
    }

    fn with(dir: PathBuf, world: Virtual, role: Option<Role>, hub: Hub) -> Result<Self> {
        drop(hub);
        let key = DataFolder::take(&dir)?.unlock(&Passphrase::from(PASSPHRASE), &world.ports())?;
        let mut laptop = Self { name: String::new(), role, world, dir, key, open: None };
        laptop.start()?;
        laptop.name = laptop.hub().laptop()?.letter;
        Ok(laptop)
    }

    /// Opens the data folder, and somebody sits down.
    pub(crate) fn start(&mut self) -> Result<()> {
        let hub = Hub::open(&self.dir, &Passphrase::from(PASSPHRASE), &self.world.ports_with_cheap_key())?;
        let eye = Store::open(&self.dir.join(DATABASE[0]), &self.key)?;
        self.open = Some((hub, eye));
        self.sit()
    }

    /// Whoever usually works here sits down.
    pub(crate) fn sit(&self) -> Result<()> {
        let role = self.role.unwrap_or(Role::Worker);
        Ok(self.hub().sign_in_as(&format!("{role:?} {}", self.name), role)?)
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

    /// The scopes that it holds.
    pub(crate) fn grants(&self) -> Vec<Grant> {
        self.role.map_or_else(policy::grants_of_the_first, policy::grants_of)
    }

    pub(crate) fn reads(&self, scope: &str) -> bool {
        self.grants().iter().any(|grant| grant.scope.code() == scope)
    }

    pub(crate) fn writes(&self, scope: Scope) -> bool {
        self.grants().iter().any(|grant| grant.scope == scope && grant.write)
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

    /// The newest changes of one document; none when it is not here.
    pub(crate) fn heads(&self, id: DocId) -> Result<BTreeSet<ChangeHash>> {
        let Some(stored) = self.eye().read(|rows| document::find(rows, id))? else { return Ok(BTreeSet::new()) };
        Ok(stored.load()?.get_heads().into_iter().collect())
    }

    /// Every document, whole.
    pub(crate) fn documents(&self) -> Result<Documents> {
        let mut documents = Documents::new();
        self.eye().read(|rows| {
            document::for_each(rows, None, |stored| {
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

    /// What it may not hold is not there: no document, and no key.
    pub(crate) fn holds_only_its_own(&self) -> Result<()> {
        for (id, document) in self.documents()? {
            ensure!(self.reads(&document.scope), "{} holds {id}, a {} of {}", self.name, document.kind, document.scope);
        }
        let (keyring, root) = self.eye().read(|rows| Ok((identity::keyring(rows)?, identity::myself(rows)?)))?;
        let council: CouncilId = sealed_log::council_of_root(&root.context("a laptop knows its council")?.root);
        let own: Vec<ScopeId> = self.grants().iter().map(|grant| ScopeId::of(&council, grant.scope.code())).collect();
        for (scope, _) in keyring.keys() {
            ensure!(own.contains(&scope), "{} holds a key that it was not granted", self.name);
        }
        Ok(())
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
