//! A council's whole sync in a bucket, with no server of ours: the same story over the real Azurite, over moto's S3 and over
//! a folder.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod bucket_support;
mod office;
mod sync_support;

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::Duration;

use bucket_support::line::Line;
use bucket_support::{MAKES, Make, OLD_SAS, Store, address, credential, variables};
use carriers::{Bucket, BucketPatience, BucketTrouble, Carrier, CarrierError};
use futures_util::StreamExt;
use hub::view::laptop::Exchanged;
use hub::view::shell::Role;
use hub::{BucketAddress, BucketCredential, HubError};
use office::{Office, last_line, sentence};
use sealed_log::{CouncilId, Hash};
use sync_support::{Council, Laptop};

/// Where laptops meet.
enum Place {
    Folder(std::path::PathBuf),
    Bucket(BucketAddress, BucketCredential),
}

impl Place {
    fn of(store: &Store) -> Self {
        Self::Bucket(store.address("hubs/2026"), store.credential())
    }

    fn try_share(&self, laptop: &Laptop) -> Result<Exchanged, HubError> {
        match self {
            Self::Folder(folder) => laptop.hub.sync_with(folder),
            Self::Bucket(address, credential) => laptop.hub.sync_with_bucket(address, credential),
        }
    }

    fn share(&self, laptop: &Laptop) -> Exchanged {
        self.try_share(laptop).unwrap()
    }
}

/// A start for whoever wants one thing of each make.
fn each_store(mut story: impl FnMut(&Store)) {
    for make in MAKES {
        story(&Store::start(make));
    }
}

fn two_laptops_meet(council: &Council, place: &Place) {
    let one = &council.one;
    let two = council.joins(Role::Worker, 2);
    let mair = one.check_in("Mair");
    let sent = place.share(one);
    assert!(sent.sent >= 3, "{sent:?}");
    two.check_in("Zofia");
    let met = place.share(&two);
    assert_eq!((met.received, met.applied, met.refused, met.foreign), (sent.sent, sent.sent, 0, 0));
    two.hub.note_stepped_outside(mair, 10).unwrap();
    for laptop in [one, &two, one, &two, one] {
        place.share(laptop);
    }
    for laptop in [one, &two] {
        assert_eq!(laptop.queue(), ["Mair", "Zofia"]);
        assert_eq!(laptop.hub.verify().unwrap().broken_streams, 0);
        let sync = laptop.hub.shell().unwrap().sync;
        assert_eq!((sync.to_share, sync.to_be_held, sync.parked, sync.refused), (0, 0, 0, 0));
    }
}

#[test]
fn two_laptops_meet_in_a_folder() {
    let council = Council::found();
    two_laptops_meet(&council, &Place::Folder(council.stick()));
}

#[test]
fn two_laptops_meet_in_a_bucket_that_holds_not_one_word_that_was_typed() {
    each_store(|store| {
        let council = Council::found();
        two_laptops_meet(&council, &Place::of(store));
        let all = store.everything();
        assert!(all.len() > 5_000, "{}", all.len());
        for word in ["Mair", "Zofia", "a form", "Green Lane", "Aberwen", "front-desk", "planted-secret"] {
            assert!(!all.windows(word.len()).any(|window| window == word.as_bytes()), "{:?}: {word}", store.make);
        }
    });
}

fn both_at_once(council: &Council, place: &Place) {
    let one = &council.one;
    let two = council.joins(Role::Worker, 2);
    let mut names = Vec::new();
    for round in 0..4 {
        for (laptop, who) in [(one, "first"), (&two, "second")] {
            let name = format!("Visitor {round} at the {who}");
            laptop.check_in(&name);
            names.push(name);
        }
        std::thread::scope(|both| {
            for laptop in [one, &two] {
                both.spawn(|| place.share(laptop));
            }
        });
    }
    for laptop in [one, &two, one] {
        place.share(laptop);
    }
    names.sort();
    for laptop in [one, &two] {
        assert_eq!(laptop.queue(), names);
        assert_eq!(laptop.hub.shell().unwrap().sync.refused, 0);
    }
}

