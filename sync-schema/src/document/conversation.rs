//! A conversation: the person's own words, what was written under each heading, what was agreed, where they were
//! pointed to.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT};

use super::{part, splice};
use crate::merge::happened::{self, History};
use crate::{
    ActionId, CalendarDate, ConversationId, Edit, EventId, Instant, Kind, ListingId, PersonId, SchemaError, SignpostId,
    Stamp, TeamMemberId, Tool, VisitId,
};

const PERSON: &str = "person";
const VISIT: &str = "visit";
const WORKER: &str = "worker";
const WORKER_NAME: &str = "workerName";
const BEGAN_AT: &str = "beganAt";
const AGREED: &str = "agreed";
const SIGNPOSTS: &str = "signposts";
const TICK: &str = "tick";
const BY_NAME: &str = "byName";
const WHO: &str = "who";
const WHAT: &str = "what";
const BY_WHEN: &str = "byWhen";
const LISTING: &str = "listing";
const NAME: &str = "name";
const WHEN: &str = "when";
const CHECKED_ON: &str = "checkedOn";
const SUBJECT: &str = "subject";

/// What a conversation begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewConversation {
    /// With whom.
    pub person: PersonId,
    /// The visit it began from.
    pub visit: Option<VisitId>,
    /// Why they came, in their own words.
    pub own_words: String,
}

/// Something someone will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAction {
    /// Who.
    pub who: String,
    /// Does what.
    pub what: String,
    /// By when, if a day was named.
    pub by_when: Option<CalendarDate>,
}

/// A pointer to a listing; the listing's name and times are kept as they were when it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSignpost {
    /// The listing.
    pub listing: ListingId,
    /// Its name.
    pub name: String,
    /// When it opens, in its own words.
    pub when: Option<String>,
    /// When it was last checked.
    pub checked_on: Option<CalendarDate>,
}

/// What can happen in a conversation beyond writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// An agreed thing was done.
    ActionDone(ActionId),
    /// It was not done after all.
    ActionNotDone(ActionId),
    /// It was struck out.
    ActionStruck(ActionId),
    /// A signpost was taken back.
    SignpostTakenBack(SignpostId),
    /// The conversation is over.
    Finished,
    /// It goes on after all.
    Reopened,
}

impl EventKind {
    const fn code(self) -> &'static str {
        match self {
            Self::ActionDone(_) => "action-done",
            Self::ActionNotDone(_) => "action-not-done",
            Self::ActionStruck(_) => "action-struck",
            Self::SignpostTakenBack(_) => "signpost-taken-back",
            Self::Finished => "finished",
            Self::Reopened => "reopened",
        }
    }

    fn fields(self) -> Vec<happened::Field> {
        match self {
            Self::ActionDone(id) | Self::ActionNotDone(id) | Self::ActionStruck(id) => {
                vec![(SUBJECT, id.to_string().into())]
            }
            Self::SignpostTakenBack(id) => vec![(SUBJECT, id.to_string().into())],
            Self::Finished | Self::Reopened => Vec::new(),
        }
    }

    fn read(doc: &AutoCommit, at: &ObjId, code: &str) -> Option<Self> {
        let action = || part::parsed::<ActionId>(doc, at, SUBJECT);
        match code {
            "action-done" => action().map(Self::ActionDone),
            "action-not-done" => action().map(Self::ActionNotDone),
            "action-struck" => action().map(Self::ActionStruck),
            "signpost-taken-back" => part::parsed(doc, at, SUBJECT).map(Self::SignpostTakenBack),
            "finished" => Some(Self::Finished),
            "reopened" => Some(Self::Reopened),
            _ => None,
        }
    }
}

/// A conversation as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    /// With whom; `None` when the document does not say it in a way this program can read.
    pub person: Option<PersonId>,
    /// The visit it began from.
    pub visit: Option<VisitId>,
    /// The worker who began it.
    pub worker: Option<TeamMemberId>,
    /// Their name.
    pub worker_name: String,
    /// When it began.
    pub began_at: Instant,
    /// What was written under each heading that has anything, in the program's order.
    pub texts: Vec<(Tool, String)>,
    /// What was agreed and not struck out, in order.
    pub agreed: Vec<Action>,
    /// Signposts not taken back, in order.
    pub signposts: Vec<Signpost>,
    /// When it was finished, unless it goes on.
    pub finished_at: Option<Instant>,
}

