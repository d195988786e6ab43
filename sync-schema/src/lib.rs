//! What a record means and how two versions of it merge. Pure: no I/O, no clock, no randomness.

mod ids;
mod time;
mod word;

pub use ids::{
    ActionId, ConversationId, CouncilId, DocId, EntryId, EventId, HubId, ListingId, PersonId, SignpostId, TeamMemberId,
    VisitId,
};
pub use time::{CalendarDate, Instant, Stamp};
pub use word::{Band, Kind, Need, Scope, Tool, WaitingKind};
