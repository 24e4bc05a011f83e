-- Settings: what an office chooses for itself (office/setting.h).  A setting without a row is what it begins with.

-- One that was changed at least once.
CREATE TABLE setting (
    id {int} NOT NULL PRIMARY KEY,  -- seq of its first event
    name {text} NOT NULL UNIQUE,    -- which: "idle-minutes"
    value {int} NOT NULL            -- a whole number
) {strict};
