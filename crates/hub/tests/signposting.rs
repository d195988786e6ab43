//! The directory is searched offline, and people are pointed to what is running.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod common;

use common::Laptop;
use hub::HubError;
use hub::view::shell::Role;
use sync_schema::ListingId;

fn listing(id: &str, name: &str, status: &str, checked: &str) -> serde_json::Value {
    serde_json::json!({
        "id": id, "name": name, "status": status, "assured_date": checked, "description": "A hot dinner and company.",
    })
}

fn with_directory() -> Laptop {
    let laptop = Laptop::first();
    let file = laptop.dir.path().join("directory.json");
    let rows = [
        listing("1", "Lunch Club", "active", "2026-10-12"),
        listing("2", "Choir", "active", "2026-01-05"),
        listing("3", "Old Lunch Club", "inactive", "2024-01-05"),
    ];
    std::fs::write(&file, serde_json::json!({ "contents": rows }).to_string()).unwrap();
    laptop.hub.import_directory(&file).unwrap();
    laptop.seat("Sam", Role::Worker);
    laptop
}

#[test]
fn one_search_two_signposts_and_one_taken_back() {
    let laptop = with_directory();
    let hub = &laptop.hub;
    assert_eq!(hub.directory("").unwrap().total, 2);
    let lunch = hub.directory("lunch").unwrap().listings.remove(0);
    let choir = hub.directory("choi").unwrap().listings.remove(0);
    assert_eq!((lunch.name.as_str(), lunch.stale, choir.stale), ("Lunch Club", false, true));
    assert!(hub.listing(lunch.id).unwrap().active);

    let visit = laptop.check_in("Mair", "").visit;
    let talk = hub.begin_conversation(visit, None).unwrap();
    let made = hub.signpost(talk, vec![lunch.id, choir.id]).unwrap();
    let names = || {
        let view = hub.conversation(talk).unwrap();
        view.signposts.into_iter().map(|row| row.name).collect::<Vec<_>>()
    };
    assert_eq!(names(), ["Lunch Club", "Choir"]);
    hub.take_back_signpost(talk, made[0]).unwrap();
    assert_eq!(names(), ["Choir"]);
    assert_eq!(hub.everything("lunch").unwrap().listings.len(), 1);
}

#[test]
fn all_or_none_when_one_of_them_is_not_running() {
    let laptop = with_directory();
    let hub = &laptop.hub;
    let lunch = hub.directory("lunch").unwrap().listings.remove(0).id;
    let visit = laptop.check_in("Mair", "").visit;
    let talk = hub.begin_conversation(visit, None).unwrap();
    let gone = hub.signpost(talk, vec![lunch, ListingId::from_bytes([9; 16])]);
    assert_eq!(gone, Err(HubError::ListingNotActive));
    assert_eq!(hub.conversation(talk).unwrap().signposts, []);
}
