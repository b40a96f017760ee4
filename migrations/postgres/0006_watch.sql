-- Rooms that are always recorded, what the watchdog found, and which tracks a recording waits for.

ALTER TABLE rooms ADD COLUMN always_by TEXT COLLATE "C";
ALTER TABLE rooms ADD COLUMN always_at BIGINT;
-- When the last status callback about it came.
ALTER TABLE rooms ADD COLUMN heard_at BIGINT;
CREATE INDEX rooms_always ON rooms (app_id, room) WHERE always_at IS NOT NULL;

-- 'due': it began in a room that is always recorded, and its recording is to be started; 'done':
-- that was seen to, once and for all.
ALTER TABLE meetings ADD COLUMN auto_start TEXT COLLATE "C";
CREATE INDEX meetings_to_start ON meetings (began_at) WHERE auto_start = 'due';

CREATE INDEX recordings_of_meeting ON recordings (meeting_id) WHERE meeting_id IS NOT NULL;
CREATE INDEX recordings_awaiting ON recordings (app_id, room)
    WHERE state IN ('awaiting_files', 'overdue');

-- What people decided about a room. Lines are only ever added.
CREATE TABLE room_notes (
    id     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    app_id TEXT COLLATE "C" NOT NULL,
    room   TEXT COLLATE "C" NOT NULL,
    at     BIGINT NOT NULL,
    event  TEXT COLLATE "C" NOT NULL, -- JSON
    actor  TEXT COLLATE "C" NOT NULL,
    FOREIGN KEY (app_id, room) REFERENCES rooms (app_id, room) ON DELETE CASCADE
);
CREATE INDEX room_notes_of_room ON room_notes (app_id, room, id);

-- Who was in the room while it was recorded, once it has ended: a track each is expected.
CREATE TABLE expected_tracks (
    recording_id TEXT COLLATE "C" NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    participant  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (recording_id, participant)
);
INSERT INTO expected_tracks (recording_id, participant)
    SELECT DISTINCT r.id, p.participant FROM recordings r
    JOIN meetings m ON m.app_id = r.app_id AND m.room = r.room AND m.began_at <= r.stopped_at
        AND (m.ended_at IS NULL OR m.ended_at >= COALESCE(r.started_at, r.requested_at))
    JOIN participants p ON p.meeting_id = m.id AND p.joined_at <= r.stopped_at
        AND (p.left_at IS NULL OR p.left_at >= COALESCE(r.started_at, r.requested_at))
    WHERE r.origin = 'started' AND r.tracks_expected > 0;

-- What holds now. A row is about a recording, or about a meeting that is not recorded.
CREATE TABLE alerts (
    app_id       TEXT COLLATE "C" NOT NULL,
    room         TEXT COLLATE "C" NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    recording_id TEXT COLLATE "C" REFERENCES recordings (id) ON DELETE CASCADE,
    meeting_id   TEXT COLLATE "C" REFERENCES meetings (id) ON DELETE CASCADE,
    since        BIGINT NOT NULL,
    dismissed_at BIGINT,
    PRIMARY KEY (app_id, room, kind),
    FOREIGN KEY (app_id, room) REFERENCES rooms (app_id, room) ON DELETE CASCADE
);
