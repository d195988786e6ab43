//! What an entry of the roster says, and how it is spelt. A kind's number, once given, is given for good.

use crate::codec::{DecodeError, Reader, Write};
use crate::id::{CouncilId, DocId, EpochId, Hash, LaptopId, ScopeId};
use crate::key::{Incarnation, LaptopIdentity, Publics};
use crate::wrap::WRAPPED;

const MAX_GRANTS: usize = 64;
/// Most keys that one entry wraps.
const MAX_WRAPS: usize = 8_192;
/// Most documents that one entry erases.
const MAX_ERASED: usize = 8_192;

/// What a grant allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// To hold the key and read.
    Read,
    /// To write, too.
    Write,
}

/// A scope granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// The scope.
    pub scope: ScopeId,
    /// What it allows.
    pub access: Access,
}

/// What a laptop may do to the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Nothing but start its own incarnations and leave.
    Laptop,
    /// Enrol others, take them out, give and take keys, erase.
    Administrator,
}

/// An epoch's key, sealed so that one recipient alone can open it, as [`crate::wrap_key`] makes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wrap {
    /// The recipient: a laptop, or the root by the name its key would have as a laptop.
    pub to: LaptopId,
    /// The sealed key.
    pub sealed: [u8; WRAPPED],
}

/// An epoch's key for one more recipient.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shared {
    /// The scope.
    pub scope: ScopeId,
    /// The epoch.
    pub epoch: EpochId,
    /// Its key.
    pub wrap: Wrap,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The root vouches for the first administrator.
    Found {
        /// The root's key to wrap to, so that the recovery sheet opens every epoch.
        root: [u8; 32],
        /// The laptop's identity.
        identity: Publics,
        /// What it may read and write.
        grants: Vec<Grant>,
    },
    /// An administrator takes a laptop in.
    Enrol {
        /// The laptop's identity.
        identity: Publics,
        /// What it may do to the roster.
        rank: Rank,
        /// What it may read and write.
        grants: Vec<Grant>,
    },
    /// A laptop's identity vouches for a new incarnation.
    Incarnate {
        /// The incarnation's key, whose hash is its log.
        key: [u8; 32],
        /// The incarnation's own word for it, as [`Incarnation::proof`] gives it.
        proof: [u8; 64],
    },
    /// What a laptop may do from now on, in the place of what it might before. An administrator's rank is not taken away
    /// by this: only taking the laptop out does that.
    Grant {
        /// Which.
        laptop: LaptopId,
        /// What it may do to the roster.
        rank: Rank,
        /// What it may read and write.
        grants: Vec<Grant>,
    },
    /// A laptop is taken out: lost, stolen, its keeper dismissed. For good: it may come back only as a new one.
    Revoke {
        /// Which.
        laptop: LaptopId,
    },
    /// A laptop leaves in good order, all it had being shared: by its own word or an administrator's.
    Retire {
        /// Which.
        laptop: LaptopId,
    },
    /// A scope's new epoch, its key wrapped to all who may read the scope and to the root.
    Rotate {
        /// The scope.
        scope: ScopeId,
        /// The epoch.
        epoch: EpochId,
        /// Its key, for each recipient once.
        wraps: Vec<Wrap>,
    },
    /// Keys of epochs that are there for those who lacked them: a newcomer, or one who is granted more.
    Share {
        /// Each key for each recipient.
        keys: Vec<Shared>,
    },
    /// Documents that are to be erased everywhere.
    Erase {
        /// Each in its scope.
        documents: Vec<(ScopeId, DocId)>,
    },
    /// Whether a laptop is a keeper: one that writes snapshots and prunes what they cover.
    Keeper {
        /// Which.
        laptop: LaptopId,
        /// True if it is.
        keeps: bool,
    },
    /// A keeper's word that a snapshot covers a scope's log up to a vector, and that this may be pruned.
    Prune {
        /// The scope.
        scope: ScopeId,
        /// The snapshot's manifest.
        snapshot: Hash,
    },
    /// Another keeper's word that nothing is missing from that snapshot.
    Confirm {
        /// The entry that says prune.
        prune: Hash,
    },
    /// An epoch is no longer needed by anyone: its key is to be destroyed everywhere.
    RetireEpoch {
        /// The scope.
        scope: ScopeId,
        /// The epoch.
        epoch: EpochId,
    },
    /// An administrator's word for a new root, the sheet of the old one being lost. It takes effect with the second
    /// administrator's.
    ReRoot {
        /// The new root's keys.
        root: Publics,
    },
    /// Something that a newer version means something by, or means more by than this one: kept and passed on.
    Unknown {
        /// Its kind.
        kind: u64,
        /// Its content.
        content: Vec<u8>,
    },
}

impl Kind {
    /// A laptop's word for an incarnation, with the incarnation's for the laptop.
    #[must_use]
    pub fn incarnate(incarnation: &Incarnation, council: &CouncilId, laptop: &LaptopIdentity) -> Self {
        Self::Incarnate { key: incarnation.public(), proof: incarnation.proof(council, &laptop.public()) }
    }

