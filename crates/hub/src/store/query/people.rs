//! People: one whole, lists of them, and what two laptops disagree on.

use rusqlite::{OptionalExtension, Row};
use sync_schema::{Band, CalendarDate, ConversationId, EntryId, PersonId, VisitId, WaitingKind};

use super::{Connection, GLANCE, HubError, beginning, date, instant, needed_date, needs};
use crate::store::search::{PersonHit, fold, search_people};
use crate::view::conversation::PersonsEntry;
use crate::view::person::{PersonRow, PersonView, PersonsConversation, PersonsVisit};
use crate::view::question::{Question, QuestionField, QuestionValue};

/// People by what was typed, at most `limit`.
///
/// # Errors
/// The database's own.
pub fn search(connection: &Connection, query: &str, limit: u32) -> Result<Vec<PersonRow>, HubError> {
    Ok(search_people(connection, query, limit)?.into_iter().map(of_hit).collect())
}

/// The people of the newest conversations, newest first.
///
/// # Errors
/// The database's own.
pub fn lately(connection: &Connection, limit: usize) -> Result<Vec<PersonRow>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT p.id, p.name, p.born_on, p.postcode, (SELECT max(v.came_at) FROM person_visit AS l JOIN visit AS v \
         ON v.id = l.visit WHERE l.doc = p.doc) AS last_seen \
         FROM (SELECT person, began_at FROM conversation ORDER BY began_at DESC LIMIT 200) AS c \
         JOIN person AS p ON p.id = c.person ORDER BY c.began_at DESC, p.id",
    )?;
    let mut found: Vec<PersonRow> = Vec::new();
    for row in select.query_map([], in_list)? {
        let row = row?;
        if found.len() < limit && !found.iter().any(|seen| seen.id == row.id) {
            found.push(row);
        }
    }
    Ok(found)
}

/// People of the same name, folded, and then of the same first word, at most `limit`.
///
/// # Errors
/// The database's own.
pub fn alike(connection: &Connection, name: &str, limit: usize) -> Result<Vec<PersonRow>, HubError> {
    let folded = fold(name);
    let Some(given) = folded.split(' ').next().filter(|given| !given.is_empty()) else { return Ok(Vec::new()) };
    let mut hits = search_people(connection, &folded, 50)?;
    for hit in search_people(connection, given, 50)? {
        if !hits.iter().any(|seen| seen.id == hit.id) {
            hits.push(hit);
        }
    }
    let (mut same, mut given_alike) = (Vec::new(), Vec::new());
    for hit in hits {
        let theirs = fold(hit.name.as_deref().unwrap_or_default());
        if theirs == folded {
            same.push(of_hit(hit));
        } else if theirs.split(' ').next() == Some(given) {
            given_alike.push(of_hit(hit));
        }
    }
    same.append(&mut given_alike);
    same.truncate(limit);
    Ok(same)
}

/// One person.
///
/// # Errors
/// [`HubError::NotFound`]; the database's own.
pub fn one(connection: &Connection, id: PersonId) -> Result<PersonView, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT doc, name, born_on, born_approximate, phone, postcode, needs FROM person WHERE id = ?1",
    )?;
    let (doc, mut view) = select.query_row([id.as_bytes()], |row| Ok((row.get::<_, i64>("doc")?, head(row, id)?)))?;
    view.questions = questions_where(connection, Some(doc))?;
    view.conversations = conversations(connection, id)?;
    view.visits = visits(connection, doc)?;
    view.waiting = entries(connection, id)?;
    Ok(view)
}

/// True when the person is on this laptop.
///
/// # Errors
/// The database's own.
pub fn is_here(connection: &Connection, id: PersonId) -> Result<bool, HubError> {
    let mut select = connection.prepare_cached("SELECT 1 FROM person WHERE id = ?1")?;
    Ok(select.query_row([id.as_bytes()], |_| Ok(())).optional()?.is_some())
}

/// A person's places on waiting lists, open ones first, then by the day they asked.
///
/// # Errors
/// The database's own.
pub fn entries(connection: &Connection, person: PersonId) -> Result<Vec<PersonsEntry>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT id, kind, band, requested_on, next_call_due, open FROM waiting_entry WHERE person = ?1 \
         ORDER BY open DESC, requested_on, id",
    )?;
    let mut rows = select.query([person.as_bytes()])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        // A kind or band of a newer version is kept and not shown.
        let kind = WaitingKind::from_code(&row.get::<_, String>("kind")?);
        let band = Band::from_code(&row.get::<_, String>("band")?);
        if let (Some(kind), Some(band)) = (kind, band) {
            entries.push(PersonsEntry {
                id: EntryId::from_bytes(row.get("id")?),
                kind,
                band,
                requested_on: needed_date(row, "requested_on")?,
                next_call_due: date(row, "next_call_due")?,
                open: row.get("open")?,
            });
        }
    }
    Ok(entries)
}

