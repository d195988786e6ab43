//! A council is founded once its recovery words were typed again from the paper, and not before.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod sync_support;

use hub::ports::Virtual;
use hub::view::shell::Start;
use hub::{Found, Founding, Hub, HubError, Passphrase};
use sync_support::{PASSPHRASE, TEN};

fn found() -> Found {
    Found {
        council: "Aberwen".to_owned(),
        hub: "Green Lane".to_owned(),
        laptop: String::new(),
        passphrase: Passphrase::from(PASSPHRASE),
    }
}

#[test]
fn nothing_is_made_before_the_words_are_right() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("laptop");
    let ports = Virtual::new(1, TEN).ports();
    let founding = Founding::begin(&dir, found(), &ports).unwrap();
    let words = founding.words();
    let other = Founding::begin(&dir, found(), &ports).unwrap().words();
    assert_ne!(words.as_str(), other.as_str());
    let swapped = words.as_str().replacen(words.as_str().chars().next().unwrap(), "", 1);
    for wrong in ["", "tea", other.as_str(), &swapped] {
        assert!(matches!(founding.finish(wrong, &ports), Err(HubError::NotTheSheet)), "{wrong}");
        assert!(!dir.exists(), "something was made for {wrong:?}");
    }
    let typed = words.as_str().to_lowercase().replace(' ', "\n");
    let hub = founding.finish(&typed, &ports).unwrap();
    hub.check_sheet(words.as_str()).unwrap();
    assert!(matches!(founding.finish(&typed, &ports), Err(HubError::AlreadyRecords | HubError::FolderInUse)));
    drop(hub);
    assert!(matches!(hub::start(&dir, &ports).unwrap(), Start::Locked { .. }));
    Hub::open(&dir, &Passphrase::from(PASSPHRASE), &ports).unwrap();
    assert!(matches!(Founding::begin(&dir, found(), &ports), Err(HubError::AlreadyRecords)));
}

#[test]
fn what_was_typed_is_looked_at_before_any_words_are_shown() {
    let place = tempfile::tempdir().unwrap();
    let ports = Virtual::new(1, TEN).ports();
    let begin = |found: Found| Founding::begin(&place.path().join("laptop"), found, &ports);
    assert!(begin(Found { council: " ".to_owned(), ..found() }).is_err());
    assert!(begin(Found { hub: "H".repeat(301), ..found() }).is_err());
    let short = begin(Found { passphrase: Passphrase::from("tea"), ..found() });
    assert!(matches!(short, Err(HubError::PassphraseTooShort { .. })));
}

#[test]
fn what_is_about_to_be_founded_is_told_to_no_log() {
    let place = tempfile::tempdir().unwrap();
    let ports = Virtual::new(1, TEN).ports();
    let founding = Founding::begin(&place.path().join("laptop"), found(), &ports).unwrap();
    assert_eq!(format!("{founding:?} {:?}", founding.words()), "Founding(secret) RecoveryWords(secret)");
}
