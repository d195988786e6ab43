//! What sharing has to remember: who this laptop is in the log, the roster, the keys, every segment of its own scopes,
//! and what could not be taken yet or ever. Nothing here decides; `crate::sync` does.

pub mod identity;
pub mod roster;
pub mod sealed;
pub mod segment;
pub mod snapshot;
pub mod waiting;

/// Everything under SQLCipher's key, the secrets too: they are worth what the records are worth, and no more.
pub(super) const V1: &str = "
CREATE TABLE sync_self (
    slot        INTEGER PRIMARY KEY CHECK (slot = 1),
    root        BLOB NOT NULL CHECK (length(root) = 32),
    identity    BLOB NOT NULL CHECK (length(identity) = 32),
    incarnation BLOB NOT NULL CHECK (length(incarnation) = 32),
    machine     BLOB NOT NULL CHECK (length(machine) = 32),
    lives       INTEGER NOT NULL
) STRICT;
CREATE TABLE sync_run (
    run BLOB PRIMARY KEY NOT NULL CHECK (length(run) = 16),
    log BLOB NOT NULL CHECK (length(log) = 16)
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_key (
    seq    INTEGER PRIMARY KEY,
    scope  BLOB NOT NULL CHECK (length(scope) = 16),
    secret BLOB NOT NULL CHECK (length(secret) = 32),
    UNIQUE (scope, secret)
) STRICT;
CREATE TABLE sync_roster (
    hash  BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
    entry BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_laptop (
    laptop BLOB PRIMARY KEY NOT NULL CHECK (length(laptop) = 16),
    name   TEXT NOT NULL,
    letter TEXT NOT NULL,
    role   TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_seen (
    log       BLOB PRIMARY KEY NOT NULL CHECK (length(log) = 16),
    number    INTEGER NOT NULL,
    statement BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_stream (
    log    BLOB NOT NULL CHECK (length(log) = 16),
    scope  BLOB NOT NULL CHECK (length(scope) = 16),
    high   INTEGER NOT NULL,
    shared INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (log, scope)
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
    bytes   BLOB NOT NULL,
    UNIQUE (log, scope, seq, hash)
) STRICT;
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
CREATE TABLE sync_parked_record (
    segment INTEGER NOT NULL REFERENCES sync_segment (id) ON DELETE CASCADE,
    item    INTEGER NOT NULL,
    reason  TEXT NOT NULL,
    PRIMARY KEY (segment, item)
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_refused (
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    item   INTEGER NOT NULL,
    log    BLOB NOT NULL CHECK (length(log) = 16),
    scope  BLOB NOT NULL CHECK (length(scope) = 16),
    reason TEXT NOT NULL,
    PRIMARY KEY (digest, item)
) STRICT, WITHOUT ROWID;
";

/// Streams of logs that went two ways, and the lowest number that two segments bear: so that the many others need not be
/// looked through.
pub(super) const V2: &str = "
CREATE TABLE sync_parted (
    log   BLOB NOT NULL CHECK (length(log) = 16),
    scope BLOB NOT NULL CHECK (length(scope) = 16),
    first INTEGER NOT NULL,
    PRIMARY KEY (log, scope)
) STRICT, WITHOUT ROWID;
INSERT INTO sync_parted (log, scope, first)
SELECT log, scope, min(seq) FROM (
    SELECT log, scope, seq FROM sync_segment WHERE linked = 1 GROUP BY log, scope, seq HAVING count(*) > 1
) GROUP BY log, scope;
";

/// Segments whose erased bodies were taken out bear the number of the erasure, so that each carrier is told of them once.
pub(super) const V3: &str = "
ALTER TABLE sync_segment ADD COLUMN redacted INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sync_segment_redacted ON sync_segment (redacted) WHERE redacted > 0;
";

/// A number as SQLite keeps it.
fn sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
