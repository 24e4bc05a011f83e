-- The office itself: its settings, the definitions it runs on, its units, people, posts and accounts.
-- Each row is what its events say (log/record.h).

-- The office: one row.
CREATE TABLE office (
    id {int} NOT NULL PRIMARY KEY,   -- seq of its event
    office_id {text} NOT NULL,       -- 16 hex digits, made at random once; in the origin of its checkpoints
    name {text} NOT NULL,            -- as people call it
    zone {int} NOT NULL,             -- seconds east of UTC, fixed
    public_key {text} NOT NULL,      -- verifier key of its checkpoints (C2SP signed-note)
    password_classes {int} NOT NULL  -- kinds of characters that a password must mix; 0: any password will do
) {strict};

-- Files of the pack, every version that ever was in force: an entry names the one it was recorded under.
CREATE TABLE definition (
    id {int} NOT NULL PRIMARY KEY,   -- seq of the event that put it in force
    object {int} NOT NULL,           -- seq of the file's first event
    kind {text} NOT NULL,            -- "pack-file"
    name {text} NOT NULL,            -- path inside the pack
    version {int} NOT NULL,          -- 1, 2, 3… of that name
    since {int} NOT NULL,            -- when it was put in force, UTC microseconds
    sha256 {text} NOT NULL,          -- of text, hex; this is what the event says
    text {text} NOT NULL,            -- the file
    is_current {int} NOT NULL        -- 1 while it is in force
) {strict};
CREATE UNIQUE INDEX definition_version ON definition (kind, name, version);
CREATE INDEX definition_current ON definition (kind, name) WHERE is_current = 1;

-- The organisation's tree.  A unit that moves is closed and opened anew, so that the past keeps its shape.
CREATE TABLE unit (
    id {int} NOT NULL PRIMARY KEY,   -- seq of its first event
    name {text} NOT NULL,            -- as people call it
    kind {text} NOT NULL,            -- "office", "section", "subordinate", "branch", "committee"
    parent {int} REFERENCES unit (id), -- the unit it belongs to; NULL: a root
    since {text},                    -- first day; NULL: from before anyone recorded
    until {text},                    -- last day; NULL: open
    CHECK (parent IS NULL OR parent <> id),
    CHECK (since IS NULL OR until IS NULL OR until >= since)
) {strict};

-- Everybody who works here or did.
CREATE TABLE person (
    id {int} NOT NULL PRIMARY KEY,   -- seq of the first event
    name {text} NOT NULL,            -- committed
    party {text},                    -- party membership: "yes", "no", "probationary"; committed; NULL: not known
    level {text},                    -- rank, such as 科级; committed; NULL: not known
    since {text},                    -- first day; NULL: from before anyone recorded
    until {text},                    -- last day; NULL: still here
    CHECK (since IS NULL OR until IS NULL OR until >= since)
) {strict};

-- Who holds which role where.
CREATE TABLE post (
    id {int} NOT NULL PRIMARY KEY,   -- seq of its first event
    person {int} NOT NULL REFERENCES person (id), -- who
    unit {int} NOT NULL REFERENCES unit (id), -- where
    role {text} NOT NULL,            -- a role of the rights table that is held in a unit: "clerk"
    title {text},                    -- as printed: 副主任; committed; NULL: none
    since {text},                    -- first day; NULL: from before anyone recorded
    until {text},                    -- last day; NULL: still held
    CHECK (since IS NULL OR until IS NULL OR until >= since)
) {strict};
CREATE INDEX post_person ON post (person);
CREATE INDEX post_unit ON post (unit);

-- Who may come in.  The three administrators exclude one another and every post.
CREATE TABLE account (
    id {int} NOT NULL PRIMARY KEY,   -- seq of its first event
    name {text} NOT NULL UNIQUE,     -- typed at the door; committed
    os_user {text} UNIQUE,           -- the operating system's account that is the same; NULL: none
    person {int} REFERENCES person (id), -- whose it is; NULL: an administrator's, or the console's
    administrator {text},            -- "system", "security", "audit"; NULL: none
    password {text},                 -- SHA-256 of credential.hash, hex; committed; NULL: there is no password
    state {text} NOT NULL,           -- "pending" until activated, "active", "locked"
    created_by {text} NOT NULL,      -- actor who made it
    activated_by {text},             -- actor who activated it last; NULL: nobody yet
    until {text},                    -- last day on which it opens anything; NULL: no end
    CHECK (administrator IS NULL OR administrator IN ('system', 'security', 'audit')),
    CHECK (person IS NULL OR administrator IS NULL),
    CHECK (person IS NOT NULL OR administrator IS NOT NULL OR os_user IS NOT NULL),
    CHECK (state IN ('pending', 'active', 'locked')),
    CHECK (state <> 'active' OR activated_by IS NOT NULL)
) {strict};
CREATE UNIQUE INDEX account_person ON account (person) WHERE person IS NOT NULL;

-- Password hashes, apart from the accounts so that no event and no history holds them.
CREATE TABLE credential (
    account {int} NOT NULL PRIMARY KEY REFERENCES account (id), -- whose
    hash {text} NOT NULL             -- yescrypt, with its salt
) {strict};
