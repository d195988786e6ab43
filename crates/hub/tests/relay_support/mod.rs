//! A real relay in this process, over TLS, with a certificate of its own.
#![allow(dead_code, reason = "each test file uses what it needs")]
#![allow(clippy::unwrap_used, reason = "a helper of tests fails by panicking")]

pub(crate) mod liar;

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hub::{Hub, RelayAddress};
use talking_point_relay::ports::Ports;
use talking_point_relay::store::{Postgres, Sqlite, Store};
use talking_point_relay::{Doors, Relay, Serving, Settings, serve};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// How a house is set up.
#[derive(Default)]
struct Way<'a> {
    database: Option<&'a str>,
    over: Option<i32>,
    behind: bool,
}

/// A relay that listens.
pub(crate) struct House {
    pub(crate) place: TempDir,
    pub(crate) relay: Relay,
    pub(crate) address: RelayAddress,
    runtime: Runtime,
    serving: Option<Serving>,
}

impl House {
    /// For the councils of these laptops.
    pub(crate) fn of(hubs: &[&Hub]) -> Self {
        Self::with(hubs, |_| {})
    }

    /// Before a PostgreSQL database.
    pub(crate) fn before(database: &str, hubs: &[&Hub]) -> Self {
        Self::set_up(hubs, Way { database: Some(database), ..Way::default() }, |_| {})
    }

    /// Set up in another way.
    pub(crate) fn with(hubs: &[&Hub], change: impl FnOnce(&mut Settings)) -> Self {
        Self::set_up(hubs, Way::default(), change)
    }

    /// With a certificate that ran out at the beginning of a year.
    pub(crate) fn expired(hubs: &[&Hub], year: i32) -> Self {
        Self::set_up(hubs, Way { over: Some(year), ..Way::default() }, |_| {})
    }

    /// Without TLS, behind something on this machine that laptops call by another name.
    pub(crate) fn behind(name: &str, hubs: &[&Hub]) -> Self {
        Self::set_up(hubs, Way { behind: true, ..Way::default() }, |settings| name.clone_into(&mut settings.name))
    }

    fn set_up(hubs: &[&Hub], way: Way<'_>, change: impl FnOnce(&mut Settings)) -> Self {
        let place = tempfile::tempdir().unwrap();
        let certificate = certificate(&place.path().join("tls"), "localhost", way.over);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let roots = hubs.iter().map(|hub| root(hub)).collect();
        let mut settings = Settings::new(&format!("localhost:{port}"), roots);
        change(&mut settings);
        let runtime = Runtime::new().unwrap();
        let (relay, serving) = runtime.block_on(async {
            let store = store(place.path(), way.database).await;
            let tls = (!way.behind).then(|| certificate.clone());
            open(store, settings, listener, tls).await
        });
        let scheme = if way.behind { "http" } else { "https" };
        let address = RelayAddress {
            url: format!("{scheme}://localhost:{port}"),
            certificate: Some(fs::read_to_string(&certificate.0).unwrap()),
        };
        Self { place, relay, address, runtime, serving: Some(serving) }
    }

    /// Stops in good order.
    pub(crate) fn stop(&mut self) {
        if let Some(serving) = self.serving.take() {
            self.runtime.block_on(serving.stop()).unwrap();
        }
    }

    /// How many segments it was given that were new.
    pub(crate) fn segments(&self) -> String {
        let text = self.relay.metrics().text();
        text.lines().find(|line| line.starts_with("relay_segments_kept_total")).unwrap().to_owned()
    }

    /// How many bytes of segments and of bodies that are kept apart it has.
    pub(crate) fn sealed_bytes(&self) -> u64 {
        let rows = rusqlite::Connection::open(self.place.path().join("data/relay.db")).unwrap();
        let sum = "SELECT coalesce((SELECT sum(length(bytes)) FROM segment), 0)
                        + coalesce((SELECT sum(length(bytes)) FROM blob), 0)";
        rows.query_row(sum, [], |row| row.get::<_, i64>(0)).unwrap().unsigned_abs()
    }

    /// Asks its database for a number, by hand.
    pub(crate) fn sql(&self, text: &str) -> u64 {
        let rows = rusqlite::Connection::open(self.place.path().join("data/relay.db")).unwrap();
        let gone = text.strip_prefix("with gone as (").and_then(|text| text.split(" returning").next());
        match gone {
            Some(change) => rows.execute(change, []).unwrap() as u64,
            None => rows.query_row(text, [], |row| row.get::<_, i64>(0)).unwrap().unsigned_abs(),
        }
    }

    /// Changes its database by hand.
    pub(crate) fn change(&self, text: &str) {
        rusqlite::Connection::open(self.place.path().join("data/relay.db")).unwrap().execute_batch(text).unwrap();
    }

    /// Every byte on its disk.
    pub(crate) fn disk(&self) -> Vec<u8> {
        let data = fs::read_dir(self.place.path().join("data")).unwrap();
        data.flat_map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn store(place: &Path, database: Option<&str>) -> Arc<dyn Store> {
    if let Some(address) = database {
        return Arc::new(Postgres::open(address).await.unwrap());
    }
    let data = place.join("data");
    fs::create_dir_all(&data).unwrap();
    Arc::new(Sqlite::open(&data.join("relay.db")).unwrap())
}

async fn open(
    store: Arc<dyn Store>,
    settings: Settings,
    listener: TcpListener,
    tls: Option<(PathBuf, PathBuf)>,
) -> (Relay, Serving) {
    let relay = Relay::open(settings, store, Ports::system()).await.unwrap();
    let behind_proxy = tls.is_none();
    let doors = Doors { laptops: listener, tls, behind_proxy, watching: None };
    let serving = serve(&relay, doors).unwrap();
    (relay, serving)
}

fn root(hub: &Hub) -> [u8; 32] {
    sealed_log::base32_decode(&hub.council_key()).unwrap().try_into().unwrap()
}

/// A certificate that vouches for itself, and its key, as files. `over`: the year in which it ran out.
pub(crate) fn certificate(dir: &Path, name: &str, over: Option<i32>) -> (PathBuf, PathBuf) {
    let mut params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
    if let Some(year) = over {
        params.not_before = rcgen::date_time_ymd(year - 1, 1, 1);
        params.not_after = rcgen::date_time_ymd(year, 1, 1);
    }
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    fs::create_dir_all(dir).unwrap();
    let paths = (dir.join("certificate.pem"), dir.join("key.pem"));
    fs::write(&paths.0, certificate.pem()).unwrap();
    fs::write(&paths.1, key.serialize_pem()).unwrap();
    paths
}
