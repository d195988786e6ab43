//! Someone who is asked for much in few calls: what they said they have, and what they gave before it was wanted.
//!
//! What they give is believed no more than what lies in a folder. Kept for one exchange.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use sealed_log::wire::{self, Ask, Given, RosterName};
use sealed_log::{FileRange, Hash, LogId, Shown, StreamId, base32_decode, base32_encode};

use crate::shelf::Shelf;
use crate::{CarrierError, Unpacked, Wanted};

/// The calls that they answer.
#[allow(async_fn_in_trait, reason = "driven on one thread; nobody needs the futures to be Send")]
pub(crate) trait Line {
    /// What they have.
    async fn look(&self) -> Result<wire::Shelf, CarrierError>;

    /// What they have of this: as many ranges as were asked for.
    async fn ask(&self, ask: &Ask) -> Result<Given, CarrierError>;
}

#[derive(Debug)]
pub(crate) struct Asked<L> {
    line: L,
    shelf: RefCell<Shelf>,
}

impl<L: Line> Asked<L> {
    pub(crate) fn over(line: L) -> Self {
        Self { line, shelf: RefCell::default() }
    }

    /// What they have, asked for once.
    async fn look(&self) -> Result<(), CarrierError> {
        if !self.shelf.borrow().is_known() {
            let told = self.line.look().await?;
            self.shelf.borrow_mut().learn(told);
        }
        Ok(())
    }

    /// Asks again what they have, when it is next needed.
    pub(crate) fn forget(&self) {
        self.shelf.take();
    }

    async fn ask(&self, ask: &Ask) -> Result<(), CarrierError> {
        let given = self.line.ask(ask).await?;
        self.shelf.borrow_mut().take(ask, given);
        Ok(())
    }

    pub(crate) async fn turn(&self) -> Result<u64, CarrierError> {
        self.look().await?;
        Ok(self.shelf.borrow().turn())
    }

    pub(crate) async fn ahead(&self, wanted: Wanted) -> Result<(), CarrierError> {
        self.shelf.borrow_mut().expect(wanted.ranges);
        let mut roster: Vec<RosterName> = wanted.roster.iter().filter_map(|name| roster_name(name)).collect();
        let mut seen = wanted.seen;
        // What did not go into one answer is asked for again, as long as each brings something.
        while !roster.is_empty() || !seen.is_empty() {
            let left = (roster.len(), seen.len());
            self.ask(&Ask { roster: roster.clone(), seen: seen.clone(), ..Ask::default() }).await?;
            let shelf = self.shelf.borrow();
            roster.retain(|name| !shelf.has_entry(name));
            seen.retain(|(log, number)| !shelf.has_statement(log, *number));
            if (roster.len(), seen.len()) == left {
                break;
            }
        }
        Ok(())
    }

    pub(crate) async fn roster(&self) -> Result<BTreeSet<String>, CarrierError> {
        self.look().await?;
        Ok(self.shelf.borrow().roster().map(|name| base32_encode(name)).collect())
    }

    pub(crate) async fn roster_entry(&self, name: &str) -> Result<Option<Vec<u8>>, CarrierError> {
        let Some(name) = roster_name(name) else { return Ok(None) };
        if !self.shelf.borrow().has_entry(&name) {
            self.ask(&Ask { roster: vec![name], ..Ask::default() }).await?;
        }
        Ok(self.shelf.borrow_mut().entry(&name))
    }

    pub(crate) async fn seen(&self) -> Result<BTreeMap<LogId, u64>, CarrierError> {
        self.look().await?;
        Ok(self.shelf.borrow().seen().clone())
    }

    pub(crate) async fn seen_statement(&self, log: &LogId, number: u64) -> Result<Option<Vec<u8>>, CarrierError> {
        if !self.shelf.borrow().has_statement(log, number) {
            self.ask(&Ask { seen: vec![(*log, number)], ..Ask::default() }).await?;
        }
        Ok(self.shelf.borrow_mut().statement(log, number))
    }

    pub(crate) async fn tips(&self) -> Result<Shown, CarrierError> {
        self.look().await?;
        Ok(self.shelf.borrow().tips().clone())
    }

    pub(crate) async fn files(&self, stream: &StreamId) -> Result<Vec<FileRange>, CarrierError> {
        self.look().await?;
        Ok(self.shelf.borrow().files(stream))
    }

    pub(crate) async fn fetch(&self, stream: &StreamId, file: &FileRange) -> Result<Option<Unpacked>, CarrierError> {
        loop {
            let Some(ranges) = self.shelf.borrow().lacking(stream, file) else { break };
            let before = ranges.first().copied();
            self.ask(&Ask { ranges, ..Ask::default() }).await?;
            // Who brings nothing more withholds the rest.
            let after = self.shelf.borrow().lacking(stream, file).and_then(|ranges| ranges.first().copied());
            if after == before {
                break;
            }
        }
        let segments = self.shelf.borrow_mut().segments(stream, file);
        Ok((!segments.is_empty()).then_some(Unpacked { segments, cut_short: false }))
    }

    pub(crate) async fn blob(&self, hash: &Hash) -> Result<Option<Vec<u8>>, CarrierError> {
        self.ask(&Ask { blobs: vec![*hash], ..Ask::default() }).await?;
        Ok(self.shelf.borrow_mut().blob(hash))
    }
}

impl<L> Asked<L> {
    pub(crate) fn line(&self) -> &L {
        &self.line
    }
}

fn roster_name(text: &str) -> Option<RosterName> {
    base32_decode(text)?.try_into().ok()
}
