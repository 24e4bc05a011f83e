-- The rows of an import that was taken back are as the event of that says, which verification compares: they had the
-- moment when each was removed.
UPDATE entry SET changed = (SELECT v.at FROM event v WHERE v.object = entry.batch AND v.object <> v.seq
    ORDER BY v.seq DESC LIMIT 1)
WHERE gone = 'undone' AND EXISTS (SELECT 1 FROM event v WHERE v.object = entry.batch AND v.object <> v.seq);
