//! One story, told to both stores, and what PostgreSQL alone has to bear: two relays at once, and its primary's death.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops where something is wrong"
)]

mod cluster;

use std::collections::BTreeSet;
use std::sync::Arc;

use cluster::Cluster;
use sealed_log::wire::SnapshotName;
use sealed_log::{CouncilId, DocId, Hash, LaptopId, LogId, ScopeId, SnapshotId, StreamId};
use talking_point_relay::store::{
    Batch, Chunks, Kept, NewBlob, NewChunk, NewEntry, NewParts, NewSegment, Note, Placed, Post, Postgres, Rewrite,
    Sqlite, Statement, Store, StoreError, Stored,
};

fn stream(scope: u8, log: u8) -> StreamId {
    StreamId { scope: ScopeId::from_bytes([scope; 16]), log: LogId::from_bytes([log; 16]) }
}

/// Which of the two ways that a stream may have gone is in the hash.
fn hash(seq: u64, way: u8) -> Hash {
    let mut bytes = [way; 32];
    bytes[..8].copy_from_slice(&seq.to_be_bytes());
    if seq == 0 { Hash::NONE } else { Hash::from_bytes(bytes) }
}

fn segment(stream: StreamId, seq: u64, way: u8, prev: Hash) -> NewSegment {
    NewSegment { stream, seq, hash: hash(seq, way), prev, whole: true, bytes: vec![way; 100 + seq as usize] }
}

fn run(stream: StreamId, from: u64, to: u64) -> Vec<NewSegment> {
    (from..=to).map(|seq| segment(stream, seq, 1, hash(seq - 1, 1))).collect()
}

async fn put(
    store: &dyn Store,
    key: i64,
    segments: Vec<NewSegment>,
    blobs: Vec<NewBlob>,
) -> Result<Stored, StoreError> {
    store.put_segments(key, Batch { segments, blobs }.alone()).await
}

fn only(scope: u8) -> BTreeSet<ScopeId> {
    BTreeSet::from([ScopeId::from_bytes([scope; 16])])
}

async fn story(store: &dyn Store) {
    let secret = store.secret([1; 32]).await.unwrap();
    assert_eq!(store.secret([2; 32]).await.unwrap(), secret);
    let key = store.council(CouncilId::from_bytes([7; 32])).await.unwrap();
    let other = store.council(CouncilId::from_bytes([8; 32])).await.unwrap();
    assert_ne!(key, other);
    assert_eq!(store.council(CouncilId::from_bytes([7; 32])).await.unwrap(), key);
    roster_and_statements(store, key).await;
    segments(store, key, other).await;
    ways(store, key).await;
    bodies(store, key).await;
    mail(store, key).await;
    snapshots(store, key).await;
    let turn = store.turns().await.unwrap()[&key];
    assert_eq!(store.turn_over(key).await.unwrap(), turn + 1);
    assert_eq!(store.turns().await.unwrap()[&other], 1);
    assert_eq!(store.size(other).await.unwrap(), 0);
    store.ping().await.unwrap();
}

async fn roster_and_statements(store: &dyn Store, key: i64) {
    let entry = |byte: u8| NewEntry { name: [byte; 16], bytes: vec![byte; 50] };
    store.put_entries(key, vec![entry(2), entry(1)]).await.unwrap();
    store.put_entries(key, vec![entry(2), entry(3)]).await.unwrap();
    assert_eq!(store.entries(key).await.unwrap(), [entry(1), entry(2), entry(3)]);
    assert_eq!(store.entry_count(key).await.unwrap(), 3);
    let log = LogId::from_bytes([4; 16]);
    let said = |number| Statement { log, number, bytes: number.to_string().into_bytes() };
    store.put_seen(key, vec![said(5), said(4)]).await.unwrap();
    store.put_seen(key, vec![said(3)]).await.unwrap();
    assert_eq!(store.seen(key).await.unwrap()[&log], 5);
    assert_eq!(store.statements(key, vec![(log, 4), (log, 5)]).await.unwrap(), [said(5)]);
    assert_eq!(store.size(key).await.unwrap(), 151);
}

