-- The inbox: what a call told of, and what people did about it.

ALTER TABLE callbacks ADD COLUMN room TEXT;
ALTER TABLE callbacks ADD COLUMN file_name TEXT;
ALTER TABLE callbacks ADD COLUMN file_kind TEXT;
ALTER TABLE callbacks ADD COLUMN participant TEXT;
-- Room and file name, each on a line.
ALTER TABLE callbacks ADD COLUMN subject_key TEXT;
-- Its recording was found by its files.
ALTER TABLE callbacks ADD COLUMN found INTEGER NOT NULL DEFAULT 0;
-- We sent it ourselves, to try the way.
ALTER TABLE callbacks ADD COLUMN test INTEGER NOT NULL DEFAULT 0;
ALTER TABLE callbacks ADD COLUMN assigned_to TEXT REFERENCES recordings (id) ON DELETE SET NULL;
ALTER TABLE callbacks ADD COLUMN assigned_by TEXT;
ALTER TABLE callbacks ADD COLUMN dealt_at INTEGER;
ALTER TABLE callbacks ADD COLUMN dealt_by TEXT;

UPDATE callbacks SET
    room = (SELECT r.room FROM recordings r WHERE r.id = callbacks.recording_id),
    file_name = (SELECT f.name FROM files f WHERE f.id = callbacks.file_id),
    file_kind = (SELECT f.kind FROM files f WHERE f.id = callbacks.file_id),
    participant = (SELECT NULLIF(f.participant, '') FROM files f WHERE f.id = callbacks.file_id),
    subject_key = (SELECT o.room_key FROM recordings r
            JOIN rooms o ON o.app_id = r.app_id AND o.room = r.room
            WHERE r.id = callbacks.recording_id)
        || char(10) || (SELECT f.name_key FROM files f WHERE f.id = callbacks.file_id),
    found = CASE WHEN EXISTS (SELECT 1 FROM recordings r
        WHERE r.id = callbacks.recording_id AND r.origin = 'auto_recorded') THEN 1 ELSE 0 END
WHERE recording_id IS NOT NULL;

-- Each holds only what its tab shows: most calls are accepted, and cost no index but that by time.
CREATE INDEX callbacks_open ON callbacks (received_at DESC, id DESC)
    WHERE verdict IN ('unrecognised', 'malformed') AND dealt_at IS NULL;
CREATE INDEX callbacks_duplicate ON callbacks (received_at DESC, id DESC)
    WHERE verdict = 'duplicate';
CREATE INDEX callbacks_found ON callbacks (received_at DESC, id DESC) WHERE found = 1;
CREATE INDEX callbacks_of_room ON callbacks (room, received_at DESC, id DESC)
    WHERE room IS NOT NULL;
CREATE INDEX callbacks_assigned ON callbacks (room, file_name) WHERE assigned_to IS NOT NULL;
