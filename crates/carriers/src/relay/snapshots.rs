//! Snapshots at a relay: several chunks in one call, both ways.
//!
//! What is put is held until there is enough for a call, or the manifest: a snapshot without its manifest is none, so
//! nothing is lost by a line that breaks before. Kept for one exchange.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use sealed_log::wire::{Message, SnapshotAsk, SnapshotGiven, SnapshotName, SnapshotPut, Snapshots};
use sealed_log::{Manifest, Part};

use super::{PUSH_AIM, RelayTrouble, Wire};
use crate::CarrierError;

/// What is asked for in one call comes to about so many bytes.
const ASK_AIM: usize = 6 << 20;

/// What is known of the snapshots there, what came before it was asked for, and what has not gone yet.
#[derive(Debug, Default)]
pub(super) struct Stock {
    here: RefCell<Option<BTreeSet<SnapshotName>>>,
    known: RefCell<BTreeMap<SnapshotName, Known>>,
    /// Chunks of one snapshot.
    chunks: RefCell<Chunks>,
    putting: RefCell<Option<SnapshotPut>>,
}

type Chunks = BTreeMap<(SnapshotName, usize), Vec<u8>>;

/// What a relay said of a snapshot.
#[derive(Debug, Clone, Default)]
struct Known {
    manifest: Option<Vec<u8>>,
    held: BTreeMap<usize, u64>,
    /// Of each chunk, as the manifest has it, its part and its length.
    notes: Vec<(Part, usize)>,
}

impl Known {
    fn of(manifest: Option<Vec<u8>>, held: BTreeSet<(u64, u64)>) -> Self {
        let read = manifest.as_ref().and_then(|bytes| Manifest::read_kept(bytes).ok());
        let notes = read.iter().flat_map(|manifest| &manifest.chunks).map(|note| (note.part, note.length)).collect();
        let held = held.into_iter().filter_map(|(index, size)| Some((usize::try_from(index).ok()?, size)));
        Self { manifest, held: held.collect(), notes }
    }

    /// A chunk, and those of the same part behind it, as many as go into one answer.
    fn ahead_of(&self, index: usize) -> Vec<u64> {
        let Some((part, mut sum)) = self.notes.get(index).copied() else { return vec![index as u64] };
        let behind = (0..).zip(&self.notes).skip(index + 1).filter(|(_, (other, _))| *other == part);
        let fitting = behind.take_while(|(_, (_, length))| {
            sum += length;
            sum <= ASK_AIM
        });
        std::iter::once(index as u64).chain(fitting.map(|(number, _)| number)).collect()
    }
}

impl Stock {
    pub(super) async fn snapshots(&self, wire: &Wire) -> Result<BTreeSet<SnapshotName>, CarrierError> {
        if let Some(known) = self.here.borrow().as_ref() {
            return Ok(known.clone());
        }
        let bytes = wire.link.get(&wire.meter, "snapshots").await?;
        let Snapshots(names) = Snapshots::decode(&bytes).map_err(|_| RelayTrouble::Nonsense)?;
        self.here.replace(Some(names.clone()));
        Ok(names)
    }

    pub(super) async fn manifest(&self, wire: &Wire, name: SnapshotName) -> Result<Option<Vec<u8>>, CarrierError> {
        Ok(self.known(wire, name).await?.manifest)
    }

    pub(super) async fn chunks(&self, wire: &Wire, name: SnapshotName) -> Result<BTreeMap<usize, u64>, CarrierError> {
        Ok(self.known(wire, name).await?.held)
    }

    pub(super) async fn chunk(
        &self,
        wire: &Wire,
        name: SnapshotName,
        index: usize,
    ) -> Result<Option<Vec<u8>>, CarrierError> {
        if let Some(bytes) = self.chunks.borrow_mut().remove(&(name, index)) {
            return Ok(Some(bytes));
        }
        let ahead = self.known.borrow().get(&name).map(|known| known.ahead_of(index));
        let wanted = ahead.clone().unwrap_or_else(|| vec![index as u64]);
        self.ask(wire, SnapshotAsk { name, manifest: ahead.is_none(), chunks: wanted }).await?;
        Ok(self.chunks.borrow_mut().remove(&(name, index)))
    }