#[test]
fn two_laptops_that_share_at_the_same_moment_lose_nothing() {
    let council = Council::found();
    both_at_once(&council, &Place::Folder(council.stick()));
    each_store(|store| both_at_once(&Council::found(), &Place::of(store)));
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn bucket(store: &Store) -> Bucket {
    let council = CouncilId::from_bytes([1; 32]);
    Bucket::at(&store.address(""), &store.credential(), BucketPatience::default(), &council).unwrap()
}

fn entry(number: u32) -> (Hash, Vec<u8>) {
    let mut name = [0; 32];
    name[..4].copy_from_slice(&number.to_be_bytes());
    (Hash::from_bytes(name), format!("entry {number}").into_bytes())
}

#[test]
fn names_past_a_thousand_are_all_listed() {
    each_store(|store| {
        let bucket = bucket(store);
        run(async {
            let puts = (0..1_200).map(|number| {
                let (hash, bytes) = entry(number);
                let bucket = &bucket;
                async move { bucket.put_roster_entry(&hash, &bytes).await }
            });
            let put: Vec<_> = futures_util::stream::iter(puts).buffer_unordered(8).collect().await;
            assert!(put.iter().all(Result::is_ok), "{put:?}");
            let wanted: BTreeSet<String> = (0..1_200).map(|number| carriers::name::roster(&entry(number).0)).collect();
            assert_eq!(bucket.roster().await, Ok(wanted), "{:?}", store.make);
            assert_eq!(bucket.traffic().foreign, 0);
        });
    });
}

#[test]
fn of_many_that_put_one_name_at_once_each_finds_it_whole() {
    each_store(|store| {
        let bucket = bucket(store);
        let (hash, bytes) = entry(7);
        run(async {
            let puts = (0..8).map(|_| bucket.put_roster_entry(&hash, &bytes));
            let put: Vec<_> = futures_util::stream::iter(puts).buffer_unordered(8).collect().await;
            assert_eq!(put, vec![Ok(()); 8], "{:?}", store.make);
            // What lies there and is not what it should be is put right.
            bucket.put_roster_entry(&hash, b"damaged").await.unwrap();
            bucket.put_roster_entry(&hash, &bytes).await.unwrap();
            let name = carriers::name::roster(&hash);
            assert_eq!(bucket.roster_entry(&name).await, Ok(Some(bytes.clone())));
            bucket.remove_roster_entry(&name).await;
            bucket.remove_roster_entry(&name).await;
            assert_eq!(bucket.roster_entry(&name).await, Ok(None));
        });
    });
}

fn told(laptop: &Laptop, place: &Place) -> HubError {
    let error = place.try_share(laptop).unwrap_err();
    let text = format!("{error} {error:?}");
    for secret in ["sig=", "planted-secret", "CxNPDyXuRbhNJf9r"] {
        assert!(!text.contains(secret), "{text}");
    }
    error
}

#[test]
fn a_bucket_that_is_not_there_and_a_credential_that_will_not_do_are_told_apart() {
    let council = Council::found();
    let one = &council.one;
    one.check_in("Mair");
    each_store(|store| {
        let nowhere = Place::Bucket(store.address_by(&store.host, "elsewhere", ""), store.credential());
        assert!(matches!(told(one, &nowhere), HubError::BucketMissing), "{:?}", told(one, &nowhere));
        assert_eq!(one.hub.shell().unwrap().sync.trouble, Some("bucketMissing".to_owned()));
        let host = Line::answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
        let rubbish = Place::Bucket(store.address_by(&host.host, "council", ""), store.credential());
        assert!(matches!(told(one, &rubbish), HubError::BucketNonsense), "{:?}", told(one, &rubbish));
        let away = Line::answering("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n");
        let away = Place::Bucket(store.address_by(&away.host, "council", ""), store.credential());
        assert!(matches!(told(one, &away), HubError::BucketNonsense), "{:?}", told(one, &away));
    });
    let azure = Store::start(Make::Azure);
    let old = credential(Make::Azure, &[("AZURE_STORAGE_SAS_TOKEN", OLD_SAS)]);
    let error = told(one, &Place::Bucket(azure.address(""), old));
    assert!(matches!(error, HubError::BucketExpired), "{error:?}");
    let wrong = credential(Make::Azure, &[("AZURE_STORAGE_KEY", "cGxhbnRlZC1zZWNyZXQ=")]);
    assert!(matches!(told(one, &Place::Bucket(azure.address(""), wrong)), HubError::BucketRefused));
    let strict = Store::bare(Make::S3, &[("INITIAL_NO_AUTH_ACTION_COUNT", "0")]);
    assert!(matches!(told(one, &Place::of(&strict)), HubError::BucketRefused));
    // Amazon's own words; moto has none for this.
    let over = Line::answering(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/xml\r\nContent-Length: 90\r\nConnection: close\r\n\r\n\
         <Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>",
    );
    let over = Place::Bucket(address(Make::S3, &over.host, "council", ""), strict.credential());
    assert!(matches!(told(one, &over), HubError::BucketExpired));
    let host = strict.host.clone();
    drop(strict);
    let gone = Place::Bucket(address(Make::S3, &host, "council", ""), credential(Make::S3, &variables(Make::S3)));
    assert!(matches!(told(one, &gone), HubError::BucketUnreachable));
    assert!(one.hub.shell().unwrap().sync.to_share > 0, "nothing counts as shared");
}

#[test]
fn a_store_that_never_answers_is_waited_for_no_longer_than_was_said() {
    // It lets connections in, and nobody takes them.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let host = silent.local_addr().unwrap().to_string();
    let patience = BucketPatience {
        connect: Duration::from_secs(1),
        word: Duration::from_millis(300),
        answer: Duration::from_millis(500),
        again: 1,
    };
    for make in MAKES {
        let of = credential(make, &variables(make));
        let council = CouncilId::from_bytes([1; 32]);
        let bucket = Bucket::at(&address(make, &host, "council", ""), &of, patience, &council).unwrap();
        assert_eq!(run(bucket.roster()), Err(CarrierError::Bucket(BucketTrouble::Silent)));
        let (hash, bytes) = entry(1);
        let put = run(bucket.put_roster_entry(&hash, &bytes));
        assert_eq!(put, Err(CarrierError::Bucket(BucketTrouble::Silent)));
    }
}

fn sync(office: &Office, laptop: &str, make: Make, address: &BucketAddress) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hubctl"));
    command.arg("--data").arg(office.path(laptop)).arg("--passphrase-file").arg(office.path("passphrase"));
    command.args(["sync", "--bucket", address.as_str()]).envs(variables(make)).stdin(Stdio::null());
    command
}

