//! The mailbox for requests to join, over HTTP: anybody may knock, a little; administrators alone look and answer.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod cluster;
mod town;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use cluster::Cluster;
use sealed_log::wire::{Knock, KnockAgain, KnockAnswer, Knocks, MAX_REQUEST, Message};
use sealed_log::{CodeKey, CouncilId, LaptopIdentity, Request, RootSeed};
use talking_point_relay::ports::Ports;
use talking_point_relay::store::{Postgres, Sqlite, Store};
use talking_point_relay::{Doors, Relay, Serving, Settings, serve};
use town::{Line, NAME, Told, Town, request};

const DAY: i64 = 24 * 60 * 60 * 1000;

async fn open(roots: &[&RootSeed], store: Arc<dyn Store>, clock: &Arc<AtomicI64>) -> (Serving, SocketAddr) {
    let settings = Settings::new(NAME, roots.iter().map(|root| root.public()).collect());
    let clock = Arc::clone(clock);
    let ports = Ports::with_clock(move || clock.load(Ordering::SeqCst));
    let relay = Relay::open(settings, store, ports).await.unwrap();
    let laptops = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = laptops.local_addr().unwrap();
    let doors = Doors { laptops, tls: None, behind_proxy: true, watching: None };
    (serve(&relay, doors).unwrap(), address)
}

fn asks(secret: u8) -> Vec<u8> {
    let identity = LaptopIdentity::from_secret(&[secret; 32]).publics();
    Request { identity, salt: [4; 16], made: 0 }.encode(&CodeKey::from_stretched(&[11; 32]))
}

/// One who knocks, from an address of their own.
struct Newcomer(Line, String);

impl Newcomer {
    async fn at(address: SocketAddr, from: &str) -> Self {
        Self(Line::to(address).await, format!("x-forwarded-for: {from}\r\n"))
    }

    async fn says(&mut self, route: &str, body: &[u8]) -> Told {
        self.0.say(&request(route, None, Some(body), &self.1)).await;
        self.0.answer().await
    }

    async fn knocks(&mut self, council: Option<CouncilId>, request: Vec<u8>) -> (u16, String) {
        let told = self.says("knock", &Knock { council, request }.encode()).await;
        (told.status, String::from_utf8(told.body).unwrap())
    }

    async fn asks_again(&mut self, request: &[u8]) -> Told {
        self.says("answered", &KnockAgain { council: None, name: Request::name(request) }.encode()).await
    }
}

