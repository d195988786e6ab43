//! A database that is cut, flipped, too new, on a full disk, or only to be read: told apart, and left as it was.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

use std::path::{Path, PathBuf};
use std::process::Command;

use hub::error::HubError;
use hub::folder::{DataFolder, DatabaseKey};
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

/// A small file system of its own, when this machine lets us mount one.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount(size: &str) -> Option<Self> {
        let dir = TempDir::new().unwrap();
        let options = format!("size={size}");
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(dir.path()).output();
        done.is_ok_and(|output| output.status.success()).then(|| Self(dir))
    }

    fn remount_read_only(&self) {
        let done = Command::new("mount").args(["-o", "remount,ro"]).arg(self.0.path()).status().unwrap();
        assert!(done.success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_disk_that_fills_up_is_told_and_nothing_saved_is_lost() {
    let Some(disk) = SmallDisk::mount("4m") else { return };
    let path = filled(disk.0.path());
    let store = Store::open(&path, &key()).unwrap();
    let told = (0..2000)
        .find_map(|n| store.write(|tx| setting::put_bytes(tx.connection(), &format!("more {n}"), &[1; 20_000])).err());
    assert_eq!(told, Some(HubError::DiskFull));
    read_all(&store).unwrap();
    drop(store);
    let opened_full = Store::open(&path, &key());
    match opened_full {
        Ok(store) => read_all(&store).unwrap(),
        Err(error) => assert_eq!(error, HubError::DiskFull),
    }
    std::fs::write(disk.0.path().join("filler"), vec![0; 4 << 20]).unwrap_err();
    let taken = DataFolder::take(disk.0.path()).unwrap();
    assert_eq!(taken.set_counter(1).unwrap_err(), HubError::DiskFull);
}

#[test]
fn a_disk_that_can_only_be_read_is_told() {
    let Some(disk) = SmallDisk::mount("4m") else { return };
    let path = filled(disk.0.path());
    disk.remount_read_only();
    assert_eq!(Store::open(&path, &key()).unwrap_err(), HubError::ReadOnly);
    assert_eq!(DataFolder::take(disk.0.path()).unwrap_err(), HubError::ReadOnly);
}
