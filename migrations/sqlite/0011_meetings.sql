-- All that status callbacks told of a room, each thing once: its meetings and their participants are
-- made from it, so the order in which calls come makes no difference.
CREATE TABLE room_status (
    app_id      TEXT    NOT NULL,
    room        TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    what        TEXT    NOT NULL,
    participant TEXT    NOT NULL, -- '': of the meeting
    PRIMARY KEY (app_id, room, at, what, participant),
    FOREIGN KEY (app_id, room) REFERENCES rooms (app_id, room) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX room_status_ends ON room_status (app_id, room, at) WHERE what = 'end';

-- What was told before, as far as it was kept.
INSERT INTO room_status (app_id, room, at, what, participant)
SELECT DISTINCT m.app_id, m.room, COALESCE((
    SELECT MIN(p.joined_at) FROM participants p
    WHERE p.meeting_id = m.id AND p.joined_at < m.began_at), m.began_at), 'begin', ''
FROM meetings m;
INSERT INTO room_status (app_id, room, at, what, participant)
SELECT DISTINCT app_id, room, ended_at, 'end', '' FROM meetings WHERE ended_at IS NOT NULL;
INSERT INTO room_status (app_id, room, at, what, participant)
SELECT DISTINCT m.app_id, m.room, p.joined_at, 'online', p.participant
FROM participants p JOIN meetings m ON m.id = p.meeting_id
WHERE m.ended_at IS NULL OR p.joined_at <= m.ended_at;
INSERT INTO room_status (app_id, room, at, what, participant)
SELECT DISTINCT m.app_id, m.room, p.left_at, 'offline', p.participant
FROM participants p JOIN meetings m ON m.id = p.meeting_id
WHERE p.left_at IS NOT NULL AND (m.ended_at IS NULL OR p.left_at <= m.ended_at);
INSERT INTO room_status (app_id, room, at, what, participant)
SELECT DISTINCT m.app_id, m.room, p.screen_at, 'screen_on', p.participant
FROM participants p JOIN meetings m ON m.id = p.meeting_id
WHERE p.left_at IS NULL AND p.shares_screen = 1 AND p.screen_at IS NOT NULL;

-- Which news of a screen is the newest, what was told says.
ALTER TABLE participants DROP COLUMN screen_at;
