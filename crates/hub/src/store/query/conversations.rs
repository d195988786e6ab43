//! Conversations: one whole, and lists of them.

use rusqlite::{OptionalExtension, Row, params};
use sync_schema::{ActionId, ConversationId, Instant, ListingId, PersonId, SignpostId, TeamMemberId, Tool, VisitId};

use super::{Connection, GLANCE, HubError, beginning, date, instant, maybe_instant, needs, people};
use crate::view::conversation::{Agreed, ConversationView, SignpostRow, ToolText};
use crate::view::today::OpenConversation;

/// One conversation as it is written; drafts are laid over it elsewhere.
///
/// # Errors
/// [`HubError::NotFound`]; the database's own.
pub fn one(connection: &Connection, id: ConversationId) -> Result<ConversationView, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT c.doc, c.person, c.visit, c.worker_name, c.own_words, c.began_at, c.finished_at, p.name, \
         coalesce(v.needs, p.needs, '[]') AS needs, v.interpreter \
         FROM conversation AS c LEFT JOIN person AS p ON p.id = c.person LEFT JOIN visit AS v ON v.id = c.visit \
         WHERE c.id = ?1",
    )?;
    let (doc, mut view) = select.query_row([id.as_bytes()], |row| Ok((row.get::<_, i64>("doc")?, head(row, id)?)))?;
    view.texts = texts(connection, doc)?;
    view.agreed = agreed(connection, doc)?;
    view.signposts = signposts(connection, doc)?;
    view.waiting = people::entries(connection, view.person)?;
    Ok(view)
}

/// What is written under one heading; `None` when the conversation is not here.
///
/// # Errors
/// The database's own.
pub fn text(connection: &Connection, id: ConversationId, tool: Tool) -> Result<Option<String>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT coalesce(t.body, '') FROM conversation AS c \
         LEFT JOIN conversation_text AS t ON t.doc = c.doc AND t.tool = ?2 WHERE c.id = ?1",
    )?;
    Ok(select.query_row(params![id.as_bytes(), tool.code()], |row| row.get(0)).optional()?)
}

/// A worker's conversations that are open, newest first.
///
/// # Errors
/// The database's own.
pub fn open_of(connection: &Connection, worker: TeamMemberId) -> Result<Vec<OpenConversation>, HubError> {
    let mut select = connection.prepare_cached(&format!(
        "{LIST} WHERE c.worker = ?1 AND c.finished_at IS NULL ORDER BY c.began_at DESC, c.id LIMIT 100"
    ))?;
    let rows = select.query_map([worker.as_bytes()], in_list)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many of a worker's conversations are open.
///
/// # Errors
/// The database's own.
pub fn count_open_of(connection: &Connection, worker: TeamMemberId) -> Result<u32, HubError> {
    let mut select =
        connection.prepare_cached("SELECT count(*) FROM conversation WHERE worker = ?1 AND finished_at IS NULL")?;
    Ok(super::small(select.query_row([worker.as_bytes()], |row| row.get(0))?))
}

/// A worker's conversations that began between two instants and are finished, newest first.
///
/// # Errors
/// The database's own.
pub fn finished_of(
    connection: &Connection,
    worker: TeamMemberId,
    (from, to): (Instant, Instant),
) -> Result<Vec<OpenConversation>, HubError> {
    let mut select = connection.prepare_cached(&format!(
        "{LIST} WHERE c.began_at >= ?2 AND c.began_at < ?3 AND c.worker = ?1 AND c.finished_at IS NOT NULL \
         ORDER BY c.began_at DESC, c.id"
    ))?;
    let rows = select.query_map(params![worker.as_bytes(), from.millis(), to.millis()], in_list)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const LIST: &str = "SELECT c.id, c.person, c.worker_name, c.own_words, c.began_at, p.name \
                    FROM conversation AS c LEFT JOIN person AS p ON p.id = c.person";

fn in_list(row: &Row<'_>) -> rusqlite::Result<OpenConversation> {
    Ok(OpenConversation {
        conversation: ConversationId::from_bytes(row.get("id")?),
        person: PersonId::from_bytes(row.get("person")?),
        name: row.get("name")?,
        own_words: beginning(row.get("own_words")?, GLANCE),
        began_at: instant(row, "began_at")?,
        worker: row.get("worker_name")?,
    })
}

fn head(row: &Row<'_>, id: ConversationId) -> rusqlite::Result<ConversationView> {
    Ok(ConversationView {
        id,
        person: PersonId::from_bytes(row.get("person")?),
        visit: row.get::<_, Option<[u8; 16]>>("visit")?.map(VisitId::from_bytes),
        name: row.get("name")?,
        needs: needs(row, "needs")?,
        interpreter: row.get("interpreter")?,
        own_words: row.get("own_words")?,
        texts: Vec::new(),
        agreed: Vec::new(),
        signposts: Vec::new(),
        waiting: Vec::new(),
        worker: row.get("worker_name")?,
        began_at: instant(row, "began_at")?,
        finished_at: maybe_instant(row, "finished_at")?,
    })
}

fn texts(connection: &Connection, doc: i64) -> Result<Vec<ToolText>, HubError> {
    let mut select =
        connection.prepare_cached("SELECT tool, body FROM conversation_text WHERE doc = ?1 ORDER BY tool")?;
    let rows = select.query_map([doc], |row| Ok((row.get::<_, String>("tool")?, row.get("body")?)))?;
    let mut texts = Vec::new();
    for row in rows {
        let (code, text) = row?;
        if let Some(tool) = Tool::from_code(&code) {
            texts.push(ToolText { tool, text });
        }
    }
    Ok(texts)
}

fn agreed(connection: &Connection, doc: i64) -> Result<Vec<Agreed>, HubError> {
    let mut select = connection
        .prepare_cached("SELECT action, who, what, by_when, done FROM agreed WHERE doc = ?1 ORDER BY tick, action")?;
    let rows = select.query_map([doc], |row| {
        Ok(Agreed {
            id: ActionId::from_bytes(row.get("action")?),
            who: row.get("who")?,
            what: row.get("what")?,
            by_when: date(row, "by_when")?,
            done: row.get("done")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn signposts(connection: &Connection, doc: i64) -> Result<Vec<SignpostRow>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT signpost, listing, name, opening, checked_on FROM signpost WHERE doc = ?1 ORDER BY tick, signpost",
    )?;
    let rows = select.query_map([doc], |row| {
        Ok(SignpostRow {
            id: SignpostId::from_bytes(row.get("signpost")?),
            listing: ListingId::from_bytes(row.get("listing")?),
            name: row.get("name")?,
            when: row.get("opening")?,
            checked_on: date(row, "checked_on")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
