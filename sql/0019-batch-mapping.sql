-- What was said of the columns of imports, so that the next table with the same headers need not be told again.

-- One for each batch of which something was said: no record of the office, so that it has no events, as drafts have none.
CREATE TABLE batch_mapping (
    batch {int} NOT NULL PRIMARY KEY,  -- the import
    ledger {text} NOT NULL,            -- into which
    content {text} NOT NULL            -- JSON: {"columns":{header:field or ""},"values":{header:{value:name}}}
) {strict};
CREATE INDEX batch_mapping_ledger ON batch_mapping (ledger, batch);