impl Conversation {
    /// What was written under a heading; empty when nothing was.
    #[must_use]
    pub fn text(&self, tool: Tool) -> String {
        let found = self.texts.iter().find(|(under, _)| *under == tool);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    }
}

/// Something someone will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Its id.
    pub id: ActionId,
    /// Its place.
    pub tick: i64,
    /// Who, does what, by when.
    pub action: NewAction,
    /// Who wrote it down.
    pub by_name: String,
    /// Done, as told since.
    pub done: bool,
}

/// A pointer to a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signpost {
    /// Its id.
    pub id: SignpostId,
    /// Its place.
    pub tick: i64,
    /// Where to.
    pub signpost: NewSignpost,
    /// Who gave it.
    pub by_name: String,
}

/// A new conversation.
///
/// # Errors
/// [`SchemaError::Refused`].
pub fn create(_id: ConversationId, new: NewConversation, edit: &Edit) -> Result<AutoCommit, SchemaError> {
    let mut doc = part::begin(Kind::Conversation, edit)?;
    doc.put(ROOT, PERSON, new.person.to_string())?;
    part::put_some(&mut doc, &ROOT, VISIT, new.visit.map(|id| id.to_string()).as_deref())?;
    doc.put(ROOT, WORKER, edit.by.to_string())?;
    doc.put(ROOT, WORKER_NAME, edit.by_name.as_str())?;
    doc.put(ROOT, BEGAN_AT, edit.now.millis())?;
    for tool in Tool::ALL {
        let text = if *tool == Tool::OwnWords { new.own_words.as_str() } else { "" };
        part::put_text(&mut doc, &ROOT, tool.code(), text)?;
    }
    doc.put_object(ROOT, AGREED, ObjType::Map)?;
    doc.put_object(ROOT, SIGNPOSTS, ObjType::Map)?;
    happened::make(&mut doc)?;
    edit.end(&mut doc);
    Ok(doc)
}

/// What stands under a heading becomes this text. Only the difference is written, so that two laptops' writing both
/// stands.
///
/// # Errors
/// [`SchemaError::NotThisKind`], [`SchemaError::PartMissing`], [`SchemaError::Refused`].
pub fn write(doc: &mut AutoCommit, tool: Tool, text: &str, edit: &Edit) -> Result<(), SchemaError> {
    part::expect(doc, Kind::Conversation)?;
    let object = part::own_text(doc, tool.code())?;
    let splices = splice::between(&part::text(doc, &ROOT, tool.code()), text);
    if splices.is_empty() {
        return Ok(());
    }
    edit.begin(doc);
    // From the end, so that the places named by the others stay where they are.
    for splice in splices.iter().rev() {
        doc.splice_text(&object, splice.at, splice.remove, splice.put)?;
    }
    edit.end(doc);
    Ok(())
}

/// Writes down what someone will do.
///
/// # Errors
/// [`SchemaError::NotThisKind`], [`SchemaError::PartMissing`], [`SchemaError::Refused`].
pub fn agree(doc: &mut AutoCommit, id: ActionId, new: &NewAction, edit: &Edit) -> Result<(), SchemaError> {
    part::expect(doc, Kind::Conversation)?;
    let map = part::own_map(doc, AGREED)?;
    let tick = next_tick(doc, &map, edit, *id.as_bytes());
    edit.begin(doc);
    let action = doc.put_object(&map, id.to_string(), ObjType::Map)?;
    doc.put(&action, TICK, tick)?;
    doc.put(&action, BY_NAME, edit.by_name.as_str())?;
    doc.put(&action, WHO, new.who.as_str())?;
    doc.put(&action, WHAT, new.what.as_str())?;
    part::put_some(doc, &action, BY_WHEN, new.by_when.map(|day| day.to_string()).as_deref())?;
    edit.end(doc);
    Ok(())
}

