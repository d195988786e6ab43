//! A place on a waiting list: a person's id, what for, and what happened. No free text, and nothing that names anyone.
//!
//! What the events come to is folded in [`crate::merge::waiting`].

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ROOT};

use super::part;
use crate::merge::happened::{self, History};
use crate::{Band, CalendarDate, Edit, EntryId, EventId, HubId, Kind, PersonId, SchemaError, WaitingKind};

const PERSON: &str = "person";
const FOR: &str = "for";
const HUB: &str = "hub";
const LOCALITY: &str = "locality";
const ON: &str = "on";
const BAND: &str = "band";
const STRUCK: &str = "struck";
const NEXT_DUE: &str = "nextDue";
const OUTCOME: &str = "outcome";
const UNDONE: &str = "undone";

/// How an entry ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// They were seen.
    Seen,
    /// They no longer want it.
    Withdrew,
    /// They moved away.
    Moved,
    /// They died.
    Died,
    /// It is no longer needed.
    NotNeeded,
    /// One of a newer version, by its code.
    Other(String),
}

impl Outcome {
    /// The code that documents and tables hold.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Seen => "seen",
            Self::Withdrew => "withdrew",
            Self::Moved => "moved",
            Self::Died => "died",
            Self::NotNeeded => "not-needed",
            Self::Other(code) => code,
        }
    }

    /// From its code.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "seen" => Self::Seen,
            "withdrew" => Self::Withdrew,
            "moved" => Self::Moved,
            "died" => Self::Died,
            "not-needed" => Self::NotNeeded,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// What an entry begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Who.
    pub person: PersonId,
    /// For what.
    pub kind: WaitingKind,
    /// Where it was asked.
    pub hub: HubId,
    /// The hub's locality.
    pub locality: Option<String>,
    /// The earliest day they asked.
    pub requested_on: CalendarDate,
    /// How soon.
    pub band: Band,
}

/// What can happen to an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// They asked.
    Requested {
        /// The day.
        on: CalendarDate,
    },
    /// A request was noted in error.
    Struck {
        /// The request.
        event: EventId,
    },
    /// A band was set.
    Banded {
        /// How soon.
        band: Band,
    },
    /// It became more pressing.
    Escalated {
        /// How soon.
        band: Band,
    },
    /// Someone rang them.
    Contacted {
        /// When to ring again, if at all.
        next_due: Option<CalendarDate>,
    },
    /// They were offered what they wait for.
    Offered {
        /// The day.
        on: CalendarDate,
    },
    /// It ended.
    Closed {
        /// The day.
        on: CalendarDate,
        /// How.
        outcome: Outcome,
    },
    /// It goes on after all.
    Reopened,
    /// An earlier event was a slip.
    Undone {
        /// The event.
        event: EventId,
    },
}

impl EventKind {
    /// The code that documents and tables hold.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Requested { .. } => "requested",
            Self::Struck { .. } => "struck",
            Self::Banded { .. } => "banded",
            Self::Escalated { .. } => "escalated",
            Self::Contacted { .. } => "contacted",
            Self::Offered { .. } => "offered",
            Self::Closed { .. } => "closed",
            Self::Reopened => "reopened",
            Self::Undone { .. } => "undone",
        }
    }

    fn fields(&self) -> Vec<happened::Field> {
        match self {
            Self::Requested { on } | Self::Offered { on } => vec![(ON, on.to_string().into())],
            Self::Struck { event } => vec![(STRUCK, event.to_string().into())],
            Self::Undone { event } => vec![(UNDONE, event.to_string().into())],
            Self::Banded { band } | Self::Escalated { band } => vec![(BAND, band.code().into())],
            Self::Contacted { next_due: Some(day) } => vec![(NEXT_DUE, day.to_string().into())],
            Self::Contacted { next_due: None } | Self::Reopened => Vec::new(),
            Self::Closed { on, outcome } => vec![(ON, on.to_string().into()), (OUTCOME, outcome.code().into())],
        }
    }

    fn read(doc: &AutoCommit, at: &ObjId, code: &str) -> Option<Self> {
        let on = || part::parsed(doc, at, ON);
        let band = || part::string(doc, at, BAND).and_then(|code| Band::from_code(&code));
        Some(match code {
            "requested" => Self::Requested { on: on()? },
            "struck" => Self::Struck { event: part::parsed(doc, at, STRUCK)? },
            "banded" => Self::Banded { band: band()? },
            "escalated" => Self::Escalated { band: band()? },
            "contacted" => Self::Contacted { next_due: part::parsed(doc, at, NEXT_DUE) },
            "offered" => Self::Offered { on: on()? },
            "closed" => Self::Closed {
                on: on()?,
                outcome: Outcome::from_code(&part::string(doc, at, OUTCOME).unwrap_or_default()),
            },
            "reopened" => Self::Reopened,
            "undone" => Self::Undone { event: part::parsed(doc, at, UNDONE)? },
            _ => return None,
        })
    }
}

