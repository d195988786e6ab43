//! A relay near at hand: over TLS on this machine, before a SQLite database of its own, with the usual bounds.

use std::fs;
use std::net::TcpListener;
use std::sync::Arc;

use anyhow::{Context, Result};
use hub::{Hub, RelayAddress};
use talking_point_relay::ports::Ports;
use talking_point_relay::store::Sqlite;
use talking_point_relay::{Doors, Relay, Serving, Settings, serve};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::council::Bench;

/// A relay that listens until this is dropped.
pub(crate) struct Near {
    pub(crate) address: RelayAddress,
    runtime: Runtime,
    serving: Option<Serving>,
    _place: TempDir,
}

impl Near {
    /// For the council of this laptop.
    pub(crate) fn to(hub: &Hub, bench: &Bench) -> Result<Self> {
        let place = tempfile::tempdir_in(&bench.dir)?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let name = format!("localhost:{}", listener.local_addr()?.port());
        let key = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()])?;
        let files = (place.path().join("certificate.pem"), place.path().join("key.pem"));
        fs::write(&files.0, key.cert.pem())?;
        fs::write(&files.1, key.signing_key.serialize_pem())?;
        let root = sealed_log::base32_decode(&hub.council_key()).and_then(|bytes| bytes.try_into().ok());
        let settings = Settings::new(&name, vec![root.context("the council's key cannot be read")?]);
        let store = Arc::new(Sqlite::open(&place.path().join("relay.db"))?);
        let runtime = Runtime::new()?;
        let serving = runtime.block_on(async {
            let relay = Relay::open(settings, store, Ports::system()).await?;
            let doors = Doors { laptops: listener, tls: Some(files), behind_proxy: false, watching: None };
            anyhow::Ok(serve(&relay, doors)?)
        })?;
        let address = RelayAddress { url: format!("https://{name}"), certificate: Some(key.cert.pem()) };
        Ok(Self { address, runtime, serving: Some(serving), _place: place })
    }
}

impl Drop for Near {
    fn drop(&mut self) {
        if let Some(serving) = self.serving.take() {
            // What it carried is thrown away with it.
            drop(self.runtime.block_on(serving.stop()));
        }
    }
}
