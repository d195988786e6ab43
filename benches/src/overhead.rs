//! What sealing and signing add to one check-in that goes out alone, in bytes: a segment of one record, less the change
//! that is in it.

use anyhow::Result;
use sealed_log::{CouncilId, DocId, EpochKey, Hash, Incarnation, Plain, READER, Run, ScopeId, seal};

use crate::checkin;
use crate::council::Bench;
use crate::figures::Figures;

pub(crate) fn measure(_: &Bench, figures: &mut Figures) -> Result<()> {
    let council = CouncilId::from_bytes([1; 32]);
    let writer = Incarnation::from_secret(&[2; 32]);
    let key = EpochKey::from_secret(&[3; 32]);
    let changes = checkin::change_of_one()?;
    let sealed = |records: &[Plain<'_>]| -> Result<usize> {
        let scope = ScopeId::of(&council, "front-desk");
        Ok(seal(council, scope, 1, Hash::NONE, &key, &writer, records, || [4; 24])?.encode().len())
    };
    let record = |n: u8| Plain {
        document: DocId::from_bytes([n; 16]),
        run: Run::from_bytes([5; 16]),
        origin: None,
        min_reader: READER,
        changes: &changes,
    };
    let one = sealed(&[record(1)])?;
    let two = sealed(&[record(1), record(2)])?;
    figures.plain("record_overhead_bytes", as_f64(one - changes.len())?);
    figures.plain("record_overhead_bytes_each_further", as_f64(two - one - changes.len())?);
    figures.plain("record_change_bytes", as_f64(changes.len())?);
    Ok(())
}

fn as_f64(bytes: usize) -> Result<f64> {
    Ok(f64::from(u32::try_from(bytes)?))
}
