-- Of each take the version that is shown: the newest one whose copy is of a known kind, else the newest archived one, else
-- the newest.
DROP VIEW shown_files;
CREATE VIEW shown_files AS
    SELECT f.id, f.take, f.recording_id, f.kind, f.media, f.participant, f.name, f.started_at, f.ended_at,
        COALESCE(f.length_ms, CASE WHEN f.ended_at >= f.started_at THEN f.ended_at - f.started_at END) AS length_ms,
        f.size, f.stored_size, f.state
    FROM files f
    WHERE NOT EXISTS (
        SELECT 1 FROM files o WHERE o.take = f.take
            AND (CASE WHEN o.state <> 'archived' THEN 0 WHEN o.content_type = 'application/octet-stream' THEN 1 ELSE 2 END,
                    o.version)
                > (CASE WHEN f.state <> 'archived' THEN 0 WHEN f.content_type = 'application/octet-stream' THEN 1 ELSE 2 END,
                    f.version));
