-- How many rows of the library's index have a term and a mask. The numbers beside a list are sums of these, and not
-- counts of rows.
CREATE TABLE library_numbers (
    term INTEGER NOT NULL,                                             -- of a facet, an account that has seen it, or all
    mask INTEGER NOT NULL,                                             -- as in `library`
    n    INTEGER NOT NULL,                                             -- never 0
    PRIMARY KEY (term, mask)
) STRICT, WITHOUT ROWID;

-- The bits of the facets whose values are fixed. Rows from before this have none and are in no number: they are made
-- anew, and until then lists are counted.
ALTER TABLE library ADD COLUMN mask INTEGER;
CREATE INDEX library_without_mask ON library (n) WHERE mask IS NULL;
INSERT INTO stale (recording_id) SELECT id FROM recordings ORDER BY requested_at;

-- Each call is compared with those files at its place that look-ups found, of which there are few.
CREATE INDEX files_looked_up_by_url ON files (substr(url, 1, 400)) WHERE looked_up = 1;

-- With all that the index of the library reads of a file.
DROP VIEW shown_files;
CREATE VIEW shown_files AS
    SELECT f.id, f.take, f.recording_id, f.kind, f.media, f.participant, f.name, f.started_at, f.ended_at,
        COALESCE(f.length_ms, CASE WHEN f.ended_at >= f.started_at THEN f.ended_at - f.started_at END) AS length_ms,
        f.size, f.stored_size, f.state
    FROM files f
    WHERE NOT EXISTS (
        SELECT 1 FROM files o WHERE o.take = f.take
            AND (CASE o.state WHEN 'archived' THEN 1 ELSE 0 END, o.version)
                > (CASE f.state WHEN 'archived' THEN 1 ELSE 0 END, f.version));
