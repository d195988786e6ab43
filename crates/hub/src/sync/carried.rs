//! What this laptop remembers of each carrier it has met: whose requests it has answered there, what is shown there and
//! could not be had, and when it last looked all through it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use carriers::name;
use sealed_log::{LogId, ScopeId, Short, StreamId};
use serde::{Deserialize, Serialize};
use sync_schema::Instant;

use crate::error::HubError;
use crate::store::sync::waiting::{self, Claim};
use crate::store::{Store, setting};

/// What a carrier shows: a stream's number, and the start of the hash there.
pub(super) type Tip = (StreamId, u64, Short);

/// Under this name, with a hash of the folder's path, or of the relay's address, behind it.
const NAME: &str = "carrier ";
/// So often a carrier is looked all through.
const LOOK_EACH: i64 = 24 * 60 * 60 * 1000;

/// One carrier.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Carried {
    name: String,
    kept: Kept,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    looked: Option<Instant>,
    answered: BTreeMap<String, u64>,
    #[serde(default)]
    redacted: u64,
    /// By scope and name of tip.
    #[serde(default)]
    lost: BTreeSet<String>,
}

impl Carried {
    /// What is remembered of the carrier at a path.
    pub(super) fn at(store: &Store, path: &Path) -> Result<Self, HubError> {
        let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Self::called(store, real.as_os_str().as_encoded_bytes())
    }

    /// What is remembered of the carrier with a name.
    pub(super) fn called(store: &Store, name: &[u8]) -> Result<Self, HubError> {
        let hash = blake3::hash(name);
        let name = format!("{NAME}{}", hash.to_hex().get(..16).unwrap_or_default());
        let kept = store.read(|rows| setting::get(rows, &name))?.unwrap_or_default();
        Ok(Self { name, kept })
    }

    /// Remembers.
    pub(super) fn keep(&self, store: &Store) -> Result<(), HubError> {
        store.write(|tx| setting::put(tx.connection(), &self.name, &self.kept))
    }

    /// True if what this statement asks for has been put here.
    pub(super) fn has_answered(&self, log: &LogId, number: u64) -> bool {
        self.kept.answered.get(&log.to_string()) == Some(&number)
    }

    /// What this statement asks for has been put here.
    pub(super) fn answered(&mut self, log: &LogId, number: u64) {
        self.kept.answered.insert(log.to_string(), number);
    }

    /// These tips are shown here, and nothing of them could be had here.
    pub(super) fn lost(&mut self, tips: &BTreeSet<Tip>) {
        let named = |(stream, seq, short): &Tip| format!("{}/{}", stream.scope, name::tip(&stream.log, *seq, short));
        self.kept.lost = tips.iter().map(named).collect();
    }

    /// What is shown somewhere, could not be had there, and has not come from anywhere since. What is asked of the others
    /// must not change with each carrier: a tip is nothing that this laptop misses where it is not shown.
    pub(super) fn lost_anywhere(&self, store: &Store) -> Result<BTreeSet<(StreamId, u64)>, HubError> {
        store.read(|rows| {
            let all = setting::beginning::<Kept>(rows, NAME)?.into_iter();
            let elsewhere = all.filter(|(name, _)| *name != self.name).flat_map(|(_, kept)| kept.lost);
            let mut lost = BTreeSet::new();
            for claim in elsewhere.chain(self.kept.lost.iter().cloned()).filter_map(|tip| read_tip(&tip)) {
                if !waiting::is_here(rows, &claim)? {
                    lost.insert((claim.stream, claim.seq));
                }
            }
            Ok(lost)
        })
    }

    /// Up to which erasure the bodies were taken out here.
    pub(super) fn is_redacted(&self) -> u64 {
        self.kept.redacted
    }

    /// The bodies of this erasure and those before it were taken out here.
    pub(super) fn redacted(&mut self, erasure: u64) {
        self.kept.redacted = erasure;
    }

    /// True when it is time to look all through it: after a day, or when the clock has gone back.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.kept.looked.is_none_or(|looked| !(0..LOOK_EACH).contains(&(now.millis() - looked.millis())))
    }

    /// It has been looked through.
    pub(super) fn looked(&mut self, now: Instant) {
        self.kept.looked = Some(now);
    }
}

fn read_tip(text: &str) -> Option<Claim> {
    let (scope, tip) = text.split_once('/')?;
    let (log, seq, short) = name::read_tip(tip)?;
    Some(Claim { stream: StreamId { log, scope: scope.parse::<ScopeId>().ok()? }, seq, short })
}
