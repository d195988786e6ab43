//! Conversations: their texts, who does what by when, and where we pointed people.

use automerge::AutoCommit;
use rusqlite::{named_params, params};
use sync_schema::document::conversation::{self, Action, Signpost};
use sync_schema::{Instant, Tool};

use super::{Id, Target};
use crate::error::HubError;

/// `conversation_text.tool` is the tool's code, own words included; empty texts have no row. `agreed` and `signpost`
/// hold what stands, not what was taken back; show them in the order of `tick`, then id.
pub(super) const TABLES: &str = "
CREATE TABLE conversation (
    doc         INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE,
    id          BLOB NOT NULL UNIQUE,
    person      BLOB NOT NULL,
    visit       BLOB,
    worker      BLOB NOT NULL,
    worker_name TEXT NOT NULL,
    own_words   TEXT NOT NULL,
    began_at    INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX conversation_person ON conversation (person, began_at);
CREATE INDEX conversation_began ON conversation (began_at);
CREATE INDEX conversation_open ON conversation (worker, began_at) WHERE finished_at IS NULL;
CREATE TABLE conversation_text (
    doc  INTEGER NOT NULL REFERENCES conversation (doc) ON DELETE CASCADE,
    tool TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (doc, tool)
) STRICT, WITHOUT ROWID;
CREATE TABLE agreed (
    doc     INTEGER NOT NULL REFERENCES conversation (doc) ON DELETE CASCADE,
    action  BLOB NOT NULL,
    tick    INTEGER NOT NULL,
    who     TEXT NOT NULL,
    what    TEXT NOT NULL,
    by_when TEXT,
    by_name TEXT NOT NULL,
    done    INTEGER NOT NULL,
    PRIMARY KEY (doc, action)
) STRICT, WITHOUT ROWID;
CREATE TABLE signpost (
    doc        INTEGER NOT NULL REFERENCES conversation (doc) ON DELETE CASCADE,
    signpost   BLOB NOT NULL,
    tick       INTEGER NOT NULL,
    listing    BLOB NOT NULL,
    name       TEXT NOT NULL,
    opening    TEXT,
    checked_on TEXT,
    by_name    TEXT NOT NULL,
    PRIMARY KEY (doc, signpost)
) STRICT, WITHOUT ROWID;
CREATE INDEX signpost_listing ON signpost (listing);
";

/// A conversation as its tables hold it.
struct Row {
    person: Id,
    visit: Option<Id>,
    worker: Id,
    worker_name: String,
    own_words: String,
    began_at: i64,
    finished_at: Option<i64>,
    texts: Vec<(&'static str, String)>,
    agreed: Vec<AgreedRow>,
    signposts: Vec<SignpostRow>,
}

struct AgreedRow {
    action: Id,
    tick: i64,
    who: String,
    what: String,
    by_when: Option<String>,
    by_name: String,
    done: bool,
}

struct SignpostRow {
    signpost: Id,
    tick: i64,
    listing: Id,
    name: String,
    opening: Option<String>,
    checked_on: Option<String>,
    by_name: String,
}

fn put(target: Target<'_>, row: &Row) -> Result<(), HubError> {
    target.delete("DELETE FROM conversation WHERE doc = ?1")?;
    if target.is_about_the_erased(&row.person)? {
        return Ok(());
    }
    target
        .connection
        .prepare_cached(
            "INSERT INTO conversation (doc, id, person, visit, worker, worker_name, own_words, began_at, finished_at) \
             VALUES (:doc, :id, :person, :visit, :worker, :worker_name, :own_words, :began_at, :finished_at)",
        )?
        .execute(named_params! {
            ":doc": target.doc,
            ":id": target.id.as_bytes(),
            ":person": row.person,
            ":visit": row.visit,
            ":worker": row.worker,
            ":worker_name": row.worker_name,
            ":own_words": row.own_words,
            ":began_at": row.began_at,
            ":finished_at": row.finished_at,
        })?;
    let mut text =
        target.connection.prepare_cached("INSERT INTO conversation_text (doc, tool, body) VALUES (?1, ?2, ?3)")?;
    for (tool, body) in row.texts.iter().filter(|(_, body)| !body.is_empty()) {
        text.execute(params![target.doc, tool, body])?;
    }
    put_agreed(target, &row.agreed)?;
    put_signposts(target, &row.signposts)
}

fn put_agreed(target: Target<'_>, agreed: &[AgreedRow]) -> Result<(), HubError> {
    let mut insert = target.connection.prepare_cached(
        "INSERT INTO agreed (doc, action, tick, who, what, by_when, by_name, done) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for AgreedRow { action, tick, who, what, by_when, by_name, done } in agreed {
        insert.execute(params![target.doc, action, tick, who, what, by_when, by_name, done])?;
    }
    Ok(())
}

fn put_signposts(target: Target<'_>, signposts: &[SignpostRow]) -> Result<(), HubError> {
    let mut insert = target.connection.prepare_cached(
        "INSERT INTO signpost (doc, signpost, tick, listing, name, opening, checked_on, by_name) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for SignpostRow { signpost, tick, listing, name, opening, checked_on, by_name } in signposts {
        insert.execute(params![target.doc, signpost, tick, listing, name, opening, checked_on, by_name])?;
    }
    Ok(())
}

/// The rows of a conversation.
pub(super) fn project(target: Target<'_>, document: &AutoCommit) -> Result<(), HubError> {
    let talk = conversation::read(document)?;
    let row = Row {
        person: talk.person.map_or(super::NOBODY, |id| *id.as_bytes()),
        visit: talk.visit.map(|id| *id.as_bytes()),
        worker: talk.worker.map_or(super::NOBODY, |id| *id.as_bytes()),
        own_words: talk.text(Tool::OwnWords),
        worker_name: talk.worker_name,
        began_at: talk.began_at.millis(),
        finished_at: talk.finished_at.map(Instant::millis),
        texts: talk.texts.into_iter().map(|(tool, body)| (tool.code(), body)).collect(),
        agreed: talk.agreed.into_iter().map(AgreedRow::from).collect(),
        signposts: talk.signposts.into_iter().map(SignpostRow::from).collect(),
    };
    put(target, &row)
}

impl From<Action> for AgreedRow {
    fn from(agreed: Action) -> Self {
        Self {
            action: *agreed.id.as_bytes(),
            tick: agreed.tick,
            who: agreed.action.who,
            what: agreed.action.what,
            by_when: agreed.action.by_when.map(|day| day.to_string()),
            by_name: agreed.by_name,
            done: agreed.done,
        }
    }
}

impl From<Signpost> for SignpostRow {
    fn from(given: Signpost) -> Self {
        Self {
            signpost: *given.id.as_bytes(),
            tick: given.tick,
            listing: *given.signpost.listing.as_bytes(),
            name: given.signpost.name,
            opening: given.signpost.when,
            checked_on: given.signpost.checked_on.map(|day| day.to_string()),
            by_name: given.by_name,
        }
    }
}
