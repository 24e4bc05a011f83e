-- Who looks for the rare among many events ("who looked at personal data?") need not wait for all to be read.  Entries
-- recorded are left out, so that bulk imports pay nothing here; they are most of a log, and found soon without.
CREATE INDEX event_kind ON event (kind, seq) WHERE kind <> 'entry.add';
