//! The disk fills up while people are at work: what was saved stays, the screen is told, and with room again the same
//! program goes on. The database may have no more pages, so that SQLite itself says that there is no room; how `hubctl`
//! and the small files beside it fare is in `tests/full_disk.rs`.

use sync_schema::{Instant, Tool};

use super::{Found, Hub};
use crate::action::check_in::CheckIn;
use crate::action::write_conversation::Typed;
use crate::error::HubError;
use crate::folder::Passphrase;
use crate::ports::Virtual;
use crate::view::shell::Role;

/// Ten in the morning on 23 November 2026.
const NOW: i64 = 1_795_428_000_000;

/// Lets the database have this many pages; `None`: as many as it has now.
fn pages(hub: &Hub, most: Option<i64>) {
    let set = hub.store.write(|tx| {
        let ask = |pragma: &str| Ok(tx.connection().query_row(pragma, [], |row| row.get::<_, i64>(0))?);
        let now = ask("PRAGMA page_count")?;
        ask(&format!("PRAGMA max_page_count = {}", most.unwrap_or(now)))
    });
    assert!(set.unwrap() > 0);
}

fn someone(name: &str) -> CheckIn {
    CheckIn { name: name.to_owned(), reason: "x".repeat(20_000), ..CheckIn::default() }
}

#[test]
fn people_at_work_are_told_and_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let world = Virtual::new(1, Instant::from_millis(NOW));
    let found = Found {
        council: "Aberwen Council".to_owned(),
        hub: "Green Lane".to_owned(),
        laptop: String::new(),
        passphrase: Passphrase::from("three plain words"),
    };
    let (hub, _) = Hub::found(dir.path(), found, &world.ports()).unwrap();
    hub.sign_in_as("Sam", Role::Worker).unwrap();
    let mair = hub.check_in(someone("Mair")).unwrap().visit;
    let talk = hub.begin_conversation(mair, None).unwrap();
    hub.write(talk, Tool::Notes, Typed::now("Likes the choir.")).unwrap();

    pages(&hub, None);
    let mut saved = 0;
    let told = loop {
        match hub.check_in(someone("Olwen")) {
            Ok(_) if saved < 500 => saved += 1,
            Ok(_) => break None,
            Err(error) => break Some(error),
        }
    };
    assert_eq!(told, Some(HubError::DiskFull));
    assert_eq!(hub.keep_draft(talk, Tool::Notes, Typed::now("y".repeat(20_000))), Err(HubError::DiskFull));
    assert_eq!(hub.write(talk, Tool::Notes, Typed::now("y".repeat(20_000))), Err(HubError::DiskFull));
    assert_eq!(hub.queue().unwrap().waiting.len(), saved);
    let texts = hub.conversation(talk).unwrap().texts;
    assert_eq!(texts.first().map(|under| under.text.as_str()), Some("Likes the choir."));

    pages(&hub, Some(1_000_000));
    hub.check_in(someone("Idris")).unwrap();
    assert_eq!(hub.queue().unwrap().waiting.len(), saved + 1);
    assert!(hub.verify().unwrap().is_whole());
}
