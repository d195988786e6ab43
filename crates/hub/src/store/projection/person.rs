//! People: what is known of each, the visits linked to them, and what two laptops disagree on.

use automerge::AutoCommit;
use rusqlite::{OptionalExtension, named_params, params};
use sync_schema::document::person;

use super::{Id, Target};
use crate::error::HubError;
use crate::store::search::{fold, name_words};

/// `needs` is a JSON array of codes. `question` holds each standing value of a field in question, `rank` 0 the one that
/// shows; `field` is `name`, `phone`, `postcode` or `bornOn`. `person_name` is what search looks through: `folded` the
/// name that shows, folded; `words` every word that may be typed to find them.
pub(super) const TABLES: &str = "
CREATE TABLE person (
    doc              INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE,
    id               BLOB NOT NULL UNIQUE,
    name             TEXT,
    phone            TEXT,
    postcode         TEXT,
    born_on          TEXT,
    born_approximate INTEGER NOT NULL,
    needs            TEXT NOT NULL,
    circle           TEXT NOT NULL
) STRICT;
CREATE INDEX person_born_on ON person (born_on) WHERE born_on IS NOT NULL;
CREATE INDEX person_postcode ON person (postcode) WHERE postcode IS NOT NULL;
CREATE TABLE person_visit (
    doc   INTEGER NOT NULL REFERENCES person (doc) ON DELETE CASCADE,
    visit BLOB NOT NULL,
    PRIMARY KEY (doc, visit)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_visit_visit ON person_visit (visit);
CREATE TABLE question (
    doc     INTEGER NOT NULL REFERENCES person (doc) ON DELETE CASCADE,
    field   TEXT NOT NULL,
    rank    INTEGER NOT NULL,
    value   TEXT NOT NULL,
    by_name TEXT NOT NULL,
    laptop  TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (doc, field, rank)
) STRICT, WITHOUT ROWID;
CREATE TABLE person_name (
    doc    INTEGER PRIMARY KEY REFERENCES person (doc) ON DELETE CASCADE,
    id     BLOB NOT NULL,
    folded TEXT NOT NULL,
    words  TEXT NOT NULL
) STRICT;
CREATE INDEX person_name_folded ON person_name (folded, id);
";

/// A person as their tables hold them.
struct Row {
    name: Option<String>,
    phone: Option<String>,
    postcode: Option<String>,
    born_on: Option<String>,
    born_approximate: bool,
    needs: String,
    circle: String,
    visits: Vec<Id>,
    questions: Vec<QuestionRow>,
}

struct QuestionRow {
    field: &'static str,
    rank: u32,
    value: String,
    by_name: String,
    laptop: String,
    at: i64,
}

impl Row {
    /// Every word by which they may be looked for: the names that stand, and the postcode whole and in its parts.
    fn words(&self) -> String {
        let mut words = name_words(self.name.as_deref().unwrap_or_default());
        let others = self.questions.iter().filter(|question| question.field == "name" && question.rank > 0);
        for name in others {
            words.push(' ');
            words.push_str(&name_words(&name.value));
        }
        if let Some(postcode) = &self.postcode {
            let parts = fold(postcode);
            words.push_str(&format!(" {} {parts}", parts.replace(' ', "")));
        }
        words.trim().to_owned()
    }
}

fn put(target: Target<'_>, row: &Row) -> Result<(), HubError> {
    unproject(target)?;
    target
        .connection
        .prepare_cached(
            "INSERT INTO person (doc, id, name, phone, postcode, born_on, born_approximate, needs, circle) \
             VALUES (:doc, :id, :name, :phone, :postcode, :born_on, :born_approximate, :needs, :circle)",
        )?
        .execute(named_params! {
            ":doc": target.doc,
            ":id": target.id.as_bytes(),
            ":name": row.name,
            ":phone": row.phone,
            ":postcode": row.postcode,
            ":born_on": row.born_on,
            ":born_approximate": row.born_approximate,
            ":needs": row.needs,
            ":circle": row.circle,
        })?;
    put_children(target, row)?;
    put_words(target, row)
}

fn put_children(target: Target<'_>, row: &Row) -> Result<(), HubError> {
    let mut link = target.connection.prepare_cached("INSERT INTO person_visit (doc, visit) VALUES (?1, ?2)")?;
    for visit in &row.visits {
        link.execute(params![target.doc, visit])?;
    }
    let mut ask = target.connection.prepare_cached(
        "INSERT INTO question (doc, field, rank, value, by_name, laptop, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for question in &row.questions {
        let QuestionRow { field, rank, value, by_name, laptop, at } = question;
        ask.execute(params![target.doc, field, rank, value, by_name, laptop, at])?;
    }
    Ok(())
}

fn put_words(target: Target<'_>, row: &Row) -> Result<(), HubError> {
    let words = row.words();
    let folded = fold(row.name.as_deref().unwrap_or_default());
    target
        .connection
        .prepare_cached("INSERT INTO person_name (doc, id, folded, words) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![target.doc, target.id.as_bytes(), folded, words])?;
    target
        .connection
        .prepare_cached("INSERT INTO person_search (rowid, words) VALUES (?1, ?2)")?
        .execute(params![target.doc, words])?;
    Ok(())
}

/// Takes the words out of the index, which has to be told what they were.
fn forget_words(target: Target<'_>) -> Result<(), HubError> {
    let mut select = target.connection.prepare_cached("SELECT words FROM person_name WHERE doc = ?1")?;
    let words: Option<String> = select.query_row([target.doc], |row| row.get("words")).optional()?;
    if let Some(words) = words {
        target
            .connection
            .prepare_cached("INSERT INTO person_search (person_search, rowid, words) VALUES ('delete', ?1, ?2)")?
            .execute(params![target.doc, words])?;
    }
    Ok(())
}

/// Takes the rows of a person away.
pub(super) fn unproject(target: Target<'_>) -> Result<(), HubError> {
    forget_words(target)?;
    target.delete("DELETE FROM person WHERE doc = ?1")
}

/// The rows of a person.
pub(super) fn project(target: Target<'_>, document: &AutoCommit) -> Result<(), HubError> {
    let known = person::read(document)?;
    let mut questions = Vec::new();
    for disagreement in person::questions(document)? {
        for (rank, disputed) in (0..).zip(disagreement.values) {
            questions.push(QuestionRow {
                field: disagreement.field.code(),
                rank,
                value: disputed.value,
                by_name: disputed.by_name,
                laptop: disputed.laptop,
                at: disputed.at.millis(),
            });
        }
    }
    let row = Row {
        name: known.name,
        phone: known.phone,
        postcode: known.postcode,
        born_on: known.born_on.map(|born| born.on.to_string()),
        born_approximate: known.born_on.is_some_and(|born| born.approximate),
        needs: super::codes(&known.needs)?,
        circle: known.circle,
        visits: known.visits.iter().map(|visit| *visit.as_bytes()).collect(),
        questions,
    };
    put(target, &row)
}
