//! The data folder: its passphrase, its lock, its counter.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

use hub::error::HubError;
use hub::folder::{self, DataFolder, Holds, Passphrase};
use hub::ports::{Ports, Virtual};
use hub::store::{Store, setting};
use sync_schema::Instant;
use tempfile::TempDir;

const RIGHT: &str = "three warm words";

fn world() -> Virtual {
    Virtual::new(1, Instant::from_millis(1_790_000_000_000))
}

fn founded(ports: &Ports) -> TempDir {
    let dir = TempDir::new().unwrap();
    let taken = DataFolder::take(dir.path()).unwrap();
    let making = taken.begin_records(&RIGHT.into(), ports).unwrap();
    let store = Store::create(&making.database(), making.key()).unwrap();
    store.write(|tx| setting::put(tx.connection(), "laptop", &"Green Lane 1")).unwrap();
    drop(store);
    making.keep().unwrap();
    dir
}

fn unlock(dir: &TempDir, typed: &str, ports: &Ports) -> Result<Store, HubError> {
    let taken = DataFolder::take(dir.path())?;
    let key = taken.unlock(&typed.into(), ports)?;
    Store::open(&taken.database(), &key)
}

#[test]
fn the_right_passphrase_opens_what_was_saved() {
    let ports = world().ports();
    let dir = founded(&ports);
    assert_eq!(folder::holds(dir.path()), Ok(Holds::Records));
    let store = unlock(&dir, RIGHT, &ports).unwrap();
    let laptop: Option<String> = store.read(|connection| setting::get(connection, "laptop")).unwrap();
    assert_eq!(laptop.as_deref(), Some("Green Lane 1"));
}

#[test]
fn a_short_passphrase_is_refused_and_leaves_nothing() {
    let dir = TempDir::new().unwrap();
    let taken = DataFolder::take(dir.path()).unwrap();
    let refused = taken.begin_records(&"1234567".into(), &world().ports()).unwrap_err();
    assert_eq!(refused, HubError::PassphraseTooShort { least: 8 });
    assert_eq!(taken.holds(), Ok(Holds::Nothing));
}

#[test]
fn after_the_tenth_wrong_passphrase_comes_a_wait_that_ends() {
    let world = world();
    let ports = world.ports();
    let dir = founded(&ports);
    for wrong in 1..=10 {
        assert_eq!(unlock(&dir, "not the words", &ports).unwrap_err(), HubError::WrongPassphrase);
        assert_eq!(folder::attempts(dir.path(), &ports).failed(), wrong);
    }
    let waits = HubError::TooManyPassphrases { seconds: 300 };
    assert_eq!(unlock(&dir, RIGHT, &ports).unwrap_err(), waits, "the right one waits too");
    assert_eq!(waits.problem().number, Some(300));

    world.advance(-3_600_000);
    assert_eq!(folder::attempts(dir.path(), &ports).wait_seconds(), 300, "a clock put back does not shorten it");
    world.advance(299_000);
    assert_eq!(unlock(&dir, RIGHT, &ports).unwrap_err(), HubError::TooManyPassphrases { seconds: 1 });
    world.advance(1_000);
    assert_eq!(unlock(&dir, "wrong again", &ports).unwrap_err(), HubError::WrongPassphrase);
    assert_eq!(folder::attempts(dir.path(), &ports).wait_seconds(), 600, "twice as long");
    world.advance(600_000);
    unlock(&dir, RIGHT, &ports).unwrap();
    assert_eq!(folder::attempts(dir.path(), &ports).failed(), 0);
}

#[test]
fn a_torn_key_file_is_damaged_and_no_wrong_passphrase() {
    let ports = world().ports();
    let dir = founded(&ports);
    let path = dir.path().join("key.json");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    for _ in 0..12 {
        assert_eq!(unlock(&dir, RIGHT, &ports).unwrap_err(), HubError::Damaged);
    }
    assert_eq!(folder::attempts(dir.path(), &ports).failed(), 0);
    std::fs::write(&path, &whole).unwrap();
    unlock(&dir, RIGHT, &ports).unwrap();
}

