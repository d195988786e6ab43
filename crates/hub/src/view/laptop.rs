//! This laptop: what it is, how it shares, what it holds.

use serde::{Deserialize, Serialize};
use sync_schema::{HubId, Instant};

use super::shell::{HubRow, Role, SyncState};

use crate::error::HubError;
use crate::hub::{Hub, ProposedSheet};
use crate::policy::{self, Ask};
use crate::store::query::register;

/// The page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct LaptopView {
    /// Its name.
    pub name: String,
    /// Its ticket letter.
    pub letter: String,
    /// The council's name.
    pub council: String,
    /// The program's version.
    pub version: String,
    /// The folder it shares through, if set.
    pub folder: Option<String>,
    /// True if it looks for others in the same hall.
    pub meets_in_halls: bool,
    /// Saved, shared, held.
    pub sync: SyncState,
    /// What this laptop may hold.
    pub scopes: Vec<ScopeRow>,
    /// Other laptops, by name.
    pub others: Vec<OtherLaptop>,
    /// Records refused, by reason code.
    pub refused: Vec<RefusedCount>,
    /// True when this laptop may write the team's register (an administrator's).
    pub administrator: bool,
    /// What the council knows of this laptop itself.
    pub own: OwnLaptop,
    /// True when whoever is signed in may keep the council's laptops and keys from here.
    pub keeps_laptops: bool,
    /// Recovery sheets that wait for a second administrator; none where nobody may agree to them.
    pub proposed_sheets: Vec<ProposedSheet>,
    /// The council's hubs, by name.
    pub hubs: Vec<HubRow>,
    /// The hub that this laptop works at.
    pub home: HubId,
}

/// What the council knows of the laptop that is looked at from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct OwnLaptop {
    /// Its id, to name it by.
    pub id: String,
    /// The role it is for; none on an administrator's, which is for any.
    pub role: Option<Role>,
    /// True if it writes snapshots and prunes what they cover.
    pub keeper: bool,
    /// Whether it still belongs to the council.
    pub standing: LaptopStanding,
    /// True when another program works as this laptop: its records were copied, or a join file was used twice.
    pub doubled: bool,
}

/// A scope this laptop holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ScopeRow {
    /// Its code, for the catalogue.
    pub scope: sync_schema::Scope,
    /// False when it may only read.
    pub write: bool,
}

/// Another laptop of the council.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct OtherLaptop {
    /// Its id, to name it by.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The role it is for.
    pub role: Role,
    /// True if it is an administrator's.
    pub administrator: bool,
    /// True if it writes snapshots and prunes what they cover.
    pub keeper: bool,
    /// Whether it still belongs to the council.
    pub standing: LaptopStanding,
    /// Erasures it has not confirmed yet.
    pub erasures_unconfirmed: u32,
    /// By how many minutes its clock was wrong when it last said anything, held against ours, if by more than five: above
    /// zero it was ahead; below, behind by so much at least.
    pub clock_error_minutes: Option<i32>,
    /// True when two programs work as this laptop: its records were copied, or a join file was used twice.
    pub doubled: bool,
    /// When it last said anything, by its own clock.
    pub last_heard: Option<Instant>,
    /// Records of ours it has not confirmed yet.
    pub unconfirmed: u32,
}

/// Whether a laptop still belongs to the council.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum LaptopStanding {
    /// It does.
    Live,
    /// It left in good order.
    Retired,
    /// It was taken out.
    TakenOut,
}

/// How many records were refused for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct RefusedCount {
    /// The reason's code, for the catalogue.
    pub reason: String,
    /// How many.
    pub count: u32,
}

/// What one exchange with the folder did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Exchanged {
    /// Records sent.
    pub sent: u32,
    /// Records that arrived.
    pub received: u32,
    /// Records applied, parked ones that could now be opened included.
    pub applied: u32,
    /// Records refused.
    pub refused: u32,
    /// Records that wait.
    pub parked: u32,
    /// Files in the folder that are not ours.
    pub foreign: u32,
}

impl Exchanged {
    /// Two exchanges as one.
    pub(crate) fn and(&self, other: &Self) -> Self {
        Self {
            sent: self.sent + other.sent,
            received: self.received + other.received,
            applied: self.applied + other.applied,
            refused: self.refused + other.refused,
            parked: other.parked,
            foreign: self.foreign + other.foreign,
        }
    }
}

impl Hub {
    /// This laptop's page.
    ///
    /// # Errors
    /// [`HubError::NotSignedIn`]; the store's own.
    pub fn laptop(&self) -> Result<LaptopView, HubError> {
        let me = self.asked(Ask::SeeLaptop)?;
        let grants = self.grants();
        let scope = |grant: &policy::Grant| ScopeRow { scope: grant.scope, write: grant.write };
        let keeps_laptops = policy::may(me.role, &grants, Ask::KeepLaptops);
        let mut scopes: Vec<ScopeRow> = grants.iter().map(scope).collect();
        scopes.sort_by_key(|row| row.scope);
        Ok(LaptopView {
            name: self.standing.laptop.clone(),
            letter: self.standing.letter.clone(),
            council: self.council_name()?,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            folder: self.sync_folder()?.map(|folder| folder.display().to_string()),
            meets_in_halls: self.meets_in_halls(),
            sync: self.sync_state()?,
            scopes,
            others: self.other_laptops()?,
            refused: self.refused()?,
            administrator: policy::laptop_may(&grants, Ask::KeepTeam),
            own: self.own_laptop()?,
            keeps_laptops,
            proposed_sheets: if keeps_laptops { self.proposed_sheets()? } else { Vec::new() },
            hubs: self.store.read(register::hubs)?,
            home: self.standing.home,
        })
    }
}
