-- A recording of which a person said that nothing was recorded needs nobody any more: its room is as
-- one without it. That it was said stands in the history.

CREATE OR REPLACE VIEW room_facts AS
    SELECT o.app_id, o.room, m.id AS meeting_id, COALESCE(a.id, c.id) AS recording_id,
        CASE WHEN a.id IS NULL THEN 0 ELSE 1 END AS is_recording,
        CASE WHEN COALESCE(a.state, c.state) IN ('unknown', 'overdue', 'failed') OR EXISTS (
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
        ORDER BY r.requested_at DESC, r.id DESC LIMIT 1)
    -- The newest, unless it was given up.
    LEFT JOIN recordings c ON c.id = n.id AND NOT (c.state = 'failed' AND EXISTS (
        SELECT 1 FROM history h WHERE h.recording_id = c.id AND h.event = '{"took":"given_up"}'));

CREATE FUNCTION settle_given_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM settle_room(r.app_id, r.room) FROM recordings r WHERE r.id = NEW.recording_id;
    RETURN NULL;
END $$;

CREATE TRIGGER recordings_given_up AFTER INSERT ON history
    FOR EACH ROW WHEN (NEW.event = '{"took":"given_up"}') EXECUTE FUNCTION settle_given_up();

SELECT settle_room(app_id, room) FROM rooms;
