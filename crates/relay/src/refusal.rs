//! Why a relay does not do what it was asked, as a status and a code. No sentence: those are the laptop's.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::store::StoreError;

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The bytes are not in their form.
    Form,
    /// They are of a newer version.
    Newer,
    /// More bytes than one request may have.
    TooLarge,
    /// The council is not one that this relay carries for.
    OtherCouncil,
    /// The challenge is not this relay's, or too old.
    OldChallenge,
    /// The challenge was signed by another key, or for a relay of another name.
    WrongSignature,
    /// No token, or one that is over.
    NoToken,
    /// The laptop is not one of the council's.
    NotOneOfThem,
    /// The laptop was one of the council's, and has left or been taken out.
    TakenOut,
    /// Nobody has answered that request.
    NotYet,
    /// The laptop may not write that.
    NoGrant,
    /// A snapshot's manifest names chunks that are not here.
    NotWhole,
    /// A snapshot has somebody in it who was erased meanwhile.
    Behind,
    /// Too many requests: wait.
    TooOften {
        /// So long.
        seconds: u64,
    },
    /// The council has used up its room.
    Quota,
    /// The store cannot be reached: try again.
    Away,
    /// Something is broken.
    Broken,
}

impl Refused {
    /// Its code and status.
    #[must_use]
    pub const fn said(self) -> (StatusCode, &'static str) {
        match self {
            Self::Form => (StatusCode::BAD_REQUEST, "form"),
            Self::Newer => (StatusCode::BAD_REQUEST, "newer"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "tooLarge"),
            Self::OtherCouncil => (StatusCode::NOT_FOUND, "otherCouncil"),
            Self::OldChallenge => (StatusCode::UNAUTHORIZED, "oldChallenge"),
            Self::WrongSignature => (StatusCode::FORBIDDEN, "wrongSignature"),
            Self::NoToken => (StatusCode::UNAUTHORIZED, "noToken"),
            Self::NotOneOfThem => (StatusCode::FORBIDDEN, "notOneOfThem"),
            Self::TakenOut => (StatusCode::FORBIDDEN, "takenOut"),
            Self::NotYet => (StatusCode::NOT_FOUND, "notYet"),
            Self::NoGrant => (StatusCode::FORBIDDEN, "noGrant"),
            Self::NotWhole => (StatusCode::CONFLICT, "notWhole"),
            Self::Behind => (StatusCode::CONFLICT, "behind"),
            Self::TooOften { .. } => (StatusCode::TOO_MANY_REQUESTS, "tooOften"),
            Self::Quota => (StatusCode::INSUFFICIENT_STORAGE, "quota"),
            Self::Away => (StatusCode::SERVICE_UNAVAILABLE, "away"),
            Self::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "broken"),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.said().into_response();
        let wait = match self {
            Self::TooOften { seconds } => Some(seconds),
            Self::Away => Some(2),
            _ => None,
        };
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %error, "the store did not do what it was asked");
        match error {
            StoreError::Away(_) => Self::Away,
            StoreError::Full => Self::Quota,
            StoreError::Newer | StoreError::Failed(_) => Self::Broken,
        }
    }
}

impl From<sealed_log::DecodeError> for Refused {
    fn from(error: sealed_log::DecodeError) -> Self {
        match error {
            sealed_log::DecodeError::Newer(_) => Self::Newer,
            sealed_log::DecodeError::TooLarge => Self::TooLarge,
            _ => Self::Form,
        }
    }
}
