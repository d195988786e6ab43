//! What would help someone: a map of codes to yes or no, so that two laptops may each correct one, and so that a code
//! this program does not know stays.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT};

use super::part;
use crate::{Need, SchemaError};

const NEEDS: &str = "needs";

/// In the document's first change.
pub(super) fn make(doc: &mut AutoCommit, needs: &[Need]) -> Result<(), SchemaError> {
    let map = doc.put_object(ROOT, NEEDS, ObjType::Map)?;
    for need in needs {
        doc.put(&map, need.code(), true)?;
    }
    Ok(())
}

/// The needs as they now are, among those the program knows; only what differs is written.
pub(super) fn correct(doc: &mut AutoCommit, needs: &[Need]) -> Result<(), SchemaError> {
    let map = part::own_map(doc, NEEDS)?;
    for need in Need::ALL {
        let wanted = needs.contains(need);
        let stands = part::boolean(doc, &map, need.code()).unwrap_or_default();
        if wanted != stands {
            doc.put(&map, need.code(), wanted)?;
        }
    }
    Ok(())
}

/// Those the program knows, in its order.
pub(super) fn read(doc: &AutoCommit) -> Vec<Need> {
    let Some(map) = part::map(doc, &ROOT, NEEDS) else { return Vec::new() };
    let stands = |need: &&Need| part::boolean(doc, &map, need.code()).unwrap_or_default();
    Need::ALL.iter().filter(stands).copied().collect()
}
