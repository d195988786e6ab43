//! Sharing through a folder, a bucket or a relay, and in a hall.

use std::path::{Path, PathBuf};
use std::sync::{PoisonError, TryLockError};

use carriers::{BucketAddress, BucketCredential, CarrierError, Traffic, hall, relay};
use serde::{Deserialize, Serialize};

use super::Hub;
use super::identity::Identity;
use crate::error::HubError;
use crate::policy::Ask;
use crate::store::setting;
use crate::sync::{self, Here};
use crate::view::laptop::{Exchanged, OtherLaptop, OwnLaptop, RefusedCount};
use crate::view::shell::{Arriving, LastShared, SyncState};

/// Where the folder to share through is kept.
const FOLDER: &str = "sync folder";
/// Where the relay to share through is kept.
const RELAY: &str = "sync relay";
/// Where the last exchange is kept.
const LAST: &str = "sync last";
/// Where what stopped the last try is kept.
const TROUBLE: &str = "sync trouble";

/// Where a relay is, and whom to believe to be it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayAddress {
    /// `https://…`.
    pub url: String,
    /// The only certificates to trust, as PEM; what this machine trusts, if none.
    pub certificate: Option<String>,
}

/// How an exchange goes.
#[derive(Clone, Copy)]
enum By {
    /// Over a folder, a bucket or a relay.
    Carrier,
    /// With a laptop in the same hall.
    Hall,
}

impl RelayAddress {
    pub(super) fn address(&self) -> relay::Address {
        relay::Address { url: self.url.clone(), certificate: self.certificate.clone().map(String::into_bytes) }
    }
}

impl Hub {
    /// What is saved, shared and held.
    pub(crate) fn sync_state(&self) -> Result<SyncState, HubError> {
        let here = self.here();
        let (standings, last) =
            self.store.read(|rows| Ok((sync::standings(rows, &here)?, setting::get::<sync::Last>(rows, LAST)?)))?;
        let now = self.now().millis();
        let last_shared = last.map(|sync::Last { at, with }| {
            let minutes = (now - at.millis()).max(0) / 60_000;
            LastShared { at, minutes_ago: u32::try_from(minutes).unwrap_or(u32::MAX), with }
        });
        Ok(SyncState {
            to_share: standings.to_share,
            to_be_held: standings.to_be_held,
            last_shared,
            folder_set: self.sync_folder_set(),
            trouble: self.store.read(|rows| setting::get(rows, TROUBLE))?,
            parked: standings.parked,
            refused: standings.refused,
            arriving: self.arriving()?,
            hall: self.store.read(|rows| self.in_hall(rows))?,
        })
    }

    /// How far the first sync has got; none when none is under way.
    ///
    /// # Errors
    /// The store's own.
    pub fn arriving(&self) -> Result<Option<Arriving>, HubError> {
        self.store.read(sync::arriving)
    }

    /// Writes snapshots into a folder, of each scope that this laptop keeps: a new laptop then need not read the log from
    /// its beginning.
    ///
    /// # Errors
    /// [`HubError::NotAllowed`] on a laptop that keeps none; the folder's own.
    pub fn write_snapshots(&self, folder: &Path) -> Result<sync::Written, HubError> {
        self.laptop_asked(Ask::Share)?;
        if self.is_in_its_own(folder) {
            return Err(HubError::SyncFolderOwn);
        }
        let _alone = self.sharing.lock().unwrap_or_else(PoisonError::into_inner);
        sync::write_snapshots(&self.store, &self.ports, folder, &self.here())
    }

    /// As [`Hub::write_snapshots`], at a relay.
    ///
    /// # Errors
    /// [`HubError::NotAllowed`] on a laptop that keeps none; the relay's own.
    pub fn write_snapshots_at_relay(&self, relay: &RelayAddress) -> Result<sync::Written, HubError> {
        self.laptop_asked(Ask::Share)?;
        let _alone = self.sharing.lock().unwrap_or_else(PoisonError::into_inner);
        sync::write_snapshots_at_relay(&self.store, &self.ports, &relay.address(), &self.here())
    }

    /// The council's other laptops, for whoever keeps them.
    ///
    /// # Errors
    /// [`HubError::NotAllowed`]; the store's own.
    pub fn laptops(&self) -> Result<Vec<OtherLaptop>, HubError> {
        self.asked_by_anyone(Ask::SeeLaptop)?;
        self.other_laptops()
    }

    /// The other laptops of the council, by name.
    pub(crate) fn other_laptops(&self) -> Result<Vec<OtherLaptop>, HubError> {
        let here = self.here();
        self.store.read(|rows| sync::others(rows, &here, self.now()))
    }

    /// This laptop, as the roster has it.
    pub(crate) fn own_laptop(&self) -> Result<OwnLaptop, HubError> {
        let (here, role) = (self.here(), self.role());
        self.store.read(|rows| sync::own(rows, &here, role))
    }

    /// What was refused since this laptop joined, by reason.
    pub(crate) fn refused(&self) -> Result<Vec<RefusedCount>, HubError> {
        self.store.read(sync::refused)
    }

