//! A laptop that was met, as a carrier: it is asked, and nothing is put there.

use std::collections::{BTreeMap, BTreeSet};

use iroh::endpoint::Connection;
use sealed_log::wire::{Ask, Given, Message, Shelf};
use sealed_log::{FileRange, Hash, LogId, Short, Shown, StreamId};

use super::call::{Silence, Verb, call};
use crate::asked::{Asked, Line};
use crate::traffic::Meter;
use crate::{Carrier, CarrierError, Parcel, Traffic, Unpacked, Wanted};

/// A laptop that was met. For one exchange.
#[derive(Debug)]
pub struct Peer {
    asked: Asked<Wire>,
}

#[derive(Debug)]
struct Wire {
    connection: Connection,
    meter: Meter,
}

impl Wire {
    async fn call(&self, verb: Verb, message: &[u8]) -> Result<Vec<u8>, CarrierError> {
        self.meter.call();
        self.meter.went(message.len() + 1);
        let answer = call(&self.connection, verb, message).await?;
        self.meter.came(answer.len() + 1);
        Ok(answer)
    }
}

impl Line for Wire {
    async fn look(&self) -> Result<Shelf, CarrierError> {
        Ok(Shelf::decode(&self.call(Verb::Look, &[]).await?).map_err(|_| Silence::Nonsense)?)
    }

    async fn ask(&self, ask: &Ask) -> Result<Given, CarrierError> {
        let given = Given::decode(&self.call(Verb::Ask, &ask.encode()).await?).map_err(|_| Silence::Nonsense)?;
        if given.ranges.len() != ask.ranges.len() {
            return Err(Silence::Nonsense.into());
        }
        Ok(given)
    }
}

impl From<Silence> for CarrierError {
    fn from(silence: Silence) -> Self {
        match silence {
            Silence::Gone => Self::Missing,
            Silence::Refused | Silence::Nonsense => Self::Unreadable,
        }
    }
}

impl Peer {
    pub(super) fn over(connection: Connection) -> Self {
        Self { asked: Asked::over(Wire { connection, meter: Meter::default() }) }
    }
}

/// Whoever is met takes what they lack by asking for it: what is put here goes nowhere, and [`Carrier::takes`] says so.
impl Carrier for Peer {
    fn takes(&self) -> bool {
        false
    }

    async fn roster(&self) -> Result<BTreeSet<String>, CarrierError> {
        self.asked.roster().await
    }

    async fn roster_entry(&self, name: &str) -> Result<Option<Vec<u8>>, CarrierError> {
        self.asked.roster_entry(name).await
    }

    async fn put_roster_entry(&self, _: &Hash, _: &[u8]) -> Result<(), CarrierError> {
        Err(CarrierError::NotKept)
    }

    async fn ahead(&self, wanted: Wanted) -> Result<(), CarrierError> {
        self.asked.ahead(wanted).await
    }

    async fn remove_roster_entry(&self, _: &str) {}

    async fn seen(&self) -> Result<BTreeMap<LogId, u64>, CarrierError> {
        self.asked.seen().await
    }

    async fn seen_statement(&self, log: &LogId, number: u64) -> Result<Option<Vec<u8>>, CarrierError> {
        self.asked.seen_statement(log, number).await
    }

    async fn put_seen(&self, _: &LogId, _: u64, _: Option<u64>, _: &[u8]) -> Result<(), CarrierError> {
        Err(CarrierError::NotKept)
    }

    async fn tips(&self) -> Result<Shown, CarrierError> {
        self.asked.tips().await
    }

    async fn files(&self, stream: &StreamId) -> Result<Vec<FileRange>, CarrierError> {
        self.asked.files(stream).await
    }

    async fn fetch(&self, stream: &StreamId, file: &FileRange) -> Result<Option<Unpacked>, CarrierError> {
        self.asked.fetch(stream, file).await
    }

    /// Segments travel whole here.
    async fn blobs(&self) -> Result<BTreeSet<Hash>, CarrierError> {
        Ok(BTreeSet::new())
    }

    async fn blob(&self, _: &Hash) -> Result<Option<Vec<u8>>, CarrierError> {
        Ok(None)
    }

    async fn put_segments(&self, _: &StreamId, _: &[Parcel]) -> Result<(), CarrierError> {
        Err(CarrierError::NotKept)
    }

    async fn put(&self, _: &StreamId, _: &[Parcel], _: &BTreeSet<(u64, Short)>) -> Result<(), CarrierError> {
        Err(CarrierError::NotKept)
    }

    async fn redact(&self, _: &StreamId, _: &[Parcel], _: &BTreeSet<Hash>) -> Result<(), CarrierError> {
        Err(CarrierError::NotKept)
    }

    async fn tidy(&self, _: &StreamId) -> Result<(), CarrierError> {
        Ok(())
    }

    async fn look_round(&self) -> Result<(), CarrierError> {
        Ok(())
    }

    fn traffic(&self) -> Traffic {
        self.asked.line().meter.read()
    }
}