    const fn number(&self) -> u64 {
        match self {
            Self::Found { .. } => 1,
            Self::Enrol { .. } => 2,
            Self::Incarnate { .. } => 3,
            Self::Grant { .. } => 4,
            Self::Revoke { .. } => 5,
            Self::Retire { .. } => 6,
            Self::Rotate { .. } => 7,
            Self::Share { .. } => 8,
            Self::Erase { .. } => 9,
            Self::Keeper { .. } => 10,
            Self::Prune { .. } => 11,
            Self::Confirm { .. } => 12,
            Self::RetireEpoch { .. } => 13,
            Self::ReRoot { .. } => 14,
            Self::Unknown { kind, .. } => *kind,
        }
    }

    /// The one spelling of what has no order of its own.
    pub(super) fn put_in_order(&mut self) {
        match self {
            Self::Found { grants, .. } | Self::Enrol { grants, .. } | Self::Grant { grants, .. } => {
                grants.sort_unstable();
                grants.dedup();
            }
            Self::Rotate { wraps, .. } => {
                wraps.sort_unstable();
                wraps.dedup_by(|a, b| a.to == b.to);
            }
            Self::Share { keys } => {
                keys.sort_unstable();
                keys.dedup_by(|a, b| (a.scope, a.epoch, a.wrap.to) == (b.scope, b.epoch, b.wrap.to));
            }
            Self::Erase { documents } => {
                documents.sort_unstable();
                documents.dedup();
            }
            _ => {}
        }
    }

    pub(super) fn encode(&self) -> (u64, Vec<u8>) {
        let mut out = Vec::new();
        match self {
            Self::Found { root, identity, grants } => {
                out.put(root);
                put_publics(&mut out, identity);
                put_grants(&mut out, grants);
            }
            Self::Enrol { identity, rank, grants } => {
                put_publics(&mut out, identity);
                out.push(of_rank(*rank));
                put_grants(&mut out, grants);
            }
            Self::Incarnate { key, proof } => {
                out.put(key);
                out.put(proof);
            }
            Self::Grant { laptop, rank, grants } => {
                out.put(laptop.as_bytes());
                out.push(of_rank(*rank));
                put_grants(&mut out, grants);
            }
            Self::Revoke { laptop } | Self::Retire { laptop } => out.put(laptop.as_bytes()),
            Self::Keeper { laptop, keeps } => {
                out.put(laptop.as_bytes());
                out.push(u8::from(*keeps));
            }
            Self::Prune { scope, snapshot } => {
                out.put(scope.as_bytes());
                out.put(snapshot.as_bytes());
            }
            Self::Confirm { prune } => out.put(prune.as_bytes()),
            Self::RetireEpoch { scope, epoch } => {
                out.put(scope.as_bytes());
                out.put(epoch.as_bytes());
            }
            Self::ReRoot { root } => put_publics(&mut out, root),
            Self::Unknown { content, .. } => out.put(content),
            Self::Rotate { .. } | Self::Share { .. } | Self::Erase { .. } => self.encode_list(&mut out),
        }
        (self.number(), out)
    }

    fn encode_list(&self, out: &mut Vec<u8>) {
        match self {
            Self::Rotate { scope, epoch, wraps } => {
                out.put(scope.as_bytes());
                out.put(epoch.as_bytes());
                out.put_count(wraps.len());
                wraps.iter().for_each(|wrap| put_wrap(out, wrap));
            }
            Self::Share { keys } => {
                out.put_count(keys.len());
                for key in keys {
                    out.put(key.scope.as_bytes());
                    out.put(key.epoch.as_bytes());
                    put_wrap(out, &key.wrap);
                }
            }
            Self::Erase { documents } => {
                out.put_count(documents.len());
                for (scope, document) in documents {
                    out.put(scope.as_bytes());
                    out.put(document.as_bytes());
                }
            }
            _ => {}
        }
    }

    /// What this version cannot read in its own form, a newer one may: kept as it is.
    pub(super) fn decode(kind: u64, content: &[u8]) -> Self {
        Self::known(kind, content).ok().flatten().unwrap_or_else(|| Self::Unknown { kind, content: content.to_vec() })
    }

