//! Taking erased bodies out of the files that hold them: the whole file is put again under its name, with the marks of the
//! redacted segment in the other's, and read back. Whoever does it makes the same bytes; a body that lies here and is
//! missing where the mark comes from stays.

use std::collections::{BTreeMap, BTreeSet};

use sealed_log::{FileRange, Hash, Segment, StreamId};

use crate::shelves::{Medium, Shelves};
use crate::{Carrier, CarrierError, Parcel, frame, name};

pub(crate) async fn redact<M: Medium>(
    shelves: &Shelves<M>,
    stream: &StreamId,
    parcels: &[Parcel],
    gone: &BTreeSet<Hash>,
) -> Result<(), CarrierError> {
    let redacted: BTreeMap<Hash, &Parcel> =
        parcels.iter().filter_map(|parcel| Some((Segment::peek_hash(&parcel.bytes)?, parcel))).collect();
    for file in shelves.files(stream).await? {
        if parcels.iter().any(|parcel| (file.first..=file.last).contains(&parcel.seq)) {
            redact_file(shelves, stream, &file, &redacted).await?;
        }
    }
    for hash in gone {
        shelves.remove(&format!("blob/{}", name::blob(hash))).await;
    }
    Ok(())
}

async fn redact_file<M: Medium>(
    shelves: &Shelves<M>,
    stream: &StreamId,
    file: &FileRange,
    redacted: &BTreeMap<Hash, &Parcel>,
) -> Result<(), CarrierError> {
    // What ends in the middle is still arriving: it is looked at again another time.
    let Some(mut unpacked) = shelves.fetch(stream, file).await?.filter(|unpacked| !unpacked.cut_short) else {
        return Ok(());
    };
    let mut any = false;
    for segment in &mut unpacked.segments {
        let parcel = Segment::peek_hash(segment).and_then(|hash| redacted.get(&hash));
        if let Some(marked) = parcel.and_then(|parcel| marked(segment, &parcel.bytes)) {
            *segment = marked;
            any = true;
        }
    }
    if !any {
        return Ok(());
    }
    let bytes = frame::pack(unpacked.segments.iter().map(Vec::as_slice));
    shelves.put_and_compare(&format!("seg/{}/{}", name::stream(stream), file.name), bytes).await
}

/// A segment with the bodies taken out that another copy of it marks as erased; none if nothing is to be taken out.
fn marked(there: &[u8], here: &[u8]) -> Option<Vec<u8>> {
    let (mut segment, redacted) = (Segment::decode(there).ok()?, Segment::decode(here).ok()?);
    segment.redact_as(&redacted).then(|| segment.encode())
}