async fn segments(store: &dyn Store, key: i64, other: i64) {
    let here = stream(1, 1);
    let turn = store.turns().await.unwrap()[&key];
    let first = put(store, key, run(here, 1, 20), Vec::new()).await.unwrap();
    assert_eq!((first.kept, first.turn), (vec![Kept::New; 20], Some(turn + 1)));
    assert_eq!(put(store, key, run(here, 1, 20), Vec::new()).await.unwrap().turn, None);
    assert_eq!(store.turns().await.unwrap()[&key], turn + 1);
    let again = put(store, key, run(here, 19, 22), Vec::new()).await.unwrap().kept;
    assert_eq!(again, [Kept::Known, Kept::Known, Kept::New, Kept::New]);
    // What follows nothing that is here is not kept, and nothing of a second copy in one push is kept twice.
    let gap = put(store, key, run(here, 24, 25), Vec::new()).await.unwrap().kept;
    assert_eq!(gap, [Kept::Gap, Kept::Gap]);
    let twice = [run(here, 23, 23), run(here, 23, 23)].concat();
    assert_eq!(put(store, key, twice, Vec::new()).await.unwrap().kept, [Kept::New, Kept::Known]);
    let tips = store.tips(key, only(1)).await.unwrap();
    assert_eq!(tips.get(&here).unwrap(), &BTreeSet::from([(23, hash(23, 1).short())]));
    assert!(store.tips(key, only(2)).await.unwrap().is_empty());
    assert!(store.tips(other, only(1)).await.unwrap().is_empty());
    let numbers = async |first, last, most| -> Vec<u64> {
        let found = store.segments(key, here, first, last, most).await.unwrap();
        found
            .into_iter()
            .map(|(seq, bytes)| {
                assert_eq!(bytes.len(), 100 + seq as usize);
                seq
            })
            .collect()
    };
    assert_eq!(numbers(3, 5, 10_000).await, [3, 4, 5]);
    assert_eq!(numbers(20, 99, 10_000).await, [20, 21, 22, 23]);
    assert_eq!(numbers(3, 9, 210).await, [3, 4]);
    assert_eq!(numbers(3, 9, 1).await, [3]);
    assert_eq!(numbers(0, u64::MAX, 1_000_000).await.len(), 23);
    assert!(store.segments(other, here, 1, 9, 1_000).await.unwrap().is_empty());
}

/// A stream that went two ways keeps both ends; what came without a body is replaced when it comes whole.
async fn ways(store: &dyn Store, key: i64) {
    let here = stream(1, 2);
    let lacking = NewSegment { whole: false, bytes: vec![9; 10], ..segment(here, 1, 1, Hash::NONE) };
    assert_eq!(put(store, key, vec![lacking.clone()], Vec::new()).await.unwrap().kept, [Kept::New]);
    put(store, key, run(here, 1, 3), Vec::new()).await.unwrap();
    let fork = [segment(here, 2, 5, hash(1, 1)), segment(here, 3, 5, hash(2, 5))];
    assert_eq!(put(store, key, fork.to_vec(), Vec::new()).await.unwrap().kept, [Kept::New; 2]);
    put(store, key, vec![lacking], Vec::new()).await.unwrap();
    let found = store.segments(key, here, 1, 9, 10_000).await.unwrap();
    assert_eq!(found.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [1, 2, 2, 3, 3]);
    assert_eq!(found[0].1, run(here, 1, 1)[0].bytes);
    let tips = store.tips(key, only(1)).await.unwrap();
    let ends = BTreeSet::from([(3, hash(3, 1).short()), (3, hash(3, 5).short())]);
    assert_eq!(tips.get(&here).unwrap(), &ends);
}

