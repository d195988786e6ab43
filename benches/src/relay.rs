//! What a relay costs: records pushed by signed requests over TLS into each of its stores, against bare inserts of the same
//! bytes, in the same batches, into the same store, taking turns.
//!
//! Everything of the relay is in it: the wire, the seal of each segment verified against the roster, each body's hash, the
//! check for gaps, the tips, one durable commit a push.

#[path = "../../crates/relay/tests/cluster/mod.rs"]
mod cluster;

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use carriers::relay::{Address, Guest, Patience};
use carriers::{Carrier, Parcel};
use sealed_log::{
    Access, DocId, Entry, EpochKey, Grant, Hash, Incarnation, Kind, LaptopIdentity, Plain, READER, RootSeed, Run,
    ScopeId, StreamId, seal,
};
use talking_point_relay::ports::Ports;
use talking_point_relay::store::{Postgres, Sqlite, Store};
use talking_point_relay::{Doors, Relay, Settings, serve};

use crate::council::Bench;
use crate::figures::Figures;

const SEGMENTS: u64 = 2_000;
/// A day's work goes out a few records at a time.
const RECORDS: usize = 10;
const RECORD: usize = 300;
const ROUNDS: usize = 3;
/// As many bytes as the carrier puts into one call.
const BATCH: usize = 4 << 20;

/// A laptop of a council of its own, and what it wrote.
struct Writer {
    root: RootSeed,
    laptop: LaptopIdentity,
    roster: Vec<Vec<u8>>,
    stream: StreamId,
    parcels: Vec<Parcel>,
}

impl Writer {
    fn new() -> Result<Self> {
        let (root, laptop) = (RootSeed::from_secret(&[1; 32]), LaptopIdentity::from_secret(&[2; 32]));
        let (id, incarnation) = (root.council(), Incarnation::from_secret(&[3; 32]));
        let scope = ScopeId::of(&id, "front-desk");
        let grants = vec![Grant { scope, access: Access::Write }];
        let found = Kind::Found { root: root.agreement(), identity: laptop.publics(), grants };
        let found = Entry::by_root(&root, Vec::new(), found);
        let kind = Kind::incarnate(&incarnation, &id, &laptop);
        let begun = Entry::by_laptop(&laptop, id, vec![found.hash()], kind);
        let key = EpochKey::from_secret(&[4; 32]);
        let (mut parcels, mut prev, mut nonce) = (Vec::new(), Hash::NONE, 0_u64);
        let changes = vec![7; RECORD];
        for seq in 1..=SEGMENTS {
            let record = |n: usize| Plain {
                document: DocId::from_bytes((u128::from(seq) << 32 | n as u128).to_be_bytes()),
                run: Run::from_bytes([5; 16]),
                origin: None,
                min_reader: READER,
                changes: &changes,
            };
            let records: Vec<_> = (0..RECORDS).map(record).collect();
            let sealed = seal(id, scope, seq, prev, &key, &incarnation, &records, || {
                nonce += 1;
                let mut bytes = [0; 24];
                bytes.iter_mut().zip(nonce.to_be_bytes()).for_each(|(byte, from)| *byte = from);
                bytes
            })?;
            prev = sealed.hash();
            parcels.push(Parcel { seq, short: prev.short(), bytes: sealed.encode(), apart: Vec::new() });
        }
        let stream = StreamId { log: incarnation.log(), scope };
        Ok(Self { root, laptop, roster: vec![found.encode(), begun.encode()], stream, parcels })
    }

