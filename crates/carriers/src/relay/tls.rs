//! Whom to believe to be the relay: what this machine trusts, or one certificate that the council was given.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use super::RelayTrouble;

/// What TLS works with.
pub(crate) fn config(certificate: Option<&[u8]>) -> Result<ClientConfig, RelayTrouble> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| RelayTrouble::Certificate)?;
    let builder = match certificate {
        Some(pem) => builder.with_root_certificates(roots(pem)?),
        None => builder.with_platform_verifier().map_err(|_| RelayTrouble::Certificate)?,
    };
    Ok(builder.with_no_client_auth())
}

fn roots(pem: &[u8]) -> Result<RootCertStore, RelayTrouble> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|_| RelayTrouble::Certificate)?;
        roots.add(certificate).map_err(|_| RelayTrouble::Certificate)?;
    }
    if roots.is_empty() { Err(RelayTrouble::Certificate) } else { Ok(roots) }
}