/// Everything in question, by name.
///
/// # Errors
/// The database's own.
pub fn questions(connection: &Connection) -> Result<Vec<Question>, HubError> {
    questions_where(connection, None)
}

/// How many questions there are.
///
/// # Errors
/// The database's own.
pub fn count_questions(connection: &Connection) -> Result<u32, HubError> {
    let mut select = connection.prepare_cached("SELECT count(*) FROM question WHERE rank = 0")?;
    Ok(super::small(select.query_row([], |row| row.get(0))?))
}

fn questions_where(connection: &Connection, doc: Option<i64>) -> Result<Vec<Question>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT p.id, p.name, q.field, q.value, q.by_name, q.laptop, q.at FROM question AS q \
         JOIN person AS p ON p.doc = q.doc WHERE ?1 IS NULL OR q.doc = ?1 \
         ORDER BY p.name IS NULL, p.name, p.id, q.field, q.rank LIMIT 2000",
    )?;
    let mut rows = select.query([doc])?;
    let mut questions: Vec<Question> = Vec::new();
    while let Some(row) = rows.next()? {
        let person = PersonId::from_bytes(row.get("id")?);
        let Some(field) = QuestionField::from_code(&row.get::<_, String>("field")?) else { continue };
        let value = QuestionValue {
            value: row.get("value")?,
            by: row.get("by_name")?,
            laptop: row.get("laptop")?,
            at: instant(row, "at")?,
        };
        match questions.last_mut().filter(|question| question.person == person && question.field == field) {
            Some(question) => question.values.push(value),
            None => questions.push(Question { person, name: row.get("name")?, field, values: vec![value] }),
        }
    }
    Ok(questions)
}

fn conversations(connection: &Connection, person: PersonId) -> Result<Vec<PersonsConversation>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT id, began_at, worker_name, own_words, finished_at IS NOT NULL AS finished FROM conversation \
         WHERE person = ?1 ORDER BY began_at DESC, id",
    )?;
    let rows = select.query_map([person.as_bytes()], |row| {
        Ok(PersonsConversation {
            id: ConversationId::from_bytes(row.get("id")?),
            began_at: instant(row, "began_at")?,
            worker: row.get("worker_name")?,
            own_words: beginning(row.get("own_words")?, GLANCE),
            finished: row.get("finished")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn visits(connection: &Connection, doc: i64) -> Result<Vec<PersonsVisit>, HubError> {
    let mut select = connection.prepare_cached(
        "SELECT v.id, v.came_at, v.reason, coalesce(h.name, '') AS hub FROM person_visit AS l \
         JOIN visit AS v ON v.id = l.visit LEFT JOIN hub AS h ON h.id = v.hub WHERE l.doc = ?1 ORDER BY v.came_at DESC, v.id",
    )?;
    let rows = select.query_map([doc], |row| {
        Ok(PersonsVisit {
            id: VisitId::from_bytes(row.get("id")?),
            came_at: instant(row, "came_at")?,
            hub: row.get("hub")?,
            reason: beginning(row.get("reason")?, GLANCE),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn head(row: &Row<'_>, id: PersonId) -> rusqlite::Result<PersonView> {
    Ok(PersonView {
        id,
        name: row.get("name")?,
        born_on: date(row, "born_on")?,
        born_approximate: row.get("born_approximate")?,
        phone: row.get("phone")?,
        postcode: row.get("postcode")?,
        needs: needs(row, "needs")?,
        questions: Vec::new(),
        conversations: Vec::new(),
        visits: Vec::new(),
        waiting: Vec::new(),
        may_erase: false,
    })
}

fn in_list(row: &Row<'_>) -> rusqlite::Result<PersonRow> {
    Ok(PersonRow {
        id: PersonId::from_bytes(row.get("id")?),
        name: row.get("name")?,
        born_on: date(row, "born_on")?,
        postcode: row.get("postcode")?,
        last_seen: super::maybe_instant(row, "last_seen")?,
    })
}

fn of_hit(hit: PersonHit) -> PersonRow {
    PersonRow {
        id: hit.id,
        name: hit.name,
        born_on: hit.born_on.and_then(|text| text.parse::<chrono::NaiveDate>().ok()).map(CalendarDate::new),
        postcode: hit.postcode,
        last_seen: hit.last_seen.map(sync_schema::Instant::from_millis),
    }
}