    pub(super) fn here(&self) -> Here {
        Here::of(self.identity().clone())
    }

    /// Sets the folder to share through, or the address of a bucket in its place; `None`: none.
    ///
    /// # Errors
    /// [`HubError::NotSignedIn`]; [`HubError::SyncFolderMissing`]; [`HubError::SyncFolderOwn`];
    /// [`HubError::BucketAddress`], [`HubError::BucketNoCredential`].
    pub fn set_sync_folder(&self, folder: Option<PathBuf>) -> Result<(), HubError> {
        self.asked_by_anyone(Ask::Share)?;
        match folder {
            Some(folder) if in_a_bucket(&folder)?.is_some() => {
                self.store.write(|tx| setting::put(tx.connection(), FOLDER, &folder))
            }
            Some(folder) if !folder.is_dir() => Err(HubError::SyncFolderMissing),
            Some(folder) if self.is_in_its_own(&folder) => Err(HubError::SyncFolderOwn),
            Some(folder) => self.store.write(|tx| setting::put(tx.connection(), FOLDER, &folder)),
            None => self.store.write(|tx| setting::remove(tx.connection(), FOLDER)),
        }
    }

    /// The folder to share through, if one is set.
    pub(crate) fn sync_folder(&self) -> Result<Option<PathBuf>, HubError> {
        self.store.read(|rows| setting::get(rows, FOLDER))
    }

    /// True when a folder to share through is set.
    #[must_use]
    pub fn sync_folder_set(&self) -> bool {
        matches!(self.sync_folder(), Ok(Some(_)))
    }

    /// True for the data folder and what is in it: nobody else would ever see what is shared there.
    fn is_in_its_own(&self, folder: &Path) -> bool {
        let real = |path: &Path| std::fs::canonicalize(path).ok();
        real(folder).zip(real(self.folder.dir())).is_some_and(|(folder, own)| folder.starts_with(own))
    }

    /// Shares through the folder that is set.
    ///
    /// # Errors
    /// [`HubError::NoSyncFolder`] and those of [`Hub::sync_with`].
    pub fn share(&self) -> Result<Exchanged, HubError> {
        self.laptop_asked(Ask::Share)?;
        match (self.sync_folder()?, self.relay()?) {
            (None, None) => Err(HubError::NoSyncFolder),
            (Some(folder), None) => self.sync_through(&folder),
            (None, Some(relay)) => self.sync_with_relay(&relay),
            (Some(folder), Some(relay)) => {
                // One that fails is not in the other's way.
                let by_hand = self.sync_through(&folder);
                let by_wire = self.sync_with_relay(&relay)?;
                if let Err(error) = &by_hand {
                    self.store.write(|tx| setting::put(tx.connection(), TROUBLE, &error.code()))?;
                }
                Ok(by_hand?.and(&by_wire))
            }
        }
    }

    /// With what is set where a folder goes.
    fn sync_through(&self, folder: &Path) -> Result<Exchanged, HubError> {
        match in_a_bucket(folder)? {
            Some((address, credential)) => self.sync_with_bucket(&address, &credential),
            None => self.sync_with(folder),
        }
    }

    /// The council's root public key: what a relay is told to carry for.
    #[must_use]
    pub fn council_key(&self) -> String {
        sealed_log::base32_encode(&self.identity().root)
    }

    /// Sets the relay to share through; `None`: none.
    ///
    /// # Errors
    /// [`HubError::NotSignedIn`]; [`HubError::RelayAddress`], [`HubError::RelayCertificate`].
    pub fn set_relay(&self, relay: Option<RelayAddress>) -> Result<(), HubError> {
        self.asked_by_anyone(Ask::Share)?;
        match relay {
            Some(relay) => {
                relay.address().check().map_err(CarrierError::from)?;
                self.store.write(|tx| setting::put(tx.connection(), RELAY, &relay))
            }
            None => self.store.write(|tx| setting::remove(tx.connection(), RELAY)),
        }
    }

    /// The relay to share through, if one is set.
    ///
    /// # Errors
    /// The database's own.
    pub fn relay(&self) -> Result<Option<RelayAddress>, HubError> {
        self.store.read(|rows| setting::get(rows, RELAY))
    }

    /// Shares through a relay, once. A second call waits for the first.
    ///
    /// # Errors
    /// The relay's own: not reached, not trusted, not one of its laptops, full.
    pub fn sync_with_relay(&self, relay: &RelayAddress) -> Result<Exchanged, HubError> {
        self.sync_with_relay_counted(relay).map(|(exchanged, _)| exchanged)
    }

    /// As [`Hub::sync_with_relay`], with what it cost.
    ///
    /// # Errors
    /// As [`Hub::sync_with_relay`].
    pub fn sync_with_relay_counted(&self, relay: &RelayAddress) -> Result<(Exchanged, Traffic), HubError> {
        self.laptop_asked(Ask::Share)?;
        // Whoever shares in the hall meanwhile does not wait for a relay that does not answer.
        let reached = match sync::reach(&relay.address(), &self.here(), &self.sharing) {
            Ok(reached) => reached,
            Err(error) => {
                self.note_exchange(&Err(error.clone()), By::Carrier)?;
                return Err(error);
            }
        };
        self.exchange(By::Carrier, |laptop, here, sharing| sync::exchange_with_relay(laptop, reached, here, sharing))
    }

