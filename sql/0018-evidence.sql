-- Files of the same bytes are evidence each for itself where they were brought under other names: what one unit calls
-- its file is not shown to another that brought the same.  The bytes are kept once as before.
CREATE TABLE evidence_before (
    id {int} NOT NULL PRIMARY KEY,  -- as in evidence, like the rest
    sha256 {text} NOT NULL,         -- of the bytes, hex
    name {text} NOT NULL,           -- file name
    size {int} NOT NULL,            -- bytes
    added {int} NOT NULL            -- when, UTC microseconds
) {strict};
INSERT INTO evidence_before (id, sha256, name, size, added) SELECT id, sha256, name, size, added FROM evidence;
DROP TABLE evidence;

-- Evidence: a file under a name; its bytes are in the office's files folder, once for all that have the same.
CREATE TABLE evidence (
    id {int} NOT NULL PRIMARY KEY,  -- seq of its first event
    sha256 {text} NOT NULL,         -- of the bytes, hex
    name {text} NOT NULL,           -- file name as it was brought
    size {int} NOT NULL,            -- bytes
    added {int} NOT NULL            -- when it was first brought under this name, UTC microseconds
) {strict};
INSERT INTO evidence (id, sha256, name, size, added) SELECT id, sha256, name, size, added FROM evidence_before;
DROP TABLE evidence_before;
CREATE INDEX evidence_sha256 ON evidence (sha256);
