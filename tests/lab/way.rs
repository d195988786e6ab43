//! The ways by which records travel in a story: its folders by their numbers, and after them the relay where there is one.

use anyhow::Result;
use hub::HubError;
use hub::view::laptop::Exchanged;

use crate::disk::On;
use crate::story::Story;

impl Story {
    /// The relay's number among the ways.
    pub(crate) fn relay_way(&self) -> usize {
        self.folders.len()
    }

    /// So many ways there are.
    pub(crate) fn ways(&self) -> usize {
        self.folders.len() + usize::from(self.relay.is_some())
    }

    /// What a way is called.
    pub(crate) fn called(&self, way: usize) -> String {
        if way < self.folders.len() { format!("folder {way}") } else { "the relay".to_owned() }
    }

    /// Shares by a way.
    pub(crate) fn go(&self, who: usize, way: usize) -> Result<Exchanged, HubError> {
        let hub = self.laptops[who].hub();
        match (self.folders.get(way), &self.relay) {
            (Some(folder), _) => hub.sync_with(&folder.path),
            (None, Some(relay)) => hub.sync_with_relay(&relay.address),
            (None, None) => Err(HubError::NotFound),
        }
    }

    /// Why this was to be expected; none when it was not.
    pub(crate) fn excuse(&self, who: usize, way: usize, error: &HubError) -> Result<Option<String>> {
        use HubError as E;
        let folder = self.folders.get(way);
        let excused = match error {
            E::SyncFolderMissing => folder.is_some_and(|folder| !folder.here),
            E::SyncFolderFailed => folder.is_some_and(crate::folder::Folder::is_blocked),
            E::SyncFolderFull => folder.is_some() && self.disks.is_full(On::Folder(way)),
            E::RelayUnreachable | E::RelaySilent | E::RelayNonsense => {
                folder.is_none() && self.relay.as_ref().is_some_and(crate::relay::House::is_down)
            }
            E::TakenOut => !self.laptops[who].is_live()?,
            error => self.disks.explain(who, error),
        };
        Ok(excused.then(|| error.to_string()))
    }
}
