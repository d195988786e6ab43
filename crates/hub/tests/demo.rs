//! The demo council of the usual size, looked at as people look at it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use hub::demo::{self, Demo};
use hub::view::shell::Role;
use hub::view::trends::{SizeSays, TrendsFilter, WaitsSay};
use hub::view::waiting::WaitingFilter;
use hub::{Hub, HubError, Join, Passphrase, Ports};
use sync_schema::WaitingKind;

/// Signs the first of a role in.
fn sit(hub: &Hub, role: Role) {
    let list = hub.sign_in_list().unwrap();
    let member = list.members.iter().find(|m| m.role == role).unwrap();
    hub.sign_in(member.id).unwrap();
}

#[test]
fn every_role_finds_a_morning_at_green_lane() {
    let dir = tempfile::tempdir().unwrap();
    let (data, ports) = (dir.path().join("data"), Ports::system());
    let passphrase = Passphrase::from("three quiet teapots");
    let made = demo::make(&data, &passphrase, Demo::default(), &ports).unwrap();
    assert_eq!((made.hubs, made.people, made.visits, made.listings), (3, 1_500, 4_000, 400));
    assert!((1_900..2_100).contains(&made.events), "{made:?}");
    assert_eq!(demo::make(&data, &passphrase, Demo::default(), &ports), Err(HubError::AlreadyRecords));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside the demo");

    let hub = Hub::open(&data, &passphrase, &ports).unwrap();
    at_the_door(&hub);
    at_the_table(&hub);
    in_the_office(&hub);
}

#[test]
fn a_laptop_invited_to_the_demo_gives_tickets_that_no_visit_of_it_bears() {
    let dir = tempfile::tempdir().unwrap();
    let (data, ports) = (dir.path().join("data"), Ports::system());
    let passphrase = Passphrase::from("three quiet teapots");
    demo::make(&data, &passphrase, Demo { seed: 1, people: 60 }, &ports).unwrap();
    let hub = Hub::open(&data, &passphrase, &ports).unwrap();
    let file = dir.path().join("join");
    std::fs::write(&file, hub.invite(Role::Worker, None).unwrap().as_slice()).unwrap();
    let join = Join { file: &file, laptop: String::new(), passphrase };
    let newcomer = Hub::join(&dir.path().join("newcomer"), join, &ports).unwrap();
    newcomer.sign_in_as("Sam", Role::Worker).unwrap();
    let theirs = newcomer.laptop().unwrap().letter;

    sit(&hub, Role::Worker);
    let queue = hub.queue().unwrap();
    let tickets: Vec<String> =
        queue.waiting.iter().map(|w| &w.ticket).chain(queue.being_seen.iter().map(|s| &s.ticket)).cloned().collect();
    assert!(tickets.iter().any(|ticket| ticket.starts_with('B')), "{tickets:?}");
    assert!(!tickets.iter().any(|ticket| ticket.starts_with(&theirs)), "{theirs} among {tickets:?}");
}

fn at_the_door(hub: &Hub) {
    sit(hub, Role::Volunteer);
    let queue = hub.queue().unwrap();
    let waiting: Vec<Option<&str>> = queue.waiting.iter().map(|w| w.name.as_deref()).collect();
    assert_eq!(waiting, [Some("Tadeusz"), None, Some("Ifeoma"), Some("Eirlys"), Some("Jo")]);
    assert_eq!((queue.being_seen.len(), queue.next_ticket.as_str()), (2, "A9"));
    let shell = hub.shell().unwrap();
    assert_eq!((shell.hub.name.as_str(), shell.open_until.is_some()), ("Green Lane Library", true));
    assert!(shell.sync.to_share > 7_000, "the demo waits to be shared like any records");
    assert!(hub.directory("lunch club").unwrap().total > 3);
    assert_eq!(hub.trends(ask(None)), Err(HubError::NotAllowed));
}

fn at_the_table(hub: &Hub) {
    sit(hub, Role::Worker);
    assert_eq!(hub.today().unwrap().waiting.len(), 5);
    let questions = hub.questions().unwrap();
    let [question] = questions.as_slice() else { panic!("{} questions", questions.len()) };
    assert_eq!(question.values.len(), 2);
    assert!(!hub.people("wrób").unwrap().is_empty());
}

fn in_the_office(hub: &Hub) {
    sit(hub, Role::Manager);
    let list = hub.waiting_list(WaitingFilter::default()).unwrap();
    assert!(list.names && list.total > 40 && list.counts.iter().map(|c| c.people).sum::<u32>() == list.total);
    assert!(list.entries.is_sorted_by(|a, b| a.days >= b.days));
    assert!(list.entries.iter().any(|e| e.name.is_some()) && list.entries.iter().any(|e| e.call_overdue));
    let only = WaitingFilter { kind: Some(WaitingKind::OccupationalTherapy), ..WaitingFilter::default() };
    let only = hub.waiting_list(only).unwrap();
    assert!(only.total < list.total && only.entries.iter().all(|e| e.kind == WaitingKind::OccupationalTherapy));

    let all = hub.trends(ask(None)).unwrap();
    assert_eq!((all.hubs.len(), all.weeks.len(), all.phases.len()), (3, 52, 1));
    let green_lane = all.hubs.iter().find(|h| h.name == "Green Lane Library").unwrap();
    let trends = hub.trends(ask(Some(green_lane.id))).unwrap();
    assert!(
        matches!(&trends.waits_say, WaitsSay::SoonerSince { hub, days, more_than_chance: true } if hub == "Green Lane Library" && *days >= 8),
        "{:?}",
        trends.waits_say
    );
    assert_eq!((trends.phases.len(), trends.opening.is_some()), (2, true));
    assert!(trends.waiting_now > 5 && trends.median_days.is_some_and(|d| (15..40).contains(&d)));
    assert_eq!(trends.weeks.last().map(|w| w.size), Some(trends.waiting_now));
    assert!(!matches!(trends.size_says, SizeSays::Nothing));
}

fn ask(hub: Option<sync_schema::HubId>) -> TrendsFilter {
    TrendsFilter { kind: WaitingKind::OccupationalTherapy, hub, band: None, weeks: 52 }
}
