-- Programs at the door: tokens that an account holder makes for them, and the keys under which they may send the same
-- request twice without its being done twice.

-- A token of the API that is not ended.  Its row is what its events say, but for its use.
CREATE TABLE token (
    id {int} NOT NULL PRIMARY KEY,      -- seq of its event
    account {int} NOT NULL REFERENCES account (id), -- whose: it may do at most what this account may
    name {text} NOT NULL,               -- what its holder calls it
    hash {text} NOT NULL UNIQUE,        -- SHA-256 of the token, hex; the token itself is the program's alone
    may_write {int} NOT NULL,           -- 1: it may change things; 0: it reads
    begun {int} NOT NULL,               -- when it was made, UTC microseconds
    until {int} NOT NULL,               -- from when on it opens nothing, UTC microseconds
    used {int}                          -- when it was last used, to the minute, UTC microseconds; not of the log
) {strict};
CREATE INDEX token_account ON token (account);

-- What was done under a key that its sender chose, so that the same key does it once.  Rows go after a day.
CREATE TABLE once (
    actor {text} NOT NULL,              -- whose key
    key {text} NOT NULL,                -- the key
    digest {text} NOT NULL,             -- of what was asked for: a key belongs to one request
    seq {int} NOT NULL,                 -- the first event that it made; 0: it made none
    at {int} NOT NULL,                  -- when, UTC microseconds
    PRIMARY KEY (actor, key)
) {strict};
CREATE INDEX once_at ON once (at);
