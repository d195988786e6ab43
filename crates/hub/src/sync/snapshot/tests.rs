//! Rows that are not what their documents make: shown until the documents come, then replaced, and told.

use std::path::Path;

use sync_schema::Instant;

use crate::action::check_in::CheckIn;
use crate::error::HubError;
use crate::hub::{Found, Hub, Join};
use crate::ports::Virtual;
use crate::view::shell::Role;

/// 23 November 2026 at ten in the morning.
const TEN: Instant = Instant::from_millis(1_795_428_000_000);

fn founded(dir: &Path) -> Hub {
    let found = Found {
        council: "Aberwen".to_owned(),
        hub: "Green Lane".to_owned(),
        laptop: String::new(),
        passphrase: "three plain words".into(),
    };
    let (hub, _) = Hub::found(dir, found, &Virtual::new(1, TEN).ports()).unwrap();
    hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    hub
}

fn joined(from: &Hub, place: &Path) -> Hub {
    from.sign_in_as("Ann", Role::Manager).unwrap();
    std::fs::write(place.join("join"), from.invite(Role::Worker, None).unwrap().as_slice()).unwrap();
    let join = Join { file: &place.join("join"), laptop: String::new(), passphrase: "three plain words".into() };
    let hub = Hub::join(&place.join("two"), join, &Virtual::new(2, TEN).ports()).unwrap();
    hub.sign_in_as("Sam", Role::Worker).unwrap();
    hub
}

fn check_in(hub: &Hub, name: &str) {
    let typed = CheckIn { name: name.to_owned(), reason: "a form".to_owned(), ..CheckIn::default() };
    hub.check_in(typed).unwrap();
}

fn queue(hub: &Hub) -> Vec<String> {
    let mut names: Vec<String> = hub.queue().unwrap().waiting.into_iter().filter_map(|row| row.name).collect();
    names.sort();
    names
}

/// A founded council with two people in the queue, whose rows are then changed by `spoil`, and a snapshot of that.
fn spoilt(place: &Path, spoil: &str) -> Hub {
    let one = founded(&place.join("one"));
    let stick = place.join("stick");
    std::fs::create_dir(&stick).unwrap();
    check_in(&one, "Mair");
    check_in(&one, "Zofia");
    one.sync_with(&stick).unwrap();
    one.store.write(|tx| Ok(tx.connection().execute_batch(spoil)?)).unwrap();
    one.write_snapshots(&stick).unwrap();
    one
}

fn refused(hub: &Hub) -> Vec<(String, u32)> {
    hub.laptop().unwrap().refused.into_iter().map(|row| (row.reason, row.count)).collect()
}

#[test]
fn rows_that_say_something_else_are_replaced_and_told() {
    for spoil in [
        "UPDATE visit SET name = 'Nobody' WHERE name = 'Mair'",
        "UPDATE visit SET state = 'left'",
        "DELETE FROM visit WHERE name = 'Zofia'",
    ] {
        let place = tempfile::tempdir().unwrap();
        let one = spoilt(place.path(), spoil);
        let two = joined(&one, place.path());
        one.sync_with(&place.path().join("stick")).unwrap();
        two.sync_with(&place.path().join("stick")).unwrap();
        assert_eq!(queue(&two), ["Mair", "Zofia"], "{spoil}");
        assert_eq!(refused(&two), [("rowsDiffer".to_owned(), 1)], "{spoil}");
        assert!(two.verify().unwrap().is_whole(), "{spoil}");
    }
}

#[test]
fn until_the_documents_come_what_is_shown_is_the_keepers_word() {
    let place = tempfile::tempdir().unwrap();
    let stick = place.path().join("stick");
    let one = spoilt(place.path(), "UPDATE visit SET name = 'Nobody' WHERE name = 'Mair'");
    let two = joined(&one, place.path());
    one.sync_with(&stick).unwrap();
    // Neither documents nor log are there: the second chunk of each snapshot, and the segments.
    let mut gone = Vec::new();
    for file in below(&stick) {
        let in_log = file.components().any(|part| part.as_os_str() == "seg");
        if in_log {
            std::fs::remove_file(&file).unwrap();
        } else if file.ends_with("00000001") {
            gone.push((file.clone(), std::fs::read(&file).unwrap()));
            std::fs::remove_file(&file).unwrap();
        }
    }
    two.sync_with(&stick).unwrap();
    assert_eq!(queue(&two), ["Nobody", "Zofia"]);
    assert_eq!(refused(&two), []);
    for (file, bytes) in gone {
        std::fs::write(file, bytes).unwrap();
    }
    two.sync_with(&stick).unwrap();
    assert_eq!(queue(&two), ["Mair", "Zofia"]);
    assert_eq!(refused(&two), [("rowsDiffer".to_owned(), 1)]);
}

#[test]
fn rows_of_another_version_are_passed_over_and_made_here() {
    let place = tempfile::tempdir().unwrap();
    let one = spoilt(place.path(), "UPDATE visit SET name = 'Nobody'");
    let two = joined(&one, place.path());
    let manifest = {
        let here = crate::sync::Here::of(one.identity().clone());
        let kept = one
            .store
            .read(|rows| {
                let scope =
                    super::in_order(&here).into_iter().find(|(_, scope)| *scope == sync_schema::Scope::FrontDesk);
                crate::store::sync::snapshot::taken(rows, &scope.ok_or(HubError::NotFound)?.0)
            })
            .unwrap()
            .unwrap();
        let mut manifest = sealed_log::Manifest::read_kept(&kept).unwrap();
        manifest.projection += 1;
        let signed = manifest.sign(&here.identity.incarnation).unwrap();
        let folder = carriers::Folder::at(&place.path().join("stick"), here.council()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(carriers::Carrier::put_manifest(&folder, &manifest.scope, &manifest.id, &signed)).unwrap();
        manifest
    };
    assert!(manifest.documents() > 0);
    one.sync_with(&place.path().join("stick")).unwrap();
    two.sync_with(&place.path().join("stick")).unwrap();
    assert_eq!(queue(&two), ["Mair", "Zofia"]);
    assert_eq!(refused(&two), [], "nothing was shown that could differ");
}

fn below(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(below(&path)) } else { found.push(path) }
    }
    found
}
