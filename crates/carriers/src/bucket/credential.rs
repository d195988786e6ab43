//! What lets a laptop into a bucket, as the environment names it. It is shown to nobody.

use std::fmt;

use super::BucketTrouble;
use super::address::{BucketAddress, Kind};

/// A text that is not shown.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret(String);

impl Secret {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("secret")
    }
}

/// For which kind of bucket, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BucketCredential {
    /// Azure Blob Storage.
    Azure(AzureSecret),
    /// Amazon S3 and its like.
    S3(S3Secret),
}

/// A shared access signature, or else the account's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AzureSecret {
    signature: Option<Secret>,
    key: Option<Secret>,
}

impl AzureSecret {
    pub(super) fn shared_access(&self) -> Option<&str> {
        self.signature.as_ref().map(Secret::as_str)
    }

    pub(super) fn key(&self) -> &str {
        self.key.as_ref().map_or("", Secret::as_str)
    }
}

/// An access key, with a token when it is one for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Secret {
    pub(super) id: String,
    pub(super) key: Secret,
    pub(super) session: Option<Secret>,
}

impl BucketCredential {
    /// What the variables of an environment say, by the names that Microsoft's and Amazon's own tools use:
    /// `AZURE_STORAGE_SAS_TOKEN`, or else `AZURE_STORAGE_KEY`; `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, with
    /// `AWS_SESSION_TOKEN`.
    ///
    /// # Errors
    /// [`BucketTrouble::NoCredential`] when there is none for this kind of bucket.
    pub fn for_address(
        address: &BucketAddress,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, BucketTrouble> {
        let given = |name: &str| variable(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let secret = |name: &str| given(name).map(Secret);
        match address.kind {
            Kind::Azure { .. } => {
                let signature =
                    given("AZURE_STORAGE_SAS_TOKEN").map(|text| Secret(text.trim_start_matches('?').to_owned()));
                let key = secret("AZURE_STORAGE_KEY");
                let any = signature.is_some() || key.is_some();
                any.then_some(Self::Azure(AzureSecret { signature, key })).ok_or(BucketTrouble::NoCredential)
            }
            Kind::S3 { .. } => {
                let session = secret("AWS_SESSION_TOKEN");
                let pair = given("AWS_ACCESS_KEY_ID").zip(secret("AWS_SECRET_ACCESS_KEY"));
                pair.map(|(id, key)| Self::S3(S3Secret { id, key, session })).ok_or(BucketTrouble::NoCredential)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_is_read_and_nothing_is_shown() {
        let azure: BucketAddress = "az://aberwen/talking-point".parse().unwrap();
        let s3: BucketAddress = "s3://aberwen".parse().unwrap();
        let all = |name: &str| Some(format!("?{name}-of-mine "));
        for address in [&azure, &s3] {
            let credential = BucketCredential::for_address(address, all).unwrap();
            let shown = format!("{credential:?}");
            assert!(!shown.contains("SAS_TOKEN-of-mine") && !shown.contains("KEY-of-mine"), "{shown}");
            let none = BucketCredential::for_address(address, |_| Some(" ".to_owned()));
            assert_eq!(none, Err(BucketTrouble::NoCredential));
        }
        let BucketCredential::Azure(secret) = BucketCredential::for_address(&azure, all).unwrap() else { panic!() };
        assert_eq!(secret.shared_access(), Some("AZURE_STORAGE_SAS_TOKEN-of-mine"));
    }
}