    fn known(kind: u64, content: &[u8]) -> Result<Option<Self>, DecodeError> {
        let mut reader = Reader::new(content);
        let r = &mut reader;
        let read = match kind {
            1 => Self::Found { root: r.array()?, identity: read_publics(r)?, grants: read_grants(r)? },
            2 => Self::Enrol { identity: read_publics(r)?, rank: read_rank(r)?, grants: read_grants(r)? },
            3 => Self::Incarnate { key: r.array()?, proof: r.array()? },
            4 => Self::Grant { laptop: read_laptop(r)?, rank: read_rank(r)?, grants: read_grants(r)? },
            5 => Self::Revoke { laptop: read_laptop(r)? },
            6 => Self::Retire { laptop: read_laptop(r)? },
            7 => Self::Rotate { scope: read_scope(r)?, epoch: read_epoch(r)?, wraps: read_wraps(r)? },
            8 => Self::Share { keys: read_shared(r)? },
            9 => Self::Erase { documents: read_documents(r)? },
            10 => Self::Keeper { laptop: read_laptop(r)?, keeps: read_flag(r)? },
            11 => Self::Prune { scope: read_scope(r)?, snapshot: Hash::from_bytes(r.array()?) },
            12 => Self::Confirm { prune: Hash::from_bytes(r.array()?) },
            13 => Self::RetireEpoch { scope: read_scope(r)?, epoch: read_epoch(r)? },
            14 => Self::ReRoot { root: read_publics(r)? },
            _ => return Ok(None),
        };
        reader.end()?;
        Ok(Some(read))
    }
}

const fn of_rank(rank: Rank) -> u8 {
    match rank {
        Rank::Laptop => 0,
        Rank::Administrator => 1,
    }
}

fn read_rank(reader: &mut Reader<'_>) -> Result<Rank, DecodeError> {
    Ok(if read_flag(reader)? { Rank::Administrator } else { Rank::Laptop })
}

fn read_flag(reader: &mut Reader<'_>) -> Result<bool, DecodeError> {
    match reader.byte()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(DecodeError::NotCanonical),
    }
}

fn read_laptop(reader: &mut Reader<'_>) -> Result<LaptopId, DecodeError> {
    reader.array().map(LaptopId::from_bytes)
}

fn read_scope(reader: &mut Reader<'_>) -> Result<ScopeId, DecodeError> {
    reader.array().map(ScopeId::from_bytes)
}

fn read_epoch(reader: &mut Reader<'_>) -> Result<EpochId, DecodeError> {
    reader.array().map(EpochId::from_bytes)
}

fn put_publics(out: &mut Vec<u8>, publics: &Publics) {
    out.put(&publics.signing);
    out.put(&publics.agreement);
}

fn read_publics(reader: &mut Reader<'_>) -> Result<Publics, DecodeError> {
    Ok(Publics { signing: reader.array()?, agreement: reader.array()? })
}

fn put_grants(out: &mut Vec<u8>, grants: &[Grant]) {
    out.put_count(grants.len());
    for grant in grants {
        out.put(grant.scope.as_bytes());
        out.push(u8::from(grant.access == Access::Write));
    }
}

fn read_grants(reader: &mut Reader<'_>) -> Result<Vec<Grant>, DecodeError> {
    in_order(reader, MAX_GRANTS, |reader| {
        let scope = read_scope(reader)?;
        let access = if read_flag(reader)? { Access::Write } else { Access::Read };
        Ok(Grant { scope, access })
    })
}

fn put_wrap(out: &mut Vec<u8>, wrap: &Wrap) {
    out.put(wrap.to.as_bytes());
    out.put(&wrap.sealed);
}

fn read_wrap(reader: &mut Reader<'_>) -> Result<Wrap, DecodeError> {
    Ok(Wrap { to: read_laptop(reader)?, sealed: reader.array()? })
}

fn read_wraps(reader: &mut Reader<'_>) -> Result<Vec<Wrap>, DecodeError> {
    let wraps = in_order(reader, MAX_WRAPS, read_wrap)?;
    if wraps.is_sorted_by(|a, b| a.to < b.to) { Ok(wraps) } else { Err(DecodeError::NotCanonical) }
}

fn read_shared(reader: &mut Reader<'_>) -> Result<Vec<Shared>, DecodeError> {
    let keys = in_order(reader, MAX_WRAPS, |reader| {
        Ok(Shared { scope: read_scope(reader)?, epoch: read_epoch(reader)?, wrap: read_wrap(reader)? })
    })?;
    let place = |key: &Shared| (key.scope, key.epoch, key.wrap.to);
    if keys.is_sorted_by(|a, b| place(a) < place(b)) { Ok(keys) } else { Err(DecodeError::NotCanonical) }
}

fn read_documents(reader: &mut Reader<'_>) -> Result<Vec<(ScopeId, DocId)>, DecodeError> {
    in_order(reader, MAX_ERASED, |reader| Ok((read_scope(reader)?, DocId::from_bytes(reader.array()?))))
}

/// A list whose items stand in rising order, each once.
fn in_order<T: PartialOrd>(
    reader: &mut Reader<'_>,
    most: usize,
    read: impl Fn(&mut Reader<'_>) -> Result<T, DecodeError>,
) -> Result<Vec<T>, DecodeError> {
    let count = reader.count(most)?;
    let mut items = Vec::with_capacity(count.min(256));
    for _ in 0..count {
        items.push(read(reader)?);
    }
    if items.is_sorted_by(|a, b| a < b) { Ok(items) } else { Err(DecodeError::NotCanonical) }
}
