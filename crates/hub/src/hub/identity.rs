//! Who this laptop is to the others: the council's root, its own keys, the roster, and the keys of the scopes it holds.
//!
//! Kept under the database's encryption and nowhere else. What is done with them is `sync`'s.

use sealed_log::{
    Access, CouncilId, Entry, EpochKey, Hash, Incarnation, JoinFile, Keyring, Kind, LaptopId, LaptopIdentity, Members,
    Rank, RootSeed, Roster, ScopeId, Shared, Welcome, Wrap, wrap_key,
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
    pub(crate) fn found(root: &RootSeed, grants: &[Grant], ports: &Ports) -> Result<Self, HubError> {
        let council = root.council();
        let laptop = LaptopIdentity::from_secret(&Zeroizing::new(ports.random()?));
        let grants = granted(council, grants);
        let scopes: Vec<ScopeId> = grants.iter().map(|grant| grant.scope).collect();
        let mut roster = Roster::new(council);
        let kind = Kind::Found { root: root.agreement(), identity: laptop.publics(), grants };
        add(&mut roster, &Entry::by_root(root, Vec::new(), kind))?;
        let incarnation = incarnate(&mut roster, &laptop, ports)?;
        let (keyring, machine) = (Keyring::default(), machine(ports));
        let mut founder = Self { root: root.public(), laptop, incarnation, roster, keyring, machine, lives: 0 };
        for scope in scopes {
            founder.rotate(scope, ports)?;
        }
        Ok(founder)
    }

    /// What a join file or an approval makes of a laptop.
    pub(crate) fn join(
        root: [u8; 32],
        laptop: LaptopIdentity,
        mut roster: Roster,
        ports: &Ports,
    ) -> Result<Self, HubError> {
        let incarnation = incarnate(&mut roster, &laptop, ports)?;
        let (keyring, machine) = (Keyring::default(), machine(ports));
        let mut joined = Self { root, laptop, incarnation, roster, keyring, machine, lives: 0 };
        joined.follow(&joined.roster.fold());
        Ok(joined)
    }

    /// Takes in the keys that the roster wraps to this laptop, and lets go of those that are retired. True if any came or
    /// went.
    pub(crate) fn follow(&mut self, members: &Members) -> bool {
        self.keyring.follow(&self.roster, members, &self.laptop)
    }

    /// Takes a new laptop in, and says what its join file holds besides words.
    pub(crate) fn enrol(&mut self, grants: &[Grant], ports: &Ports) -> Result<JoinFile, HubError> {
        let newcomer = LaptopIdentity::from_secret(&Zeroizing::new(ports.random()?));
        self.enrol_as(newcomer.publics(), Rank::Laptop, grants, ports)?;
        Ok(JoinFile {
            root: self.root,
            roster: self.roster.entries().map(|(_, entry)| entry.encode()).collect(),
            identity: newcomer,
            welcome: Welcome::default(),
        })
    }

    /// Takes a laptop in, and wraps the keys of its scopes to it.
    pub(crate) fn enrol_as(
        &mut self,
        identity: sealed_log::Publics,
        rank: Rank,
        grants: &[Grant],
        ports: &Ports,
    ) -> Result<(), HubError> {
        let council = self.council();
        self.act(Kind::Enrol { identity, rank, grants: granted(council, grants) })?;
        let scopes: Vec<ScopeId> = grants.iter().map(|grant| scope_of(council, grant.scope)).collect();
        self.share_keys(&scopes, (&LaptopId::of_signing(&identity.signing), &identity.agreement), ports)
    }

    /// Wraps the keys of these scopes to a laptop, as far as it was never given them.
    pub(crate) fn share_keys(
        &mut self,
        scopes: &[ScopeId],
        to: (&LaptopId, &[u8; 32]),
        ports: &Ports,
    ) -> Result<(), HubError> {
        let council = self.council();
        let given = self.roster.given();
        let mut keys = Vec::new();
        for (scope, key) in self.keyring.keys().filter(|(scope, _)| scopes.contains(scope)) {
            if given.contains(&(scope, key.id(), *to.0)) {
                continue;
            }
            let sealed = wrap_key(key, &council, &scope, to, ports.random()?).map_err(|_| no_key())?;
            keys.push(Shared { scope, epoch: key.id(), wrap: Wrap { to: *to.0, sealed } });
        }
        if keys.is_empty() { Ok(()) } else { self.act(Kind::Share { keys }).map(drop) }
    }

    /// What an administrator's laptop sees to by itself, for it only carries out what administrators have decided without
    /// knowing of one another: whoever may read a scope is given the keys that are here, and a scope whose newest key is in
    /// the hands of somebody who may not read it any more, were it one who left in good order, gets a new one. True if there was anything to do.
    pub(crate) fn see_to_keys(&mut self, ports: &Ports) -> Result<bool, HubError> {
        let (me, members, before) = (self.laptop.laptop(), self.roster.fold(), self.roster.hashes().count());
        let Some(own) = members.laptop(&me).filter(|_| members.administrators().any(|id| *id == me)) else {
            return Ok(false);
        };
        for scope in own
            .grants
            .keys()
            .filter(|scope| members.sealing_epoch(scope).is_none_or(|epoch| members.is_known_outside(scope, &epoch)))
        {
            self.rotate(*scope, ports)?;
        }
        for (laptop, known) in members.live().filter(|(laptop, _)| **laptop != me) {
            let scopes: Vec<ScopeId> = known.grants.keys().copied().collect();
            self.share_keys(&scopes, (laptop, &known.identity.agreement), ports)?;
        }
        // A root that two administrators agreed on is given what the one before it had.
        let held: Vec<ScopeId> = self.keyring.keys().map(|(scope, _)| scope).collect();
        for (root, agreement) in members.roots() {
            self.share_keys(&held, (root, agreement), ports)?;
        }
        Ok(self.roster.hashes().count() > before)
    }

    /// Begins a new epoch of a scope: its key is for all who may read the scope now, and for the root.
    pub(crate) fn rotate(&mut self, scope: ScopeId, ports: &Ports) -> Result<(), HubError> {
        let (council, members) = (self.council(), self.roster.fold());
        let key = EpochKey::from_secret(&Zeroizing::new(ports.random()?));
        let readers = members.live().filter(|(laptop, _)| members.may_read(laptop, &scope));
        let readers = readers.map(|(id, laptop)| (*id, laptop.identity.agreement));
        let recipients: Vec<(LaptopId, [u8; 32])> =
            readers.chain(members.roots().map(|(id, key)| (*id, *key))).collect();
        let mut wraps = Vec::with_capacity(recipients.len());
        for (to, agreement) in recipients {
            let sealed = wrap_key(&key, &council, &scope, (&to, &agreement), ports.random()?).map_err(|_| no_key())?;
            wraps.push(Wrap { to, sealed });
        }
        self.act(Kind::Rotate { scope, epoch: key.id(), wraps })?;
        self.follow(&self.roster.fold());
        Ok(())
    }

    /// Writes an act of this laptop's into the roster. It must have the right.
    pub(crate) fn act(&mut self, kind: Kind) -> Result<Hash, HubError> {
        let entry = Entry::by_laptop(&self.laptop, self.council(), self.roster.heads(), kind);
        let hash = entry.hash();
        add(&mut self.roster, &entry)?;
        if self.roster.fold().has(&hash) {
            return Ok(hash);
        }
        self.roster.settle(&[hash]);
        Err(HubError::NotAllowed)
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
        self.keep_roster(rows)
    }

    /// Keeps the entries that the roster has gained, and the keys as they are.
    pub(crate) fn keep_roster(&self, rows: &Connection) -> Result<(), HubError> {
        let known = roster::hashes(rows)?;
        for (hash, entry) in self.roster.entries().filter(|(hash, _)| !known.contains(hash)) {
            roster::add_entry(rows, hash, &entry.encode())?;
        }
        self.keep_keys(rows)
    }

    /// Keeps the keys as they are: one that was let go of is wiped.
    pub(crate) fn keep_keys(&self, rows: &Connection) -> Result<(), HubError> {
        kept::put_keys(rows, &self.keyring)
    }

    /// What was kept.
    pub(crate) fn find(rows: &Connection) -> Result<Self, HubError> {
        let myself = kept::myself(rows)?.ok_or(HubError::Damaged)?;
        let mut known = Roster::new(sealed_log::council_of_root(&myself.root));
        for entry in roster::entries(rows)? {
            known.add_kept(&entry).map_err(|_| HubError::Damaged)?;
        }
        let mut found = Self {
            root: myself.root,
            laptop: LaptopIdentity::from_secret(&myself.identity),
            incarnation: Incarnation::from_secret(&myself.incarnation),
            roster: known,
            keyring: kept::keyring(rows)?,
            machine: myself.machine,
            lives: myself.lives,
        };
        found.follow(&found.roster.fold());
        Ok(found)
    }
}

/// A laptop in the roster whose key is none.
const fn no_key() -> HubError {
    HubError::unexpected("hub/wrap")
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

pub(super) fn granted(council: CouncilId, grants: &[Grant]) -> Vec<sealed_log::Grant> {
    let access = |write| if write { Access::Write } else { Access::Read };
    let grant =
        |grant: &Grant| sealed_log::Grant { scope: scope_of(council, grant.scope), access: access(grant.write) };
    grants.iter().map(grant).collect()
}
