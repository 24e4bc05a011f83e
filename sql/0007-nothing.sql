-- What was not: an office states that in a time there was nothing to record in a ledger, so that an empty ledger
-- and one that nobody kept are told apart (a claim such as "no violation" needs the former).

-- One statement.
CREATE TABLE statement (
    id {int} NOT NULL PRIMARY KEY,  -- seq of its event
    ledger {text} NOT NULL,         -- of which ledger
    since {text} NOT NULL,          -- first day it is about
    until {text} NOT NULL,          -- last day it is about
    owner {text} NOT NULL,          -- actor who states it
    added {int} NOT NULL            -- when it was recorded, UTC microseconds
) {strict};
CREATE INDEX statement_ledger ON statement (ledger, since);
