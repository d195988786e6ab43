//! How far a log is taken whose laptop was taken out, or lost the right to write.
//!
//! What any laptop held when it heard of it stands, whoever brings it; what nobody held by then is refused. Each laptop
//! says in its *seen* statement what it holds and which roster it knows: the cut is the most that any live laptop holds
//! whose statement knows of the end. A laptop that has heard of it takes nothing beyond the cut, so that a later
//! statement of its says no more than the others had; that is why its newest serves as well as its first.

use crate::id::StreamId;
use crate::roster::{Members, Roster};
use crate::seen::Seen;

/// The highest number of a stream that is taken; `None` if the stream goes on. `held`: the highest number here, of a
/// laptop that knows what this roster knows.
#[must_use]
pub fn cut<'a>(
    stream: &StreamId,
    roster: &Roster,
    members: &Members,
    held: u64,
    statements: impl IntoIterator<Item = &'a Seen>,
) -> Option<u64> {
    let ends = members.closed_by(&stream.log, &stream.scope);
    if ends.is_empty() {
        return None;
    }
    let holds = |seen: &Seen| {
        let live = members.laptop_of(&seen.log).is_some_and(|laptop| members.is_live(&laptop));
        let head = seen.vector.get(stream).filter(|_| live)?;
        ends.iter().any(|end| roster.is_known_to(&seen.roster, end)).then_some(head.seq)
    };
    Some(statements.into_iter().filter_map(holds).fold(held, u64::max))
}
