//! A laptop's store in a folder of its own, and somebody who edits on it.

use hub::folder::DatabaseKey;
use hub::ports::{Ports, Virtual};
use hub::store::{Store, outbox};
use rusqlite::types::ValueRef;
use sync_schema::document::{listing, person, visit};
use sync_schema::{
    CalendarDate, DocId, Edit, HubId, Instant, Kind, ListingId, Need, PersonId, Scope, TeamMemberId, VisitId,
};
use tempfile::TempDir;

#[allow(dead_code, reason = "each test file uses its part")]
pub(crate) struct Laptop {
    pub(crate) store: Store,
    pub(crate) ports: Ports,
    pub(crate) world: Virtual,
    name: &'static str,
    _dir: TempDir,
}

/// Each laptop's seed makes its ids, its actor and its run.
pub(crate) fn laptop(name: &'static str, seed: u64) -> Laptop {
    let dir = TempDir::new().unwrap();
    let world = Virtual::new(seed, Instant::from_millis(1_790_000_000_000));
    let ports = world.ports();
    let store = Store::create(&dir.path().join("talking-point.db"), &DatabaseKey::new([seed as u8; 32])).unwrap();
    store.begin_run([seed as u8; 16]);
    Laptop { store, ports, world, name, _dir: dir }
}

#[allow(dead_code, reason = "each test file uses its part")]
impl Laptop {
    pub(crate) fn edit(&self) -> Edit {
        self.world.advance(1_000);
        Edit {
            actor: [self.name.as_bytes()[0]; 16],
            now: self.ports.now(),
            by: TeamMemberId::from_bytes([1; 16]),
            by_name: "Ffion".to_owned(),
            laptop: self.name.to_owned(),
        }
    }

    pub(crate) fn id<T: From<DocId>>(&self) -> T {
        DocId::from_bytes(self.ports.random().unwrap()).into()
    }

    pub(crate) fn check_in(&self, name: &str, number: u32) -> VisitId {
        let id: VisitId = self.id();
        let new = visit::NewVisit {
            hub: HubId::from_bytes([7; 16]),
            came_at: self.ports.now(),
            name: (!name.is_empty()).then(|| name.to_owned()),
            reason: "The bath is hard to get into.".to_owned(),
            needs: vec![Need::Welsh, Need::LargePrint],
            interpreter: None,
            been_before: Some(true),
            companion: None,
            ticket: visit::Ticket { letter: "A".to_owned(), number, day: CalendarDate::from_ymd(2026, 9, 21).unwrap() },
        };
        let doc = visit::create(id, new, &self.edit()).unwrap();
        self.store.write(|tx| tx.create(Kind::Visit, id, doc)).unwrap();
        id
    }

    pub(crate) fn add_listing(&self, listing: &listing::Listing) -> ListingId {
        let id: ListingId = self.id();
        let doc = listing::create(id, listing, &self.edit()).unwrap();
        self.store.write(|tx| tx.create(Kind::Listing, id, doc)).unwrap();
        id
    }

    pub(crate) fn add_person(&self, name: &str) -> PersonId {
        let id: PersonId = self.id();
        let new = person::NewPerson {
            name: (!name.is_empty()).then(|| name.to_owned()),
            postcode: Some("DE1 2AB".to_owned()),
            ..person::NewPerson::default()
        };
        let doc = person::create(id, new, &self.edit()).unwrap();
        self.store.write(|tx| tx.create(Kind::Person, id, doc)).unwrap();
        id
    }

    pub(crate) fn rename(&self, id: PersonId, name: &str) {
        let edit = self.edit();
        self.store.write(|tx| tx.edit(id, |doc| person::put(doc, person::Field::Name, name, &edit))).unwrap();
    }

    /// Everything of these scopes that waits here, in order.
    pub(crate) fn waiting(&self) -> Vec<(Scope, outbox::Waiting)> {
        let of = |scope| {
            let rows = self.store.read(|connection| outbox::waiting(connection, scope, 100_000)).unwrap();
            rows.into_iter().map(move |row| (scope, row))
        };
        [Scope::FrontDesk, Scope::Casework].into_iter().flat_map(of).collect()
    }

    /// A table's rows as text, sorted.
    pub(crate) fn rows(&self, table: &str, columns: &str) -> Vec<String> {
        self.store
            .read(|connection| {
                let mut select = connection.prepare(&format!("SELECT {columns} FROM {table}"))?;
                let count = select.column_count();
                let mut rows = select.query([])?;
                let mut all = Vec::new();
                while let Some(row) = rows.next()? {
                    let cells: Result<Vec<_>, _> = (0..count).map(|at| row.get_ref(at).map(as_text)).collect();
                    all.push(cells?.join(" | "));
                }
                all.sort();
                Ok(all)
            })
            .unwrap()
    }
}

fn as_text(cell: ValueRef<'_>) -> String {
    match cell {
        ValueRef::Null => "-".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        other => format!("{other:?}"),
    }
}
