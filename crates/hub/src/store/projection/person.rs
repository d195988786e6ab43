//! People: what is known of each, the visits linked to them, and what two laptops disagree on.

use automerge::AutoCommit;

use super::Target;
use crate::error::HubError;

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

pub(super) fn project(_target: Target<'_>, _document: &AutoCommit) -> Result<(), HubError> {
    Ok(())
}
