//! What a record means and how two versions of it merge. Pure: no I/O, no clock, no randomness.

pub mod document;
mod edit;
mod error;
pub mod exchange;
mod ids;
pub mod merge;
mod time;
pub mod version;
mod word;

pub use document::part::kind_code;
pub use document::visit::Ticket;
pub use edit::Edit;
pub use error::SchemaError;

pub use ids::{
    ActionId, ConversationId, CouncilId, DocId, EntryId, EventId, HubId, ListingId, PersonId, SignpostId, TeamMemberId,
    VisitId,
};
pub use time::{CalendarDate, Instant, Stamp};
pub use word::{Band, Kind, Need, Scope, Tool, WaitingKind};
