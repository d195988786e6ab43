//! Listening, with or without TLS, until told to stop.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::http;
use crate::relay::Relay;

/// How long answers under way are waited for when the relay stops.
const GRACE: Duration = Duration::from_secs(10);
/// So often other relays' news is looked for while somebody waits.
const OTHERS_EACH: Duration = Duration::from_millis(100);

/// Where the relay listens.
#[derive(Debug)]
pub struct Doors {
    /// For laptops.
    pub laptops: TcpListener,
    /// The certificates and key that laptops are shown; none behind a proxy that does that.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// True when a proxy passes requests on, and says whom from.
    pub behind_proxy: bool,
    /// For those who look after the relay.
    pub watching: Option<TcpListener>,
}

/// A relay that listens.
#[derive(Debug)]
pub struct Serving {
    relay: Relay,
    handle: Handle<SocketAddr>,
    tls: Option<(RustlsConfig, PathBuf, PathBuf)>,
    tasks: Vec<tokio::task::JoinHandle<io::Result<()>>>,
}

/// Begins to listen.
///
/// # Errors
/// A certificate or key that cannot be read; a listener that cannot be listened on.
pub fn serve(relay: &Relay, doors: Doors) -> io::Result<Serving> {
    let handle = Handle::new();
    let routes = http::routes(relay.clone(), doors.behind_proxy);
    let mut tasks = Vec::new();
    doors.laptops.set_nonblocking(true)?;
    let tls = match doors.tls {
        Some((certificate, key)) => {
            let config = RustlsConfig::from_config(Arc::new(server_config(&certificate, &key)?));
            Some((config, certificate, key))
        }
        None => None,
    };
    match &tls {
        Some((config, _, _)) => {
            let server = axum_server::from_tcp_rustls(doors.laptops, config.clone())?.handle(handle.clone());
            tasks.push(tokio::spawn(server.serve(routes.into_make_service_with_connect_info::<SocketAddr>())));
        }
        None => tasks.push(plain(doors.laptops, routes, &handle)?),
    }
    if let Some(listener) = doors.watching {
        listener.set_nonblocking(true)?;
        tasks.push(plain(listener, http::watching(relay.clone()), &handle)?);
    }
    let others = relay.clone();
    tasks.push(tokio::spawn(async move {
        others.watch_others(OTHERS_EACH).await;
        Ok(())
    }));
    Ok(Serving { relay: relay.clone(), handle, tls, tasks })
}

fn plain(
    listener: TcpListener,
    routes: Router,
    handle: &Handle<SocketAddr>,
) -> io::Result<tokio::task::JoinHandle<io::Result<()>>> {
    let server = axum_server::from_tcp(listener)?.handle(handle.clone());
    Ok(tokio::spawn(server.serve(routes.into_make_service_with_connect_info::<SocketAddr>())))
}

impl Serving {
    /// Reads certificate and key again, for those who come from now on.
    ///
    /// # Errors
    /// As [`serve`]; those shown until now stay.
    pub fn renew(&self) -> io::Result<()> {
        if let Some((config, certificate, key)) = &self.tls {
            config.reload_from_config(Arc::new(server_config(certificate, key)?));
        }
        Ok(())
    }

    /// Lets nobody in any more, waits for answers under way, and ends.
    ///
    /// # Errors
    /// What a listener ended with.
    pub async fn stop(self) -> io::Result<()> {
        self.relay.stop();
        self.handle.graceful_shutdown(Some(GRACE));
        for task in self.tasks {
            task.await.map_err(io::Error::other)??;
        }
        Ok(())
    }
}

fn server_config(certificate: &PathBuf, key: &PathBuf) -> io::Result<ServerConfig> {
    let wrong = |what: &str, why: String| io::Error::new(io::ErrorKind::InvalidData, format!("{what}: {why}"));
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong("the certificate cannot be read", error.to_string()))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong("the key cannot be read", error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong("TLS cannot be set up", error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| wrong("certificate and key do not go together", error.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
