-- user_version 10
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
CREATE INDEX conversation_began ON conversation (began_at);
CREATE TABLE conversation_draft (
    conversation BLOB NOT NULL CHECK (length(conversation) = 16),
    tool         TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (conversation, tool)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_open ON conversation (worker, began_at) WHERE finished_at IS NULL;
CREATE INDEX conversation_person ON conversation (person, began_at);
CREATE TABLE conversation_text (
    doc  INTEGER NOT NULL REFERENCES conversation (doc) ON DELETE CASCADE,
    tool TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (doc, tool)
) STRICT, WITHOUT ROWID;
CREATE TABLE council (
    doc        INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE,
    id         BLOB NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    founded_on TEXT,
    targets    TEXT NOT NULL
) STRICT;
CREATE TABLE document (
    seq   INTEGER PRIMARY KEY,
    id    BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    kind  TEXT NOT NULL,
    scope TEXT NOT NULL,
    saved BLOB NOT NULL
) STRICT;
CREATE TABLE door_draft (
    slot  INTEGER PRIMARY KEY CHECK (slot = 1),
    draft TEXT NOT NULL
) STRICT;
CREATE TABLE erased (
    document BLOB PRIMARY KEY NOT NULL CHECK (length(document) = 16)
) STRICT, WITHOUT ROWID;
CREATE TABLE hub (
    doc       INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE,
    id        BLOB NOT NULL UNIQUE,
    name      TEXT NOT NULL,
    locality  TEXT,
    opened_on TEXT,
    sessions  TEXT NOT NULL
) STRICT;
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
CREATE VIRTUAL TABLE listing_search USING fts5 (
    name, organisation, categories, place, body, content = 'listing_words', content_rowid = 'doc',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);
CREATE INDEX listing_source ON listing (source_id) WHERE source_id IS NOT NULL;
CREATE TABLE listing_words (
    doc          INTEGER PRIMARY KEY REFERENCES listing (doc) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    organisation TEXT NOT NULL,
    categories   TEXT NOT NULL,
    place        TEXT NOT NULL,
    body         TEXT NOT NULL
) STRICT;
CREATE TABLE outbox (
    seq      INTEGER PRIMARY KEY,
    document BLOB NOT NULL CHECK (length(document) = 16),
    scope    TEXT NOT NULL,
    run      BLOB NOT NULL CHECK (length(run) = 16),
    change   BLOB NOT NULL
) STRICT;
CREATE INDEX outbox_document ON outbox (scope, document);
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
CREATE TABLE person_name (
    doc    INTEGER PRIMARY KEY REFERENCES person (doc) ON DELETE CASCADE,
    id     BLOB NOT NULL,
    folded TEXT NOT NULL,
    words  TEXT NOT NULL
) STRICT;
CREATE INDEX person_name_folded ON person_name (folded, id);
CREATE INDEX person_postcode ON person (postcode) WHERE postcode IS NOT NULL;
CREATE VIRTUAL TABLE person_search USING fts5 (
    words, content = 'person_name', content_rowid = 'doc',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3', detail = 'column'
);
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
CREATE TABLE setting (
    name  TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
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
CREATE TABLE sync_arriving (
    scope     BLOB PRIMARY KEY NOT NULL CHECK (length(scope) = 16),
    manifest  BLOB NOT NULL,
    rows      INTEGER NOT NULL DEFAULT 0,
    documents INTEGER NOT NULL DEFAULT 0,
    shown     INTEGER NOT NULL DEFAULT 0,
    come      INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_base (
    log   BLOB NOT NULL CHECK (length(log) = 16),
    scope BLOB NOT NULL CHECK (length(scope) = 16),
    seq   INTEGER NOT NULL,
    hash  BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (log, scope, seq, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_key (
    seq    INTEGER PRIMARY KEY,
    scope  BLOB NOT NULL CHECK (length(scope) = 16),
    secret BLOB NOT NULL CHECK (length(secret) = 32),
    UNIQUE (scope, secret)
) STRICT;
CREATE TABLE sync_laptop (
    laptop BLOB PRIMARY KEY NOT NULL CHECK (length(laptop) = 16),
    name   TEXT NOT NULL,
    letter TEXT NOT NULL,
    role   TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_parked_record (
    segment INTEGER NOT NULL REFERENCES sync_segment (id) ON DELETE CASCADE,
    item    INTEGER NOT NULL,
    reason  TEXT NOT NULL,
    PRIMARY KEY (segment, item)
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_parked_segment (
    id     INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    log    BLOB NOT NULL CHECK (length(log) = 16),
    scope  BLOB NOT NULL CHECK (length(scope) = 16),
    seq    INTEGER NOT NULL,
    short  BLOB NOT NULL CHECK (length(short) = 5),
    reason TEXT NOT NULL,
    bytes  BLOB NOT NULL
) STRICT;
CREATE TABLE sync_parted (
    log   BLOB NOT NULL CHECK (length(log) = 16),
    scope BLOB NOT NULL CHECK (length(scope) = 16),
    first INTEGER NOT NULL,
    PRIMARY KEY (log, scope)
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_refused (
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    item   INTEGER NOT NULL,
    log    BLOB NOT NULL CHECK (length(log) = 16),
    scope  BLOB NOT NULL CHECK (length(scope) = 16),
    reason TEXT NOT NULL,
    PRIMARY KEY (digest, item)
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_roster (
    hash  BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
    entry BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_run (
    run BLOB PRIMARY KEY NOT NULL CHECK (length(run) = 16),
    log BLOB NOT NULL CHECK (length(log) = 16)
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_seen (
    log       BLOB PRIMARY KEY NOT NULL CHECK (length(log) = 16),
    number    INTEGER NOT NULL,
    statement BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_segment (
    id      INTEGER PRIMARY KEY,
    log     BLOB NOT NULL CHECK (length(log) = 16),
    scope   BLOB NOT NULL CHECK (length(scope) = 16),
    seq     INTEGER NOT NULL,
    hash    BLOB NOT NULL CHECK (length(hash) = 32),
    prev    BLOB NOT NULL CHECK (length(prev) = 32),
    linked  INTEGER NOT NULL,
    records INTEGER NOT NULL,
    bytes   BLOB NOT NULL, redacted INTEGER NOT NULL DEFAULT 0, sealed INTEGER,
    UNIQUE (log, scope, seq, hash)
) STRICT;
CREATE INDEX sync_segment_redacted ON sync_segment (redacted) WHERE redacted > 0;
CREATE TABLE sync_self (
    slot        INTEGER PRIMARY KEY CHECK (slot = 1),
    root        BLOB NOT NULL CHECK (length(root) = 32),
    identity    BLOB NOT NULL CHECK (length(identity) = 32),
    incarnation BLOB NOT NULL CHECK (length(incarnation) = 32),
    machine     BLOB NOT NULL CHECK (length(machine) = 32),
    lives       INTEGER NOT NULL
) STRICT;
CREATE TABLE sync_stream (
    log    BLOB NOT NULL CHECK (length(log) = 16),
    scope  BLOB NOT NULL CHECK (length(scope) = 16),
    high   INTEGER NOT NULL,
    shared INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (log, scope)
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_taken (
    scope    BLOB PRIMARY KEY NOT NULL CHECK (length(scope) = 16),
    manifest BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE team_member (
    doc    INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE,
    id     BLOB NOT NULL UNIQUE,
    name   TEXT NOT NULL,
    role   TEXT NOT NULL,
    active INTEGER NOT NULL
) STRICT;
CREATE INDEX team_member_name ON team_member (name, id) WHERE active = 1;
CREATE TABLE visit (
    doc           INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE,
    id            BLOB NOT NULL UNIQUE,
    hub           BLOB NOT NULL,
    day           TEXT NOT NULL,
    came_at       INTEGER NOT NULL,
    name          TEXT,
    reason        TEXT NOT NULL,
    needs         TEXT NOT NULL,
    interpreter   TEXT,
    been_before   INTEGER,
    companion     TEXT,
    ticket_letter TEXT NOT NULL,
    ticket_number INTEGER NOT NULL,
    state         TEXT NOT NULL,
    since         INTEGER NOT NULL,
    outside_until INTEGER
) STRICT;
CREATE TABLE visit_event (
    doc          INTEGER NOT NULL REFERENCES visit (doc) ON DELETE CASCADE,
    event        BLOB NOT NULL,
    tick         INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    by           BLOB,
    by_name      TEXT NOT NULL,
    laptop       TEXT NOT NULL,
    conversation BLOB,
    until        INTEGER,
    undone       INTEGER NOT NULL,
    PRIMARY KEY (doc, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_event_conversation ON visit_event (conversation) WHERE conversation IS NOT NULL;
CREATE INDEX visit_queue ON visit (hub, day, state, came_at, id);
CREATE TABLE waiting_entry (
    doc              INTEGER PRIMARY KEY REFERENCES document (seq) ON DELETE CASCADE,
    id               BLOB NOT NULL UNIQUE,
    person           BLOB NOT NULL,
    kind             TEXT NOT NULL,
    hub              BLOB NOT NULL,
    locality         TEXT,
    band             TEXT NOT NULL,
    band_rank        INTEGER NOT NULL,
    band_in_question INTEGER NOT NULL,
    requested_on     TEXT NOT NULL,
    next_call_due    TEXT,
    open             INTEGER NOT NULL,
    closed_on        TEXT,
    outcome          TEXT,
    clash            INTEGER NOT NULL
) STRICT;
CREATE INDEX waiting_entry_joined ON waiting_entry (kind, requested_on, hub, band);
CREATE INDEX waiting_entry_left ON waiting_entry (kind, closed_on, hub, band) WHERE closed_on IS NOT NULL;
CREATE INDEX waiting_entry_list ON waiting_entry (open, kind, band, requested_on, id);
CREATE INDEX waiting_entry_open ON waiting_entry (requested_on, id) WHERE open = 1;
CREATE INDEX waiting_entry_person ON waiting_entry (person);
