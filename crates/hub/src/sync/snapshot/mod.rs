//! Snapshots: a keeper writes what a scope's documents are, with the rows they make; a newcomer takes it, shows the rows at
//! once, and makes them again from the documents.
//!
//! Taking is one transaction a few chunks, so that it goes on after a power cut where it was. The log is read from the
//! snapshot's ends when all is here, and from its beginning when a snapshot turns out not to be what it says.

mod form;
mod prepare;
mod take;
#[cfg(test)]
mod tests;
mod write;

use sealed_log::{Manifest, ScopeId};
use sync_schema::Scope;

use super::here::Here;
use crate::error::HubError;
use crate::store::Rows;
use crate::store::sync::snapshot as kept;
use crate::view::shell::Arriving;

pub(super) use take::take;
pub use write::Written;
pub(crate) use write::write;
pub(super) use write::write_due;

/// The order in which scopes are brought: who is here today before what was long ago.
const FIRST: [Scope; 6] =
    [Scope::Team, Scope::FrontDesk, Scope::Directory, Scope::Casework, Scope::WaitingList, Scope::Community];

/// The scopes that are held here, in that order.
fn in_order(here: &Here) -> Vec<(ScopeId, Scope)> {
    let mut scopes: Vec<(ScopeId, Scope)> = here.scopes.iter().map(|(id, scope)| (*id, *scope)).collect();
    scopes.sort_by_key(|(_, scope)| FIRST.iter().position(|first| first == scope));
    scopes
}

/// How far a first sync has got; none when none is under way.
pub(crate) fn arriving(rows: &Rows) -> Result<Option<Arriving>, HubError> {
    let all = kept::arriving(rows)?;
    if all.is_empty() {
        return Ok(None);
    }
    let of = |arriving: &kept::Arriving| Manifest::read_kept(&arriving.manifest).map_or(0, |it| it.documents());
    let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(Some(Arriving {
        shown: count(all.iter().map(|one| one.shown).sum()),
        come: count(all.iter().map(|one| one.come).sum()),
        of: count(all.iter().map(of).sum()),
    }))
}
