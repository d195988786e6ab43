//! Things that happened: an append-only map of events, each naming those it came after, in one order that all laptops
//! share.
//!
//! An event's place is its [`Stamp`]. What it *knew* is exact and does not rest on clocks: each event names the newest
//! events its laptop held, and so on back.

use std::collections::{BTreeMap, BTreeSet};

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ScalarValue};

use crate::document::part;
use crate::{Edit, EventId, Instant, SchemaError, Stamp, TeamMemberId};

const EVENTS: &str = "events";
const TICK: &str = "tick";
const AT: &str = "at";
const KIND: &str = "kind";
const BY: &str = "by";
const BY_NAME: &str = "byName";
const LAPTOP: &str = "laptop";
const AFTER: &str = "after";
const ID_LENGTH: usize = 16;

/// What every event says, whatever happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<K> {
    /// Its id.
    pub id: EventId,
    /// Its place: clock or successor, clamped.
    pub tick: i64,
    /// When, by its laptop's clock.
    pub at: Instant,
    /// Who noted it.
    pub by: Option<TeamMemberId>,
    /// Their name at the hub.
    pub by_name: String,
    /// The laptop's name.
    pub laptop: String,
    /// The newest events its laptop held.
    pub after: Vec<EventId>,
    /// What happened; `None` for what a newer version knows and this one does not.
    pub kind: Option<K>,
}

impl<K> Event<K> {
    /// Its place in the order all laptops share.
    #[must_use]
    pub const fn stamp(&self) -> Stamp {
        Stamp { tick: self.tick, id: self.id }
    }
}

/// The events of a document, in the order all laptops share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History<K> {
    events: Vec<Event<K>>,
}

impl<K> History<K> {
    /// All of them.
    #[must_use]
    pub fn events(&self) -> &[Event<K>] {
        &self.events
    }

    /// True when the laptop that noted `event` held `other` then.
    #[must_use]
    pub fn knew(&self, event: EventId, other: EventId) -> bool {
        self.known_to([event]).contains(&other)
    }

    /// All that the laptops which noted these events held then, in one walk however many they are.
    #[must_use]
    pub fn known_to(&self, events: impl IntoIterator<Item = EventId>) -> BTreeSet<EventId> {
        let by_id: BTreeMap<EventId, &Event<K>> = self.events.iter().map(|event| (event.id, event)).collect();
        let mut known = BTreeSet::new();
        let mut open: Vec<EventId> = events.into_iter().collect();
        while let Some(id) = open.pop() {
            for before in by_id.get(&id).into_iter().flat_map(|event| &event.after) {
                if known.insert(*before) {
                    open.push(*before);
                }
            }
        }
        known
    }

    /// The newest: those that no other event came after.
    #[must_use]
    pub fn newest(&self) -> Vec<EventId> {
        let covered: BTreeSet<EventId> = self.events.iter().flat_map(|event| event.after.iter().copied()).collect();
        self.events.iter().map(|event| event.id).filter(|id| !covered.contains(id)).collect()
    }
}

/// In the document's first change.
pub(crate) fn make(doc: &mut AutoCommit) -> Result<ObjId, SchemaError> {
    Ok(doc.put_object(ROOT, EVENTS, ObjType::Map)?)
}

/// A field of an event beyond what every event says.
pub(crate) type Field = (&'static str, ScalarValue);

/// Notes that something happened, after everything the document holds. The change is not ended.
pub(crate) fn note<K>(
    doc: &mut AutoCommit,
    held: &History<K>,
    id: EventId,
    kind: &str,
    fields: Vec<Field>,
    edit: &Edit,
) -> Result<(), SchemaError> {
    let events = part::own_map(doc, EVENTS)?;
    let stamp = Stamp::next(edit.now, held.events.iter().map(|event| event.tick).max(), id);
    let event = doc.put_object(&events, id.to_string(), ObjType::Map)?;
    doc.put(&event, TICK, stamp.tick)?;
    doc.put(&event, AT, edit.now.millis())?;
    doc.put(&event, KIND, kind)?;
    doc.put(&event, BY, edit.by.to_string())?;
    doc.put(&event, BY_NAME, edit.by_name.as_str())?;
    doc.put(&event, LAPTOP, edit.laptop.as_str())?;
    let after: Vec<u8> = held.newest().iter().flat_map(|id| *id.as_bytes()).collect();
    if !after.is_empty() {
        doc.put(&event, AFTER, ScalarValue::Bytes(after))?;
    }
    for (key, value) in fields {
        doc.put(&event, key, value)?;
    }
    Ok(())
}

/// The events of a document; `kind_of` reads what happened from the event's map and code.
pub(crate) fn read<K>(doc: &AutoCommit, kind_of: impl Fn(&AutoCommit, &ObjId, &str) -> Option<K>) -> History<K> {
    let mut events: Vec<Event<K>> = Vec::new();
    if let Some(map) = part::map(doc, &ROOT, EVENTS) {
        for key in part::keys(doc, &map) {
            let (Some(at), Ok(id)) = (part::map(doc, &map, &key), key.parse()) else { continue };
            events.push(read_one(doc, &at, id, &kind_of));
        }
    }
    History { events: in_order(events) }
}

/// By stamp, except that no event stands before one it came after: a tick far in the future, once clamped, would
/// otherwise leave all later events to the chance of their ids.
fn in_order<K>(mut events: Vec<Event<K>>) -> Vec<Event<K>> {
    events.sort_by_key(Event::stamp);
    let mut ordered = Vec::with_capacity(events.len());
    let mut placed = BTreeSet::new();
    let held: BTreeSet<EventId> = events.iter().map(|event| event.id).collect();
    while !events.is_empty() {
        let ready = |event: &Event<K>| event.after.iter().all(|id| placed.contains(id) || !held.contains(id));
        // Events forged into a ring have no first: then the stamp alone decides.
        let next = events.iter().position(ready).unwrap_or_default();
        let event = events.remove(next);
        placed.insert(event.id);
        ordered.push(event);
    }
    ordered
}

fn read_one<K>(
    doc: &AutoCommit,
    at: &ObjId,
    id: EventId,
    kind_of: &impl Fn(&AutoCommit, &ObjId, &str) -> Option<K>,
) -> Event<K> {
    let when = part::instant(doc, at, AT).unwrap_or_default();
    let code = part::string(doc, at, KIND).unwrap_or_default();
    Event {
        id,
        tick: Stamp::clamp(part::integer(doc, at, TICK).unwrap_or(when.millis())),
        at: when,
        by: part::parsed(doc, at, BY),
        by_name: part::string(doc, at, BY_NAME).unwrap_or_default(),
        laptop: part::string(doc, at, LAPTOP).unwrap_or_default(),
        after: ids(&part::bytes(doc, at, AFTER).unwrap_or_default()),
        kind: kind_of(doc, at, &code),
    }
}

fn ids(bytes: &[u8]) -> Vec<EventId> {
    bytes.as_chunks::<ID_LENGTH>().0.iter().map(|chunk| EventId::from_bytes(*chunk)).collect()
}
