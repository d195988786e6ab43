//! Where a bucket is: `az://account/container/prefix`, `s3://bucket/prefix`, with `?endpoint=https://…` for one that is not
//! Microsoft's or Amazon's own and `?region=…` for S3. There is no room for a secret in it.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;

use super::BucketTrouble;

/// Where buckets of S3 are, unless the address says otherwise.
const REGION: &str = "us-east-1";
/// No address is longer.
const MOST: usize = 1024;

/// The address of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketAddress {
    text: String,
    pub(super) kind: Kind,
    pub(super) prefix: String,
    pub(super) endpoint: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Azure { account: String, container: String },
    S3 { bucket: String, region: String },
}

impl BucketAddress {
    /// True if a text is meant to be a bucket's address, well formed or not.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        text.starts_with("az://") || text.starts_with("s3://")
    }

    /// As it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for BucketAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl FromStr for BucketAddress {
    type Err = BucketTrouble;

    fn from_str(text: &str) -> Result<Self, BucketTrouble> {
        read(text.trim()).ok_or(BucketTrouble::Address)
    }
}

fn read(text: &str) -> Option<BucketAddress> {
    let (scheme, rest) = text.split_once("://").filter(|_| text.len() <= MOST)?;
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (mut endpoint, mut region) = (None, None);
    for (name, value) in query.split('&').filter(|pair| !pair.is_empty()).filter_map(|pair| pair.split_once('=')) {
        match name {
            "endpoint" => endpoint = Some(read_endpoint(value)?),
            "region" => region = Some(value).filter(|value| is_made_of(value, 1, 40, "-")),
            // A signature pasted with the address, say: it does not belong here.
            _ => return None,
        }
    }
    if query.split('&').any(|pair| !pair.is_empty() && !pair.contains('='))
        || query.contains("region=") && region.is_none()
    {
        return None;
    }
    let mut parts = path.trim_end_matches('/').split('/');
    let kind = match scheme {
        "az" => {
            let account = parts.next().filter(|name| is_made_of(name, 3, 24, ""))?.to_owned();
            let container = parts.next().filter(|name| is_made_of(name, 3, 63, "-"))?.to_owned();
            region.is_none().then_some(Kind::Azure { account, container })?
        }
        "s3" => {
            let bucket = parts.next().filter(|name| is_made_of(name, 3, 63, "-."))?.to_owned();
            Kind::S3 { bucket, region: region.unwrap_or(REGION).to_owned() }
        }
        _ => return None,
    };
    let prefix: Vec<&str> = parts.collect();
    prefix.iter().all(|part| is_prefix(part)).then(|| BucketAddress {
        text: text.to_owned(),
        kind,
        prefix: prefix.join("/"),
        endpoint,
    })
}

/// An address with TLS; without it only on this machine.
fn read_endpoint(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let plain =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    let fits = plain && (url.scheme() == "https" || url.scheme() == "http" && here);
    fits.then(|| text.trim_end_matches('/').to_owned())
}

/// True for a name of small letters, digits and some signs, none of them at either end.
fn is_made_of(name: &str, least: usize, most: usize, signs: &str) -> bool {
    (least..=most).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || signs.contains(c))
        && !name.starts_with(['-', '.'])
        && !name.ends_with(['-', '.'])
}

fn is_prefix(part: &str) -> bool {
    !part.is_empty()
        && !matches!(part, "." | "..")
        && part.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        let azure: BucketAddress = "az://aberwen/talking-point/2026/hubs".parse().unwrap();
        let kind = Kind::Azure { account: "aberwen".to_owned(), container: "talking-point".to_owned() };
        assert_eq!((azure.kind, azure.prefix.as_str(), azure.endpoint), (kind, "2026/hubs", None));
        let s3: BucketAddress =
            " s3://aberwen.hubs/?region=eu-west-2&endpoint=https://store.example.org/ ".parse().unwrap();
        let kind = Kind::S3 { bucket: "aberwen.hubs".to_owned(), region: "eu-west-2".to_owned() };
        assert_eq!((s3.kind, s3.prefix.as_str()), (kind, ""));
        assert_eq!(s3.endpoint.as_deref(), Some("https://store.example.org"));
        let here = "az://devstoreaccount1/council?endpoint=http://127.0.0.1:10000/devstoreaccount1";
        assert!(here.parse::<BucketAddress>().is_ok());
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "aberwen",
            "https://aberwen.blob.core.windows.net/talking-point",
            "az://aberwen",
            "az://aberwen/Talking",
            "az://aberwen/talking-point?sv=2024&sig=abc",
            "az://aberwen/talking-point?region=eu-west-2",
            "s3://id:secret@bucket/prefix",
            "s3://bucket/../other",
            "s3://bucket//prefix",
            "s3://bucket?endpoint=http://store.example.org",
            "s3://bucket?endpoint=https://id:secret@store.example.org",
            "s3://bucket?region=",
            "s3://bucket?region",
            "s3://-bucket",
        ] {
            assert_eq!(text.parse::<BucketAddress>(), Err(BucketTrouble::Address), "{text}");
        }
    }
}
