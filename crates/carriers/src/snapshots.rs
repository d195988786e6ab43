//! Snapshots in a folder: `snap/<scope>/<id>/`, a file a chunk, and the manifest, which is put last and taken away first:
//! a snapshot without it is not here yet, or no more.

use std::collections::{BTreeMap, BTreeSet};

use sealed_log::{ScopeId, SnapshotId};

use crate::shelves::{Medium, Shelves};
use crate::{CarrierError, name};

pub(crate) fn manifest(scope: &ScopeId, id: &SnapshotId) -> String {
    format!("snap/{}/{}", name::snapshot(scope, id), name::MANIFEST)
}

pub(crate) fn chunk(scope: &ScopeId, id: &SnapshotId, index: usize) -> String {
    format!("snap/{}/{}", name::snapshot(scope, id), name::chunk(index))
}

pub(crate) async fn list<M: Medium>(
    shelves: &Shelves<M>,
    scope: &ScopeId,
) -> Result<BTreeSet<SnapshotId>, CarrierError> {
    let names = shelves.list(&format!("snap/{scope}")).await?;
    let here = |name: &str| name.strip_suffix(name::MANIFEST)?.strip_suffix('/')?.parse().ok();
    Ok(names.iter().filter_map(|(name, _)| here(name)).collect())
}

pub(crate) async fn chunks<M: Medium>(
    shelves: &Shelves<M>,
    scope: &ScopeId,
    id: &SnapshotId,
) -> Result<BTreeMap<usize, u64>, CarrierError> {
    let names = shelves.list(&format!("snap/{}", name::snapshot(scope, id))).await?;
    Ok(names.iter().filter_map(|(name, size)| Some((name::read_chunk(name)?, *size))).collect())
}

pub(crate) async fn remove<M: Medium>(
    shelves: &Shelves<M>,
    scope: &ScopeId,
    id: &SnapshotId,
) -> Result<(), CarrierError> {
    shelves.remove(&manifest(scope, id)).await;
    for index in chunks(shelves, scope, id).await?.into_keys() {
        shelves.remove(&chunk(scope, id, index)).await;
    }
    Ok(())
}
