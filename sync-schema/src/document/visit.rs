//! One person's time at a hub: what was said at the door, and what happened to them in the queue.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ROOT, ScalarValue};

use super::{needs, part};
use crate::merge::happened::{self, History};
use crate::{CalendarDate, ConversationId, Edit, EventId, HubId, Instant, Kind, Need, SchemaError, VisitId};

const HUB: &str = "hub";
const CAME_AT: &str = "cameAt";
const NAME: &str = "name";
const REASON: &str = "reason";
const INTERPRETER: &str = "interpreter";
const BEEN_BEFORE: &str = "beenBefore";
const COMPANION: &str = "companion";
const LETTER: &str = "letter";
const NUMBER: &str = "number";
const DAY: &str = "day";
const CONVERSATION: &str = "conversation";
const UNTIL: &str = "until";
const UNDONE: &str = "undone";

/// A ticket: the laptop's letter and a number that starts at 1 each day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The laptop's letter.
    pub letter: String,
    /// From 1.
    pub number: u32,
    /// The day, where the hub is.
    pub day: CalendarDate,
}

/// What checking in says.
#[derive(Debug, Clone, PartialEq)]
pub struct NewVisit {
    /// Where.
    pub hub: HubId,
    /// When they came.
    pub came_at: Instant,
    /// As given.
    pub name: Option<String>,
    /// Their own words.
    pub reason: String,
    /// What would help.
    pub needs: Vec<Need>,
    /// The language an interpreter is needed for.
    pub interpreter: Option<String>,
    /// Here before.
    pub been_before: Option<bool>,
    /// Who came with them; empty when somebody did who was not named.
    pub companion: Option<String>,
    /// Their ticket.
    pub ticket: Ticket,
}

/// What can happen in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// A worker took them.
    Taken {
        /// The conversation it began.
        conversation: ConversationId,
    },
    /// They left without being seen.
    Left,
    /// They stepped outside.
    SteppedOutside {
        /// When they mean to be back.
        until: Instant,
    },
    /// They are back.
    CameBack,
    /// The conversation is over.
    Done,
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
            Self::Taken { .. } => "taken",
            Self::Left => "left",
            Self::SteppedOutside { .. } => "stepped-outside",
            Self::CameBack => "came-back",
            Self::Done => "done",
            Self::Undone { .. } => "undone",
        }
    }

    fn fields(&self) -> Vec<happened::Field> {
        match self {
            Self::Taken { conversation } => vec![(CONVERSATION, conversation.to_string().into())],
            Self::SteppedOutside { until } => vec![(UNTIL, ScalarValue::Int(until.millis()))],
            Self::Undone { event } => vec![(UNDONE, event.to_string().into())],
            Self::Left | Self::CameBack | Self::Done => Vec::new(),
        }
    }

    fn read(doc: &AutoCommit, at: &ObjId, code: &str) -> Option<Self> {
        match code {
            "taken" => part::parsed(doc, at, CONVERSATION).map(|conversation| Self::Taken { conversation }),
            "left" => Some(Self::Left),
            "stepped-outside" => part::instant(doc, at, UNTIL).map(|until| Self::SteppedOutside { until }),
            "came-back" => Some(Self::CameBack),
            "done" => Some(Self::Done),
            "undone" => part::parsed(doc, at, UNDONE).map(|event| Self::Undone { event }),
            _ => None,
        }
    }
}

/// Something that happened in the queue.
pub type Event = happened::Event<EventKind>;

/// A visit as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// Where; `None` when the document does not say it in a way this program can read.
    pub hub: Option<HubId>,
    /// When they came.
    pub came_at: Instant,
    /// As given.
    pub name: Option<String>,
    /// Their own words.
    pub reason: String,
    /// What would help.
    pub needs: Vec<Need>,
    /// The language an interpreter is needed for.
    pub interpreter: Option<String>,
    /// Here before.
    pub been_before: Option<bool>,
    /// Who came with them; empty when somebody did who was not named.
    pub companion: Option<String>,
    /// Their ticket, if it can be read.
    pub ticket: Option<Ticket>,
    /// What happened, in the order all laptops share, what was taken back included.
    pub history: History<EventKind>,
}

/// Where someone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// In the room, waiting.
    Waiting,
    /// Outside, waiting.
    Outside {
        /// When they mean to be back.
        until: Instant,
    },
    /// With a worker.
    BeingSeen {
        /// Since when.
        since: Instant,
        /// Set when they have stepped outside meanwhile.
        outside_until: Option<Instant>,
    },
    /// Left without being seen.
    Left,
    /// Seen, and gone.
    Done,
}

impl State {
    /// The code that tables hold.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Outside { .. } => "outside",
            Self::BeingSeen { .. } => "beingSeen",
            Self::Left => "left",
            Self::Done => "done",
        }
    }
}

impl Visit {
    /// True when an event was taken back.
    #[must_use]
    pub fn is_undone(&self, event: EventId) -> bool {
        self.history.events().iter().any(|other| other.kind == Some(EventKind::Undone { event }))
    }

    /// What happened and was not taken back, in order; taking back is not among it.
    pub fn standing_events(&self) -> impl Iterator<Item = &Event> {
        self.history.events().iter().filter(|event| match event.kind {
            Some(EventKind::Undone { .. }) => false,
            Some(_) | None => !self.is_undone(event.id),
        })
    }

    /// The `taken` events that stand: more than one when two workers took them at once.
    pub fn taken(&self) -> impl Iterator<Item = &Event> {
        self.standing_events().filter(|event| matches!(event.kind, Some(EventKind::Taken { .. })))
    }

