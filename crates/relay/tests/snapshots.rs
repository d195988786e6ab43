//! Snapshots over HTTP, before either store: who may put one, who may have it, and what is not taken.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod cluster;
mod town;

use std::collections::BTreeSet;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use cluster::Cluster;
use sealed_log::wire::{Message, Push, SnapshotAsk, SnapshotGiven, SnapshotName, SnapshotPut, Snapshots};
use sealed_log::{DocId, Kind, MAX_SEALED, Manifest, Part, ScopeId, SealedChunk, SnapshotId, seal_chunk};
use talking_point_relay::ports::Ports;
use talking_point_relay::store::{Postgres, Sqlite, Store};
use talking_point_relay::{Doors, Relay, Serving, Settings, serve};
use town::{Laptop, Line, NAME, Told, Town};

async fn open(town: &Town, store: Arc<dyn Store>, quota: u64) -> (Serving, SocketAddr) {
    let settings = Settings { quota, ..Settings::new(NAME, vec![town.root.public()]) };
    let relay = Relay::open(settings, store, Ports::system()).await.unwrap();
    let laptops = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = laptops.local_addr().unwrap();
    let doors = Doors { laptops, tls: None, behind_proxy: true, watching: None };
    (serve(&relay, doors).unwrap(), address)
}

/// A snapshot by the office, of as many chunks.
struct Made {
    name: SnapshotName,
    chunks: Vec<SealedChunk>,
    manifest: Vec<u8>,
}

impl Made {
    fn new(town: &Town, writer: &Laptop, scope: ScopeId, byte: u8) -> Self {
        let id = SnapshotId::from_bytes([byte; 16]);
        let chunk = |index| {
            let what = (if index == 0 { Part::Rows } else { Part::Documents }, 1);
            seal_chunk((&town.id, &scope, &id), index, what, &town.key, town::PLANTED.as_bytes(), [7; 24]).unwrap()
        };
        let chunks: Vec<SealedChunk> = (0..3).map(chunk).collect();
        let manifest = Manifest {
            council: town.id,
            log: writer.log(),
            scope,
            id,
            epoch: town.key.id(),
            projection: 1,
            clock: 0,
            ends: BTreeSet::new(),
            roster: BTreeSet::from([town.roster.last().unwrap().hash()]),
            chunks: chunks.iter().map(|chunk| chunk.note).collect(),
            more: Vec::new(),
        };
        let manifest = manifest.sign(&writer.incarnation).unwrap();
        Self { name: SnapshotName { scope, id }, chunks, manifest }
    }

    fn put(&self, numbers: &[usize], manifest: bool) -> Vec<u8> {
        let chunks = numbers.iter().map(|index| (*index as u64, self.chunks[*index].bytes.clone())).collect();
        SnapshotPut { name: self.name, chunks, manifest: manifest.then(|| self.manifest.clone()) }.encode()
    }
}

/// Somebody who has logged in.
struct Known(Line, String);

impl Known {
    async fn at(address: SocketAddr, town: &Town, laptop: &Laptop) -> Self {
        let mut line = Line::to(address).await;
        let token = line.token(town, laptop).await;
        Self(line, token)
    }

    async fn posts(&mut self, route: &str, body: &[u8]) -> Told {
        self.0.call(route, Some(&self.1), Some(body)).await
    }

    async fn keeps(&mut self, body: Vec<u8>) -> (u16, String) {
        let told = self.posts("keep", &body).await;
        (told.status, String::from_utf8(told.body).unwrap())
    }

    async fn sees(&mut self) -> Vec<SnapshotName> {
        let told = self.0.call("snapshots", Some(&self.1), None).await;
        Snapshots::decode(&told.body).unwrap().0.into_iter().collect()
    }

    async fn asks(&mut self, name: SnapshotName, chunks: Vec<u64>) -> SnapshotGiven {
        let told = self.posts("snapshot", &SnapshotAsk { name, manifest: true, chunks }.encode()).await;
        assert_eq!(told.status, 200, "{:?}", told.code());
        SnapshotGiven::decode(&told.body).unwrap()
    }
}

