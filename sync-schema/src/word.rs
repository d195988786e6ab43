//! The words that documents are written in: each a closed list in the program and an open one in a document, where a
//! code the program does not know is kept.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "specta", derive(specta::Type))]
        #[serde(rename_all = "camelCase")]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The code that documents and tables hold; never changed, never used again for another meaning.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// From its code; `None` for one of a newer version.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    )*};
}

words! {
    /// What kind of document it is.
    Kind {
        /// The council.
        Council = "council",
        /// A hub.
        Hub = "hub",
        /// Someone who uses the app.
        TeamMember = "team-member",
        /// One person's time at a hub.
        Visit = "visit",
        /// A person.
        Person = "person",
        /// A conversation.
        Conversation = "conversation",
        /// A place on a waiting list.
        WaitingEntry = "waiting-entry",
        /// A listing.
        Listing = "listing",
    }

    /// Who holds the key.
    Scope {
        /// The door.
        FrontDesk = "front-desk",
        /// People and conversations.
        Casework = "casework",
        /// Waiting lists, without names.
        WaitingList = "waiting-list",
        /// The directory of services.
        Directory = "directory",
        /// The council, its hubs, its team.
        Team = "team",
        /// Registers, groups, offers.
        Community = "community",
    }

    /// What would help someone.
    Need {
        /// To speak Welsh.
        Welsh = "welsh",
        /// Large print.
        LargePrint = "large-print",
        /// British Sign Language.
        Bsl = "bsl",
        /// A quiet place.
        QuietPlace = "quiet-place",
        /// Room for a wheelchair.
        Wheelchair = "wheelchair",
        /// An interpreter.
        Interpreter = "interpreter",
        /// Somebody who came with them.
        WithCarer = "with-carer",
        /// Easy Read.
        EasyRead = "easy-read",
        /// A hearing loop.
        HearingLoop = "hearing-loop",
    }

    /// What a waiting list is for.
    WaitingKind {
        /// An assessment.
        Assessment = "assessment",
        /// An occupational therapist.
        OccupationalTherapy = "occupational-therapy",
        /// A carer's conversation.
        Carer = "carer",
        /// A review.
        Review = "review",
        /// The start of support.
        StartOfSupport = "start-of-support",
        /// Deprivation of liberty.
        DeprivationOfLiberty = "deprivation-of-liberty",
    }

    /// How soon; a later one in this order stands above an earlier one.
    Band {
        /// No band set.
        None = "none",
        /// Low.
        Low = "low",
        /// Medium.
        Medium = "medium",
        /// High.
        High = "high",
        /// Urgent.
        Urgent = "urgent",
    }

    /// A heading of the conversation.
    Tool {
        /// Why they came, in their own words.
        OwnWords = "own-words",
        /// A good day.
        GoodDay = "good-day",
        /// A bad day.
        BadDay = "bad-day",
        /// Important to me.
        ImportantTo = "important-to",
        /// Important for me.
        ImportantFor = "important-for",
        /// What works.
        Working = "working",
        /// What does not work.
        NotWorking = "not-working",
        /// Who is around us.
        Circle = "circle",
        /// What I can offer.
        Offer = "offer",
        /// Wishes.
        Wishes = "wishes",
        /// Staying well.
        StayingWell = "staying-well",
        /// What people appreciate about me.
        Appreciated = "appreciated",
        /// Free notes.
        Notes = "notes",
        /// What support I agree to.
        Agree = "agree",
        /// Living my life: how it is going.
        Going = "going",
    }
}

impl Kind {
    /// Who holds the key to documents of this kind.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::Council | Self::Hub | Self::TeamMember => Scope::Team,
            Self::Visit => Scope::FrontDesk,
            Self::Person | Self::Conversation => Scope::Casework,
            Self::WaitingEntry => Scope::WaitingList,
            Self::Listing => Scope::Directory,
        }
    }
}
