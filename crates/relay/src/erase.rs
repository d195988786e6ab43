//! Erasing what the roster says is erased: the bodies of its records, here as everywhere. What was erased is noted, so
//! that a relay that was stopped in the middle goes on when it starts again.

use std::sync::Arc;

use sealed_log::Members;

use crate::council::Council;
use crate::store::{Documents, Rewrite, Store, StoreError};
use crate::take;

/// Segments looked at in one transaction.
const PAGE: u32 = 256;

/// Erases what has not been erased yet, and opens again what is not erased after all. With `again`, everything that is
/// erased is looked for once more.
///
/// # Errors
/// The store's own: what was done is kept.
pub(crate) async fn see_to(council: &Council, store: &dyn Store, again: bool) -> Result<(), StoreError> {
    let _alone = council.erasing.lock().await;
    let members = council.members(store).await?;
    let standing = standing(&members);
    let noted = store.erased(council.key).await?;
    let new: Documents = if again { standing.clone() } else { standing.difference(&noted).copied().collect() };
    let back: Documents = noted.difference(&standing).copied().collect();
    let mut scopes: Vec<_> = new.union(&back).map(|(scope, _)| *scope).collect();
    scopes.dedup();
    for scope in scopes {
        let members = Arc::clone(&members);
        let rewrite: Rewrite = Arc::new(move |bytes| take::erased(bytes, &members));
        let mut at = None;
        loop {
            at = store.rewrite(council.key, scope, at, PAGE, Arc::clone(&rewrite)).await?;
            if at.is_none() {
                break;
            }
        }
    }
    if !(new.is_empty() && back.is_empty()) {
        store.note_erased(council.key, new, back).await?;
    }
    Ok(())
}

/// What the roster says is erased.
pub(crate) fn standing(members: &Members) -> Documents {
    members.erased().copied().collect()
}