#[test]
fn a_passphrase_is_the_same_however_the_keyboard_makes_its_accents() {
    let ports = world().ports();
    let dir = TempDir::new().unwrap();
    let taken = DataFolder::take(dir.path()).unwrap();
    let making = taken.begin_records(&"caf\u{e9} warm words".into(), &ports).unwrap();
    drop(Store::create(&making.database(), making.key()).unwrap());
    making.keep().unwrap();
    drop(taken);
    unlock(&dir, " cafe\u{301} warm words\n", &ports).unwrap();
}

#[test]
fn two_programs_do_not_share_a_folder() {
    let ports = world().ports();
    let dir = founded(&ports);
    let first = DataFolder::take(dir.path()).unwrap();
    assert_eq!(DataFolder::take(dir.path()).unwrap_err(), HubError::FolderInUse);
    drop(first);
    DataFolder::take(dir.path()).unwrap();
}

#[test]
fn a_founding_that_was_cut_short_can_be_begun_again() {
    let ports = world().ports();
    let dir = TempDir::new().unwrap();
    let taken = DataFolder::take(dir.path()).unwrap();
    let making = taken.begin_records(&RIGHT.into(), &ports).unwrap();
    drop(Store::create(&making.database(), making.key()).unwrap());
    let _cut_short = making;
    assert_eq!(taken.holds(), Ok(Holds::Nothing));
    let again = taken.begin_records(&RIGHT.into(), &ports).unwrap();
    drop(Store::create(&again.database(), again.key()).unwrap());
    again.keep().unwrap();
    assert_eq!(taken.begin_records(&RIGHT.into(), &ports).unwrap_err(), HubError::AlreadyRecords);
}

#[test]
fn a_database_whose_key_is_gone_is_never_written_over() {
    let ports = world().ports();
    let dir = founded(&ports);
    std::fs::remove_file(dir.path().join("key.json")).unwrap();
    let before = std::fs::read(dir.path().join("talking-point.db")).unwrap();
    let taken = DataFolder::take(dir.path()).unwrap();
    assert_eq!(taken.holds(), Err(HubError::Damaged));
    assert_eq!(taken.begin_records(&RIGHT.into(), &ports).unwrap_err(), HubError::Damaged);
    assert_eq!(std::fs::read(taken.database()).unwrap(), before);
}

#[test]
fn the_passphrase_can_be_changed_and_the_records_stay() {
    let ports = world().ports();
    let dir = founded(&ports);
    let taken = DataFolder::take(dir.path()).unwrap();
    let key = taken.unlock(&RIGHT.into(), &ports).unwrap();
    taken.change_passphrase(&key, &"four other warm words".into(), &ports).unwrap();
    drop(taken);
    assert_eq!(unlock(&dir, RIGHT, &ports).unwrap_err(), HubError::WrongPassphrase);
    unlock(&dir, "four other warm words", &ports).unwrap();
}

#[test]
fn the_counter_is_kept_and_nonsense_in_it_is_nought() {
    let dir = TempDir::new().unwrap();
    let taken = DataFolder::take(dir.path()).unwrap();
    assert_eq!(taken.counter(), Ok(0));
    taken.set_counter(3).unwrap();
    assert_eq!(taken.counter(), Ok(3));
    std::fs::write(dir.path().join("counter"), [0xff, 0xfe]).unwrap();
    assert_eq!(taken.counter(), Ok(0));
}

#[test]
fn nothing_plain_is_on_the_disk_and_no_passphrase_in_a_debug_line() {
    let ports = world().ports();
    let dir = founded(&ports);
    let store = unlock(&dir, RIGHT, &ports).unwrap();
    store.write(|tx| setting::put(tx.connection(), "a name", &"Blodeuwedd")).unwrap();
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for plain in ["Green Lane 1", "Blodeuwedd", RIGHT, "SQLite format 3"] {
            assert!(!bytes.windows(plain.len()).any(|window| window == plain.as_bytes()), "{plain}");
        }
    }
    assert!(!format!("{:?}", Passphrase::from(RIGHT)).contains("warm"));
}
