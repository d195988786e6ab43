//! Laptops in one hall, each in a network of its own: live over a wire with delay and loss, cut off and rejoined, and
//! kept apart by the network itself.

#![allow(clippy::unwrap_used, reason = "a test stops where something is wrong")]

mod rooms;

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use hub::view::shell::Role;
use hub::{Found, Hub, Join, Passphrase, Ports};
use rooms::{Laptop, Rooms};
use tempfile::TempDir;

const PASSPHRASE: &str = "three plain words";

/// A council of so many laptops that have never met.
struct Council {
    place: TempDir,
    laptops: Vec<PathBuf>,
}

impl Council {
    fn of(many: usize) -> Result<Self> {
        let place = tempfile::tempdir()?;
        let ports = Ports::system();
        let passphrase = || Passphrase::from(PASSPHRASE);
        fs::write(place.path().join("passphrase"), PASSPHRASE)?;
        let first = place.path().join("laptop-1");
        let found = Found {
            council: "Aberwen".to_owned(),
            hub: "Green Lane".to_owned(),
            laptop: String::new(),
            passphrase: passphrase(),
        };
        let (hub, _) = Hub::found(&first, found, &ports)?;
        let mut laptops = vec![first];
        for number in 2..=many {
            let file = place.path().join(format!("join-{number}"));
            fs::write(&file, hub.invite(Role::Volunteer, None)?.as_slice())?;
            let dir = place.path().join(format!("laptop-{number}"));
            Hub::join(&dir, Join { file: &file, laptop: String::new(), passphrase: passphrase() }, &ports)?;
            laptops.push(dir);
        }
        Ok(Self { place, laptops })
    }

    /// Puts each laptop into its room.
    fn enter(&self, rooms: &Rooms) -> Result<Vec<Laptop>> {
        let file = self.place.path().join("passphrase");
        self.laptops.iter().enumerate().map(|(at, data)| rooms.laptop(at + 1, data, &file)).collect()
    }
}

#[test]
fn two_rooms_share_one_queue_over_a_slow_wire_that_loses_some() -> Result<()> {
    let council = Council::of(2)?;
    let mut rooms = Rooms::new(2, council.place.path())?;
    let capture = rooms.wire(30, 5, 7)?;
    let mut laptops = council.enter(&rooms)?;
    let [one, two] = laptops.as_mut_slice() else { unreachable!() };
    one.wait("with 1")?;
    let mut took = Vec::new();
    for number in 0..20 {
        let (here, there) = if number % 2 == 0 { (&mut *one, &mut *two) } else { (&mut *two, &mut *one) };
        let name = format!("Plantedname{number}");
        here.check_in(&name)?;
        took.push(there.wait(&format!("wait {name}"))?);
    }
    took.sort_unstable();
    println!("30 ms each way, 5 in 100 lost: {} ms at the median, {} ms at the most", took[10], took[19]);
    assert_eq!(one.ask("queue")?, two.ask("queue")?);
    for laptop in laptops {
        laptop.leave()?;
    }
    drop(rooms);
    let carried = fs::read(capture)?;
    assert!(carried.len() > 10_000, "{} bytes went over the wire", carried.len());
    assert!(memchr::memmem::find(&carried, b"Plantedname").is_none(), "a name was read on the wire");
    assert!(memchr::memmem::find(&carried, b"Green Lane").is_none(), "a hub's name was read on the wire");
    Ok(())
}

#[test]
fn three_rooms_that_are_cut_off_find_each_other_again() -> Result<()> {
    let council = Council::of(3)?;
    let mut rooms = Rooms::new(3, council.place.path())?;
    let mut laptops = council.enter(&rooms)?;
    let [one, two, three] = laptops.as_mut_slice() else { unreachable!() };
    one.check_in("Before")?;
    for laptop in [&mut *two, &mut *three] {
        laptop.wait("wait Before")?;
    }
    for laptop in [&mut *one, &mut *two, &mut *three] {
        laptop.wait("with 2")?;
    }
    rooms.cable(3, false)?;
    three.check_in("Alone")?;
    one.check_in("Together")?;
    two.wait("wait Together")?;
    // Long enough that each has noticed, however the connection hoped.
    three.wait("with 0")?;
    one.wait("with 1")?;
    rooms.cable(3, true)?;
    three.wait("wait Together")?;
    for laptop in [&mut *one, &mut *two] {
        laptop.wait("wait Alone")?;
    }
    for laptop in &mut laptops {
        assert_eq!(laptop.ask("queue")?, "Alone,Before,Together");
    }
    laptops.into_iter().try_for_each(Laptop::leave)
}

#[test]
fn a_network_that_keeps_its_guests_apart_is_told_from_an_empty_hall() -> Result<()> {
    let council = Council::of(2)?;
    let mut rooms = Rooms::new(2, council.place.path())?;
    rooms.keep_apart()?;
    let mut laptops = council.enter(&rooms)?;
    let [one, two] = laptops.as_mut_slice() else { unreachable!() };
    one.check_in("Mair")?;
    // Each hears the other's name, and neither gets an answer.
    one.wait("apart 1")?;
    two.wait("apart 1")?;
    assert_eq!(two.ask("queue")?, "");
    // On one switch, as on one phone's hotspot, it comes right by itself.
    rooms.no_wire()?;
    two.wait("wait Mair")?;
    one.wait("apart 0")?;
    laptops.into_iter().try_for_each(Laptop::leave)
}
