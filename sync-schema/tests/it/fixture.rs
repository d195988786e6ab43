//! Documents as each release saved them, never edited. Version 1 begins here.
//!
//! `TALKING_POINT_MAKE_FIXTURES=1` writes those that are not there yet; it never writes over one.

use std::fs;
use std::path::PathBuf;

use automerge::AutoCommit;
use sync_schema::document::{conversation, council, hub, listing, person, team_member, visit, waiting_entry};
use sync_schema::merge::waiting::stand;
use sync_schema::{
    Band, CouncilId, HubId, Kind, ListingId, Need, PersonId, TeamMemberId, Tool, WaitingKind, kind_code,
};

use crate::common::{day, edit, event};
use crate::conversation_law::begun;
use crate::visit_law::{mair, visit_of};
use crate::waiting_law::asked;

fn listing_made() -> listing::Listing {
    listing::Listing {
        source_id: Some("lunch-1".to_owned()),
        name: "Tuesday Lunch Club".to_owned(),
        organisation: Some("Green Lane Friends".to_owned()),
        description: "A hot meal and company.".to_owned(),
        summary: "A hot meal and company.".to_owned(),
        when: Some("Tuesdays 12pm to 2pm".to_owned()),
        cost: Some("£4".to_owned()),
        categories: vec!["Food".to_owned(), "Company".to_owned()],
        checked_on: Some(day(10, 12)),
        status: "active".to_owned(),
        ..listing::Listing::default()
    }
}

fn council_made() -> council::Council {
    council::Council {
        name: "Wellow Council".to_owned(),
        founded_on: Some(day(1, 5)),
        targets: vec![(WaitingKind::Assessment, 28), (WaitingKind::OccupationalTherapy, 42)],
    }
}

fn hub_made() -> hub::Hub {
    hub::Hub {
        name: "Green Lane Library".to_owned(),
        locality: Some("North".to_owned()),
        opened_on: Some(day(6, 2)),
        sessions: vec![(2, "09:30-13:00".to_owned())],
    }
}

fn member_made() -> team_member::TeamMember {
    team_member::TeamMember { name: "Rhian".to_owned(), role: "worker".to_owned(), active: true }
}

pub(crate) fn make(kind: Kind) -> AutoCommit {
    let edit = edit(1, 0);
    let made = match kind {
        Kind::Council => council::create(CouncilId::from_bytes([1; 16]), &council_made(), &edit),
        Kind::Hub => hub::create(HubId::from_bytes([7; 16]), &hub_made(), &edit),
        Kind::TeamMember => team_member::create(TeamMemberId::from_bytes([1; 16]), &member_made(), &edit),
        Kind::Visit => Ok(visit_of(mair())),
        Kind::Person => {
            let new = person::NewPerson { name: Some("Mair Prosser".to_owned()), ..person::NewPerson::default() };
            person::create(PersonId::from_bytes([1; 16]), new, &edit)
        }
        Kind::Conversation => {
            let mut doc = begun();
            conversation::write(&mut doc, Tool::GoodDay, "Choir on Thursday.", &edit).unwrap();
            Ok(doc)
        }
        Kind::WaitingEntry => {
            let mut doc = asked();
            let kind = waiting_entry::EventKind::Escalated { band: Band::High };
            waiting_entry::note_event(&mut doc, event(1, 1), &kind, &edit).unwrap();
            Ok(doc)
        }
        Kind::Listing => listing::create(ListingId::from_bytes([3; 16]), &listing_made(), &edit),
    };
    made.unwrap()
}

pub(crate) fn saved(version: &str, name: &str, make: impl FnOnce() -> AutoCommit) -> AutoCommit {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "fixtures", version, name].iter().collect();
    if std::env::var_os("TALKING_POINT_MAKE_FIXTURES").is_some() && !path.exists() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, make().save()).unwrap();
    }
    AutoCommit::load(&fs::read(&path).unwrap()).unwrap()
}

#[test]
fn version_1_reads_as_it_was_written() {
    let of = |kind: Kind| saved("v1", kind.code(), || make(kind));
    for kind in Kind::ALL {
        assert_eq!(kind_code(&of(*kind)).as_deref(), Some(kind.code()));
    }
    assert_eq!(council::read(&of(Kind::Council)).unwrap(), council_made());
    assert_eq!(hub::read(&of(Kind::Hub)).unwrap(), hub_made());
    assert_eq!(team_member::read(&of(Kind::TeamMember)).unwrap(), member_made());
    assert_eq!(listing::read(&of(Kind::Listing)).unwrap(), listing_made());
    assert_eq!(person::read(&of(Kind::Person)).unwrap().name.as_deref(), Some("Mair Prosser"));
    let conversation = conversation::read(&of(Kind::Conversation)).unwrap();
    assert_eq!(conversation.text(Tool::GoodDay), "Choir on Thursday.");
    assert_eq!(conversation.text(Tool::OwnWords), "I don't know who to ask");
    let visit = visit::read(&of(Kind::Visit)).unwrap();
    assert_eq!((visit.name.as_deref(), visit.needs.as_slice()), (Some("Mair"), [Need::Welsh].as_slice()));
    assert_eq!(visit.ticket.map(|ticket| (ticket.letter, ticket.number)), Some(("A".to_owned(), 3)));
    let entry = waiting_entry::read(&of(Kind::WaitingEntry)).unwrap();
    let standing = stand(&entry.history);
    assert_eq!((standing.band, standing.requested_on), (Band::High, Some(day(11, 2))));
}

#[test]
fn a_listing_imported_on_two_laptops_is_one_listing_and_an_update_writes_only_what_differs() {
    let id = ListingId::from_bytes([3; 16]);
    let mut one = listing::create(id, &listing_made(), &edit(1, 0)).unwrap();
    let mut two = listing::create(id, &listing_made(), &edit(2, 0)).unwrap();
    crate::common::bring(&mut one, &mut two);
    assert_eq!(listing::read(&one).unwrap(), listing_made());
    let heads = one.get_heads();
    assert!(!listing::update(&mut one, &listing_made(), &edit(1, 0)).unwrap());
    assert_eq!(one.get_heads(), heads);
    let dearer = listing::Listing { cost: Some("£5".to_owned()), phone: None, ..listing_made() };
    assert!(listing::update(&mut one, &dearer, &edit(1, 0)).unwrap());
    assert_eq!(listing::read(&one).unwrap(), dearer);
}