async fn story(store: Arc<dyn Store>) {
    let (town, clock) = (Town::new(), Arc::new(AtomicI64::new(0)));
    let (serving, address) = open(&[&town.root], store, &clock).await;
    let mut line = Line::to(address).await;
    let (office, door) = (line.token(&town, &town.office).await, line.token(&town, &town.door).await);
    let mut newcomer = Newcomer::at(address, "192.0.2.1").await;
    let yes = (200, String::new());
    assert_eq!(newcomer.knocks(None, asks(7)).await, yes);
    assert_eq!(newcomer.knocks(Some(town.id), asks(7)).await, yes);
    assert_eq!(newcomer.asks_again(&asks(7)).await.code(), (404, "notYet"));
    // What is none, what is too long, and what is for somebody else.
    assert_eq!(newcomer.knocks(None, b"let me in".to_vec()).await, (400, "form".to_owned()));
    assert_eq!(newcomer.knocks(None, vec![7; MAX_REQUEST + 1]).await.0, 413);
    assert_eq!(newcomer.says("knock", &vec![7; 5_000]).await.status, 413);
    let elsewhere = Some(CouncilId::from_bytes([9; 32]));
    assert_eq!(newcomer.knocks(elsewhere, asks(8)).await, (404, "otherCouncil".to_owned()));
    // Nobody but an administrator sees who knocks, or answers.
    let answer = KnockAnswer { name: Request::name(&asks(7)), approval: vec![5; 3_000] }.encode();
    assert_eq!(line.call("knocks", Some(&door), None).await.code(), (403, "noGrant"));
    assert_eq!(line.call("answer", Some(&door), Some(&answer)).await.code(), (403, "noGrant"));
    assert_eq!(line.call("knocks", None, None).await.code(), (401, "noToken"));
    let told = line.call("knocks", Some(&office), None).await;
    assert_eq!(Knocks::decode(&told.body).unwrap(), Knocks(vec![asks(7)]));
    assert_eq!(line.call("answer", Some(&office), Some(&answer)).await.status, 200);
    let told = line.call("knocks", Some(&office), None).await;
    assert_eq!(Knocks::decode(&told.body).unwrap(), Knocks::default());
    assert_eq!(newcomer.asks_again(&asks(7)).await.body, vec![5; 3_000]);
    // After a day all of it is over.
    assert_eq!(newcomer.knocks(None, asks(9)).await, yes);
    clock.store(DAY, Ordering::SeqCst);
    assert_eq!(newcomer.asks_again(&asks(7)).await.code(), (404, "notYet"));
    let mut line = Line::to(address).await;
    let office = line.token(&town, &town.office).await;
    let told = line.call("knocks", Some(&office), None).await;
    assert_eq!(Knocks::decode(&told.body).unwrap(), Knocks::default());
    // Who knocks again and again is told to wait; others are not.
    let mut often = Newcomer::at(address, "192.0.2.2").await;
    let mut told = Vec::new();
    for secret in 20..35 {
        told.push(often.knocks(None, asks(secret)).await.0);
    }
    assert_eq!(told.iter().filter(|status| **status == 200).count(), 10);
    assert_eq!(told.iter().filter(|status| **status == 429).count(), 5);
    // However many come, the box has its bound.
    let mut full = 0;
    for n in 0..30_u8 {
        let mut another = Newcomer::at(address, &format!("198.51.100.{n}")).await;
        for m in 0..8 {
            full += u32::from(another.knocks(None, asks(n * 8 + m)).await == (507, "quota".to_owned()));
        }
    }
    let told = line.call("knocks", Some(&office), None).await;
    assert_eq!(Knocks::decode(&told.body).unwrap().0.len(), 200);
    assert!(full > 20, "{full}");
    serving.stop().await.unwrap();
}

#[tokio::test]
async fn a_newcomers_request_waits_a_day_in_sqlite_for_an_administrators_answer() {
    let place = tempfile::tempdir().unwrap();
    story(Arc::new(Sqlite::open(&place.path().join("relay.db")).unwrap())).await;
}

#[tokio::test]
async fn a_newcomers_request_waits_a_day_in_postgres_for_an_administrators_answer() {
    let cluster = Cluster::start();
    story(Arc::new(Postgres::open(&cluster.address()).await.unwrap())).await;
}

#[tokio::test]
async fn who_knocks_at_a_relay_of_several_councils_says_at_which() {
    let (town, clock, place) = (Town::new(), Arc::new(AtomicI64::new(0)), tempfile::tempdir().unwrap());
    let other = RootSeed::from_secret(&[50; 32]);
    let store = Arc::new(Sqlite::open(&place.path().join("relay.db")).unwrap());
    let (serving, address) = open(&[&town.root, &other], store, &clock).await;
    let mut newcomer = Newcomer::at(address, "192.0.2.1").await;
    assert_eq!(newcomer.knocks(None, asks(7)).await, (404, "otherCouncil".to_owned()));
    assert_eq!(newcomer.knocks(Some(other.council()), asks(7)).await.0, 200);
    let mut line = Line::to(address).await;
    let office = line.token(&town, &town.office).await;
    let told = line.call("knocks", Some(&office), None).await;
    assert_eq!(Knocks::decode(&told.body).unwrap(), Knocks::default());
    serving.stop().await.unwrap();
}
