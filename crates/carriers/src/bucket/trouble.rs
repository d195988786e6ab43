//! What goes wrong with a bucket, and the words of stores that say so.

use reqwest::StatusCode;
use thiserror::Error;

use crate::CarrierError;
use crate::relay::RelayTrouble;

/// What stops a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BucketTrouble {
    /// Not the address of one.
    #[error("that is no address of a bucket")]
    Address,
    /// There is no credential for it.
    #[error("there is no credential for the bucket")]
    NoCredential,
    /// The credential has run out.
    #[error("the credential for the bucket has run out")]
    Expired,
    /// The store's clock and this laptop's are too far apart.
    #[error("the clocks of the store and of this laptop are too far apart")]
    Clock,
    /// The credential does not allow it.
    #[error("the bucket may not be used with this credential")]
    Refused,
    /// There is no such bucket.
    #[error("there is no such bucket")]
    Missing,
    /// It cannot be reached.
    #[error("the store cannot be reached")]
    Unreachable,
    /// It does not answer.
    #[error("the store does not answer")]
    Silent,
    /// It asks to be left alone for a while.
    #[error("the store is too busy")]
    Busy,
    /// Its certificate is not one that is trusted, or has run out.
    #[error("the store's certificate is not trusted")]
    Certificate,
    /// It has no room left.
    #[error("the bucket has no room left")]
    Full,
    /// What answers is no store, or a broken one.
    #[error("what answers is no store, or is a broken one")]
    Nonsense,
}

impl From<BucketTrouble> for CarrierError {
    fn from(trouble: BucketTrouble) -> Self {
        Self::Bucket(trouble)
    }
}

/// From what the connection says.
pub(super) fn of_connection(error: &reqwest::Error) -> BucketTrouble {
    match crate::relay::of_connection(error) {
        RelayTrouble::Silent => BucketTrouble::Silent,
        RelayTrouble::CertificateExpired | RelayTrouble::Certificate => BucketTrouble::Certificate,
        RelayTrouble::Address => BucketTrouble::Address,
        RelayTrouble::Nonsense => BucketTrouble::Nonsense,
        _ => BucketTrouble::Unreachable,
    }
}

/// From an answer that is no success: its status, the store's own code and, where one code means two things, its words.
/// `None` for what an exchange meets in good order: a name that is not there, or is there already.
pub(super) fn of_answer(status: StatusCode, code: &str, words: &str) -> Option<BucketTrouble> {
    let trouble = match (status, code) {
        (_, "ExpiredToken" | "TokenRefreshRequired") => BucketTrouble::Expired,
        (_, "RequestTimeTooSkewed") => BucketTrouble::Clock,
        (_, "NoSuchBucket" | "ContainerNotFound" | "ContainerBeingDeleted" | "ResourceNotFound") => {
            BucketTrouble::Missing
        }
        (_, "QuotaExceeded" | "InsufficientAccountStorage" | "XMinioStorageFull")
        | (StatusCode::INSUFFICIENT_STORAGE, _) => BucketTrouble::Full,
        // Azure's word for a shared access signature whose time is over.
        (StatusCode::FORBIDDEN, "AuthenticationFailed") if words.contains("not valid in the specified time frame") => {
            BucketTrouble::Expired
        }
        // Its word for a date that is more than a quarter of an hour off.
        (StatusCode::FORBIDDEN, "AuthenticationFailed") if words.contains("date header") => BucketTrouble::Clock,
        (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _) => BucketTrouble::Refused,
        (StatusCode::NOT_FOUND | StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED, _) => return None,
        (StatusCode::NOT_MODIFIED, _) => return None,
        (StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE, _) => BucketTrouble::Busy,
        (StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT, _) => BucketTrouble::Unreachable,
        _ => BucketTrouble::Nonsense,
    };
    Some(trouble)
}

/// True if a shared access signature says itself that its time was over when the store answered: by the store's clock, not
/// by this laptop's.
pub(super) fn is_over(query: &str, answered: &str) -> bool {
    let end = query.split('&').find_map(|pair| pair.strip_prefix("se=")).map(|end| end.replace("%3A", ":"));
    // `Mon, 23 Nov 2026 16:26:30 GMT`
    let parts: Vec<&str> = answered.split([' ', ',']).filter(|part| !part.is_empty()).collect();
    let (Some(end), [_, day, month, year, time, "GMT"]) = (end, parts.as_slice()) else { return false };
    let Some(month) = MONTHS.iter().position(|name| name == month) else { return false };
    let now = format!("{year}-{:02}-{day:0>2}T{time}Z", month + 1);
    // Both are written from the largest part to the smallest; an end may be a day alone.
    end.len() >= 10 && end.as_str() < now.as_str()
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_tells_when_its_time_is_over() {
        let now = "Mon, 23 Nov 2026 16:26:30 GMT";
        for (query, over) in [
            ("comp=list&se=2020-02-01T00%3A00%3A00Z&sig=x", true),
            ("se=2026-11-23T16%3A26%3A29Z", true),
            ("se=2026-11-23T16:26:31Z", false),
            ("se=2026-11-22", true),
            ("se=2099-02-01T00%3A00%3A00Z", false),
            ("si=laptops-2026&sig=x", false),
        ] {
            assert_eq!(is_over(query, now), over, "{query}");
        }
        assert!(!is_over("se=2020-02-01", "yesterday"));
    }

    #[test]
    fn what_stores_say_has_a_name() {
        let early = "<AuthenticationErrorDetail>Signature not valid in the specified time frame: Start [x]";
        for (status, code, words, told) in [
            (400, "ExpiredToken", "", Some(BucketTrouble::Expired)),
            (403, "AuthenticationFailed", early, Some(BucketTrouble::Expired)),
            (403, "AuthenticationFailed", "The date header in the request is incorrect", Some(BucketTrouble::Clock)),
            (403, "AuthenticationFailed", "The MAC signature found", Some(BucketTrouble::Refused)),
            (403, "RequestTimeTooSkewed", "", Some(BucketTrouble::Clock)),
            (403, "AccessDenied", "", Some(BucketTrouble::Refused)),
            (401, "", "", Some(BucketTrouble::Refused)),
            (404, "NoSuchBucket", "", Some(BucketTrouble::Missing)),
            (404, "ContainerNotFound", "", Some(BucketTrouble::Missing)),
            (404, "NoSuchKey", "", None),
            (404, "BlobNotFound", "", None),
            (409, "BlobAlreadyExists", "", None),
            (412, "PreconditionFailed", "", None),
            (503, "SlowDown", "", Some(BucketTrouble::Busy)),
            (507, "", "", Some(BucketTrouble::Full)),
            (301, "PermanentRedirect", "", Some(BucketTrouble::Nonsense)),
            (500, "InternalError", "", Some(BucketTrouble::Nonsense)),
        ] {
            assert_eq!(of_answer(StatusCode::from_u16(status).unwrap(), code, words), told, "{status} {code}");
        }
    }
}
