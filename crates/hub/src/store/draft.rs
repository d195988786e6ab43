//! What is being typed and has not been said to be done: kept every moment, so that nothing typed is lost when the
//! battery dies. Drafts are never shared and never searched.

use rusqlite::{Connection, OptionalExtension, params};
use sync_schema::ConversationId;

use crate::error::HubError;

pub(super) const V1: &str = "
CREATE TABLE door_draft (
    slot  INTEGER PRIMARY KEY CHECK (slot = 1),
    draft TEXT NOT NULL
) STRICT;
CREATE TABLE conversation_draft (
    conversation BLOB NOT NULL CHECK (length(conversation) = 16),
    tool         TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (conversation, tool)
) STRICT, WITHOUT ROWID;
";

/// What stands in the door's fields, as JSON.
///
/// # Errors
/// The database's own.
pub fn door(connection: &Connection) -> Result<Option<String>, HubError> {
    Ok(connection.query_row("SELECT draft FROM door_draft WHERE slot = 1", [], |row| row.get(0)).optional()?)
}

/// Keeps what stands in the door's fields.
///
/// # Errors
/// The database's own.
pub fn keep_door(connection: &Connection, draft: &str) -> Result<(), HubError> {
    connection
        .prepare_cached("INSERT INTO door_draft (slot, draft) VALUES (1, ?1) ON CONFLICT (slot) DO UPDATE SET draft = excluded.draft")?
        .execute([draft])?;
    Ok(())
}

/// The fields are empty again.
///
/// # Errors
/// The database's own.
pub fn clear_door(connection: &Connection) -> Result<(), HubError> {
    connection.prepare_cached("DELETE FROM door_draft")?.execute([])?;
    Ok(())
}

/// Drafts of a conversation: code of the tool and text.
///
/// # Errors
/// The database's own.
pub fn of_conversation(connection: &Connection, id: ConversationId) -> Result<Vec<(String, String)>, HubError> {
    let mut select =
        connection.prepare_cached("SELECT tool, body FROM conversation_draft WHERE conversation = ?1 ORDER BY tool")?;
    let rows = select.query_map([id.as_bytes()], |row| Ok((row.get("tool")?, row.get("body")?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every draft of every conversation: what to write before the laptop is locked or the program ends.
///
/// # Errors
/// The database's own.
pub fn all(connection: &Connection) -> Result<Vec<(ConversationId, String, String)>, HubError> {
    let mut select = connection
        .prepare_cached("SELECT conversation, tool, body FROM conversation_draft ORDER BY conversation, tool")?;
    let rows = select.query_map([], |row| {
        Ok((ConversationId::from_bytes(row.get("conversation")?), row.get("tool")?, row.get("body")?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps a draft.
///
/// # Errors
/// The database's own.
pub fn keep(connection: &Connection, id: ConversationId, tool: &str, body: &str) -> Result<(), HubError> {
    connection
        .prepare_cached(
            "INSERT INTO conversation_draft (conversation, tool, body) VALUES (?1, ?2, ?3) \
             ON CONFLICT (conversation, tool) DO UPDATE SET body = excluded.body",
        )?
        .execute(params![id.as_bytes(), tool, body])?;
    Ok(())
}

/// A draft that has been written into the conversation.
///
/// # Errors
/// The database's own.
pub fn clear(connection: &Connection, id: ConversationId, tool: &str) -> Result<(), HubError> {
    connection
        .prepare_cached("DELETE FROM conversation_draft WHERE conversation = ?1 AND tool = ?2")?
        .execute(params![id.as_bytes(), tool])?;
    Ok(())
}