async fn bodies(store: &dyn Store, key: i64) {
    let scope = ScopeId::from_bytes([3; 16]);
    let body = |byte: u8| NewBlob {
        hash: Hash::from_bytes([byte; 32]),
        scope,
        document: DocId::from_bytes([byte; 16]),
        bytes: vec![byte; 70_000],
    };
    let here = stream(3, 1);
    put(store, key, run(here, 1, 700), vec![body(1), body(2)]).await.unwrap();
    put(store, key, Vec::new(), vec![body(1)]).await.unwrap();
    let (one, two) = (body(1).hash, body(2).hash);
    assert_eq!(store.blobs(key, only(3)).await.unwrap(), BTreeSet::from([one, two]));
    assert!(store.blobs(key, only(1)).await.unwrap().is_empty());
    assert_eq!(store.blob(key, only(3), one).await.unwrap(), Some(body(1).bytes));
    assert_eq!(store.blob(key, only(1), one).await.unwrap(), None);
    // Erasing: every third is rewritten, page by page, once each.
    let rewrite: Rewrite = Arc::new(|bytes| bytes.len().is_multiple_of(3).then(|| (vec![0; 2], false)));
    let (mut at, mut pages) = (None, 0);
    loop {
        at = store.rewrite(key, scope, at, 256, Arc::clone(&rewrite)).await.unwrap();
        pages += 1;
        if at.is_none() {
            break;
        }
    }
    assert_eq!(pages, 3);
    let found = store.segments(key, here, 1, 700, 10_000_000).await.unwrap();
    for (seq, bytes) in found {
        let length = 100 + seq as usize;
        assert_eq!(bytes.len(), if length.is_multiple_of(3) { 2 } else { length }, "{seq}");
    }
    let document = BTreeSet::from([(scope, DocId::from_bytes([1; 16]))]);
    store.note_erased(key, document.clone(), BTreeSet::new()).await.unwrap();
    assert_eq!(store.erased(key).await.unwrap(), document);
    assert_eq!(store.blobs(key, only(3)).await.unwrap(), BTreeSet::from([two]));
    // What lacks a body takes it again when it comes.
    put(store, key, run(here, 2, 2), Vec::new()).await.unwrap();
    assert_eq!(store.segments(key, here, 2, 2, 1_000).await.unwrap(), [(2, run(here, 2, 2)[0].bytes.clone())]);
    store.note_erased(key, BTreeSet::new(), document).await.unwrap();
    assert!(store.erased(key).await.unwrap().is_empty());
}

async fn mail(store: &dyn Store, key: i64) {
    let note = |byte: u8| Note { name: [byte; 32], bytes: vec![byte] };
    let put = async |post, byte, times| store.post(key, post, note(byte), times, 2).await.unwrap();
    assert!(put(Post::Request, 1, (0, 100)).await);
    assert!(put(Post::Request, 2, (0, 200)).await);
    assert!(!put(Post::Request, 3, (0, 300)).await);
    // What is there is there, however often it is put, and however full the box is.
    assert!(put(Post::Request, 2, (0, 900)).await);
    assert!(put(Post::Answer, 3, (0, 300)).await);
    assert_eq!(store.notes(key, Post::Request, 99).await.unwrap(), [note(1), note(2)]);
    assert_eq!(store.notes(key, Post::Request, 100).await.unwrap(), [note(2)]);
    let one = async |post, byte: u8, now| store.note(key, post, [byte; 32], now).await.unwrap();
    assert_eq!(one(Post::Answer, 3, 299).await, Some(vec![3]));
    assert_eq!((one(Post::Answer, 3, 300).await, one(Post::Request, 3, 0).await), (None, None));
    assert!(put(Post::Request, 4, (100, 300)).await);
    store.unpost(key, Post::Request, [2; 32]).await.unwrap();
    assert_eq!(store.notes(key, Post::Request, 100).await.unwrap(), [note(4)]);
}

