//! Sealing records into a segment, and opening them again.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::codec::{Reader, Write};
use crate::envelope::{Envelope, Item};
use crate::id::{CouncilId, DocId, EpochId, Hash, LogId, Run, ScopeId, StreamId};
use crate::key::{EpochKey, Incarnation};
use crate::keyring::Keyring;
use crate::segment::{Body, Segment, body_hash};
use crate::stop::{Refusal, Stop, Waits};
use crate::{MAX_ITEMS, MAX_RECORD, MAX_SEGMENT};

/// The newest form of a record's content that this program reads.
pub const READER: u64 = 1;
const NAMES_ORIGIN: u8 = 1;

/// One document's new changes, made in one run.
#[derive(Debug, Clone, Copy)]
pub struct Plain<'a> {
    /// The document.
    pub document: DocId,
    /// The run the changes were made in.
    pub run: Run,
    /// The log they were made under, when that is an earlier incarnation of the same laptop.
    pub origin: Option<LogId>,
    /// The oldest reader that understands them; [`READER`] unless a newer schema says otherwise.
    pub min_reader: u64,
    /// The changes.
    pub changes: &'a [u8],
}

/// Why records could not be sealed: the caller asked for what the limits forbid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// One record is above [`MAX_RECORD`].
    #[error("a record is larger than 1 MiB")]
    RecordTooLarge,
    /// Together they are above [`MAX_SEGMENT`], or too many.
    #[error("the records do not fit one segment")]
    SegmentTooLarge,
    /// A segment of nothing.
    #[error("there is nothing to seal")]
    Empty,
    /// The cipher refused, which it has no reason to.
    #[error("the cipher failed")]
    Cipher,
}

/// What was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The document.
    pub document: DocId,
    /// The run the changes were made in.
    pub run: Run,
    /// The log they were made under: the segment's own, or an earlier one of the same laptop.
    pub origin: LogId,
    /// The changes.
    pub changes: Vec<u8>,
}

/// Seals records as the segment `seq` of `signer`'s stream in `scope`, after the envelope `prev`. `nonce` gives fresh
/// random bytes each time it is called.
///
/// # Errors
/// When the records do not fit the limits.
#[allow(clippy::too_many_arguments, reason = "each is one field of the envelope")]
pub fn seal(
    council: CouncilId,
    scope: ScopeId,
    seq: u64,
    prev: Hash,
    epoch: &EpochKey,
    signer: &Incarnation,
    records: &[Plain<'_>],
    mut nonce: impl FnMut() -> [u8; 24],
) -> Result<Segment, SealError> {
    if records.is_empty() {
        return Err(SealError::Empty);
    }
    if records.len() > MAX_ITEMS {
        return Err(SealError::SegmentTooLarge);
    }
    let place = Sealing { council, stream: StreamId { log: signer.log(), scope }, seq, epoch: epoch.id() };
    let mut items = Vec::with_capacity(records.len());
    let mut bodies = Vec::with_capacity(records.len());
    let mut total = 0;
    for (index, record) in records.iter().enumerate() {
        let body = place.seal_one(index, record, epoch, nonce())?;
        total += body.len();
        items.push(Item { document: record.document, length: body.len(), hash: body_hash(&body) });
        bodies.push(Body::Sealed(body));
    }
    if total > MAX_SEGMENT {
        return Err(SealError::SegmentTooLarge);
    }
    let envelope = Envelope { council, log: place.stream.log, scope, seq, prev, epoch: place.epoch, items };
    Ok(Segment::signed(envelope, bodies, signer))
}

/// Opens one record of a segment whose envelope has been verified. `Ok(None)` is erased.
///
/// # Errors
/// Why it cannot be opened, for good or yet.
pub fn open(segment: &Segment, index: usize, keyring: &Keyring) -> Result<Option<Opened>, Stop> {
    let envelope = &segment.envelope;
    let Some(body) = segment.body(index)? else {
        return Ok(None);
    };
    let item = envelope.items.get(index).ok_or(Waits::BodyMissing)?;
    let epoch = keyring.get(&envelope.scope, &envelope.epoch).ok_or(Waits::NoKey)?;
    let place =
        Sealing { council: envelope.council, stream: envelope.stream(), seq: envelope.seq, epoch: envelope.epoch };
    let plain = place.open_one(index, &item.document, epoch, body)?;
    let mut reader = Reader::new(&plain);
    let run = Run::from_bytes(reader.array()?);
    if reader.number()? > READER {
        return Err(Waits::NewerVersion.into());
    }
    let origin = match reader.byte()? {
        0 => envelope.log,
        NAMES_ORIGIN => LogId::from_bytes(reader.array()?),
        _ => return Err(Refusal::Malformed.into()),
    };
    Ok(Some(Opened { document: item.document, run, origin, changes: reader.rest().to_vec() }))
}

/// Where a body is sealed: all of it is associated data, so that it opens nowhere else.
struct Sealing {
    council: CouncilId,
    stream: StreamId,
    seq: u64,
    epoch: EpochId,
}

impl Sealing {
    fn associated(&self, index: usize, document: &DocId) -> Vec<u8> {
        let mut out = Vec::with_capacity(128);
        out.put(self.council.as_bytes());
        out.put(self.stream.log.as_bytes());
        out.put(self.stream.scope.as_bytes());
        out.put_number(self.seq);
        out.put(self.epoch.as_bytes());
        out.put_count(index);
        out.put(document.as_bytes());
        out
    }

    fn cipher(&self, document: &DocId, epoch: &EpochKey) -> XChaCha20Poly1305 {
        let key = epoch.document_key(&self.council, &self.stream.scope, document);
        XChaCha20Poly1305::new(&Key::from(*key))
    }

    fn seal_one(
        &self,
        index: usize,
        record: &Plain<'_>,
        epoch: &EpochKey,
        nonce: [u8; 24],
    ) -> Result<Vec<u8>, SealError> {
        if record.changes.len() > MAX_RECORD {
            return Err(SealError::RecordTooLarge);
        }
        let mut plain = Zeroizing::new(Vec::with_capacity(record.changes.len() + 40));
        plain.put(record.run.as_bytes());
        plain.put_number(record.min_reader);
        match &record.origin {
            Some(origin) if *origin != self.stream.log => {
                plain.push(NAMES_ORIGIN);
                plain.put(origin.as_bytes());
            }
            _ => plain.push(0),
        }
        plain.put(record.changes);
        let sealed = self
            .cipher(&record.document, epoch)
            .encrypt(&XNonce::from(nonce), Payload { msg: &plain, aad: &self.associated(index, &record.document) })
            .map_err(|_| SealError::Cipher)?;
        let mut body = Vec::with_capacity(24 + sealed.len());
        body.put(&nonce);
        body.put(&sealed);
        Ok(body)
    }

    fn open_one(
        &self,
        index: usize,
        document: &DocId,
        epoch: &EpochKey,
        body: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let mut reader = Reader::new(body);
        let nonce: [u8; 24] = reader.array()?;
        self.cipher(document, epoch)
            .decrypt(&XNonce::from(nonce), Payload { msg: reader.rest(), aad: &self.associated(index, document) })
            .map(Zeroizing::new)
            .map_err(|_| Refusal::DoesNotOpen)
    }
}
