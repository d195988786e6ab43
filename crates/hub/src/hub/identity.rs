//! Who this laptop is to the others: the council's root, its own keys, the roster, and the keys of the scopes it holds.
//!
//! Kept under the database's encryption and nowhere else. What is done with them is `sync`'s.

use sealed_log::{
    Access, CouncilId, Entry, EpochGrant, EpochKey, Incarnation, JoinFile, Keyring, Kind, LaptopIdentity, Rank,
    RootSeed, Roster, ScopeId,
};
use sync_schema::Scope;
use zeroize::Zeroizing;

use crate::error::HubError;
use crate::policy::Grant;
use crate::ports::Ports;
use crate::store::query::Connection;
use crate::store::sync::identity::{self as kept, Myself};
use crate::store::sync::roster;

/// Keys and roster, as they are kept.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// The council's root public key, of which its id is the hash.
    pub(crate) root: [u8; 32],
    /// Who this laptop is, for good.
    pub(crate) laptop: LaptopIdentity,
    /// This life of its database.
    pub(crate) incarnation: Incarnation,
    /// Every roster entry known.
    pub(crate) roster: Roster,
    /// The live epochs.
    pub(crate) keyring: Keyring,
    /// A hash of the id of the machine on which this life of the database began; zeros if it has none.
    pub(crate) machine: [u8; 32],
    /// How often the program has begun a run on this database.
    pub(crate) lives: u64,
}

impl Identity {
    /// Founds a council: the root vouches for this laptop, and this laptop for its first incarnation.
    pub(crate) fn found(grants: &[Grant], ports: &Ports) -> Result<(Self, RootSeed), HubError> {
        let root = RootSeed::from_secret(&Zeroizing::new(ports.random()?));
        let council = root.council();
        let laptop = LaptopIdentity::from_secret(&Zeroizing::new(ports.random()?));
        let grants_here = granted(council, grants);
        let mut keyring = Keyring::default();
        for grant in &grants_here {
            keyring.add(grant.scope, EpochKey::from_secret(&Zeroizing::new(ports.random()?)));
        }
        let mut roster = Roster::new(council);
        let kind = Kind::Found { root: root.agreement(), identity: laptop.publics(), grants: grants_here };
        add(&mut roster, &Entry::by_root(&root, Vec::new(), kind))?;
        let incarnation = incarnate(&mut roster, &laptop, ports)?;
        let machine = machine(ports);
        Ok((Self { root: root.public(), laptop, incarnation, roster, keyring, machine, lives: 0 }, root))
    }

    /// What a join file makes of a laptop.
    pub(crate) fn join(file: &JoinFile, mut roster: Roster, ports: &Ports) -> Result<Self, HubError> {
        let incarnation = incarnate(&mut roster, &file.identity, ports)?;
        let (laptop, keyring) = (file.identity.clone(), file.keyring());
        Ok(Self { root: file.root, laptop, incarnation, roster, keyring, machine: machine(ports), lives: 0 })
    }

    /// Takes a new laptop in, and says what its join file holds besides words.
    pub(crate) fn enrol(&mut self, grants: &[Grant], ports: &Ports) -> Result<JoinFile, HubError> {
        let council = self.council();
        let newcomer = LaptopIdentity::from_secret(&Zeroizing::new(ports.random()?));
        let kind = Kind::Enrol { identity: newcomer.publics(), rank: Rank::Laptop, grants: granted(council, grants) };
        let entry = Entry::by_laptop(&self.laptop, council, self.roster.heads(), kind);
        add(&mut self.roster, &entry)?;
        let scopes: Vec<ScopeId> = grants.iter().map(|grant| scope_of(council, grant.scope)).collect();
        let sealing = |scope: &ScopeId| {
            let key = self.keyring.sealing(scope)?.clone();
            Some(EpochGrant { scope: *scope, key })
        };
        Ok(JoinFile {
            root: self.root,
            roster: self.roster.entries().map(|(_, entry)| entry.encode()).collect(),
            identity: newcomer,
            role: String::new(),
            letter: String::new(),
            epochs: scopes.iter().filter_map(sealing).collect(),
            texts: std::collections::BTreeMap::new(),
        })
    }

