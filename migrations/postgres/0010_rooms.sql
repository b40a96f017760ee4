-- What the list of rooms is filtered and ordered by stands on the room itself, so that a page of the
-- list is read from an index. Triggers keep it: it is true whoever writes to the other tables.

ALTER TABLE rooms ADD COLUMN meeting_id TEXT COLLATE "C"; -- the meeting that is on
ALTER TABLE rooms ADD COLUMN recording_id TEXT COLLATE "C"; -- the one that takes the room, else the newest
ALTER TABLE rooms ADD COLUMN is_recording BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN urgency BIGINT NOT NULL DEFAULT 3;
ALTER TABLE rooms ADD COLUMN last_recorded_at BIGINT;

-- The order: what a person has to look at, starred, recorded, live, then by the last recording.
ALTER TABLE rooms ADD COLUMN rank BIGINT GENERATED ALWAYS AS (
    CASE WHEN urgency = 0 THEN 0 ELSE 8 END + CASE WHEN starred = 1 THEN 0 ELSE 4 END + urgency) STORED;
ALTER TABLE rooms ADD COLUMN recency BIGINT GENERATED ALWAYS AS (
    COALESCE(-last_recorded_at, 9223372036854775807)) STORED;
-- A hidden room is one only while nothing happens in it.
ALTER TABLE rooms ADD COLUMN is_hidden BIGINT GENERATED ALWAYS AS (
    CASE WHEN hidden = 1 AND urgency >= 2 THEN 1 ELSE 0 END) STORED;

-- The truth that the columns above repeat, and the one place that says how urgent a room is:
-- 0 a person has to look, 1 recorded, 2 live, 3 neither.
CREATE VIEW room_facts AS
    SELECT o.app_id, o.room, m.id AS meeting_id, COALESCE(a.id, n.id) AS recording_id,
        CASE WHEN a.id IS NULL THEN 0 ELSE 1 END AS is_recording,
        CASE WHEN COALESCE(a.state, n.state) IN ('unknown', 'overdue', 'failed') OR EXISTS (
                SELECT 1 FROM alerts w
                WHERE w.app_id = o.app_id AND w.room = o.room AND w.dismissed_at IS NULL) THEN 0
            WHEN a.id IS NOT NULL THEN 1
            WHEN m.id IS NOT NULL THEN 2
            ELSE 3 END AS urgency,
        n.requested_at AS last_recorded_at
    FROM rooms o
    LEFT JOIN meetings m ON m.app_id = o.app_id AND m.room = o.room AND m.ended_at IS NULL
    LEFT JOIN recordings a ON a.app_id = o.app_id AND a.room = o.room
        AND a.state IN ('requested', 'recording', 'stopping', 'unknown')
    LEFT JOIN recordings n ON n.id = (
        SELECT r.id FROM recordings r WHERE r.app_id = o.app_id AND r.room = o.room
        ORDER BY r.requested_at DESC, r.id DESC LIMIT 1);

-- Locked first: what is read after waiting for another transaction includes what that one did. Not
-- FOR UPDATE, which would wait for every row that merely refers to the room.
CREATE FUNCTION settle_room(of_app TEXT, of_room TEXT) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM rooms WHERE app_id = of_app AND room = of_room FOR NO KEY UPDATE;
    UPDATE rooms SET (meeting_id, recording_id, is_recording, urgency, last_recorded_at) = (
        SELECT f.meeting_id, f.recording_id, f.is_recording, f.urgency, f.last_recorded_at
        FROM room_facts f WHERE f.app_id = of_app AND f.room = of_room)
    WHERE app_id = of_app AND room = of_room;
END $$;

-- For any table with `app_id` and `room`.
CREATE FUNCTION settle_rooms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM settle_room(OLD.app_id, OLD.room);
    END IF;
    IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND (OLD.app_id, OLD.room) <> (NEW.app_id, NEW.room)) THEN
        PERFORM settle_room(NEW.app_id, NEW.room);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER recordings_settle_rooms
    AFTER INSERT OR DELETE OR UPDATE OF app_id, room, state, requested_at ON recordings
    FOR EACH ROW EXECUTE FUNCTION settle_rooms();
CREATE TRIGGER meetings_settle_rooms
    AFTER INSERT OR DELETE OR UPDATE OF app_id, room, ended_at ON meetings
    FOR EACH ROW EXECUTE FUNCTION settle_rooms();
CREATE TRIGGER alerts_settle_rooms
    AFTER INSERT OR DELETE OR UPDATE OF app_id, room, dismissed_at ON alerts
    FOR EACH ROW EXECUTE FUNCTION settle_rooms();

SELECT settle_room(app_id, room) FROM rooms;

CREATE INDEX rooms_in_order ON rooms (app_id, is_hidden, rank, recency, room_key, room);
CREATE INDEX rooms_live ON rooms (app_id, is_hidden, rank, recency, room_key, room)
    WHERE meeting_id IS NOT NULL;
CREATE INDEX rooms_recorded ON rooms (app_id, rank, recency, room_key, room)
    WHERE is_recording = 1;
