//! Why something that arrived is not taken: refused for good, or waiting for what would let it be taken.

use crate::codec::DecodeError;

macro_rules! reasons {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal : $sentence:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
        pub enum $name {
            $($(#[$vdoc])* #[error($sentence)] $variant,)*
        }

        impl $name {
            /// Every reason, for tables and tests.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// A stable code for the message catalogue.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The reason with this code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|reason| reason.code() == code)
            }
        }
    };
}

reasons!(
    /// Never to be taken as it is.
    Refusal {
        /// The bytes end too soon.
        CutShort = "cutShort": "the bytes end too soon",
        /// A length is beyond its bound.
        TooLarge = "tooLarge": "it is larger than anything this program makes",
        /// Not in the one allowed form.
        Malformed = "malformed": "it is not in the form this program writes",
        /// It is another council's.
        ForeignCouncil = "foreignCouncil": "it belongs to another council",
        /// The signature is nobody's who is known.
        BadSignature = "badSignature": "its signature is wrong",
        /// Signed by one laptop, claiming another's log.
        LogNotItsOwn = "logNotItsOwn": "it claims a log that is not its signer's",
        /// No laptop of this council vouches for the log.
        Stranger = "stranger": "it is signed by a laptop that this council does not know",
        /// The laptop may not write in this scope.
        NoGrant = "noGrant": "its laptop may not write records of this kind",
        /// The laptop was taken out, or lost the right, before anyone held this.
        Revoked = "revoked": "its laptop had been taken out by then",
        /// The body is not the one that was signed.
        HashMismatch = "hashMismatch": "its content is not what was signed",
        /// The key is held, and the body does not open with it.
        DoesNotOpen = "doesNotOpen": "its content does not open with its key",
        /// It names a log of origin that is not the same laptop's.
        ForeignOrigin = "foreignOrigin": "it names the log of another laptop as its origin",
        /// A change in it was made under an actor that is not its signer's.
        ForeignActor = "foreignActor": "a change in it was made in another laptop's name",
        /// What was opened is not a list of changes.
        NotChanges = "notChanges": "its content is not a list of changes",
        /// The document is of another kind, or of another scope, than the record says.
        WrongScope = "wrongScope": "its content belongs to another kind of record",
        /// Rows that a snapshot brought are not what its documents make.
        RowsDiffer = "rowsDiffer": "the rows that came with it were not what it makes",
    }
);

reasons!(
    /// Kept, and tried again when something arrives that may let it be taken.
    Waits {
        /// The roster does not know the log yet.
        UnknownLog = "unknownLog": "the laptop that wrote it is not known yet",
        /// Made by a newer version of the program.
        NewerVersion = "newerVersion": "it was made by a newer version of the program",
        /// Something before it in its stream has not arrived.
        Ahead = "ahead": "something before it has not arrived",
        /// This laptop does not hold the epoch's key.
        NoKey = "noKey": "this laptop does not hold its key",
        /// The changes rest on others that have not arrived.
        MissingDependency = "missingDependency": "changes that it rests on have not arrived",
        /// The envelope is here and the body is not, or is damaged.
        BodyMissing = "bodyMissing": "its content has not arrived whole",
    }
);

/// Why something is not taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Stop {
    /// Never.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// Not yet.
    #[error("waits: {0}")]
    Waits(#[from] Waits),
}

impl From<DecodeError> for Refusal {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::CutShort => Self::CutShort,
            DecodeError::TooLarge => Self::TooLarge,
            DecodeError::NotCanonical | DecodeError::Newer(_) => Self::Malformed,
        }
    }
}

impl From<DecodeError> for Stop {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Newer(_) => Self::Waits(Waits::NewerVersion),
            other => Self::Refused(other.into()),
        }
    }
}
