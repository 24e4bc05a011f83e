-- Verifications: what was found when an office that is served was verified (office/verification.h).

-- One that was made; when and by whom its event says.
CREATE TABLE verification (
    id {int} NOT NULL PRIMARY KEY,  -- seq of its event
    verdict {text} NOT NULL,        -- "sound", "asserted", "altered" …
    n_events {int} NOT NULL,        -- how many events there were
    n_signed {int} NOT NULL,        -- how many of them a good checkpoint covered
    n_objects {int} NOT NULL,       -- rows compared with them
    n_findings {int} NOT NULL,      -- what did not fit
    root {text} NOT NULL            -- of the tree, hex
) {strict};
