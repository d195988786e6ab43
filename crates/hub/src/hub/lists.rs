//! Waiting lists and their charts, for those who may see them.

use super::Hub;
use crate::error::HubError;
use crate::policy::{self, Ask};
use crate::view::trends::{self, Trends, TrendsFilter};
use crate::view::waiting::{self, WaitingFilter, WaitingList};

impl Hub {
    /// Who waits; with names where this person may see them on this laptop.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn waiting_list(&self, filter: WaitingFilter) -> Result<WaitingList, HubError> {
        let me = self.asked(Ask::SeeWaitingList)?;
        let names = policy::may(me.role, &self.grants(), Ask::SeeWaitingNames);
        self.store.read(|rows| waiting::waiting_list(rows, &filter, names, self.day()))
    }

    /// The charts.
    ///
    /// # Errors
    /// `policy`'s and the store's own.
    pub fn trends(&self, filter: TrendsFilter) -> Result<Trends, HubError> {
        self.asked(Ask::SeeTrends)?;
        let others = self.laptop()?.others;
        let trends = self.store.read(|rows| trends::trends(rows, &filter, self.day().naive()))?;
        Ok(trends.resting_on(&others))
    }
}
