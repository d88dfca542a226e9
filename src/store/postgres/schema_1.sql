-- Requests, as a worker or a reader looks for them. Rows are rewritten often and stay in place.
CREATE TABLE snap_port_requests (
    id text COLLATE "C" PRIMARY KEY,
    revision bigint NOT NULL,
    entries bigint NOT NULL,
    carrier text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    order_ref text COLLATE "C",
    numbers text[] NOT NULL,
    holds_numbers boolean NOT NULL,
    waiting_on text COLLATE "C",
    waiting_since timestamptz,
    due timestamptz,
    draft bytea,
    -- Counts the claims; the highest one holds.
    token bigint NOT NULL DEFAULT 0,
    worker text,
    leased_until timestamptz,
    -- The earliest time it was woken for since it was last claimed.
    woken timestamptz,
    trouble_kind text,
    -- UTF-8; bytes, because what carriers say may hold what a text cannot.
    trouble_text bytea,
    trouble_since timestamptz,
    trouble_times bigint,
    CHECK ((worker IS NULL) = (leased_until IS NULL)),
    CHECK (num_nulls(trouble_kind, trouble_text, trouble_since, trouble_times) IN (0, 4))
) WITH (fillfactor = 80);

-- A claim walks this one from what is due first.
CREATE INDEX snap_port_requests_due ON snap_port_requests (carrier, due, id)
    WHERE due IS NOT NULL;
CREATE INDEX snap_port_requests_status ON snap_port_requests (status, id);
CREATE INDEX snap_port_requests_waiting ON snap_port_requests (id)
    WHERE waiting_on IS NOT NULL;
CREATE INDEX snap_port_requests_waiting_on ON snap_port_requests (waiting_on, id)
    WHERE waiting_on IS NOT NULL;
CREATE INDEX snap_port_requests_order ON snap_port_requests (order_ref, carrier, id)
    WHERE order_ref IS NOT NULL;
CREATE INDEX snap_port_requests_troubled ON snap_port_requests (id)
    WHERE trouble_kind IS NOT NULL;

-- Which requests list a number, and which one holds it.
CREATE TABLE snap_port_numbers (
    number text COLLATE "C" NOT NULL,
    request text COLLATE "C" NOT NULL REFERENCES snap_port_requests (id),
    held boolean NOT NULL,
    PRIMARY KEY (number, request)
);
CREATE UNIQUE INDEX snap_port_numbers_held ON snap_port_numbers (number) WHERE held;
CREATE INDEX snap_port_numbers_request ON snap_port_numbers (request);

-- Every entry of every history, in the order it was taken.
CREATE TABLE snap_port_events (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request text COLLATE "C" NOT NULL REFERENCES snap_port_requests (id),
    entry bigint NOT NULL CHECK (entry >= 0),
    bytes bytea NOT NULL,
    UNIQUE (request, entry)
);

-- How far each observer has come.
CREATE TABLE snap_port_cursors (
    observer text COLLATE "C" PRIMARY KEY,
    position bigint NOT NULL
);

-- Positions must become visible in their order, or a reader that has seen a later one misses the
-- earlier. So whoever adds entries waits here for the transaction before to end, and only then
-- draws positions: this runs before the first row of the statement is made. Readers that wait for
-- older transactions by their ids instead would be stopped by any long transaction of the server,
-- and would misjudge a dump that was restored where transaction ids begin anew.
CREATE FUNCTION snap_port_one_after_the_other() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1936613744, TG_RELID::integer);
    RETURN NULL;
END
$$;
CREATE TRIGGER snap_port_one_after_the_other BEFORE INSERT ON snap_port_events
    FOR EACH STATEMENT EXECUTE FUNCTION snap_port_one_after_the_other();

CREATE FUNCTION snap_port_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries of % are never changed nor removed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation',
              HINT = 'Record what is so now as a new entry.';
END
$$;
CREATE TRIGGER snap_port_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON snap_port_events
    FOR EACH STATEMENT EXECUTE FUNCTION snap_port_append_only();

CREATE TABLE snap_port_schema (
    version integer NOT NULL,
    one boolean PRIMARY KEY DEFAULT true CHECK (one)
);
INSERT INTO snap_port_schema (version) VALUES (1);
