//! What goes wrong with a relay.

use std::error::Error;

use reqwest::StatusCode;
use rustls::CertificateError;
use thiserror::Error;

use crate::CarrierError;

/// What stops a relay from carrying.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RelayTrouble {
    /// What was given as its address is not one, or is one without TLS.
    #[error("that is not the address of a relay")]
    Address,
    /// There is no way to it: no network, or nobody listens.
    #[error("the relay cannot be reached")]
    Unreachable,
    /// It does not answer in time.
    #[error("the relay does not answer")]
    Silent,
    /// Its certificate has run out, or is not valid yet.
    #[error("the relay's certificate has run out")]
    CertificateExpired,
    /// Its certificate is not one that this laptop trusts.
    #[error("the relay's certificate is not one that this laptop trusts")]
    Certificate,
    /// It sends to another address.
    #[error("the relay sends elsewhere")]
    Moved,
    /// It does not carry for this council.
    #[error("the relay does not carry for this council")]
    OtherCouncil,
    /// It does not take this laptop for one of the council's.
    #[error("the relay does not know this laptop")]
    NotOneOfThem,
    /// This laptop has left the council, or been taken out of it.
    #[error("this laptop is not one of the council's any more")]
    TakenOut,
    /// It goes by another name than the address says.
    #[error("the relay goes by another name")]
    WrongName,
    /// The council has used up its room there.
    #[error("the council has no room left on the relay")]
    Quota,
    /// It asks to be left alone for a while.
    #[error("the relay is too busy")]
    Busy,
    /// It, or this program, is too old for the other.
    #[error("the relay is of another version")]
    Version,
    /// It does not take something, with a code that says why.
    #[error("the relay does not take it ({0})")]
    Refused(String),
    /// What it says is not in any form that a relay's words have.
    #[error("what answers is not a relay, or is a broken one")]
    Nonsense,
    /// It says that it is broken.
    #[error("the relay is broken")]
    Broken,
}

impl From<RelayTrouble> for CarrierError {
    fn from(trouble: RelayTrouble) -> Self {
        Self::Relay(trouble)
    }
}

/// From what the connection says.
pub(crate) fn of_connection(error: &reqwest::Error) -> RelayTrouble {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(at) = source {
        if let Some(tls) = at.downcast_ref::<rustls::Error>() {
            return of_tls(tls);
        }
        // What is inside such an error is not among its sources.
        let inside = at.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        source = match inside {
            Some(inside) => Some(inside),
            None => at.source(),
        };
    }
    if error.is_timeout() {
        RelayTrouble::Silent
    } else if error.is_connect() {
        RelayTrouble::Unreachable
    } else if error.is_builder() {
        RelayTrouble::Address
    } else {
        // The line broke in mid-sentence.
        RelayTrouble::Unreachable
    }
}

fn of_tls(error: &rustls::Error) -> RelayTrouble {
    match error {
        rustls::Error::InvalidCertificate(
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. },
        ) => RelayTrouble::CertificateExpired,
        rustls::Error::InvalidCertificate(_) => RelayTrouble::Certificate,
        _ => RelayTrouble::Nonsense,
    }
}

/// From a status that is no success, and the code beside it.
pub(super) fn of_answer(status: StatusCode, code: &str) -> RelayTrouble {
    match (status, code) {
        (status, _) if status.is_redirection() => RelayTrouble::Moved,
        (_, "otherCouncil") => RelayTrouble::OtherCouncil,
        (_, "notOneOfThem") => RelayTrouble::NotOneOfThem,
        (_, "takenOut") => RelayTrouble::TakenOut,
        (_, "wrongSignature") => RelayTrouble::WrongName,
        (_, "quota") => RelayTrouble::Quota,
        (_, "newer") => RelayTrouble::Version,
        (_, "broken") => RelayTrouble::Broken,
        (StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE, _) => RelayTrouble::Busy,
        (StatusCode::PAYLOAD_TOO_LARGE, _) => RelayTrouble::Refused("tooLarge".to_owned()),
        // A proxy before a relay that is not there.
        (StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT, _) => RelayTrouble::Unreachable,
        (_, "form" | "oldChallenge" | "noToken" | "notYet" | "noGrant" | "notWhole" | "behind") => {
            RelayTrouble::Refused(code.to_owned())
        }
        _ => RelayTrouble::Nonsense,
    }
}