/// A snapshot is nobody's to read before it is whole, its writer's alone to go on with, and then as it is.
async fn snapshots(store: &dyn Store, key: i64) {
    let name = |byte: u8| SnapshotName { scope: ScopeId::from_bytes([3; 16]), id: SnapshotId::from_bytes([byte; 16]) };
    let chunk = |number: u64| {
        let bytes = vec![9; 1_000 + number as usize];
        NewChunk { number, hash: hash(number, 9), bytes }
    };
    let put = |byte, laptop, now, chunks: &[u64], manifest: Option<&[u64]>| {
        let of = |numbers: &[u64]| numbers.iter().map(|n| (*n, (1_000 + n, hash(*n, 9)))).collect::<Chunks>();
        let manifest = manifest.map(|numbers| (vec![7; 50], of(numbers)));
        let (laptop, chunks) = (LaptopId::from_bytes([laptop; 16]), chunks.iter().map(|n| chunk(*n)).collect());
        store.put_parts(key, NewParts { name: name(byte), laptop, now, chunks, manifest })
    };
    let before = store.size(key).await.unwrap();
    assert_eq!(put(1, 1, 100, &[1, 2], None).await, Ok(Placed::Here));
    assert_eq!(put(1, 2, 100, &[3], None).await, Ok(Placed::Another));
    assert_eq!(put(1, 1, 200, &[], Some(&[1, 2, 3])).await, Ok(Placed::NotWhole));
    assert!(store.snapshots(key, only(3)).await.unwrap().is_empty());
    assert_eq!(store.manifest(key, name(1)).await.unwrap(), None);
    assert_eq!(store.chunks_here(key, name(1)).await.unwrap().len(), 2);
    // A chunk that came otherwise is put right before the snapshot is whole, and never after.
    let other = NewChunk { hash: hash(2, 8), ..chunk(2) };
    let parts =
        |chunks| NewParts { name: name(1), laptop: LaptopId::from_bytes([1; 16]), now: 300, chunks, manifest: None };
    assert_eq!(store.put_parts(key, parts(vec![other.clone()])).await, Ok(Placed::Here));
    assert_eq!(put(1, 1, 300, &[3], Some(&[1, 2, 3])).await, Ok(Placed::NotWhole));
    assert_eq!(put(1, 1, 300, &[2], Some(&[1, 2, 3])).await, Ok(Placed::Here));
    assert_eq!(put(1, 1, 300, &[2], Some(&[1, 2, 3])).await, Ok(Placed::Here));
    assert_eq!(store.put_parts(key, parts(vec![other])).await, Ok(Placed::Another));
    assert_eq!(store.snapshots(key, only(3)).await.unwrap(), BTreeSet::from([name(1)]));
    assert!(store.snapshots(key, only(1)).await.unwrap().is_empty());
    assert_eq!(store.manifest(key, name(1)).await.unwrap(), Some(vec![7; 50]));
    assert_eq!(store.size(key).await.unwrap() - before, 50 + 1_001 + 1_002 + 1_003);
    let numbers = async |wanted: &[u64], most| -> Vec<u64> {
        let found = store.chunks(key, name(1), wanted.to_vec(), most).await.unwrap();
        assert!(found.iter().all(|(number, bytes)| bytes.len() == 1_000 + *number as usize));
        found.into_iter().map(|(number, _)| number).collect()
    };
    assert_eq!(numbers(&[3, 9, 1], 10_000).await, [3, 1]);
    assert_eq!(numbers(&[2, 1], 2_002).await, [2]);
    assert_eq!(numbers(&[2, 1], 0).await, [2]);
    // Half ones go when nobody goes on with them; those that are whole stay until they are taken away.
    put(2, 1, 400, &[1], None).await.unwrap();
    put(3, 1, 500, &[1], None).await.unwrap();
    store.remove_halves(key, 500).await.unwrap();
    assert!(store.chunks_here(key, name(2)).await.unwrap().is_empty());
    assert_eq!(store.chunks_here(key, name(3)).await.unwrap().len(), 1);
    assert_eq!(store.snapshots(key, only(3)).await.unwrap(), BTreeSet::from([name(1)]));
    store.remove_snapshot(key, name(1)).await.unwrap();
    store.remove_snapshot(key, name(3)).await.unwrap();
    assert!(store.snapshots(key, only(3)).await.unwrap().is_empty());
    assert_eq!(store.size(key).await.unwrap(), before);
}

#[tokio::test]
async fn sqlite_keeps_what_it_is_given() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("relay.db");
    story(&Sqlite::open(&path).unwrap()).await;
    // What was kept is there when it is opened again; one of a newer relay is left alone.
    let store = Sqlite::open(&path).unwrap();
    let key = store.council(CouncilId::from_bytes([7; 32])).await.unwrap();
    assert_eq!(store.entry_count(key).await.unwrap(), 3);
    drop(store);
    let rows = rusqlite::Connection::open(&path).unwrap();
    rows.pragma_update(None, "user_version", 99).unwrap();
    assert_eq!(Sqlite::open(&path).unwrap_err(), StoreError::Newer);
}

#[tokio::test]
async fn postgres_keeps_what_it_is_given() {
    let cluster = Cluster::start();
    story(&Postgres::open(&cluster.address()).await.unwrap()).await;
    let store = Postgres::open(&cluster.address()).await.unwrap();
    let key = store.council(CouncilId::from_bytes([7; 32])).await.unwrap();
    assert_eq!(store.entry_count(key).await.unwrap(), 3);
    cluster.sql("a", "insert into relay_tables values (99)");
    assert_eq!(Postgres::open(&cluster.address()).await.unwrap_err(), StoreError::Newer);
    let nowhere = Postgres::open("postgres://relay@localhost:1/relay?connect_timeout=1").await.unwrap_err();
    assert!(matches!(nowhere, StoreError::Away(_)), "{nowhere:?}");
}