    /// Shares through a bucket, once. A second call waits for the first.
    ///
    /// # Errors
    /// The bucket's own: not reached, not allowed, not there, a credential that has run out.
    pub fn sync_with_bucket(
        &self,
        address: &BucketAddress,
        credential: &BucketCredential,
    ) -> Result<Exchanged, HubError> {
        self.sync_with_bucket_counted(address, credential).map(|(exchanged, _)| exchanged)
    }

    /// As [`Hub::sync_with_bucket`], with what it cost.
    ///
    /// # Errors
    /// As [`Hub::sync_with_bucket`].
    pub fn sync_with_bucket_counted(
        &self,
        address: &BucketAddress,
        credential: &BucketCredential,
    ) -> Result<(Exchanged, Traffic), HubError> {
        self.laptop_asked(Ask::Share)?;
        self.exchange(By::Carrier, |laptop, here, sharing| {
            sync::exchange_with_bucket(laptop, (address, credential), here, sharing)
        })
    }

    /// Shares through a folder, once. A second call waits for the first.
    ///
    /// # Errors
    /// The folder's own: missing, read-only, failed.
    pub fn sync_with(&self, folder: &Path) -> Result<Exchanged, HubError> {
        self.sync_counted(folder).map(|(exchanged, _)| exchanged)
    }

    /// As [`Hub::sync_with`], with what it cost.
    ///
    /// # Errors
    /// As [`Hub::sync_with`].
    pub fn sync_counted(&self, folder: &Path) -> Result<(Exchanged, Traffic), HubError> {
        self.laptop_asked(Ask::Share)?;
        if self.is_in_its_own(folder) {
            return Err(HubError::SyncFolderOwn);
        }
        self.exchange(By::Carrier, |laptop, here, sharing| sync::exchange(laptop, folder, here, sharing))
    }

    /// Asks a laptop in the same hall for what it has, once.
    pub(super) fn ask_in_hall(&self, peer: &hall::Peer) -> Result<Exchanged, HubError> {
        self.exchange(By::Hall, |laptop, here, sharing| sync::exchange_with_peer(laptop, peer, here, sharing))
            .map(|done| done.0)
    }

    /// Seals what waits, for those who will ask for it.
    pub(super) fn seal(&self) -> Result<(), HubError> {
        let _alone = self.sharing.lock().unwrap_or_else(PoisonError::into_inner);
        let card = self.card();
        sync::seal(sync::Laptop { store: &self.store, ports: &self.ports, card: &card }, &self.here())
    }

    fn card(&self) -> sync::Card {
        sync::Card {
            name: self.standing.laptop.clone(),
            letter: self.standing.letter.clone(),
            role: self.role().map(|role| role.code().to_owned()),
        }
    }

    /// Notes what an exchange came to. One in the hall neither ends nor begins a carrier's trouble: whoever falls silent
    /// there has gone home.
    fn note_exchange(&self, done: &Result<sync::Done, HubError>, by: By) -> Result<(), HubError> {
        self.store.write(|tx| match (done, by) {
            (Ok(done), By::Hall) => setting::put(tx.connection(), LAST, &done.last),
            (Ok(done), By::Carrier) => {
                setting::put(tx.connection(), LAST, &done.last)?;
                setting::remove(tx.connection(), TROUBLE)
            }
            (Err(error), By::Hall) if *error != HubError::TakenOut => Ok(()),
            (Err(error), _) => setting::put(tx.connection(), TROUBLE, &error.code()),
        })
    }

    fn exchange(
        &self,
        by: By,
        carry: impl FnOnce(sync::Laptop<'_>, &mut Here, &mut sync::Sharing) -> Result<sync::Done, HubError>,
    ) -> Result<(Exchanged, Traffic), HubError> {
        let free = match self.sharing.try_lock() {
            Ok(free) => Some(free),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        };
        let waited = free.is_none();
        let mut sharing = free.unwrap_or_else(|| self.sharing.lock().unwrap_or_else(PoisonError::into_inner));
        sharing.waited = waited;
        let mut here = self.here();
        let card = self.card();
        let laptop = sync::Laptop { store: &self.store, ports: &self.ports, card: &card };
        let done = carry(laptop, &mut here, &mut sharing);
        {
            let mut identity = self.identity();
            *identity = self.store.read(Identity::find)?;
        }
        self.follow_roster();
        self.note_exchange(&done, by)?;
        done.map(|done| (done.exchanged, done.traffic))
    }
}

/// The bucket whose address stands where a folder's path goes, with what this program's environment has for it.
fn in_a_bucket(folder: &Path) -> Result<Option<(BucketAddress, BucketCredential)>, HubError> {
    let Some(text) = folder.to_str().filter(|text| BucketAddress::is_meant(text)) else { return Ok(None) };
    let address: BucketAddress = text.parse()?;
    let credential = BucketCredential::for_address(&address, |name| std::env::var(name).ok())?;
    Ok(Some((address, credential)))
}
