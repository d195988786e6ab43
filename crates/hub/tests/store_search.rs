//! Search as someone types, by whatever name people have.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod store_support;

use hub::store::search::{search_listings, search_people};
use store_support::{Laptop, laptop};
use sync_schema::document::listing::Listing;
use sync_schema::document::person;
use sync_schema::{Kind, PersonId};

fn found(laptop: &Laptop, typed: &str) -> Vec<String> {
    let hits = laptop.store.read(|connection| search_people(connection, typed, 10)).unwrap();
    hits.into_iter().map(|hit| hit.name.unwrap_or_default()).collect()
}

#[test]
fn people_are_found_as_their_names_are_typed() {
    let door = laptop("Green Lane 1", 1);
    let names = [
        "Mair Prosser",
        "Maria Nowak",
        "Łukasz Żółć",
        "Siân O'Brien",
        "王小明",
        "X",
        "Zoë Smith-Jones",
        "Li Na",
        "Cabdi Xasan",
    ];
    for name in names {
        door.add_person(name);
    }
    for (typed, expected) in [
        ("ma", &["Mair Prosser", "Maria Nowak"][..]),
        ("MAIR", &["Mair Prosser"]),
        ("pros", &["Mair Prosser"]),
        ("prosser mair", &["Mair Prosser"]),
        ("lukasz", &["Łukasz Żółć"]),
        ("Żółć", &["Łukasz Żółć"]),
        ("zolc luk", &["Łukasz Żółć"]),
        ("obrien", &["Siân O'Brien"]),
        ("o'brien", &["Siân O'Brien"]),
        ("o brien", &["Siân O'Brien"]),
        ("sian", &["Siân O'Brien"]),
        ("王", &["王小明"]),
        ("小明", &["王小明"]),
        ("x", &["X", "Cabdi Xasan"]),
        ("zoe", &["Zoë Smith-Jones"]),
        ("jones", &["Zoë Smith-Jones"]),
        ("li", &["Li Na"]),
        ("nobody", &[]),
        ("", &[]),
        ("   ", &[]),
    ] {
        assert_eq!(found(&door, typed), expected, "{typed:?}");
    }
    assert_eq!(found(&door, "de12ab mair"), ["Mair Prosser"], "a postcode narrows it");
}

#[test]
fn nothing_typed_is_query_syntax() {
    let door = laptop("Green Lane 1", 1);
    door.add_person("Mair Prosser");
    for typed in [
        "\"",
        "mair\"",
        "mair OR owen",
        "NEAR(mair)",
        "words:mair",
        "mair*",
        "-mair",
        "^mair",
        "(",
        "mair AND",
        "'",
        "%",
        "\0",
        "{a b} :",
    ] {
        let hits = door.store.read(|connection| search_people(connection, typed, 10));
        assert!(hits.is_ok(), "{typed:?} {hits:?}");
    }
    assert_eq!(found(&door, "mair*"), ["Mair Prosser"]);
}

#[test]
fn a_name_that_was_changed_is_found_by_the_new_one_alone() {
    let door = laptop("Green Lane 1", 1);
    let person = door.add_person("Bob Taylor");
    for name in ["Robert Taylor", "R", "", "Bobby Tables; DROP", "Robert Taylor-Price"] {
        door.rename(person, name);
        assert!(door.store.verify().unwrap().is_whole(), "{name}");
    }
    assert!(found(&door, "bobby").is_empty());
    assert_eq!(found(&door, "price"), ["Robert Taylor-Price"]);
}

fn listing(name: &str, organisation: &str, description: &str, status: &str) -> Listing {
    Listing {
        name: name.to_owned(),
        organisation: Some(organisation.to_owned()),
        description: description.to_owned(),
        categories: vec!["Befriending".to_owned()],
        place: Some("Café Aberwen".to_owned()),
        status: status.to_owned(),
        ..Listing::default()
    }
}

#[test]
fn listings_are_found_by_what_they_are_the_name_counting_most() {
    let door = laptop("Green Lane 1", 1);
    for one in [
        listing("Tuesday lunch club", "St Mary's", "A hot meal and company.", "active"),
        listing("Men's shed", "Age Action", "Tools, tea, and lunch on Fridays.", "active"),
        listing("Lunch for carers", "Carers Together", "Closed for now.", "defunct"),
    ] {
        door.add_listing(&one);
    }
    let found = |typed: &str| {
        let (hits, total) = door.store.read(|connection| search_listings(connection, typed, 1)).unwrap();
        let name = hits.first().map(|hit| {
            let select = "SELECT name FROM listing WHERE doc = ?1";
            door.store
                .read(|connection| Ok(connection.query_row(select, [hit.doc], |row| row.get::<_, String>(0))?))
                .unwrap()
        });
        (name, total)
    };
    for (typed, first, total) in [
        ("lunch", Some("Tuesday lunch club"), 2),
        ("lunch clubs", Some("Tuesday lunch club"), 1),
        ("lun fri", Some("Men's shed"), 1),
        ("mens", Some("Men's shed"), 1),
        ("cafe befriending", Some("Men's shed"), 2),
        ("carers", None, 0),
        ("", Some("Men's shed"), 2),
        ("name:lunch\" OR", None, 0),
    ] {
        let (name, all) = found(typed);
        assert_eq!((name.as_deref(), all), (first, total), "{typed:?}");
    }
    assert!(door.store.verify().unwrap().is_whole());
}

#[test]
fn a_name_taken_away_from_one_stays_with_the_others() {
    let door = laptop("Green Lane 1", 1);
    let edit = door.edit();
    let ids: [PersonId; 2] = [door.id(), door.id()];
    let made = |id, name: &str| {
        let new = person::NewPerson { name: Some(name.to_owned()), ..person::NewPerson::default() };
        person::create(id, new, &edit).unwrap()
    };
    let name = |doc: &mut automerge::AutoCommit| person::put(doc, person::Field::Name, "Mair", &edit);
    let taken = door.store.write(|tx| {
        tx.create(Kind::Person, ids[0], made(ids[0], "Mair Zed"))?;
        tx.edit(ids[0], name)?;
        tx.create(Kind::Person, ids[1], made(ids[1], "Mair Zed"))
    });
    taken.unwrap();
    assert_eq!(found(&door, "zed"), ["Mair Zed"]);
    assert_eq!(found(&door, "mair"), ["Mair", "Mair Zed"]);
    assert_eq!(door.store.verify().unwrap().tables_differing, [""; 0]);
}

#[test]
fn a_second_look_finds_no_fault_where_there_is_none() {
    let door = laptop("Green Lane 1", 1);
    let first = door.add_person("Mair Prosser");
    assert!(door.store.verify().unwrap().is_whole());
    door.add_person("Mair Jones");
    assert!(door.store.verify().unwrap().is_whole());
    door.rename(first, "Mair Price");
    assert_eq!(door.store.verify().unwrap().page_faults, 0);
}
