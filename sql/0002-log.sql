-- The event log: what the office did, in the order in which it was written down.
-- Nothing else in the database may change without a row here in the same transaction.

-- One event a row; line is what is hashed, the other columns repeat parts of it for look-ups.
CREATE TABLE event (
    seq {int} NOT NULL PRIMARY KEY, -- 1, 2, 3… without gaps; leaf index + 1
    at {int} NOT NULL,              -- when it was recorded, UTC microseconds
    actor {text} NOT NULL,          -- who: "os:NAME" or "account:ID"
    kind {text} NOT NULL,           -- what: "entry.add"
    object {int} NOT NULL,          -- about what: the seq of the object's first event
    line {text} NOT NULL            -- canonical JSON (RFC 8785)
) {strict};

-- History of one object; first events are found by their seq, so that bulk imports pay nothing here.
CREATE INDEX event_object ON event (object, seq) WHERE object <> seq;

-- The key of an event's field commitments; deleted when a person is to be forgotten.
CREATE TABLE secret (
    seq {int} NOT NULL PRIMARY KEY, -- of the event
    key {blob} NOT NULL             -- 32 random bytes
) {strict};

-- The values of an event's fields in clear, for the history; deleted with the key.
CREATE TABLE detail (
    seq {int} NOT NULL PRIMARY KEY, -- of the event
    field_values {text} NOT NULL    -- canonical JSON object of canonical texts
) {strict};

-- The Merkle tree, 256 hashes wide (C2SP tlog-tiles); the last tile of a level may be partial.
CREATE TABLE tile (
    level {int} NOT NULL,           -- 0: leaf hashes
    n {int} NOT NULL,               -- index in its level
    hashes {blob} NOT NULL,         -- up to 256 hashes of 32 bytes
    PRIMARY KEY (level, n)
) {strict};

-- The tree's present size and root: one row, locked by every writing transaction.
CREATE TABLE head (
    k {int} NOT NULL PRIMARY KEY,   -- 0
    size {int} NOT NULL,            -- number of events
    root {blob} NOT NULL            -- root hash of the tree of that size
) {strict};

-- Signed heads (C2SP tlog-checkpoint), oldest kept for ever: they are what witnesses compare.
CREATE TABLE checkpoint (
    size {int} NOT NULL PRIMARY KEY, -- tree size that was signed
    note {text} NOT NULL             -- the signed note
) {strict};

