//! A bucket as a carrier: Azure Blob Storage, Amazon S3 and whatever speaks as one of them. Laid out as a folder is.
//!
//! Nothing a store says is believed: what it gives is judged as what lies in a folder is. Each call is bounded in time,
//! size and tries, follows no redirect and trusts what this machine trusts. What is put in the place of another file is
//! put on the condition that it is still the one looked at. A credential is in no error and no log.

mod address;
mod blob;
mod credential;
mod trouble;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, Checksum};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig};
use sealed_log::CouncilId;

pub use address::BucketAddress;
pub use credential::BucketCredential;
pub use trouble::BucketTrouble;

use crate::CarrierError;
use crate::shelves::{Medium, Shelves};
use address::Kind;
use blob::Blobs;
use credential::{AzureSecret, S3Secret};
use wire::{Heard, Wire};

/// A bucket, with a credential for it.
pub type Bucket = Shelves<Objects>;

/// How long to wait, and how often to try.
#[derive(Debug, Clone, Copy)]
pub struct BucketPatience {
    /// For a connection.
    pub connect: Duration,
    /// For each next word of an answer.
    pub word: Duration,
    /// For a whole answer.
    pub answer: Duration,
    /// So often a call that may be made again is made again.
    pub again: usize,
}

impl Default for BucketPatience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            word: Duration::from_secs(30),
            answer: Duration::from_secs(180),
            again: 2,
        }
    }
}

/// A store of objects, and what was last heard from it.
#[derive(Debug)]
pub struct Objects {
    heard: Arc<Heard>,
    /// For Azure.
    blobs: Option<Blobs>,
}

impl Shelves<Objects> {
    /// Sets out for a bucket, in which a council has a part of its own; nothing is asked of it yet.
    ///
    /// # Errors
    /// [`BucketTrouble::Address`], [`BucketTrouble::NoCredential`] when what is given is not one for this address.
    pub fn at(
        address: &BucketAddress,
        credential: &BucketCredential,
        patience: BucketPatience,
        council: &CouncilId,
    ) -> Result<Self, BucketTrouble> {
        let heard = Arc::new(Heard::default());
        let wire = Wire::new(patience, Arc::clone(&heard))?;
        let (store, blobs) = match (&address.kind, credential) {
            (Kind::Azure { account, container }, BucketCredential::Azure(secret)) => {
                let place = (account.as_str(), container.as_str(), address.endpoint.as_deref());
                let (store, blobs) = azure(place, secret, wire, again(patience))?;
                (store, Some(blobs))
            }
            (Kind::S3 { bucket, region }, BucketCredential::S3(secret)) => {
                let place = (bucket.as_str(), region.as_str(), address.endpoint.as_deref());
                (s3(place, secret, wire, again(patience))?, None)
            }
            _ => return Err(BucketTrouble::NoCredential),
        };
        Ok(Self::on(Objects { heard, blobs }, store, &address.prefix, &council.folder()))
    }
}

fn again(patience: BucketPatience) -> RetryConfig {
    RetryConfig {
        max_retries: patience.again,
        retry_timeout: patience.answer,
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(300),
            max_backoff: Duration::from_secs(2),
            base: 2.,
        },
    }
}

// Whether an address without TLS is allowed was decided when it was read.
fn plain_too() -> ClientOptions {
    ClientOptions::new().with_allow_http(true)
}

fn azure(
    (account, container, endpoint): (&str, &str, Option<&str>),
    secret: &AzureSecret,
    wire: Wire,
    retry: RetryConfig,
) -> Result<(Arc<dyn ObjectStore>, Blobs), BucketTrouble> {
    let endpoint = endpoint.map_or_else(|| format!("https://{account}.blob.core.windows.net"), str::to_owned);
    let builder = MicrosoftAzureBuilder::new()
        .with_account(account)
        .with_container_name(container)
        .with_endpoint(endpoint.clone())
        .with_retry(retry)
        .with_client_options(plain_too())
        .with_http_connector(wire.clone());
    let builder = match secret.shared_access() {
        Some(text) => builder.with_config(AzureConfigKey::SasKey, text),
        None => builder.with_access_key(secret.key()),
    };
    let store = builder.build().map_err(|_| BucketTrouble::NoCredential)?;
    let blobs = Blobs {
        container: format!("{endpoint}/{container}"),
        account: account.to_owned(),
        credentials: Arc::clone(store.credentials()),
        wire,
    };
    Ok((Arc::new(store), blobs))
}

fn s3(
    (bucket, region, endpoint): (&str, &str, Option<&str>),
    secret: &S3Secret,
    wire: Wire,
    retry: RetryConfig,
) -> Result<Arc<dyn ObjectStore>, BucketTrouble> {
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_region(region)
        .with_access_key_id(&secret.id)
        .with_secret_access_key(secret.key.as_str())
        .with_checksum_algorithm(Checksum::SHA256)
        // One by one: not every make of store knows how to delete many.
        .with_disable_bulk_delete(true)
        .with_retry(retry)
        .with_client_options(plain_too())
        .with_http_connector(wire);
    if let Some(endpoint) = endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    if let Some(token) = &secret.session {
        builder = builder.with_token(token.as_str());
    }
    builder.build().map(|store| Arc::new(store) as _).map_err(|_| BucketTrouble::NoCredential)
}

impl Objects {
    fn told(&self) -> CarrierError {
        self.heard.trouble().unwrap_or(BucketTrouble::Nonsense).into()
    }
}

impl Medium for Objects {
    type Store = Arc<dyn ObjectStore>;
    const CONDITIONS: bool = true;

    fn of_listing(&self, _error: &object_store::Error) -> Option<CarrierError> {
        Some(self.told())
    }

    fn of_reading(&self, error: &object_store::Error) -> Option<CarrierError> {
        match self.heard.trouble() {
            // A name that is not there; the bucket is.
            None if matches!(error, object_store::Error::NotFound { .. }) => None,
            _ => Some(self.told()),
        }
    }

    fn of_writing(&self, _error: &object_store::Error) -> CarrierError {
        self.told()
    }

    async fn remove(&self, store: &Self::Store, path: &Path) {
        match &self.blobs {
            Some(blobs) => blobs.remove(path).await,
            None => drop(store.delete(path).await),
        }
    }
}