    pub(super) async fn put_chunk(
        &self,
        wire: &Wire,
        name: SnapshotName,
        index: usize,
        bytes: &[u8],
    ) -> Result<(), CarrierError> {
        let before = self.putting.borrow_mut().take_if(|putting| putting.name != name || is_full(putting, bytes.len()));
        if let Some(before) = before {
            put(wire, &before).await?;
        }
        let mut putting = self.putting.borrow_mut();
        let putting = putting.get_or_insert_with(|| SnapshotPut { name, chunks: Vec::new(), manifest: None });
        putting.chunks.push((index as u64, bytes.to_vec()));
        Ok(())
    }

    pub(super) async fn put_manifest(&self, wire: &Wire, name: SnapshotName, bytes: &[u8]) -> Result<(), CarrierError> {
        let rest = self.putting.take();
        let together = rest.as_ref().is_some_and(|rest| rest.name == name && !is_full(rest, bytes.len()));
        let mut last = SnapshotPut { name, chunks: Vec::new(), manifest: Some(bytes.to_vec()) };
        match rest {
            Some(rest) if together => last.chunks = rest.chunks,
            Some(rest) => put(wire, &rest).await?,
            None => {}
        }
        self.forget();
        put(wire, &last).await
    }

    pub(super) async fn remove(&self, wire: &Wire, name: SnapshotName) -> Result<(), CarrierError> {
        self.forget();
        wire.link.post(&wire.meter, "drop", &name.encode()).await?;
        Ok(())
    }

    async fn known(&self, wire: &Wire, name: SnapshotName) -> Result<Known, CarrierError> {
        if !self.known.borrow().contains_key(&name) {
            self.ask(wire, SnapshotAsk { name, manifest: true, chunks: Vec::new() }).await?;
        }
        Ok(self.known.borrow().get(&name).cloned().unwrap_or_default())
    }

    /// Asks, and takes what was asked for and nothing else. Chunks that were not wanted after all make room.
    async fn ask(&self, wire: &Wire, ask: SnapshotAsk) -> Result<(), CarrierError> {
        let bytes = wire.link.post(&wire.meter, "snapshot", &ask.encode()).await?;
        let given = SnapshotGiven::decode(&bytes).map_err(|_| RelayTrouble::Nonsense)?;
        let SnapshotAsk { name, manifest, chunks } = ask;
        if manifest {
            self.known.borrow_mut().insert(name, Known::of(given.manifest, given.held));
        }
        let wanted = |(number, bytes): (u64, Vec<u8>)| {
            let index = usize::try_from(number).ok().filter(|_| chunks.contains(&number));
            index.map(|index| ((name, index), bytes))
        };
        self.chunks.replace(given.chunks.into_iter().filter_map(wanted).collect());
        Ok(())
    }

    fn forget(&self) {
        self.here.take();
        self.known.take();
    }
}

fn is_full(putting: &SnapshotPut, more: usize) -> bool {
    putting.chunks.iter().map(|(_, bytes)| bytes.len() + 8).sum::<usize>() + more > PUSH_AIM
}

async fn put(wire: &Wire, put: &SnapshotPut) -> Result<(), CarrierError> {
    wire.link.post(&wire.meter, "keep", &put.encode()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_of_one_part_are_asked_for_together_as_far_as_they_go_into_one_answer() {
        let (rows, documents) = ((Part::Rows, 2 << 20), (Part::Documents, 3 << 20));
        let notes = vec![documents, rows, documents, documents, rows, documents];
        let known = Known { notes, ..Known::default() };
        assert_eq!(known.ahead_of(0), [0, 2]);
        assert_eq!(known.ahead_of(3), [3, 5]);
        assert_eq!(known.ahead_of(1), [1, 4]);
        assert_eq!(known.ahead_of(9), [9]);
    }
}