/// Points to a listing.
///
/// # Errors
/// [`SchemaError::NotThisKind`], [`SchemaError::PartMissing`], [`SchemaError::Refused`].
pub fn signpost(doc: &mut AutoCommit, id: SignpostId, new: &NewSignpost, edit: &Edit) -> Result<(), SchemaError> {
    part::expect(doc, Kind::Conversation)?;
    let map = part::own_map(doc, SIGNPOSTS)?;
    let tick = next_tick(doc, &map, edit, *id.as_bytes());
    edit.begin(doc);
    let signpost = doc.put_object(&map, id.to_string(), ObjType::Map)?;
    doc.put(&signpost, TICK, tick)?;
    doc.put(&signpost, BY_NAME, edit.by_name.as_str())?;
    doc.put(&signpost, LISTING, new.listing.to_string())?;
    doc.put(&signpost, NAME, new.name.as_str())?;
    part::put_some(doc, &signpost, WHEN, new.when.as_deref())?;
    part::put_some(doc, &signpost, CHECKED_ON, new.checked_on.map(|day| day.to_string()).as_deref())?;
    edit.end(doc);
    Ok(())
}

/// Says whether an agreed thing was done.
///
/// # Errors
/// [`SchemaError::NotThisKind`], [`SchemaError::PartMissing`], [`SchemaError::Refused`].
pub fn agreed_done(
    doc: &mut AutoCommit,
    event: EventId,
    action: ActionId,
    done: bool,
    edit: &Edit,
) -> Result<(), SchemaError> {
    note(doc, event, if done { EventKind::ActionDone(action) } else { EventKind::ActionNotDone(action) }, edit)
}

/// Strikes out an agreed thing.
///
/// # Errors
/// [`SchemaError::NotThisKind`], [`SchemaError::PartMissing`], [`SchemaError::Refused`].
pub fn strike_agreed(doc: &mut AutoCommit, event: EventId, action: ActionId, edit: &Edit) -> Result<(), SchemaError> {
    note(doc, event, EventKind::ActionStruck(action), edit)
}

/// Takes a signpost back.
///
/// # Errors
/// [`SchemaError::NotThisKind`], [`SchemaError::PartMissing`], [`SchemaError::Refused`].
pub fn take_back_signpost(
    doc: &mut AutoCommit,
    event: EventId,
    signpost: SignpostId,
    edit: &Edit,
) -> Result<(), SchemaError> {
    note(doc, event, EventKind::SignpostTakenBack(signpost), edit)
}

/// Says that the conversation is over.
///
/// # Errors
/// [`SchemaError::NotThisKind`], [`SchemaError::PartMissing`], [`SchemaError::Refused`].
pub fn finish(doc: &mut AutoCommit, event: EventId, edit: &Edit) -> Result<(), SchemaError> {
    note(doc, event, EventKind::Finished, edit)
}

/// Says that it goes on after all.
///
/// # Errors
/// [`SchemaError::NotThisKind`], [`SchemaError::PartMissing`], [`SchemaError::Refused`].
pub fn reopen(doc: &mut AutoCommit, event: EventId, edit: &Edit) -> Result<(), SchemaError> {
    note(doc, event, EventKind::Reopened, edit)
}

fn note(doc: &mut AutoCommit, id: EventId, kind: EventKind, edit: &Edit) -> Result<(), SchemaError> {
    part::expect(doc, Kind::Conversation)?;
    edit.begin(doc);
    let held = happened::read(doc, EventKind::read);
    happened::note(doc, &held, id, kind.code(), kind.fields(), edit)?;
    edit.end(doc);
    Ok(())
}

/// The place of a new thing in a map: after all that it holds.
fn next_tick(doc: &AutoCommit, map: &ObjId, edit: &Edit, id: [u8; 16]) -> i64 {
    let tick = |key: &String| part::map(doc, map, key).and_then(|thing| part::integer(doc, &thing, TICK));
    let largest = part::keys(doc, map).iter().filter_map(tick).max();
    Stamp::next(edit.now, largest, EventId::from_bytes(id)).tick
}

