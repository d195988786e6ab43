//! Taking one blob out of a container. The library in between only knows batches, for which a signature for one container
//! may not do.

use object_store::azure::{AzureAuthorizer, AzureCredentialProvider};
use object_store::client::{HttpRequest, HttpRequestBody, HttpService};
use object_store::path::Path;
use reqwest::Method;

use super::wire::Wire;

/// Whose container, where, and by what right.
#[derive(Debug)]
pub(super) struct Blobs {
    /// The container's own address.
    pub(super) container: String,
    pub(super) account: String,
    pub(super) credentials: AzureCredentialProvider,
    pub(super) wire: Wire,
}

impl Blobs {
    /// Deletes one; one that will not go stays.
    pub(super) async fn remove(&self, path: &Path) {
        // Names are letters, digits and a few signs that an address has as they are.
        let Ok(address) = format!("{}/{path}", self.container).parse() else { return };
        let Ok(credential) = self.credentials.get_credential().await else { return };
        let mut request = HttpRequest::new(HttpRequestBody::empty());
        *request.method_mut() = Method::DELETE;
        *request.uri_mut() = address;
        if AzureAuthorizer::new(&credential, &self.account).try_authorize(&mut request).is_ok() {
            let _ = self.wire.call(request).await;
        }
    }
}
