//! Ids: newtypes over random UUIDs. They are never time-ordered, so an id does not tell when something was made.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "specta", derive(specta::Type))]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// From 16 random bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0.as_hyphenated(), f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

macro_rules! document_id {
    ($($name:ident),* $(,)?) => {$(
        impl From<$name> for DocId {
            fn from(id: $name) -> Self {
                Self(id.0)
            }
        }

        impl From<DocId> for $name {
            fn from(id: DocId) -> Self {
                Self(id.0)
            }
        }
    )*};
}

id! {
    /// Any document.
    DocId,
    /// The council's document (not the council's cryptographic id, which is a hash of its root key).
    CouncilId,
    /// A hub.
    HubId,
    /// Someone who uses the app.
    TeamMemberId,
    /// One person's time at a hub.
    VisitId,
    /// A person.
    PersonId,
    /// A conversation.
    ConversationId,
    /// A place on a waiting list.
    EntryId,
    /// A listing of the directory.
    ListingId,
    /// Something someone agreed to do.
    ActionId,
    /// A pointer to a listing, given in a conversation.
    SignpostId,
    /// Something that happened.
    EventId,
}

document_id!(CouncilId, HubId, TeamMemberId, VisitId, PersonId, ConversationId, EntryId, ListingId);