/// Something that happened to an entry.
pub type Event = happened::Event<EventKind>;

/// An entry as written; [`crate::merge::waiting::stand`] says what it comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingEntry {
    /// Who; `None` when the document does not say it in a way this program can read.
    pub person: Option<PersonId>,
    /// For what.
    pub kind: Option<WaitingKind>,
    /// Where it was asked.
    pub hub: Option<HubId>,
    /// The hub's locality.
    pub locality: Option<String>,
    /// What happened, in the order all laptops share.
    pub history: History<EventKind>,
}

/// A new entry: asked for on a day, with a band. `events` are two fresh ids.
///
/// # Errors
/// [`SchemaError::Refused`].
pub fn create(_id: EntryId, new: NewEntry, events: [EventId; 2], edit: &Edit) -> Result<AutoCommit, SchemaError> {
    let [requested, banded] = events;
    let mut doc = part::begin(Kind::WaitingEntry, edit)?;
    doc.put(ROOT, PERSON, new.person.to_string())?;
    doc.put(ROOT, FOR, new.kind.code())?;
    doc.put(ROOT, HUB, new.hub.to_string())?;
    part::put_some(&mut doc, &ROOT, LOCALITY, new.locality.as_deref())?;
    happened::make(&mut doc)?;
    put_event(&mut doc, requested, &EventKind::Requested { on: new.requested_on }, edit)?;
    put_event(&mut doc, banded, &EventKind::Banded { band: new.band }, edit)?;
    edit.end(&mut doc);
    Ok(doc)
}

/// Notes that something happened.
///
/// # Errors
/// [`SchemaError::NotThisKind`], [`SchemaError::PartMissing`], [`SchemaError::Refused`].
pub fn note_event(doc: &mut AutoCommit, id: EventId, kind: &EventKind, edit: &Edit) -> Result<(), SchemaError> {
    part::expect(doc, Kind::WaitingEntry)?;
    edit.begin(doc);
    put_event(doc, id, kind, edit)?;
    edit.end(doc);
    Ok(())
}

fn put_event(doc: &mut AutoCommit, id: EventId, kind: &EventKind, edit: &Edit) -> Result<(), SchemaError> {
    let held = happened::read(doc, EventKind::read);
    happened::note(doc, &held, id, kind.code(), kind.fields(), edit)
}

/// The entry as written.
///
/// # Errors
/// [`SchemaError::NotThisKind`].
pub fn read(doc: &AutoCommit) -> Result<WaitingEntry, SchemaError> {
    part::expect(doc, Kind::WaitingEntry)?;
    Ok(WaitingEntry {
        person: part::parsed(doc, &ROOT, PERSON),
        kind: part::string(doc, &ROOT, FOR).and_then(|code| WaitingKind::from_code(&code)),
        hub: part::parsed(doc, &ROOT, HUB),
        locality: part::filled(doc, &ROOT, LOCALITY),
        history: happened::read(doc, EventKind::read),
    })
}
