//! Joining the small files of one's own stream: put the joined file, read it back, and only then take the small ones
//! away. Interrupted anywhere, nothing is missing, and the next time goes on.

use std::collections::BTreeSet;

use sealed_log::{FileRange, Segment, Short, StreamId, joinable};

use crate::shelves::{Medium, Shelves};
use crate::{Carrier, CarrierError, frame, name};

pub(crate) async fn tidy<M: Medium>(shelves: &Shelves<M>, stream: &StreamId) -> Result<(), CarrierError> {
    let mut files = shelves.files(stream).await?;
    files.sort();
    remove_contained(shelves, stream, &mut files).await?;
    for run in joinable(&files) {
        join(shelves, stream, &run).await?;
    }
    Ok(())
}

async fn join<M: Medium>(shelves: &Shelves<M>, stream: &StreamId, run: &[FileRange]) -> Result<(), CarrierError> {
    let mut segments = Vec::new();
    for file in run {
        match shelves.fetch(stream, file).await? {
            Some(unpacked) if !unpacked.cut_short => segments.extend(unpacked.segments),
            _ => return Ok(()),
        }
    }
    let (Some(first), Some(last), Some(short)) = (run.first(), run.last(), segments.last().and_then(|s| short_of(s)))
    else {
        return Ok(());
    };
    let name = name::file(first.first, last.last, &short);
    let bytes = frame::pack(segments.iter().map(Vec::as_slice));
    shelves.put_and_compare(&at(stream, &name), bytes).await?;
    for file in run {
        shelves.remove(&at(stream, &file.name)).await;
    }
    Ok(())
}

/// What an interrupted joining left: small files all of whose segments are in a larger one.
async fn remove_contained<M: Medium>(
    shelves: &Shelves<M>,
    stream: &StreamId,
    files: &mut Vec<FileRange>,
) -> Result<(), CarrierError> {
    let contained: Vec<(FileRange, FileRange)> = files
        .iter()
        .filter_map(|small| {
            let holds = |large: &&FileRange| {
                large.first <= small.first
                    && large.last >= small.last
                    && large.last - large.first > small.last - small.first
            };
            files.iter().find(holds).map(|large| (small.clone(), large.clone()))
        })
        .collect();
    for (small, large) in contained {
        let (Some(inner), Some(outer)) = (shelves.fetch(stream, &small).await?, shelves.fetch(stream, &large).await?)
        else {
            continue;
        };
        let there: BTreeSet<&Vec<u8>> = outer.segments.iter().collect();
        if inner.segments.iter().all(|segment| there.contains(segment)) {
            shelves.remove(&at(stream, &small.name)).await;
            files.retain(|file| *file != small);
        }
    }
    Ok(())
}

fn at(stream: &StreamId, file: &str) -> String {
    format!("seg/{}/{file}", name::stream(stream))
}

fn short_of(segment: &[u8]) -> Option<Short> {
    Segment::peek_hash(segment).map(|hash| hash.short())
}
