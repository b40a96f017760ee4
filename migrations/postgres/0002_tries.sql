-- A start that failed is a try: it is counted apart from recordings, and asks for attention until a person has
-- seen it or its meeting is over.
ALTER TABLE recordings ADD COLUMN seen BIGINT NOT NULL DEFAULT 0; -- failed, and a person has seen that

DROP INDEX recordings_of_app;
CREATE INDEX recordings_of_app ON recordings (app_id, requested_at DESC, id DESC) WHERE state <> 'failed';
CREATE INDEX recordings_tries ON recordings (app_id, requested_at DESC, id DESC) WHERE state = 'failed';

-- Whether only the next meeting of a marked room is recorded.
ALTER TABLE rooms ADD COLUMN always_once BIGINT NOT NULL DEFAULT 0;

-- What a person said about the file of an assigned call.
ALTER TABLE inbox ADD COLUMN assigned_kind TEXT COLLATE "C";

DROP VIEW room_facts;
CREATE VIEW room_facts AS
    SELECT o.app_id, o.room, m.id AS meeting_id, COALESCE(a.id, c.id) AS recording_id,
        CASE WHEN a.id IS NULL THEN 0 ELSE 1 END AS is_recording,
        CASE WHEN COALESCE(a.state, c.state) IN ('unknown', 'overdue', 'failed') OR EXISTS (
                SELECT 1 FROM alerts w
                WHERE w.app_id = o.app_id AND w.room = o.room AND w.dismissed_at IS NULL) THEN 0
            WHEN a.id IS NOT NULL THEN 1
            WHEN m.id IS NOT NULL THEN 2
            ELSE 3 END AS urgency,
        l.requested_at AS last_recorded_at
    FROM rooms o
    LEFT JOIN meetings m ON m.app_id = o.app_id AND m.room = o.room AND m.ended_at IS NULL
    -- The active recording.
    LEFT JOIN recordings a ON a.app_id = o.app_id AND a.room = o.room
        AND a.state IN ('requested', 'recording', 'stopping', 'unknown')
    -- The newest recording or try.
    LEFT JOIN recordings n ON n.id = (
        SELECT r.id FROM recordings r WHERE r.app_id = o.app_id AND r.room = o.room
        ORDER BY r.requested_at DESC, r.id DESC LIMIT 1)
    -- The same, unless it is a try that asks for no attention any more.
    LEFT JOIN recordings c ON c.id = n.id AND NOT (c.state = 'failed' AND (
        c.given_up = 1 OR c.seen = 1 OR EXISTS (
            SELECT 1 FROM meetings e WHERE e.id = c.meeting_id AND e.ended_at IS NOT NULL)))
    -- The newest recording.
    LEFT JOIN recordings l ON l.id = (
        SELECT r.id FROM recordings r WHERE r.app_id = o.app_id AND r.room = o.room AND r.state <> 'failed'
        ORDER BY r.requested_at DESC, r.id DESC LIMIT 1);

UPDATE rooms SET recording_id = f.recording_id, urgency = f.urgency, last_recorded_at = f.last_recorded_at
FROM room_facts f WHERE f.app_id = rooms.app_id AND f.room = rooms.room;
