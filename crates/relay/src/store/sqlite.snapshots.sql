-- Whole once it has its manifest; before that, some laptop is still putting it.
CREATE TABLE snapshot (
    council INTEGER NOT NULL REFERENCES council (id),
    scope BLOB NOT NULL,
    snapshot BLOB NOT NULL,
    laptop BLOB NOT NULL,
    touched INTEGER NOT NULL,
    manifest BLOB,
    PRIMARY KEY (council, scope, snapshot)
) STRICT;

CREATE TABLE chunk (
    council INTEGER NOT NULL,
    scope BLOB NOT NULL,
    snapshot BLOB NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (council, scope, snapshot, number)
) STRICT;
