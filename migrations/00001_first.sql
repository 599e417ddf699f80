-- The first schema. One text for SQLite and PostgreSQL: text ids, times as bigint milliseconds since 1970 (UTC),
-- bytea for bytes (SQLite takes any type name and keeps bytes as bytes), no database's own features.
-- Every row names its learner.

-- +goose Up
CREATE TABLE learners (
    id      text   NOT NULL PRIMARY KEY,
    name    text   NOT NULL,
    created bigint NOT NULL
);

CREATE TABLE settings (
    learner text   NOT NULL REFERENCES learners (id),
    name    text   NOT NULL,
    value   text   NOT NULL,
    at      bigint NOT NULL,
    PRIMARY KEY (learner, name)
);

-- What happened; rows are added and never changed. seq orders the entries of one learner: clocks jump, seq does not.
CREATE TABLE journal (
    learner  text             NOT NULL REFERENCES learners (id),
    seq      bigint           NOT NULL,
    id       text             NOT NULL,
    idem_key text             NOT NULL,
    kind     text             NOT NULL,
    item     text             NOT NULL,
    revision text             NOT NULL,
    is_right boolean          NOT NULL,
    score    double precision NOT NULL,
    at       bigint           NOT NULL,
    detail   text             NOT NULL,
    CONSTRAINT journal_order PRIMARY KEY (learner, seq),
    CONSTRAINT journal_once UNIQUE (learner, idem_key)
);

CREATE INDEX journal_item ON journal (learner, item);

-- A learner's runs of labs. A closed run keeps its row and loses its document and sandbox.
CREATE TABLE runs (
    id      text   NOT NULL PRIMARY KEY,
    learner text   NOT NULL REFERENCES learners (id),
    lab     text   NOT NULL,
    doc     bytea  NOT NULL,
    opened  bigint NOT NULL,
    at      bigint NOT NULL,
    closed  bigint
);

CREATE INDEX runs_open ON runs (learner, lab, opened);

-- A sandbox is its newest snapshot and the effects after it; ciphertext lies beside them, once by hash.
CREATE TABLE sandbox_snapshots (
    learner text   NOT NULL REFERENCES learners (id),
    run     text   NOT NULL,
    seq     bigint NOT NULL,
    data    bytea  NOT NULL,
    PRIMARY KEY (learner, run)
);

CREATE TABLE sandbox_effects (
    learner text   NOT NULL REFERENCES learners (id),
    run     text   NOT NULL,
    seq     bigint NOT NULL,
    effects bytea  NOT NULL,
    PRIMARY KEY (learner, run, seq)
);

CREATE TABLE sandbox_blobs (
    learner text  NOT NULL REFERENCES learners (id),
    run     text  NOT NULL,
    hash    text  NOT NULL,
    data    bytea NOT NULL,
    PRIMARY KEY (learner, run, hash)
);
