CREATE TABLE secret (one INTEGER PRIMARY KEY CHECK (one = 1), bytes BLOB NOT NULL) STRICT;

CREATE TABLE council (
    id INTEGER PRIMARY KEY,
    council BLOB NOT NULL UNIQUE,
    entries INTEGER NOT NULL DEFAULT 0,
    turn INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE roster (
    council INTEGER NOT NULL REFERENCES council (id),
    name BLOB NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (council, name)
) STRICT;

CREATE TABLE seen (
    council INTEGER NOT NULL REFERENCES council (id),
    log BLOB NOT NULL,
    number INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (council, log)
) STRICT;

CREATE TABLE segment (
    council INTEGER NOT NULL,
    scope BLOB NOT NULL,
    log BLOB NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    whole INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (council, scope, log, seq, hash)
) STRICT;

-- The ends of each stream's ways: one, unless its log went two.
CREATE TABLE tip (
    council INTEGER NOT NULL,
    scope BLOB NOT NULL,
    log BLOB NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (council, scope, log, seq, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE blob (
    council INTEGER NOT NULL,
    hash BLOB NOT NULL,
    scope BLOB NOT NULL,
    document BLOB NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (council, hash)
) STRICT;

CREATE INDEX blob_document ON blob (council, scope, document);

-- What has been erased here, as the roster said.
CREATE TABLE erased (
    council INTEGER NOT NULL REFERENCES council (id),
    scope BLOB NOT NULL,
    document BLOB NOT NULL,
    PRIMARY KEY (council, scope, document)
) STRICT, WITHOUT ROWID;

CREATE TABLE mail (
    council INTEGER NOT NULL REFERENCES council (id),
    box INTEGER NOT NULL,
    name BLOB NOT NULL,
    bytes BLOB NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (council, box, name)
) STRICT;
