//! A database that is cut, flipped, too new or out of pages: told apart, and left as it was.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

use std::path::{Path, PathBuf};

use hub::error::HubError;
use hub::folder::DatabaseKey;
use hub::store::{Store, setting};
use tempfile::TempDir;

fn key() -> DatabaseKey {
    DatabaseKey::new([9; 32])
}

/// A database of some hundred pages, closed in good order.
fn filled(dir: &Path) -> PathBuf {
    let path = dir.join("talking-point.db");
    let store = Store::create(&path, &key()).unwrap();
    store
        .write(|tx| {
            (0..200).try_for_each(|n| setting::put_bytes(tx.connection(), &format!("setting {n}"), &[n as u8; 3000]))
        })
        .unwrap();
    path
}

/// Reads every setting.
fn read_all(store: &Store) -> Result<(), HubError> {
    store.read(|connection| (0..200).try_for_each(|n| setting::bytes(connection, &format!("setting {n}")).map(|_| ())))
}

#[test]
fn cut_in_half_is_damaged_and_left_as_it_was() {
    let dir = TempDir::new().unwrap();
    let path = filled(dir.path());
    let whole = std::fs::read(&path).unwrap();
    let half = &whole[..whole.len() / 2];
    std::fs::write(&path, half).unwrap();
    assert_eq!(Store::open(&path, &key()).unwrap_err(), HubError::Damaged);
    assert_eq!(std::fs::read(&path).unwrap(), half);
}

#[test]
fn empty_is_damaged_and_not_a_new_database() {
    let dir = TempDir::new().unwrap();
    let path = filled(dir.path());
    std::fs::write(&path, []).unwrap();
    assert_eq!(Store::open(&path, &key()).unwrap_err(), HubError::Damaged);
    assert_eq!(std::fs::read(&path).unwrap().len(), 0);
}

#[test]
fn any_page_flipped_is_damaged_and_left_as_it_was() {
    let dir = TempDir::new().unwrap();
    let path = filled(dir.path());
    let whole = std::fs::read(&path).unwrap();
    let pages = whole.len() / 4096;
    for page in [0, 1, pages / 2, pages - 1] {
        let mut flipped = whole.clone();
        flipped[page * 4096 + 100] ^= 1;
        std::fs::write(&path, &flipped).unwrap();
        let told = Store::open(&path, &key()).and_then(|store| {
            read_all(&store)?;
            if store.verify()?.is_whole() { Ok(()) } else { Err(HubError::Damaged) }
        });
        assert_eq!(told, Err(HubError::Damaged), "page {page}");
        assert_eq!(std::fs::read(&path).unwrap(), flipped, "page {page}");
    }
}

#[test]
fn another_key_or_no_database_at_all_is_damaged() {
    let dir = TempDir::new().unwrap();
    let path = filled(dir.path());
    assert_eq!(Store::open(&path, &DatabaseKey::new([1; 32])).unwrap_err(), HubError::Damaged);
    std::fs::write(&path, vec![b'x'; 50_000]).unwrap();
    assert_eq!(Store::open(&path, &key()).unwrap_err(), HubError::Damaged);
    assert_eq!(Store::open(&dir.path().join("none.db"), &key()).unwrap_err(), HubError::NoRecords);
}

#[test]
fn a_newer_version_is_refused_and_left_as_it_was() {
    let dir = TempDir::new().unwrap();
    let path = filled(dir.path());
    let store = Store::open(&path, &key()).unwrap();
    store.write(|tx| Ok(tx.connection().execute_batch("PRAGMA user_version = 9000")?)).unwrap();
    drop(store);
    let before = std::fs::read(&path).unwrap();
    assert_eq!(Store::open(&path, &key()).unwrap_err(), HubError::MadeByNewer);
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn it_is_never_made_over_another() {
    let dir = TempDir::new().unwrap();
    let path = filled(dir.path());
    assert_eq!(Store::create(&path, &key()).unwrap_err(), HubError::AlreadyRecords);
}

#[test]
fn more_pages_than_allowed_is_a_full_disk_and_nothing_saved_is_lost() {
    let dir = TempDir::new().unwrap();
    let path = filled(dir.path());
    let store = Store::open(&path, &key()).unwrap();
    store.write(|tx| Ok(tx.connection().query_row("PRAGMA max_page_count = 1", [], |_| Ok(()))?)).unwrap();
    let full = store.write(|tx| setting::put_bytes(tx.connection(), "more", &[1; 100_000])).unwrap_err();
    assert_eq!(full, HubError::DiskFull);
    read_all(&store).unwrap();
    assert!(store.verify().unwrap().is_whole());
}
