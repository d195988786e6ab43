//! Listings of the directory.

use automerge::AutoCommit;

use super::Target;
use crate::error::HubError;

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

pub(super) fn project(_target: Target<'_>, _document: &AutoCommit) -> Result<(), HubError> {
    Ok(())
}
