//! The relay as a program, spoken to over HTTP: how often it may be asked, how much it takes, what it tells those who look
//! after it, what it writes down, and how it stops.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod cluster;
mod town;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use cluster::Cluster;
use sealed_log::wire::{Message, Push, Pushed, Shelf};
use serde_json::Value;
use talking_point_relay::store::{CouncilKey, Sqlite, Store};
use town::{Line, NAME, Town, begun, header, request};

/// A relay that runs.
struct Running {
    process: Child,
    log: Receiver<String>,
    said: Vec<String>,
    laptops: SocketAddr,
    watch: SocketAddr,
}

impl Running {
    fn start(town: &Town, place: &Path, database: Option<&str>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_talking-point-relay"));
        command.args(["--name", NAME, "--council", &town.public(), "--behind-proxy"]);
        command.args(["--listen", "127.0.0.1:0", "--watch", "127.0.0.1:0"]);
        match database {
            Some(address) => command.args(["--database", address]),
            None => command.arg("--data").arg(place),
        };
        let mut process =
            command.env_remove("RUST_LOG").env_remove("PGPASSWORD").stderr(Stdio::piped()).spawn().unwrap();
        let (says, log) = channel();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| says.send(line)));
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut relay = Self { process, log, said: Vec::new(), laptops: nowhere, watch: nowhere };
        let line = relay.waits_for("listening");
        let address = |field: &str| line["fields"][field].as_str().unwrap().parse().unwrap();
        (relay.laptops, relay.watch) = (address("listen"), address("watch"));
        relay
    }

    /// A line of the log with this message.
    fn waits_for(&mut self, message: &str) -> Value {
        loop {
            let line = self.log.recv_timeout(Duration::from_secs(60)).unwrap();
            self.said.push(line.clone());
            let line: Value = serde_json::from_str(&line).unwrap();
            if line["fields"]["message"] == message {
                return line;
            }
        }
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.process.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// How it ended, and all that it wrote down.
    fn ended(mut self) -> (ExitStatus, Vec<String>) {
        let status = self.process.wait().unwrap();
        let mut said = std::mem::take(&mut self.said);
        said.extend(self.log.iter());
        (status, said)
    }

    /// The most memory that it ever had, in KiB.
    fn most_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    async fn metrics(&self) -> String {
        let mut line = Line::to(self.watch).await;
        line.say(b"GET /metrics HTTP/1.1\r\nhost: here\r\n\r\n").await;
        String::from_utf8(line.answer().await.body).unwrap()
    }

    async fn health(&self) -> (u16, String) {
        let mut line = Line::to(self.watch).await;
        line.say(b"GET /health HTTP/1.1\r\nhost: here\r\n\r\n").await;
        let told = line.answer().await;
        (told.status, String::from_utf8(told.body).unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn number(text: &str, name: &str) -> u64 {
    let line = text.lines().find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')));
    line.unwrap().rsplit(' ').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn who_asks_too_often_is_told_how_long_to_wait_and_nobody_else_is() {
    let (town, place) = (Town::new(), tempfile::tempdir().unwrap());
    let relay = Running::start(&town, place.path(), None);
    let mut line = Line::to(relay.laptops).await;
    let (office, door) = (line.token(&town, &town.office).await, line.token(&town, &town.door).await);
    let mut turned_away = 0;
    for _ in 0..400 {
        let told = line.call("look", Some(&office), None).await;
        if told.status == 429 {
            assert_eq!(told.code(), (429, "tooOften"));
            assert_eq!(header(&told.head, "retry-after"), Some("1"));
            turned_away += 1;
        }
    }
    assert!(turned_away > 50, "{turned_away}");
    assert_eq!(line.call("look", Some(&door), None).await.status, 200);
    // Of those who have not said who they are, each address has its own measure.
    let from = |address: &str| request("challenge", None, None, &format!("x-forwarded-for: 10.9.9.9, {address}\r\n"));
    let mut turned_away = 0;
    for _ in 0..400 {
        line.say(&from("192.0.2.7")).await;
        turned_away += u32::from(line.answer().await.status == 429);
    }
    assert!(turned_away > 50, "{turned_away}");
    line.say(&from("192.0.2.8")).await;
    assert_eq!(line.answer().await.status, 200);
}

#[tokio::test]
async fn those_who_look_after_it_hear_numbers_and_laptops_do_not() {
    let (town, cluster) = (Town::new(), Cluster::start());
    let place = tempfile::tempdir().unwrap();
    let relay = Running::start(&town, place.path(), Some(&cluster.address()));
    let mut line = Line::to(relay.laptops).await;
    let token = line.token(&town, &town.office).await;
    let segments = town.segments(&town.office, town.scopes[0], 3).iter().map(sealed_log::Segment::encode).collect();
    let push = Push { segments, ..Push::default() };
    assert_eq!(line.call("push", Some(&token), Some(&push.encode())).await.status, 200);
    assert_eq!(relay.health().await, (200, "ok".to_owned()));
    let text = relay.metrics().await;
    assert_eq!(number(&text, "relay_segments_kept_total"), 3);
    assert_eq!(number(&text, "relay_requests_total{route=\"push\",status=\"ok\"}"), 1);
    assert_eq!(number(&text, "relay_waiting"), 0);
    for secret in [town.public(), town.office.identity.laptop().to_string(), token.clone()] {
        assert!(!text.contains(&secret));
    }
    line.say(b"GET /metrics HTTP/1.1\r\nhost: here\r\n\r\n").await;
    assert_eq!(line.answer().await.status, 404);
    // With its database gone it says so, and is well again when that is.
    cluster.kill_primary();
    // Its servers each notice a moment later.
    let noticed = async { while relay.health().await == (200, "ok".to_owned()) {} };
    tokio::time::timeout(Duration::from_secs(60), noticed).await.unwrap();
    assert_eq!(relay.health().await, (503, "away".to_owned()));
    let told = line.call("look", Some(&token), None).await;
    assert_eq!((told.code(), header(&told.head, "retry-after")), ((503, "away"), Some("2")));
}

/// More than go to one thread, and more than go in together: in their order all the same.
#[tokio::test]
async fn one_that_is_spoilt_among_many_is_named_by_its_place_and_what_follows_it_waits() {
    let (town, place) = (Town::new(), tempfile::tempdir().unwrap());
    let relay = Running::start(&town, place.path(), None);
    let mut line = Line::to(relay.laptops).await;
    let token = line.token(&town, &town.office).await;
    let mut segments: Vec<Vec<u8>> =
        town.segments(&town.office, town.scopes[0], 900).iter().map(sealed_log::Segment::encode).collect();
    let whole = segments.clone();
    let last = segments[700].len() - 1;
    segments[700][last] ^= 1;
    let told = line.call("push", Some(&token), Some(&Push { segments, ..Push::default() }.encode())).await;
    let refused = Pushed::decode(&told.body).unwrap().refused;
    assert_eq!(refused.len(), 200);
    assert_eq!(refused[0], (700, "hashMismatch".to_owned()));
    assert!((701..).zip(&refused[1..]).all(|(place, told)| *told == (place, "gap".to_owned())));
    let tips = async |line: &mut Line| -> Vec<u64> {
        let shelf = Shelf::decode(&line.call("look", Some(&token), None).await.body).unwrap();
        shelf.tips.values().flatten().map(|(seq, _)| *seq).collect()
    };
    assert_eq!(tips(&mut line).await, [700]);
    let told = line.call("push", Some(&token), Some(&Push { segments: whole, ..Push::default() }.encode())).await;
    assert_eq!(Pushed::decode(&told.body).unwrap(), Pushed::default());
    assert_eq!(tips(&mut line).await, [900]);
    assert_eq!(number(&relay.metrics().await, "relay_segments_kept_total"), 900);
}

#[tokio::test]
async fn told_to_stop_it_ends_what_is_under_way_and_lets_those_go_who_wait() {
    let (town, place) = (Town::new(), tempfile::tempdir().unwrap());
    let mut relay = Running::start(&town, place.path(), None);
    let (mut waiting, mut putting) = (Line::to(relay.laptops).await, Line::to(relay.laptops).await);
    let token = putting.token(&town, &town.office).await;
    waiting.say(&request("wake", Some(&token), None, "")).await;
    assert!(waiting.head().await.contains("text/event-stream"));
    let first = waiting.next().await + &waiting.next().await;
    assert!(first.contains("data: "), "{first}");
    assert_eq!(number(&relay.metrics().await, "relay_waiting"), 1);
    let segments = town.segments(&town.office, town.scopes[0], 2).iter().map(sealed_log::Segment::encode).collect();
    let bytes =
        request("push", Some(&token), Some(&Push { segments, ..Push::default() }.encode()), "expect: 100-continue\r\n");
    // The relay has begun with the request, and waits for the rest.
    let (head, body) = bytes.split_at(bytes.len() - 500);
    putting.say(head).await;
    assert!(putting.head().await.contains("100"));
    relay.signal("TERM");
    relay.waits_for("stopping");
    let rest = waiting.rest().await;
    assert!(!String::from_utf8_lossy(&rest).contains("data: 9"), "it ends, and says nothing more");
    putting.say(body).await;
    let told = putting.answer().await;
    assert_eq!(told.status, 200);
    assert_eq!(Pushed::decode(&told.body).unwrap(), Pushed::default());
    drop(putting);
    let laptops = relay.laptops;
    let (status, _) = relay.ended();
    assert!(status.success(), "{status:?}");
    assert!(tokio::net::TcpStream::connect(laptops).await.is_err());
    // What it said yes to is there.
    let relay = Running::start(&town, place.path(), None);
    let mut line = Line::to(relay.laptops).await;
    let token = line.token(&town, &town.office).await;
    let shelf = Shelf::decode(&line.call("look", Some(&token), None).await.body).unwrap();
    assert_eq!(shelf.tips.values().flatten().map(|(seq, _)| *seq).collect::<Vec<_>>(), [2]);
}

#[tokio::test]
async fn its_log_says_how_much_and_how_long_and_nothing_of_whom_or_what() {
    let (town, place) = (Town::new(), tempfile::tempdir().unwrap());
    let relay = Running::start(&town, place.path(), None);
    let mut line = Line::to(relay.laptops).await;
    let token = line.token(&town, &town.door).await;
    let segments: Vec<_> =
        town.segments(&town.door, town.scopes[0], 2).iter().map(sealed_log::Segment::encode).collect();
    let push = Push { segments, ..Push::default() }.encode();
    assert_eq!(line.call("push", Some(&token), Some(&push)).await.status, 200);
    // Words where none belong: in a body, a path, a query, a field, a token.
    for (route, token, body) in [
        ("push", Some(token.as_str()), Some(town::PLANTED.as_bytes())),
        ("Mair-Rhydderch", None, None),
        ("look?name=Mair-Rhydderch", Some(token.as_str()), None),
        ("look", Some("Mair-Rhydderch"), None),
    ] {
        line.say(&request(route, token, body, "x-forwarded-for: 192.0.2.77\r\nuser-agent: Mair-Rhydderch\r\n")).await;
        line.answer().await;
    }
    relay.signal("TERM");
    drop(line);
    let (status, said) = relay.ended();
    assert!(status.success());
    let answered: Vec<Value> = said
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["fields"].clone())
        .filter(|fields| fields["message"] == "answered")
        .collect();
    let routes: Vec<&str> = answered.iter().map(|fields| fields["route"].as_str().unwrap()).collect();
    assert_eq!(routes, ["challenge", "login", "push", "push", "look", "look"]);
    for fields in &answered {
        // Which crates are built beside this one decides whether they stay in the order of the line.
        let mut names: Vec<&String> = fields.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(names, ["came", "message", "ms", "route", "status", "went"]);
    }
    assert_eq!((answered[2]["status"].as_u64(), answered[2]["came"].as_u64()), (Some(200), Some(push.len() as u64)));
    let text = said.join("\n");
    let door = town.door.identity.laptop();
    let ids = [town.public(), token, door.to_string(), town.id.to_string(), town.scopes[0].to_string()];
    let hidden = ["Mair", "Rhydderch", "192.0.2.77", "user-agent"].map(str::to_owned);
    for word in ids.iter().chain(&hidden) {
        assert!(!text.contains(word.as_str()), "{word}");
    }
}

#[tokio::test]
async fn two_hundred_megabytes_are_refused_and_never_held() {
    let (town, place) = (Town::new(), tempfile::tempdir().unwrap());
    let relay = Running::start(&town, place.path(), None);
    let mut line = Line::to(relay.laptops).await;
    let token = line.token(&town, &town.office).await;
    // One that says how much it brings, to whoever takes a body.
    for route in ["push", "ask", "keep", "snapshot", "drop", "login"] {
        let mut line = Line::to(relay.laptops).await;
        let more = "content-length: 209715200\r\n";
        line.say(
            &request(route, Some(&token), None, more)
                .strip_prefix(b"GET")
                .map(|rest| [b"POST", rest].concat())
                .unwrap(),
        )
        .await;
        assert_eq!(line.answer().await.status, 413, "{route}");
    }
    // One that does not, and goes on as long as anybody listens.
    let more = "transfer-encoding: chunked\r\n";
    line.say(&begun("push", &token, more)).await;
    let piece = [b"100000\r\n".as_slice(), &vec![7; 1 << 20], b"\r\n"].concat();
    let mut sent = 0;
    while sent < 200 && line.tries_to_say(&piece).await {
        sent += 1;
    }
    assert!((16..200).contains(&sent), "{sent} MiB were listened to");
    // A stranger's is not even read.
    let mut line = Line::to(relay.laptops).await;
    line.say(&begun("push", "stranger", more)).await;
    assert_eq!(line.answer().await.status, 401);
    assert!(relay.most_memory() < 120 << 10, "{} KiB", relay.most_memory());
    assert_eq!(relay.health().await.0, 200);
}

#[tokio::test]
async fn a_backup_of_sqlite_is_whole_while_it_runs_and_after_it_is_put_back() {
    let (town, place) = (Town::new(), tempfile::tempdir().unwrap());
    let relay = Running::start(&town, &place.path().join("first"), None);
    let mut line = Line::to(relay.laptops).await;
    let token = line.token(&town, &town.office).await;
    let segments = town.segments(&town.office, town.scopes[0], 5);
    let push = |from: usize, to: usize| {
        let segments = segments[from..to].iter().map(sealed_log::Segment::encode).collect();
        Push { segments, ..Push::default() }.encode()
    };
    assert_eq!(line.call("push", Some(&token), Some(&push(0, 3))).await.status, 200);
    let second = place.path().join("second");
    std::fs::create_dir(&second).unwrap();
    // As the runbook has it.
    let rows = rusqlite::Connection::open(place.path().join("first/relay.db")).unwrap();
    rows.execute("VACUUM INTO ?1", [second.join("relay.db").to_str().unwrap()]).unwrap();
    assert_eq!(line.call("push", Some(&token), Some(&push(3, 5))).await.status, 200);
    drop(relay);
    let relay = Running::start(&town, &second, None);
    let mut line = Line::to(relay.laptops).await;
    // The token of before lets in, and the laptop puts again what came after the backup.
    let shelf = Shelf::decode(&line.call("look", Some(&token), None).await.body).unwrap();
    assert_eq!(shelf.tips.values().flatten().map(|(seq, _)| *seq).collect::<Vec<_>>(), [3]);
    let told = line.call("push", Some(&token), Some(&push(3, 5))).await;
    assert_eq!(Pushed::decode(&told.body).unwrap(), Pushed::default());
    drop(relay);
    let store = Sqlite::open(&second.join("relay.db")).unwrap();
    let key: CouncilKey = store.council(town.id).await.unwrap();
    let stream = segments[0].envelope.stream();
    assert_eq!(store.segments(key, stream, 1, 9, 1 << 20).await.unwrap().len(), 5);
}

#[tokio::test]
async fn a_dump_of_postgres_put_into_an_empty_database_serves_as_before() {
    let (town, cluster) = (Town::new(), Cluster::start());
    let place = tempfile::tempdir().unwrap();
    let segments = town.segments(&town.office, town.scopes[0], 4);
    let relay = Running::start(&town, place.path(), Some(&cluster.address()));
    let mut line = Line::to(relay.laptops).await;
    let token = line.token(&town, &town.office).await;
    let push = Push { segments: segments.iter().map(sealed_log::Segment::encode).collect(), ..Push::default() };
    assert_eq!(line.call("push", Some(&token), Some(&push.encode())).await.status, 200);
    let restored = cluster.dumped_and_restored("again");
    drop(relay);
    let relay = Running::start(&town, place.path(), Some(&restored));
    let mut line = Line::to(relay.laptops).await;
    let shelf = Shelf::decode(&line.call("look", Some(&token), None).await.body).unwrap();
    assert_eq!(shelf.tips.values().flatten().map(|(seq, _)| *seq).collect::<Vec<_>>(), [4]);
    assert_eq!(shelf.roster.len(), town.roster.len());
}