fn no(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

async fn story(store: Arc<dyn Store>) {
    let mut town = Town::new();
    let (serving, address) = open(&town, store, 1 << 30).await;
    let mut office = Known::at(address, &town, &town.office).await;
    let mut door = Known::at(address, &town, &town.door).await;
    let [desk, casework] = town.scopes;
    let (first, secret) = (Made::new(&town, &town.office, desk, 1), Made::new(&town, &town.office, casework, 2));
    let yes = no(200, "");

    // Half of one is nobody's; a keeper's alone is taken.
    assert_eq!(door.keeps(first.put(&[0], false)).await, no(403, "noGrant"));
    let own = Made::new(&town, &town.door, desk, 3);
    assert_eq!(door.keeps(own.put(&[0, 1, 2], true)).await, no(403, "noGrant"));
    assert_eq!(office.keeps(own.put(&[0, 1, 2], true)).await, no(403, "noGrant"));
    assert_eq!(office.keeps(first.put(&[0, 1], false)).await, yes);
    assert_eq!(office.keeps(first.put(&[], true)).await, no(409, "notWhole"));
    assert_eq!(office.sees().await, []);
    assert_eq!(door.asks(first.name, vec![0]).await.manifest, None);
    // A chunk that is not the one that the manifest names, a manifest for another snapshot, and beyond the bounds.
    let mut spoilt = first.chunks[2].bytes.clone();
    spoilt[30] ^= 1;
    let spoilt = SnapshotPut { name: first.name, chunks: vec![(2, spoilt)], manifest: Some(first.manifest.clone()) };
    assert_eq!(office.keeps(spoilt.encode()).await, no(409, "notWhole"));
    let elsewhere = SnapshotPut { name: secret.name, chunks: Vec::new(), manifest: Some(first.manifest.clone()) };
    assert_eq!(office.keeps(elsewhere.encode()).await, no(400, "form"));
    for (number, bytes) in [(3, vec![0; MAX_SEALED + 1]), (65_536, vec![1]), (4, Vec::new())] {
        let put = SnapshotPut { name: first.name, chunks: vec![(number, bytes)], manifest: None };
        assert_eq!(office.keeps(put.encode()).await, no(413, "tooLarge"), "{number}");
    }
    assert_eq!(office.keeps(first.put(&[2], true)).await, yes);
    assert_eq!(office.keeps(first.put(&[2], true)).await, yes);
    assert_eq!(office.keeps(secret.put(&[0, 1, 2], true)).await, yes);

    // Each has what its grants let it read.
    assert_eq!(office.sees().await.len(), 2);
    assert_eq!(door.sees().await, [first.name]);
    let given = door.asks(first.name, vec![2, 0, 9]).await;
    assert_eq!(given.manifest.as_ref(), Some(&first.manifest));
    let bytes = |index: usize| (index as u64, first.chunks[index].bytes.clone());
    assert_eq!(given.chunks, [bytes(2), bytes(0)]);
    assert_eq!(given.held.len(), 3);
    assert_eq!(door.asks(secret.name, vec![0]).await, SnapshotGiven::default());
    assert_eq!(door.posts("drop", &first.name.encode()).await.code(), (403, "noGrant"));

    // Whose writer has not heard of an erasure is not taken, nor anything from one who was taken out.
    town.says(Kind::Erase { documents: vec![(desk, DocId::from_bytes([1; 16]))] });
    let late = Made { manifest: first.manifest.clone(), ..Made::new(&town, &town.office, desk, 1) };
    let newer = Made::new(&town, &town.office, desk, 4);
    town.says(Kind::Revoke { laptop: town.door.identity.laptop() });
    let roster = Push { roster: town.entries(), ..Push::default() };
    assert_eq!(office.posts("push", &roster.encode()).await.status, 200);
    assert_eq!(office.posts("drop", &first.name.encode()).await.status, 200);
    assert_eq!(office.sees().await, [secret.name]);
    assert_eq!(office.keeps(late.put(&[0, 1, 2], true)).await, no(409, "behind"));
    assert_eq!(office.keeps(newer.put(&[0, 1, 2], true)).await, yes);
    let ask = SnapshotAsk { name: newer.name, manifest: true, chunks: vec![0] };
    assert_eq!(door.posts("snapshot", &ask.encode()).await.code(), (403, "takenOut"));
    assert_eq!(door.keeps(newer.put(&[0], false)).await, no(403, "takenOut"));
    serving.stop().await.unwrap();
}

#[tokio::test]
async fn a_keepers_snapshot_is_kept_by_sqlite_for_those_who_may_read_it() {
    let place = tempfile::tempdir().unwrap();
    story(Arc::new(Sqlite::open(&place.path().join("relay.db")).unwrap())).await;
}

#[tokio::test]
async fn a_keepers_snapshot_is_kept_by_postgres_for_those_who_may_read_it() {
    let cluster = Cluster::start();
    story(Arc::new(Postgres::open(&cluster.address()).await.unwrap())).await;
}

#[tokio::test]
async fn a_snapshot_that_does_not_go_under_the_quota_is_refused_and_takes_no_room() {
    let place = tempfile::tempdir().unwrap();
    let town = Town::new();
    let store = Arc::new(Sqlite::open(&place.path().join("relay.db")).unwrap());
    let made = Made::new(&town, &town.office, town.scopes[0], 1);
    let roster: usize = town.entries().iter().map(Vec::len).sum();
    let chunk = made.chunks[0].bytes.len();
    let (serving, address) = open(&town, store, (roster + chunk * 2) as u64).await;
    let mut office = Known::at(address, &town, &town.office).await;
    assert_eq!(office.keeps(made.put(&[0, 1], false)).await, no(200, ""));
    assert_eq!(office.keeps(made.put(&[2], true)).await, no(507, "quota"));
    // What was begun is given up, and there is room again.
    assert_eq!(office.posts("drop", &made.name.encode()).await.status, 200);
    assert_eq!(office.keeps(made.put(&[2, 1], false)).await, no(200, ""));
    assert_eq!(office.sees().await, []);
    serving.stop().await.unwrap();
}