    /// Puts everything through a relay before a store.
    async fn push(&self, store: Arc<dyn Store>, place: &Path) -> Result<Duration> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let name = format!("localhost:{}", listener.local_addr()?.port());
        let key = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()])?;
        let files = (place.join("certificate.pem"), place.join("key.pem"));
        fs::write(&files.0, key.cert.pem())?;
        fs::write(&files.1, key.signing_key.serialize_pem())?;
        let settings = Settings::new(&name, vec![self.root.public()]);
        let relay = Relay::open(settings, store, Ports::system()).await?;
        let doors = Doors { laptops: listener, tls: Some(files), behind_proxy: false, watching: None };
        let serving = serve(&relay, doors)?;
        let address = Address { url: format!("https://{name}"), certificate: Some(key.cert.pem().into_bytes()) };
        let council = self.root.council();
        let guest = Guest { council, laptop: self.laptop.clone(), roster: self.roster.clone(), token: None };
        let carrier = carriers::Relay::at(&address, guest, Patience::default())?;
        carrier.roster().await?;
        let began = Instant::now();
        carrier.put(&self.stream, &self.parcels, &BTreeSet::new()).await?;
        let took = began.elapsed();
        drop(carrier);
        serving.stop().await?;
        Ok(took)
    }

    fn batches(&self) -> Vec<Vec<&Parcel>> {
        let mut batches = vec![Vec::new()];
        let mut size = 0;
        for parcel in &self.parcels {
            size += parcel.bytes.len() + 8;
            if size > BATCH {
                size = parcel.bytes.len() + 8;
                batches.push(Vec::new());
            }
            if let Some(last) = batches.last_mut() {
                last.push(parcel);
            }
        }
        batches
    }

    fn bare_sqlite(&self, path: &Path) -> Result<Duration> {
        let mut rows = rusqlite::Connection::open(path)?;
        rows.pragma_update(None, "journal_mode", "WAL")?;
        rows.pragma_update(None, "synchronous", "FULL")?;
        rows.execute_batch("CREATE TABLE bare (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")?;
        let began = Instant::now();
        for batch in self.batches() {
            let tx = rows.transaction()?;
            for parcel in batch {
                tx.prepare_cached("INSERT INTO bare VALUES (?1, ?2)")?
                    .execute(rusqlite::params![i64::try_from(parcel.seq)?, parcel.bytes])?;
            }
            tx.commit()?;
        }
        Ok(began.elapsed())
    }

    async fn bare_postgres(&self, address: &str) -> Result<Duration> {
        let (client, line) = tokio_postgres::connect(address, tokio_postgres::NoTls).await?;
        let line = tokio::spawn(line);
        client.batch_execute("CREATE TABLE bare (seq BIGINT PRIMARY KEY, bytes BYTEA NOT NULL)").await?;
        let put = client.prepare("INSERT INTO bare SELECT * FROM unnest($1::bigint[], $2::bytea[])").await?;
        let began = Instant::now();
        for batch in self.batches() {
            let seqs = batch.iter().map(|parcel| i64::try_from(parcel.seq)).collect::<Result<Vec<_>, _>>()?;
            let bytes: Vec<&[u8]> = batch.iter().map(|parcel| parcel.bytes.as_slice()).collect();
            client.execute(&put, &[&seqs, &bytes]).await?;
        }
        let took = began.elapsed();
        drop(client);
        line.await??;
        Ok(took)
    }
}

fn median(mut times: Vec<Duration>) -> Result<f64> {
    times.sort_unstable();
    Ok(times.get(times.len() / 2).context("nothing was measured")?.as_secs_f64())
}

#[allow(clippy::cast_precision_loss, reason = "a few thousand")]
pub(crate) fn measure(_: &Bench, figures: &mut Figures) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let writer = Writer::new()?;
    let records = SEGMENTS as f64 * RECORDS as f64;
    let (mut relayed, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let place = tempfile::tempdir()?;
        bare.push(writer.bare_sqlite(&place.path().join("bare.db"))?);
        let store = Arc::new(Sqlite::open(&place.path().join("relay.db"))?);
        relayed.push(runtime.block_on(writer.push(store, place.path()))?);
    }
    let (ours, theirs) = (median(relayed)?, median(bare)?);
    figures.plain("relay_push_records_per_s_sqlite", records / ours);
    figures.plain("relay_vs_bare_insert_ratio", theirs / ours);
    let (mut relayed, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let place = tempfile::tempdir()?;
        let cluster = cluster::Cluster::durable();
        let address = cluster.address();
        runtime.block_on(async {
            bare.push(writer.bare_postgres(&address).await?);
            let store = Arc::new(Postgres::open(&address).await?);
            relayed.push(writer.push(store, place.path()).await?);
            Ok::<_, anyhow::Error>(())
        })?;
    }
    let (ours, theirs) = (median(relayed)?, median(bare)?);
    figures.plain("relay_push_records_per_s_postgres", records / ours);
    figures.plain("relay_vs_bare_insert_ratio_postgres", theirs / ours);
    Ok(())
}
