//! What was erased is gone: from every laptop that belongs to the council, and from every folder they share.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use carriers::{Carrier, Folder};
use sealed_log::{Body, DocId, ScopeId, Segment};

use crate::laptop::{Documents, Known, Laptop};
use crate::story::Story;

/// From the laptops, as documents and in the records that they are made of.
pub(crate) fn from_laptops(truth: &Known, standing: &[(&Laptop, &Documents)]) -> Result<()> {
    for (laptop, documents) in standing {
        for (id, document) in *documents {
            let erased = is_erased(truth, &truth.scope(&document.scope), &DocId::from_bytes(*id.as_bytes()));
            ensure!(!erased, "{} holds {id}, a {} that was erased", laptop.name, document.kind);
        }
        for segment in laptop.segments()? {
            let left = readable(truth, &segment);
            ensure!(left.is_none(), "{} holds a record of {left:?}, which was erased", laptop.name);
        }
    }
    Ok(())
}

/// From the folders. Files that are not named as ours are (a sync client's copies) are nobody's to take away; nor is what
/// nobody took, of a laptop that had been taken out.
pub(crate) fn from_folders(story: &Story, truth: &Known, standing: &[(&Laptop, &Documents)]) -> Result<()> {
    let mut taken = BTreeSet::new();
    for (laptop, _) in standing {
        taken.extend(laptop.segments()?.iter().map(Segment::hash));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for (at, folder) in story.folders.iter().enumerate() {
        let lying = runtime.block_on(lying_in(&folder.path, truth))?;
        for (file, segment) in lying.into_iter().filter(|(_, segment)| taken.contains(&segment.hash())) {
            let left = readable(truth, &segment);
            ensure!(left.is_none(), "a record of {left:?}, which was erased, lies in folder {at}, in {file}");
        }
    }
    Ok(())
}

async fn lying_in(path: &std::path::Path, truth: &Known) -> Result<Vec<(String, Segment)>> {
    let folder = Folder::at(path, truth.roster.council())?;
    let mut lying = Vec::new();
    for stream in folder.tips().await?.keys() {
        for file in folder.files(stream).await? {
            let Some(unpacked) = folder.fetch(stream, &file).await? else { continue };
            let segments = unpacked.segments.iter().filter_map(|bytes| Segment::decode(bytes).ok());
            lying.extend(segments.map(|segment| (format!("{}/{}", stream.log, file.name), segment)));
        }
    }
    Ok(lying)
}

/// A document that was erased and whose record can still be read by whoever has the key.
fn readable(truth: &Known, segment: &Segment) -> Option<DocId> {
    let bodies = segment.bodies.iter().zip(&segment.envelope.items);
    let mut left = bodies.filter(|(body, _)| matches!(body, Body::Sealed(_))).map(|(_, item)| item.document);
    left.find(|document| is_erased(truth, &segment.envelope.scope, document))
}

fn is_erased(truth: &Known, scope: &ScopeId, document: &DocId) -> bool {
    truth.members.is_erased(scope, document)
}
