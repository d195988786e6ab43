//! A document's changes as they travel in a record: packed, and parsed strictly when they arrive.
//!
//! Changes are parsed one by one and checked against their own checksum; nothing is loaded on trust. A checksum only
//! says that a change is what its laptop wrote, not that it makes sense: [`apply`] finds that out apart.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{ActorId, AutoCommit, Change, ChangeHash, ROOT, ReadDoc};

const LENGTH: usize = 4;
/// Where a chunk says what it is: behind four bytes of magic and four of checksum.
const CHUNK_TYPE: usize = 8;
/// An uncompressed change. Compressed ones are refused: what they unpack to is not bounded by their size.
const PLAIN_CHANGE: u8 = 1;

/// Why changes that arrived cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    /// They end in the middle, or say a length that is not theirs.
    #[error("these changes are cut short")]
    CutShort,
    /// A change is not what its checksum says, or not a change at all.
    #[error("a change is damaged")]
    Damaged,
    /// A change was made under an actor that the laptop which signed may not use.
    #[error("a change was made under another laptop's name")]
    ForeignActor,
}

/// Packs the bytes of changes, each behind its length (four bytes, little end first).
#[must_use]
pub fn pack<'a>(changes: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut packed = Vec::new();
    for change in changes {
        let length = u32::try_from(change.len()).unwrap_or(u32::MAX);
        packed.extend_from_slice(&length.to_le_bytes());
        packed.extend_from_slice(change);
    }
    packed
}

/// Parses packed changes, each of which must have been made by `actor`.
///
/// # Errors
/// [`ExchangeError`].
pub fn unpack(mut packed: &[u8], actor: &[u8; 16]) -> Result<Vec<Change>, ExchangeError> {
    let actor = ActorId::from(*actor);
    let mut changes = Vec::new();
    while !packed.is_empty() {
        let (length, rest) = packed.split_first_chunk::<LENGTH>().ok_or(ExchangeError::CutShort)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| ExchangeError::CutShort)?;
        let (bytes, rest) = rest.split_at_checked(length).ok_or(ExchangeError::CutShort)?;
        changes.push(parse(bytes, &actor)?);
        packed = rest;
    }
    Ok(changes)
}

fn parse(bytes: &[u8], actor: &ActorId) -> Result<Change, ExchangeError> {
    if bytes.get(CHUNK_TYPE) != Some(&PLAIN_CHANGE) {
        return Err(ExchangeError::Damaged);
    }
    let change = Change::from_bytes(bytes.to_vec()).map_err(|_| ExchangeError::Damaged)?;
    // The checksum is the hash's beginning: what parses but is not what was written differs here.
    let says = bytes.get(4..CHUNK_TYPE).ok_or(ExchangeError::CutShort)?;
    if change.hash().as_ref().get(..4) != Some(says) || change.raw_bytes() != bytes {
        return Err(ExchangeError::Damaged);
    }
    if change.actor_id() != actor {
        return Err(ExchangeError::ForeignActor);
    }
    Ok(change)
}

/// The changes that these build on and that neither the document nor they themselves hold.
#[must_use]
pub fn missing(doc: &mut AutoCommit, changes: &[Change]) -> Vec<ChangeHash> {
    let own: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
    let deps = changes.iter().flat_map(|change| change.deps().iter().copied());
    let mut missing: Vec<ChangeHash> =
        deps.filter(|hash| !own.contains(hash) && doc.get_change_by_hash(hash).is_none()).collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

/// Applies changes. A document that they would spoil stays as it was: Automerge 0.12 panics on some changes whose
/// checksum is right and whose columns are nonsense, and with others makes a document that it cannot load again.
///
/// # Errors
/// [`ExchangeError::Damaged`].
pub fn apply(doc: &mut AutoCommit, changes: Vec<Change>) -> Result<(), ExchangeError> {
    let mut tried = doc.clone();
    // The copy is all that a panic could leave half done, and it is dropped with it.
    let applied = catch_unwind(AssertUnwindSafe(move || {
        tried.apply_changes(changes).ok()?;
        AutoCommit::load(&tried.save()).ok()?.hydrate(ROOT, None).ok()?;
        Some(tried)
    }));
    *doc = applied.ok().flatten().ok_or(ExchangeError::Damaged)?;
    Ok(())
}

/// Loads a whole document that came from another laptop. Automerge 0.12 panics on some whose checksum is right and whose
/// columns are nonsense.
///
/// # Errors
/// [`ExchangeError::Damaged`].
pub fn load(saved: &[u8]) -> Result<AutoCommit, ExchangeError> {
    let loaded = catch_unwind(|| {
        let doc = AutoCommit::load(saved).ok()?;
        doc.hydrate(ROOT, None).ok()?;
        doc.get_missing_deps(&[]).is_empty().then_some(doc)
    });
    loaded.ok().flatten().ok_or(ExchangeError::Damaged)
}