    /// The council.
    pub(crate) fn council(&self) -> CouncilId {
        *self.roster.council()
    }

    /// Starts a new life of the database: a new log, vouched for by the same laptop.
    pub(crate) fn begin_again(&mut self, ports: &Ports) -> Result<(), HubError> {
        self.incarnation = incarnate(&mut self.roster, &self.laptop, ports)?;
        self.machine = machine(ports);
        Ok(())
    }

    /// True if this is, as far as can be told, the machine on which this life of the database began.
    pub(crate) fn is_on_its_machine(&self, ports: &Ports) -> bool {
        let now = machine(ports);
        self.machine == now || self.machine == [0; 32] || now == [0; 32]
    }

    /// Keeps all of it.
    pub(crate) fn keep(&self, rows: &Connection) -> Result<(), HubError> {
        let myself = Myself {
            root: self.root,
            identity: self.laptop.secret(),
            incarnation: self.incarnation.secret(),
            machine: self.machine,
            lives: self.lives,
        };
        kept::put_myself(rows, &myself)?;
        for (scope, key) in self.keys() {
            kept::add_key(rows, &scope, key)?;
        }
        self.keep_roster(rows)
    }

    /// Keeps the entries that the roster has gained.
    pub(crate) fn keep_roster(&self, rows: &Connection) -> Result<(), HubError> {
        let known = roster::hashes(rows)?;
        for (hash, entry) in self.roster.entries().filter(|(hash, _)| !known.contains(hash)) {
            roster::add_entry(rows, hash, &entry.encode())?;
        }
        Ok(())
    }

    /// Each scope's keys, the one that seals last.
    fn keys(&self) -> Vec<(ScopeId, &EpochKey)> {
        let seals = |scope: &ScopeId, key: &EpochKey| self.keyring.sealing(scope) == Some(key);
        let mut keys: Vec<_> = self.keyring.keys().collect();
        keys.sort_by_key(|(scope, key)| seals(scope, key));
        keys
    }

    /// What was kept.
    pub(crate) fn find(rows: &Connection) -> Result<Self, HubError> {
        let myself = kept::myself(rows)?.ok_or(HubError::Damaged)?;
        let mut known = Roster::new(sealed_log::council_of_root(&myself.root));
        for entry in roster::entries(rows)? {
            known.add(&entry).map_err(|_| HubError::Damaged)?;
        }
        Ok(Self {
            root: myself.root,
            laptop: LaptopIdentity::from_secret(&myself.identity),
            incarnation: Incarnation::from_secret(&myself.incarnation),
            roster: known,
            keyring: kept::keyring(rows)?,
            machine: myself.machine,
            lives: myself.lives,
        })
    }
}

/// Nothing but a hash of the machine's id is kept.
fn machine(ports: &Ports) -> [u8; 32] {
    match ports.machine.machine_id() {
        id if id.is_empty() => [0; 32],
        id => blake3::derive_key("talking-point v1 machine", id.as_bytes()),
    }
}

/// A scope as the log knows it.
pub(crate) fn scope_of(council: CouncilId, scope: Scope) -> ScopeId {
    ScopeId::of(&council, scope.code())
}

/// The identity's word for a new life of the database.
fn incarnate(roster: &mut Roster, laptop: &LaptopIdentity, ports: &Ports) -> Result<Incarnation, HubError> {
    let incarnation = Incarnation::from_secret(&Zeroizing::new(ports.random()?));
    let kind = Kind::incarnate(&incarnation, roster.council(), laptop);
    let entry = Entry::by_laptop(laptop, *roster.council(), roster.heads(), kind);
    add(roster, &entry)?;
    Ok(incarnation)
}

fn add(roster: &mut Roster, entry: &Entry) -> Result<(), HubError> {
    roster.add(&entry.encode()).map(drop).map_err(|_| HubError::unexpected("hub/roster"))
}

fn granted(council: CouncilId, grants: &[Grant]) -> Vec<sealed_log::Grant> {
    let access = |write| if write { Access::Write } else { Access::Read };
    let grant =
        |grant: &Grant| sealed_log::Grant { scope: scope_of(council, grant.scope), access: access(grant.write) };
    grants.iter().map(grant).collect()
}
