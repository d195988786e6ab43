-- Whole once it has its manifest; before that, some laptop is still putting it.
CREATE TABLE snapshot (
    council BIGINT NOT NULL REFERENCES council (id),
    scope BYTEA NOT NULL,
    snapshot BYTEA NOT NULL,
    laptop BYTEA NOT NULL,
    touched BIGINT NOT NULL,
    manifest BYTEA,
    PRIMARY KEY (council, scope, snapshot)
);

CREATE TABLE chunk (
    council BIGINT NOT NULL,
    scope BYTEA NOT NULL,
    snapshot BYTEA NOT NULL,
    number BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (council, scope, snapshot, number)
);