    /// Where they are, and since when.
    #[must_use]
    pub fn state_since(&self) -> (State, Instant) {
        let mut fold = Fold { since: self.came_at, ..Fold::default() };
        for event in self.standing_events() {
            fold.step(&self.history, event);
        }
        fold.state()
    }

    /// Where they are.
    #[must_use]
    pub fn state(&self) -> State {
        self.state_since().0
    }
}

#[derive(Default)]
struct Fold {
    taken_at: Option<Instant>,
    outside: Option<(EventId, Instant)>,
    ended: Option<State>,
    since: Instant,
}

impl Fold {
    fn step(&mut self, history: &History<EventKind>, event: &Event) {
        let Some(kind) = event.kind else { return };
        match kind {
            EventKind::Taken { .. } => {
                self.taken_at = Some(self.taken_at.map_or(event.at, |first| first.min(event.at)));
                self.ended = None;
                // A worker who saw that they were outside has them back; one who could not know has not.
                self.outside = self.outside.filter(|(stepped, _)| !history.knew(event.id, *stepped));
            }
            EventKind::Left => self.ended = Some(State::Left),
            EventKind::Done => self.ended = Some(State::Done),
            EventKind::SteppedOutside { until } => self.outside = Some((event.id, until)),
            EventKind::CameBack => {
                self.outside = None;
                self.ended = self.ended.filter(|state| *state == State::Done);
            }
            EventKind::Undone { .. } => return,
        }
        self.since = event.at;
    }

    fn state(self) -> (State, Instant) {
        let outside_until = self.outside.map(|(_, until)| until);
        let state = match (self.ended, self.taken_at, outside_until) {
            (Some(ended), _, _) => ended,
            (None, Some(since), outside_until) => State::BeingSeen { since, outside_until },
            (None, None, Some(until)) => State::Outside { until },
            (None, None, None) => State::Waiting,
        };
        (state, self.since)
    }
}

/// A new visit.
///
/// # Errors
/// [`SchemaError::Refused`].
pub fn create(_id: VisitId, new: NewVisit, edit: &Edit) -> Result<AutoCommit, SchemaError> {
    let mut doc = part::begin(Kind::Visit, edit)?;
    doc.put(ROOT, HUB, new.hub.to_string())?;
    doc.put(ROOT, CAME_AT, new.came_at.millis())?;
    part::put_some(&mut doc, &ROOT, NAME, new.name.as_deref())?;
    part::put_text(&mut doc, &ROOT, REASON, &new.reason)?;
    needs::make(&mut doc, &new.needs)?;
    part::put_some(&mut doc, &ROOT, INTERPRETER, new.interpreter.as_deref())?;
    if let Some(been_before) = new.been_before {
        doc.put(ROOT, BEEN_BEFORE, been_before)?;
    }
    part::put_some(&mut doc, &ROOT, COMPANION, new.companion.as_deref())?;
    doc.put(ROOT, LETTER, new.ticket.letter)?;
    doc.put(ROOT, NUMBER, i64::from(new.ticket.number))?;
    doc.put(ROOT, DAY, new.ticket.day.to_string())?;
    happened::make(&mut doc)?;
    edit.end(&mut doc);
    Ok(doc)
}

/// Notes that something happened.
///
/// # Errors
/// [`SchemaError::NotThisKind`], [`SchemaError::PartMissing`], [`SchemaError::Refused`].
pub fn note_event(doc: &mut AutoCommit, id: EventId, kind: EventKind, edit: &Edit) -> Result<(), SchemaError> {
    part::expect(doc, Kind::Visit)?;
    edit.begin(doc);
    let held = happened::read(doc, EventKind::read);
    happened::note(doc, &held, id, kind.code(), kind.fields(), edit)?;
    edit.end(doc);
    Ok(())
}

/// What would help, as it now is; only what differs is written.
///
/// # Errors
/// [`SchemaError::NotThisKind`], [`SchemaError::PartMissing`], [`SchemaError::Refused`].
pub fn correct_needs(
    doc: &mut AutoCommit,
    needs: &[Need],
    interpreter: Option<&str>,
    edit: &Edit,
) -> Result<(), SchemaError> {
    part::expect(doc, Kind::Visit)?;
    edit.begin(doc);
    needs::correct(doc, needs)?;
    if part::filled(doc, &ROOT, INTERPRETER).as_deref() != interpreter {
        doc.put(ROOT, INTERPRETER, interpreter.unwrap_or_default())?;
    }
    edit.end(doc);
    Ok(())
}

/// The visit as it stands.
///
/// # Errors
/// [`SchemaError::NotThisKind`].
pub fn read(doc: &AutoCommit) -> Result<Visit, SchemaError> {
    part::expect(doc, Kind::Visit)?;
    Ok(Visit {
        hub: part::parsed(doc, &ROOT, HUB),
        came_at: part::instant(doc, &ROOT, CAME_AT).unwrap_or_default(),
        name: part::filled(doc, &ROOT, NAME),
        reason: part::text(doc, &ROOT, REASON),
        needs: needs::read(doc),
        interpreter: part::filled(doc, &ROOT, INTERPRETER),
        been_before: part::boolean(doc, &ROOT, BEEN_BEFORE),
        companion: part::string(doc, &ROOT, COMPANION),
        ticket: read_ticket(doc),
        history: happened::read(doc, EventKind::read),
    })
}

fn read_ticket(doc: &AutoCommit) -> Option<Ticket> {
    Some(Ticket {
        letter: part::string(doc, &ROOT, LETTER)?,
        number: u32::try_from(part::integer(doc, &ROOT, NUMBER)?).ok()?,
        day: part::parsed(doc, &ROOT, DAY)?,
    })
}
