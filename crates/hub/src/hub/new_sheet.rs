//! A new recovery sheet, the old one being lost or seen by somebody: one administrator writes it and proposes it, a second one
//! agrees at another laptop. From then on the old sheet opens nothing new, and the new one everything.

use sealed_log::{Kind, LaptopId, Publics, RecoveryWords, RootSeed};
use serde::{Deserialize, Serialize};

use super::{Hub, founding};
use crate::error::HubError;
use crate::folder::Passphrase;
use crate::ports::Ports;
use crate::store::sync::roster;

/// A sheet that is being written. Its root is in memory alone, and is wiped with this.
pub struct NewSheet(RootSeed);

impl NewSheet {
    /// Draws a new root.
    ///
    /// # Errors
    /// The machine's randomness.
    pub fn draw(ports: &Ports) -> Result<Self, HubError> {
        founding::root(ports).map(Self)
    }

    /// The words to be written down.
    #[must_use]
    pub fn words(&self) -> RecoveryWords {
        RecoveryWords::of(&self.0)
    }
}

impl std::fmt::Debug for NewSheet {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("NewSheet(secret)")
    }
}

/// A recovery sheet that waits for a second administrator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ProposedSheet {
    /// To name it by.
    pub id: String,
    /// What the laptop is called that proposes it.
    pub by: String,
    /// True if it is this laptop, which has said its word.
    pub own: bool,
}

impl Hub {
    /// Begins a new recovery sheet: nothing is written anywhere yet.
    ///
    /// # Errors
    /// [`HubError::NotAllowed`]; [`HubError::NeedsTwoAdministrators`] when nobody could agree.
    pub fn begin_sheet(&self) -> Result<NewSheet, HubError> {
        self.asked_by_anyone(crate::policy::Ask::KeepLaptops)?;
        if self.here().members.administrators().count() < 2 {
            return Err(HubError::NeedsTwoAdministrators);
        }
        NewSheet::draw(&self.ports)
    }

    /// Proposes the sheet to the other administrators, once its words were typed again from the paper.
    ///
    /// # Errors
    /// [`HubError::NotTheSheet`] when they are not those; as [`Hub::take_out`].
    pub fn propose_sheet(&self, sheet: &NewSheet, typed: &str, passphrase: &Passphrase) -> Result<(), HubError> {
        let read = RecoveryWords::read(typed).map_err(|_| HubError::NotTheSheet)?;
        if read.public() != sheet.0.public() {
            return Err(HubError::NotTheSheet);
        }
        let root = sheet.0.publics();
        self.administer(passphrase, |identity, _| identity.act(Kind::ReRoot { root }).map(drop))
    }

    /// A second administrator's word: the sheet is the council's from now on.
    ///
    /// # Errors
    /// [`HubError::NotFound`] when no such sheet waits; [`HubError::NotAllowed`] for whoever proposed it.
    pub fn agree_to_sheet(&self, id: &str, passphrase: &Passphrase) -> Result<(), HubError> {
        self.administer(passphrase, |identity, hub| {
            let members = identity.roster.fold();
            let (root, by) =
                members.proposed_roots().find(|(root, _)| name_of(root) == id).ok_or(HubError::NotFound)?;
            if by.contains(&identity.laptop.laptop()) {
                return Err(HubError::NotAllowed);
            }
            identity.act(Kind::ReRoot { root: *root })?;
            identity.see_to_keys(&hub.ports).map(drop)
        })
    }

    /// The sheets that wait for a second administrator, by who proposed them.
    ///
    /// # Errors
    /// The store's own.
    pub fn proposed_sheets(&self) -> Result<Vec<ProposedSheet>, HubError> {
        let here = self.here();
        let known = self.store.read(roster::laptops)?;
        let called = |laptop: &LaptopId| known.iter().find(|row| row.laptop == *laptop).map(|row| row.name.clone());
        let mut sheets: Vec<ProposedSheet> = Vec::new();
        for (root, by) in here.members.proposed_roots() {
            let own = by.contains(&here.laptop());
            let by = by.iter().find_map(called).unwrap_or_else(|| self.standing.laptop.clone());
            sheets.push(ProposedSheet { id: name_of(root), by, own });
        }
        sheets.sort_by(|a, b| (&a.by, &a.id).cmp(&(&b.by, &b.id)));
        Ok(sheets)
    }
}

/// What a root is named by.
fn name_of(root: &Publics) -> String {
    LaptopId::of_signing(&root.signing).to_string()
}