/// `hubctl` is killed in the middle of its first put, its second, and so on, until none is left to be killed in.
#[test]
fn a_laptop_killed_in_the_middle_of_any_put_shares_the_rest_the_next_time() {
    each_store(|store| {
        let office = Office::new();
        office.founded();
        let address = |host: &str| store.address_by(host, "council", "killed");
        let mut killed = 0;
        loop {
            let line = Line::breaking_in(killed, &store.host);
            let mut first = sync(&office, "first", store.make, &address(&line.host));
            let mut child = first.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            // Ends when the line has broken, or else when the program has.
            let (done, ended) = std::sync::mpsc::channel();
            let broken = line.broken;
            std::thread::scope(|both| {
                both.spawn(move || done.send(broken.recv_timeout(Duration::from_secs(10)).is_ok()));
                if ended.recv().unwrap() {
                    child.kill().unwrap();
                    killed += 1;
                }
            });
            let status = child.wait().unwrap();
            if status.success() || killed == 4 {
                break;
            }
        }
        assert!(killed >= 2, "{killed}");
        let out = sync(&office, "first", store.make, &address(&store.host)).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        office.figures("first", &["invite", "--role", "worker", "--out", "join"]);
        office.figures("second", &["join", "--file", "join", "--hub", "Green Lane Library"]);
        for laptop in ["first", "second", "first"] {
            let out = sync(&office, laptop, store.make, &address(&store.host)).output().unwrap();
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
            assert!(last_line(&out).contains("refused=0 parked=0 foreign=0"), "{}", last_line(&out));
        }
        let (first, second) = (office.figures("first", &["verify"]), office.figures("second", &["verify"]));
        assert_eq!((first["documents"], first["differences"]), (second["documents"], second["differences"]));
    });
}

#[test]
fn hubctl_says_in_one_sentence_what_is_wrong_with_an_address_or_its_credential() {
    let office = Office::new();
    office.founded();
    let told = office.run("first", &["sync", "--bucket", "s3://id:planted-secret@bucket"]);
    assert!(sentence(&told).contains("az://"));
    assert!(!sentence(&told).contains("planted-secret"));
    let bare = |laptop: &str, url: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hubctl"));
        command.arg("--data").arg(office.path(laptop)).arg("--passphrase-file").arg(office.path("passphrase"));
        for name in ["AZURE_STORAGE_SAS_TOKEN", "AZURE_STORAGE_KEY", "AWS_ACCESS_KEY_ID"] {
            command.env_remove(name);
        }
        command.args(["sync", "--bucket", url]).output().unwrap()
    };
    assert!(sentence(&bare("first", "az://aberwen/hubs")).contains("no credential"));
    assert!(sentence(&bare("first", "s3://aberwen")).contains("no credential"));
    assert!(sentence(&office.run("first", &["sync"])).contains("--help"));
}

/// As the window does it: the address stands where a folder's path goes, and the credential is in the program's environment.
#[test]
fn an_address_stands_where_a_folder_goes() {
    let name = "an_address_stands_where_a_folder_goes";
    let council = Council::found();
    let Ok(host) = std::env::var("STORE_TO_SHARE_THROUGH") else {
        let set = |address: &str| council.one.hub.set_sync_folder(Some(address.into()));
        assert!(matches!(set("az://aberwen"), Err(HubError::BucketAddress)));
        assert!(matches!(set("az://aberwen/hubs"), Err(HubError::BucketNoCredential)));
        assert!(!council.one.hub.sync_folder_set());
        // Once more as a program with a credential in its environment.
        let store = Store::start(Make::S3);
        let mut again = Command::new(std::env::current_exe().unwrap());
        again.args(["--exact", name]).env("STORE_TO_SHARE_THROUGH", &store.host).envs(variables(Make::S3));
        let out = again.output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
        return;
    };
    let address = address(Make::S3, &host, "council", "");
    council.one.check_in("Mair");
    let two = council.joins(Role::Worker, 2);
    for laptop in [&council.one, &two] {
        laptop.hub.set_sync_folder(Some(address.as_str().into())).unwrap();
        laptop.hub.share().unwrap();
    }
    assert_eq!(two.queue(), ["Mair"]);
}
