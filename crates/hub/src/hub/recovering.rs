//! Bringing a council back with its recovery sheet, when no administrator's laptop is left: the root takes a new laptop in
//! as an administrator's, and opens every key for it. What was shared through the folder is there again.

use std::path::Path;

use carriers::{Carrier, Folder};
use sealed_log::{
    Entry, Grant, Keyring, Kind, LaptopIdentity, Rank, RecoveryWords, RootSeed, Roster, Shared, Wrap, wrap_key,
};
use sync_schema::HubId;
use zeroize::Zeroizing;

use super::identity::{Identity, granted};
use super::{Hub, Standing};
use crate::error::HubError;
use crate::folder::{self, Holds, Passphrase};
use crate::policy;
use crate::ports::Ports;
use crate::store::query::register;

/// What bringing a council back needs.
#[derive(Debug, Clone)]
pub struct Recover<'a> {
    /// The words on the sheet, as typed.
    pub words: &'a str,
    /// A folder through which the council shared.
    pub folder: &'a Path,
    /// What the new laptop is called.
    pub laptop: String,
    /// The hub it works at: the first, when no hub is called so.
    pub hub: String,
    /// What will open the records here.
    pub passphrase: Passphrase,
}

impl Hub {
    /// Makes this laptop an administrator's of the council whose sheet is given, and takes over what the folder has.
    ///
    /// # Errors
    /// [`HubError::NotTheSheet`] when a letter was mistyped; [`HubError::SheetReplaced`] when the council has made a newer
    /// one; [`HubError::NothingToRecover`] when the folder knows nothing of that council; and as [`Hub::join`].
    pub fn recover(dir: &Path, recover: &Recover<'_>, ports: &Ports) -> Result<Self, HubError> {
        if folder::holds(dir)? == Holds::Records {
            return Err(HubError::AlreadyRecords);
        }
        let root = RecoveryWords::read(recover.words).map_err(|_| HubError::NotTheSheet)?;
        let mut roster = roster_of(&root, recover.folder)?;
        let founded = founding_root(&roster).ok_or(HubError::NothingToRecover)?;
        let laptop = LaptopIdentity::from_secret(&Zeroizing::new(ports.random()?));
        take_in(&root, &mut roster, &laptop, ports)?;
        let identity = Identity::join(founded, laptop, roster, ports)?;
        drop(root);
        let mut standing = Standing {
            council: String::new(),
            laptop: recover.laptop.clone(),
            // Letters that were given are on other laptops' cards: this one is theirs no longer.
            letter: "ZZ".to_owned(),
            role: None,
            home: HubId::from_bytes(ports.fresh_uuid()?.into_bytes()),
            home_name: recover.hub.clone(),
        };
        let hub = Self::settle(dir, &recover.passphrase, &standing, &identity, ports, |_, _| Ok(()))?;
        hub.sync_with(recover.folder)?;
        let hubs = hub.store.read(register::hubs)?;
        let named = hubs.iter().find(|known| known.name.eq_ignore_ascii_case(&recover.hub)).or(hubs.first());
        let Some(home) = named else { return Ok(hub) };
        (standing.home, standing.home_name) = (home.id, home.name.clone());
        hub.restand(&standing)?;
        drop(hub);
        Self::open(dir, &recover.passphrase, ports)
    }
}

impl Hub {
    /// Whether the words typed from the recovery sheet are this council's: to be asked while the sheet can still be
    /// written anew from the screen.
    ///
    /// # Errors
    /// [`HubError::NotTheSheet`] when they are not; [`HubError::SheetReplaced`] when they were, before a newer sheet.
    pub fn check_sheet(&self, words: &str) -> Result<(), HubError> {
        let root = RecoveryWords::read(words).map_err(|_| HubError::NotTheSheet)?;
        match self.here().members.is_root(&root.public()) {
            true => Ok(()),
            false if root.council() == *self.here().council() => Err(HubError::SheetReplaced),
            false => Err(HubError::NotTheSheet),
        }
    }
}

/// The roster of the council that the sheet is of, from a folder that may hold several councils' files. The first sheet names
/// its council; a later one is found by the roster that knows it.
fn roster_of(root: &RootSeed, path: &Path) -> Result<Roster, HubError> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().build().map_err(|_| HubError::unexpected("recover/runtime"))?;
    let own = runtime.block_on(read_roster(&Folder::at(path, &root.council())?))?;
    if let Some(roster) = own.filter(|roster| *roster.council() == root.council()) {
        return if roster.fold().is_root(&root.public()) { Ok(roster) } else { Err(HubError::SheetReplaced) };
    }
    for folder in Folder::of_each_council(path)? {
        let roster = runtime.block_on(read_roster(&folder))?;
        if let Some(roster) = roster.filter(|roster| roster.fold().is_root(&root.public())) {
            return Ok(roster);
        }
    }
    Err(HubError::NothingToRecover)
}

/// What a council's folder has of its roster; none, if nobody stands in it.
async fn read_roster(folder: &Folder) -> Result<Option<Roster>, HubError> {
    let mut entries = Vec::new();
    for name in folder.roster().await? {
        let bytes = folder.roster_entry(&name).await?.unwrap_or_default();
        entries.extend(Entry::peek_council(&bytes).map(|council| (council, bytes)));
    }
    let Some(council) = entries.first().map(|(council, _)| *council) else { return Ok(None) };
    let mut roster = Roster::new(council);
    let mut new = Vec::new();
    for (_, bytes) in &entries {
        if let Ok(sealed_log::Added::New(hash)) = roster.add(bytes) {
            new.push(hash);
        }
    }
    roster.settle(&new);
    let stands = roster.fold().laptops().next().is_some();
    Ok(stands.then_some(roster))
}

/// The public key of the root that founded the council.
fn founding_root(roster: &Roster) -> Option<[u8; 32]> {
    let mut authors = roster.entries().map(|(_, entry)| entry.author);
    authors.find(|author| sealed_log::council_of_root(author) == *roster.council())
}

/// The root takes the laptop in, and wraps to it every key that the sheet opens.
fn take_in(root: &RootSeed, roster: &mut Roster, laptop: &LaptopIdentity, ports: &Ports) -> Result<(), HubError> {
    let council = *roster.council();
    let write = |roster: &mut Roster, kind| {
        let entry = Entry::by_root_of(root, council, roster.heads(), kind);
        roster.add(&entry.encode()).map(drop).map_err(|_| HubError::unexpected("recover/roster"))
    };
    let grants: Vec<Grant> = granted(council, &policy::grants_of_the_first());
    write(roster, Kind::Enrol { identity: laptop.publics(), rank: Rank::Administrator, grants })?;
    let mut keyring = Keyring::default();
    keyring.follow_root(roster, &roster.fold(), root);
    let to = laptop.laptop();
    let mut keys = Vec::new();
    for (scope, key) in keyring.keys() {
        let sealed = wrap_key(key, &council, &scope, (&to, &laptop.agreement()), ports.random()?)
            .map_err(|_| HubError::unexpected("recover/wrap"))?;
        keys.push(Shared { scope, epoch: key.id(), wrap: Wrap { to, sealed } });
    }
    write(roster, Kind::Share { keys })
}
