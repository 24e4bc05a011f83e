-- Entries of all ledgers: what they have in common.  The fields of each ledger are in a table of its own,
-- ledger_<name>, which applying a pack makes.

-- One row for each number that was given, also for entries that were deleted or undone.
CREATE TABLE entry (
    id {int} NOT NULL PRIMARY KEY,  -- seq of its first event
    ledger {text} NOT NULL,         -- name of the ledger
    year {int} NOT NULL,            -- year of its number; 0 where the pattern has none
    n {int} NOT NULL,               -- 1, 2, 3… in ledger and year, without gaps
    number {text} NOT NULL,         -- as printed: "SQ2023-00084"
    title {text} NOT NULL,          -- value of the ledger's title field
    version {int} NOT NULL,         -- 1, then one more with each change; what optimistic locking compares
    definition {int} NOT NULL,      -- event that put the ledger's definition in force under which it was recorded
    batch {int} NOT NULL,           -- the import that brought it, 0 when none did
    changed {int} NOT NULL,         -- when it was last changed, UTC microseconds
    gone {text}                     -- NULL; "deleted"; "undone" with its batch: the typed row is no more
) {strict};
CREATE UNIQUE INDEX entry_number ON entry (ledger, year, n);
CREATE INDEX entry_batch ON entry (batch) WHERE batch <> 0;

-- The last number given in each series.
CREATE TABLE number_series (
    ledger {text} NOT NULL,         -- name of the ledger
    year {int} NOT NULL,            -- 0 where the pattern has no year
    last {int} NOT NULL,            -- last number given
    PRIMARY KEY (ledger, year)
) {strict};

-- Steps done: when each happened, and when it was written down.
CREATE TABLE step (
    entry_id {int} NOT NULL,        -- whose
    n {int} NOT NULL,               -- 1, 2, 3… in the order in which they were recorded
    ledger {text} NOT NULL,         -- ledger of the entry
    name {text} NOT NULL,           -- of the step
    from_state {text} NOT NULL,     -- state before
    to_state {text} NOT NULL,       -- state after
    happened {int} NOT NULL,        -- when it happened, UTC microseconds
    recorded {int} NOT NULL,        -- when it was written down, UTC microseconds
    doer {text} NOT NULL,           -- actor who did it
    due {int},                      -- the deadline in force at that moment; NULL: none
    PRIMARY KEY (entry_id, n)
) {strict};
CREATE INDEX step_happened ON step (ledger, name, happened, entry_id);

-- References from entries, single and multiple: to entries, units, people, evidence, and choices of a list.
CREATE TABLE link (
    entry_id {int} NOT NULL,        -- from
    field {text} NOT NULL,          -- by which field ("attendance.person" inside child rows)
    n {int} NOT NULL,               -- position in the list, from 0
    kind {text} NOT NULL,           -- "entry", "unit", "person", "file", "choice"; "evidence": a file for the rule `field`
    target {int} NOT NULL,          -- id of the object; 0 for a choice
    choice {text},                  -- the choice's key; NULL for the others
    PRIMARY KEY (entry_id, field, n)
) {strict};
CREATE INDEX link_target ON link (target, kind) WHERE target <> 0;

-- Evidence: each file once, by its SHA-256; the bytes are in the office's files folder.
CREATE TABLE evidence (
    id {int} NOT NULL PRIMARY KEY,  -- seq of its first event
    sha256 {text} NOT NULL UNIQUE,  -- of the bytes, hex
    name {text} NOT NULL,           -- file name when it was first brought
    size {int} NOT NULL,            -- bytes
    added {int} NOT NULL            -- when, UTC microseconds
) {strict};

-- Imports: a batch is visible whole or not at all.
CREATE TABLE batch (
    id {int} NOT NULL PRIMARY KEY,  -- seq of its first event
    ledger {text} NOT NULL,         -- into which
    name {text} NOT NULL,           -- of the file
    sha256 {text} NOT NULL,         -- of the file
    n_rows {int} NOT NULL,          -- entries it brings
    numbers {text} NOT NULL,        -- the numbers reserved for it: "2018:1-5 2019:1-20", year 0 where there is none
    state {text} NOT NULL           -- "open" while it is written, "done", "undone"
) {strict};
CREATE INDEX batch_hidden ON batch (state) WHERE state <> 'done';

-- Drafts are not entries yet: they have no number and no event.
CREATE TABLE draft (
    id {int} NOT NULL PRIMARY KEY,  -- 1, 2, 3…
    owner {text} NOT NULL,          -- actor who writes it
    ledger {text} NOT NULL,         -- of the entry to be
    entry_id {int} NOT NULL,        -- the entry it would change; 0: a new one
    version {int} NOT NULL,         -- of that entry when the draft was begun
    content {text} NOT NULL,        -- JSON of field texts as typed
    changed {int} NOT NULL          -- when, UTC microseconds
) {strict};
CREATE INDEX draft_owner ON draft (owner, changed);
