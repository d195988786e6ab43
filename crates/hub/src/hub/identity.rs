//! Who this laptop is to the others: the council's root, its own keys, the roster, and the keys of the scopes it holds.
//!
//! Kept as settings, under the database's encryption and nowhere else. What is done with them is `sync`'s.

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
use crate::store::setting;

const COUNCIL: &str = "council id";
const ROOT: &str = "council root";
const LAPTOP: &str = "laptop identity";
const INCARNATION: &str = "incarnation";
const ROSTER: &str = "roster";
const KEYRING: &str = "keyring";

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
        let kind = Kind::Found { identity: laptop.public(), grants: grants_here };
        add(&mut roster, &Entry::by_root(&root, Vec::new(), kind))?;
        let incarnation = incarnate(&mut roster, &laptop, ports)?;
        Ok((Self { root: root.public(), laptop, incarnation, roster, keyring }, root))
    }

    /// What a join file makes of a laptop.
    pub(crate) fn join(file: &JoinFile, mut roster: Roster, ports: &Ports) -> Result<Self, HubError> {
        let incarnation = incarnate(&mut roster, &file.identity, ports)?;
        let (laptop, keyring) = (file.identity.clone(), file.keyring());
        Ok(Self { root: file.root, laptop, incarnation, roster, keyring })
    }

    /// Takes a new laptop in, and says what its join file holds besides words.
    pub(crate) fn enrol(&mut self, grants: &[Grant], ports: &Ports) -> Result<JoinFile, HubError> {
        let council = self.council();
        let newcomer = LaptopIdentity::from_secret(&Zeroizing::new(ports.random()?));
        let kind = Kind::Enrol { identity: newcomer.public(), rank: Rank::Laptop, grants: granted(council, grants) };
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

    /// Keeps all of it.
    pub(crate) fn keep(&self, rows: &Connection) -> Result<(), HubError> {
        setting::put_bytes(rows, COUNCIL, self.roster.council().as_bytes())?;
        setting::put_bytes(rows, ROOT, &self.root)?;
        setting::put_bytes(rows, LAPTOP, self.laptop.secret().as_slice())?;
        setting::put_bytes(rows, INCARNATION, self.incarnation.secret().as_slice())?;
        let mut entries = Vec::new();
        for (_, entry) in self.roster.entries() {
            let bytes = entry.encode();
            let length = u32::try_from(bytes.len()).map_err(|_| HubError::unexpected("hub/roster"))?;
            entries.extend_from_slice(&length.to_le_bytes());
            entries.extend_from_slice(&bytes);
        }
        setting::put_bytes(rows, ROSTER, &entries)?;
        setting::put_bytes(rows, KEYRING, &self.keys())
    }

    /// Each scope's keys, the one that seals last: 16 bytes of scope and 32 of key.
    fn keys(&self) -> Zeroizing<Vec<u8>> {
        let mut keys = Zeroizing::new(Vec::new());
        let mut put = |scope: ScopeId, key: &EpochKey| {
            keys.extend_from_slice(scope.as_bytes());
            keys.extend_from_slice(key.secret().as_slice());
        };
        for (scope, key) in self.keyring.keys() {
            if self.keyring.sealing(&scope) != Some(key) {
                put(scope, key);
            }
        }
        for scope in self.keyring.scopes() {
            if let Some(key) = self.keyring.sealing(&scope) {
                put(scope, key);
            }
        }
        keys
    }

    /// What was kept.
    pub(crate) fn find(rows: &Connection) -> Result<Self, HubError> {
        let root = secret(rows, ROOT)?;
        let laptop = LaptopIdentity::from_secret(&*secret(rows, LAPTOP)?);
        let incarnation = Incarnation::from_secret(&*secret(rows, INCARNATION)?);
        let mut roster = Roster::new(CouncilId::from_bytes(*secret(rows, COUNCIL)?));
        let kept = setting::bytes(rows, ROSTER)?.ok_or(HubError::Damaged)?;
        let mut rest = kept.as_slice();
        while let Some((length, after)) = rest.split_first_chunk::<4>() {
            let (entry, next) =
                after.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or(HubError::Damaged)?;
            roster.add(entry).map_err(|_| HubError::Damaged)?;
            rest = next;
        }
        let keys = Zeroizing::new(setting::bytes(rows, KEYRING)?.ok_or(HubError::Damaged)?);
        let mut keyring = Keyring::default();
        let mut rest = keys.as_slice();
        while let Some((scope, after)) = rest.split_first_chunk::<16>() {
            let (key, next) = after.split_first_chunk::<32>().ok_or(HubError::Damaged)?;
            keyring.add(ScopeId::from_bytes(*scope), EpochKey::from_secret(key));
            rest = next;
        }
        Ok(Self { root: *root, laptop, incarnation, roster, keyring })
    }
}

/// A scope as the log knows it.
pub(crate) fn scope_of(council: CouncilId, scope: Scope) -> ScopeId {
    ScopeId::of(&council, scope.code())
}

/// The identity's word for a new life of the database.
fn incarnate(roster: &mut Roster, laptop: &LaptopIdentity, ports: &Ports) -> Result<Incarnation, HubError> {
    let incarnation = Incarnation::from_secret(&Zeroizing::new(ports.random()?));
    let kind = Kind::Incarnate { key: incarnation.public() };
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

fn secret(rows: &Connection, name: &str) -> Result<Zeroizing<[u8; 32]>, HubError> {
    let kept = Zeroizing::new(setting::bytes(rows, name)?.ok_or(HubError::Damaged)?);
    let mut bytes = Zeroizing::new([0; 32]);
    if kept.len() != bytes.len() {
        return Err(HubError::Damaged);
    }
    bytes.copy_from_slice(&kept);
    Ok(bytes)
}
