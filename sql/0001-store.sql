-- The store's own book-keeping: which of these numbered files the database has been through.

-- one row for each migration that was applied, in the transaction that applied it
CREATE TABLE migration (
    -- the number in the file's name, 1, 2, … without gaps
    number {int} NOT NULL PRIMARY KEY,
    -- the rest of the file's name
    name {text} NOT NULL,
    -- when it was applied, UTC microseconds
    applied_at {int} NOT NULL
) {strict};
