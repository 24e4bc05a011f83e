-- Who is signed in at the web face.  Rows come and go without events of their own but for their beginning
-- and their end; nothing in them is a record of the office.

-- A sign-in that has not ended.
CREATE TABLE session (
    token {text} NOT NULL PRIMARY KEY,  -- SHA-256 of the token, hex; the token itself is the browser's alone
    account {int} NOT NULL REFERENCES account (id), -- whose
    begun {int} NOT NULL,               -- when it was signed in, UTC microseconds
    seen {int} NOT NULL,                -- when it was last used, to the minute, UTC microseconds
    address {text} NOT NULL,            -- from where
    agent {text} NOT NULL               -- what the browser calls itself, cut short
) {strict};
CREATE INDEX session_account ON session (account, begun);
