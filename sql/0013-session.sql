-- A session says which event began it, so that verification can tell one that nobody began; those of before
-- say it of none, and end.
DROP TABLE session;

-- A sign-in that has not ended.
CREATE TABLE session (
    token {text} NOT NULL PRIMARY KEY,  -- SHA-256 of the token, hex; the token itself is the browser's alone
    seq {int} NOT NULL,                 -- of the event that began it
    account {int} NOT NULL REFERENCES account (id), -- whose
    begun {int} NOT NULL,               -- when it was signed in, UTC microseconds
    seen {int} NOT NULL,                -- when it was last used, to the minute, UTC microseconds
    address {text} NOT NULL,            -- from where
    agent {text} NOT NULL               -- what the browser calls itself, cut short
) {strict};
CREATE INDEX session_account ON session (account, begun);
