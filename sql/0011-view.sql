-- Views: lists of entries that are kept under a name (ledger/view.h).

-- A view that the whole office sees.
CREATE TABLE shared_view (
    id {int} NOT NULL PRIMARY KEY,  -- seq of its first event
    ledger {text} NOT NULL,         -- which list
    name {text} NOT NULL,           -- what people call it
    query {text} NOT NULL,          -- of the list's address: "state=open&sort=due"
    UNIQUE (ledger, name)
) {strict};

-- A view that its maker alone sees: no record of the office, so that it has no events, as drafts have none.
CREATE TABLE own_view (
    id {int} NOT NULL PRIMARY KEY,  -- 1, 2, 3…
    owner {text} NOT NULL,          -- actor whose it is
    ledger {text} NOT NULL,         -- which list
    name {text} NOT NULL,           -- what its maker calls it
    query {text} NOT NULL,          -- of the list's address
    UNIQUE (owner, ledger, name)
) {strict};
