-- The original due date survives every extension: lists show it beside the one in force.
ALTER TABLE entry ADD COLUMN due_first {int};  -- the first deadline it had, where the one in force is another; NULL:
                                               -- it is that one, or there never was any; -1: its events have not
                                               -- been asked yet, which the next command that writes does

UPDATE entry SET due_first = -1 WHERE version > 1 AND gone IS NULL;

-- Few deadlines are moved; bulk imports pay nothing for it.
CREATE INDEX entry_due_first ON entry (due_first, id) WHERE due_first IS NOT NULL;