/// With a certificate, nothing is said but over TLS, and to nobody who does not show it.
#[tokio::test]
async fn over_tls_the_database_has_to_show_the_certificate() {
    let cluster = Cluster::start();
    let made = |name: &str| rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let (own, other) = (made("localhost"), made("localhost"));
    let port = cluster.with_tls(&own.cert.pem(), &own.signing_key.serialize_pem());
    let address = format!("postgres://relay@localhost:{port}/relay?connect_timeout=5");
    let open = async |address: &str, pem: &str| Postgres::open_trusting(address, Some(pem.as_bytes())).await;
    let store = open(&address, &own.cert.pem()).await.unwrap();
    let key = store.council(CouncilId::from_bytes([7; 32])).await.unwrap();
    put(&store, key, run(stream(1, 1), 1, 3), Vec::new()).await.unwrap();
    // The one connection that a relay has made by then is one with TLS.
    let told = open(&address, &other.cert.pem()).await.unwrap_err();
    assert!(matches!(told, StoreError::Away(_)), "{told:?}");
    let by_number = address.replace("localhost", "127.0.0.1");
    assert!(open(&by_number, &own.cert.pem()).await.is_err(), "the name is not in the certificate");
    assert!(matches!(open(&address, "no certificate").await, Err(StoreError::Failed(_))));
    let asked = Postgres::open(&format!("{address}&sslmode=require")).await.unwrap_err();
    assert!(asked.to_string().contains("certificate"), "{asked}");
    // Over TLS alone: a server without it is not spoken to.
    let plain = Cluster::start();
    assert!(open(&plain.address(), &own.cert.pem()).await.is_err());
}

/// Relays that put the same segments at once, in pieces of their own, keep each once and one end.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_relays_before_one_database_keep_each_segment_once() {
    let cluster = Cluster::start();
    let address = cluster.address();
    let opened: Vec<_> = (0..4)
        .map(|_| {
            let address = address.clone();
            tokio::spawn(async move { Postgres::open(&address).await.unwrap() })
        })
        .collect();
    let mut relays = Vec::new();
    for one in opened {
        relays.push(one.await.unwrap());
    }
    let key = relays[0].council(CouncilId::from_bytes([7; 32])).await.unwrap();
    let here = stream(1, 1);
    let putting: Vec<_> = relays
        .iter()
        .zip([1_u64, 2, 3, 7])
        .map(|(relay, step)| {
            let relay = relay.clone();
            tokio::spawn(async move {
                let mut new = 0;
                let mut first = 1;
                while first <= 200 {
                    let last = (first + step - 1).min(200);
                    let kept = put(&relay, key, run(here, first, last), Vec::new()).await.unwrap().kept;
                    assert!(!kept.contains(&Kept::Gap));
                    new += kept.iter().filter(|kept| **kept == Kept::New).count();
                    first = last + 1;
                }
                new
            })
        })
        .collect();
    let mut new = 0;
    for one in putting {
        new += one.await.unwrap();
    }
    assert_eq!(new, 200);
    let tips = relays[0].tips(key, only(1)).await.unwrap();
    assert_eq!(tips.get(&here).unwrap(), &BTreeSet::from([(200, hash(200, 1).short())]));
}

/// Whatever was said to be kept is there after the primary died and its standby took over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_kept_is_lost_when_the_primary_dies() {
    let cluster = Cluster::start().with_standby();
    let store = Postgres::open(&cluster.address()).await.unwrap();
    let key = store.council(CouncilId::from_bytes([7; 32])).await.unwrap();
    let here = stream(1, 1);
    let (said, mut kept) = tokio::sync::watch::channel(0_u64);
    let writer = store.clone();
    let writing = tokio::spawn(async move {
        let (mut seq, mut away) = (1, 0_u64);
        while seq <= 1_500 {
            match put(&writer, key, run(here, seq, seq), Vec::new()).await {
                Ok(_) => {
                    said.send_replace(seq);
                    seq += 1;
                }
                Err(StoreError::Away(_)) => away += 1,
                Err(other) => return Err(other),
            }
        }
        Ok(away)
    });
    kept.wait_for(|kept| *kept >= 300).await.unwrap();
    cluster.kill_primary();
    let before = *kept.borrow_and_update();
    cluster.promote();
    let away = writing.await.unwrap().unwrap();
    assert!(away > 0 && before < 1_500, "{away} {before}");
    let found = store.segments(key, here, 1, 2_000, 100_000_000).await.unwrap();
    assert_eq!(found.len(), 1_500);
    assert_eq!(store.tips(key, only(1)).await.unwrap()[&here], BTreeSet::from([(1_500, hash(1_500, 1).short())]));
}
