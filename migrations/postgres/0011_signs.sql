-- A sign alone, such as % or _, became a term, and tags and people come first among the texts: each row of the index is
-- made anew, because its words differ.
UPDATE library SET words = '';
INSERT INTO stale (recording_id) SELECT id FROM recordings ORDER BY requested_at;
