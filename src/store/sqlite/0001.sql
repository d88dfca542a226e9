-- Times are microseconds since 1970, UTC.

-- Each request as it is now.
CREATE TABLE requests (
    id            TEXT NOT NULL PRIMARY KEY,
    revision      INTEGER NOT NULL,
    -- How many entries its history has.
    entries       INTEGER NOT NULL,
    carrier       TEXT NOT NULL,
    status        TEXT NOT NULL,
    order_ref     TEXT,
    holds_numbers INTEGER NOT NULL,
    waiting_on    TEXT,
    waiting_since INTEGER,
    due           INTEGER,
    -- When it was woken for since it was last claimed.
    woken         INTEGER,
    -- Which claim of it was the last.
    token         INTEGER NOT NULL DEFAULT 0,
    leased_by     TEXT,
    leased_until  INTEGER,
    trouble       TEXT,
    trouble_text  TEXT,
    trouble_since INTEGER,
    trouble_times INTEGER,
    draft         BLOB,
    CHECK ((leased_by IS NULL) = (leased_until IS NULL)),
    CHECK ((trouble IS NULL) = (trouble_text IS NULL)),
    CHECK ((trouble IS NULL) = (trouble_since IS NULL)),
    CHECK ((trouble IS NULL) = (trouble_times IS NULL))
) STRICT;

-- What is due is found without looking at what is stored.
CREATE INDEX requests_due ON requests (carrier, due, id) WHERE due IS NOT NULL;
CREATE INDEX requests_status ON requests (status, id);
CREATE INDEX requests_waiting ON requests (id) WHERE waiting_on IS NOT NULL;
CREATE INDEX requests_waiting_on ON requests (waiting_on, id) WHERE waiting_on IS NOT NULL;
CREATE INDEX requests_order ON requests (order_ref, carrier, id) WHERE order_ref IS NOT NULL;
CREATE INDEX requests_trouble ON requests (id) WHERE trouble IS NOT NULL;

-- The numbers of each request, in order; `held` is 1 where no other request may hold the number.
CREATE TABLE request_numbers (
    request TEXT NOT NULL REFERENCES requests (id),
    place   INTEGER NOT NULL,
    number  TEXT NOT NULL,
    held    INTEGER NOT NULL,
    PRIMARY KEY (request, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX request_numbers_number ON request_numbers (number, request);
CREATE UNIQUE INDEX request_numbers_held ON request_numbers (number) WHERE held = 1;

-- Every entry of every history, in the order it was taken. A position is never used twice.
CREATE TABLE events (
    position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    request  TEXT NOT NULL REFERENCES requests (id),
    entry    INTEGER NOT NULL,
    bytes    BLOB NOT NULL,
    UNIQUE (request, entry)
) STRICT;

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN
    SELECT RAISE (ABORT, 'an entry of a history is never changed');
END;

CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
BEGIN
    SELECT RAISE (ABORT, 'an entry of a history is never removed');
END;

-- `INSERT OR REPLACE` removes without the trigger above.
CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE position = NEW.position)
    OR EXISTS (SELECT 1 FROM events WHERE request = NEW.request AND entry = NEW.entry)
BEGIN
    SELECT RAISE (ABORT, 'an entry of a history is never replaced');
END;

-- How far each observer has come.
CREATE TABLE observers (
    observer TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
