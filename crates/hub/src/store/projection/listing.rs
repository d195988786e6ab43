//! Listings of the directory.

use automerge::AutoCommit;
use rusqlite::{OptionalExtension, named_params, params};
use sync_schema::document::listing::{self, Listing};

use super::Target;
use crate::error::HubError;
use crate::store::search::fold;

/// `opening` is when it opens, in its own words; `categories` a JSON array. `listing_words` is what search looks
/// through: the words of each active listing, folded.
pub(super) const TABLES: &str = "
CREATE TABLE listing (
    doc          INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE,
    id           BLOB NOT NULL UNIQUE,
    source_id    TEXT,
    name         TEXT NOT NULL,
    organisation TEXT,
    summary      TEXT NOT NULL,
    description  TEXT NOT NULL,
    opening      TEXT,
    place        TEXT,
    cost         TEXT,
    phone        TEXT,
    email        TEXT,
    url          TEXT,
    address      TEXT,
    postcode     TEXT,
    categories   TEXT NOT NULL,
    checked_on   TEXT,
    active       INTEGER NOT NULL
) STRICT;
CREATE INDEX listing_name ON listing (name, id) WHERE active = 1;
CREATE INDEX listing_source ON listing (source_id) WHERE source_id IS NOT NULL;
CREATE TABLE listing_words (
    doc          INTEGER PRIMARY KEY REFERENCES listing (doc) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    organisation TEXT NOT NULL,
    categories   TEXT NOT NULL,
    place        TEXT NOT NULL,
    body         TEXT NOT NULL
) STRICT;
";

/// Its words: name, organisation, categories, place, body.
type Words = [String; 5];

fn words(listing: &Listing) -> Words {
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    let places = [&listing.place, &listing.address, &listing.postcode].map(text);
    [
        fold(&listing.name),
        fold(&text(&listing.organisation)),
        fold(&listing.categories.join(" ")),
        fold(&places.join(" ")),
        fold(&format!("{} {} {}", listing.summary, listing.description, text(&listing.when))),
    ]
}

fn put(target: Target<'_>, row: &Listing) -> Result<(), HubError> {
    unproject(target)?;
    target
        .connection
        .prepare_cached(
            "INSERT INTO listing (doc, id, source_id, name, organisation, summary, description, opening, place, cost, \
             phone, email, url, address, postcode, categories, checked_on, active) VALUES (:doc, :id, :source_id, \
             :name, :organisation, :summary, :description, :opening, :place, :cost, :phone, :email, :url, :address, \
             :postcode, :categories, :checked_on, :active)",
        )?
        .execute(named_params! {
            ":doc": target.doc,
            ":id": target.id.as_bytes(),
            ":source_id": row.source_id,
            ":name": row.name,
            ":organisation": row.organisation,
            ":summary": row.summary,
            ":description": row.description,
            ":opening": row.when,
            ":place": row.place,
            ":cost": row.cost,
            ":phone": row.phone,
            ":email": row.email,
            ":url": row.url,
            ":address": row.address,
            ":postcode": row.postcode,
            ":categories": super::json(&row.categories)?,
            ":checked_on": row.checked_on.map(|day| day.to_string()),
            ":active": row.is_active(),
        })?;
    if row.is_active() { put_words(target, &words(row)) } else { Ok(()) }
}

fn put_words(target: Target<'_>, words: &Words) -> Result<(), HubError> {
    let [name, organisation, categories, place, body] = words;
    for insert in [
        "INSERT INTO listing_words (doc, name, organisation, categories, place, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        "INSERT INTO listing_search (rowid, name, organisation, categories, place, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    ] {
        target.connection.prepare_cached(insert)?.execute(params![
            target.doc,
            name,
            organisation,
            categories,
            place,
            body
        ])?;
    }
    Ok(())
}

/// Takes the words out of the index, which has to be told what they were.
fn forget_words(target: Target<'_>) -> Result<(), HubError> {
    let mut select = target
        .connection
        .prepare_cached("SELECT name, organisation, categories, place, body FROM listing_words WHERE doc = ?1")?;
    let words: Option<Words> = select
        .query_row([target.doc], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?]))
        .optional()?;
    if let Some([name, organisation, categories, place, body]) = words {
        target
            .connection
            .prepare_cached(
                "INSERT INTO listing_search (listing_search, rowid, name, organisation, categories, place, body) \
                 VALUES ('delete', ?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![target.doc, name, organisation, categories, place, body])?;
    }
    Ok(())
}

/// Takes the row of a listing away.
pub(super) fn unproject(target: Target<'_>) -> Result<(), HubError> {
    forget_words(target)?;
    target.delete("DELETE FROM listing WHERE doc = ?1")
}

/// The row of a listing.
pub(super) fn project(target: Target<'_>, document: &AutoCommit) -> Result<(), HubError> {
    put(target, &listing::read(document)?)
}
