-- Who follows the own views in a feed learns when each was changed last.  Of those kept before, nobody knows: they were
-- there when the office last wrote something down.
ALTER TABLE own_view ADD COLUMN changed {int} NOT NULL DEFAULT 0;  -- when, UTC microseconds

UPDATE own_view SET changed = COALESCE((SELECT v.at FROM event v ORDER BY v.seq DESC LIMIT 1), 0);