/// The conversation as it stands.
///
/// # Errors
/// [`SchemaError::NotThisKind`].
pub fn read(doc: &AutoCommit) -> Result<Conversation, SchemaError> {
    part::expect(doc, Kind::Conversation)?;
    let history = happened::read(doc, EventKind::read);
    let texts = Tool::ALL.iter().map(|tool| (*tool, part::text(doc, &ROOT, tool.code())));
    Ok(Conversation {
        person: part::parsed(doc, &ROOT, PERSON),
        visit: part::parsed(doc, &ROOT, VISIT),
        worker: part::parsed(doc, &ROOT, WORKER),
        worker_name: part::string(doc, &ROOT, WORKER_NAME).unwrap_or_default(),
        began_at: part::instant(doc, &ROOT, BEGAN_AT).unwrap_or_default(),
        texts: texts.filter(|(_, text)| !text.is_empty()).collect(),
        agreed: actions(doc, &history),
        signposts: signposts(doc, &history),
        finished_at: finished_at(&history),
    })
}

fn kinds(history: &History<EventKind>) -> impl DoubleEndedIterator<Item = EventKind> {
    history.events().iter().filter_map(|event| event.kind)
}

fn finished_at(history: &History<EventKind>) -> Option<Instant> {
    let mut events = history.events().iter().rev();
    let last = events.find(|event| matches!(event.kind, Some(EventKind::Finished | EventKind::Reopened)))?;
    (last.kind == Some(EventKind::Finished)).then_some(last.at)
}

fn actions(doc: &AutoCommit, history: &History<EventKind>) -> Vec<Action> {
    let Some(map) = part::map(doc, &ROOT, AGREED) else { return Vec::new() };
    let mut actions: Vec<Action> = part::keys(doc, &map).iter().filter_map(|key| action(doc, &map, key)).collect();
    actions.retain(|action| !kinds(history).any(|kind| kind == EventKind::ActionStruck(action.id)));
    for action in &mut actions {
        let done = EventKind::ActionDone(action.id);
        let not_done = EventKind::ActionNotDone(action.id);
        action.done = kinds(history).rev().find(|kind| *kind == done || *kind == not_done) == Some(done);
    }
    actions.sort_by_key(|action| (action.tick, action.id));
    actions
}

fn action(doc: &AutoCommit, map: &ObjId, key: &str) -> Option<Action> {
    let at = part::map(doc, map, key)?;
    Some(Action {
        id: key.parse().ok()?,
        tick: Stamp::clamp(part::integer(doc, &at, TICK).unwrap_or_default()),
        action: NewAction {
            who: part::string(doc, &at, WHO).unwrap_or_default(),
            what: part::string(doc, &at, WHAT).unwrap_or_default(),
            by_when: part::parsed(doc, &at, BY_WHEN),
        },
        by_name: part::string(doc, &at, BY_NAME).unwrap_or_default(),
        done: false,
    })
}

fn signposts(doc: &AutoCommit, history: &History<EventKind>) -> Vec<Signpost> {
    let Some(map) = part::map(doc, &ROOT, SIGNPOSTS) else { return Vec::new() };
    let read = |key: &String| read_signpost(doc, &map, key);
    let mut signposts: Vec<Signpost> = part::keys(doc, &map).iter().filter_map(read).collect();
    signposts.retain(|signpost| !kinds(history).any(|kind| kind == EventKind::SignpostTakenBack(signpost.id)));
    signposts.sort_by_key(|signpost| (signpost.tick, signpost.id));
    signposts
}

fn read_signpost(doc: &AutoCommit, map: &ObjId, key: &str) -> Option<Signpost> {
    let at = part::map(doc, map, key)?;
    Some(Signpost {
        id: key.parse().ok()?,
        tick: Stamp::clamp(part::integer(doc, &at, TICK).unwrap_or_default()),
        signpost: NewSignpost {
            listing: part::parsed(doc, &at, LISTING)?,
            name: part::string(doc, &at, NAME).unwrap_or_default(),
            when: part::filled(doc, &at, WHEN),
            checked_on: part::parsed(doc, &at, CHECKED_ON),
        },
        by_name: part::string(doc, &at, BY_NAME).unwrap_or_default(),
    })
}
