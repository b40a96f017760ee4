-- The whole schema. Times are milliseconds since the epoch, ids 32 hex digits, yes and no are 1 and 0.
-- A column that ends in `_key` holds the lower-case copy of a text, for searching.
-- Text compares by its bytes ("C"), as in SQLite, whatever the cluster's locale.

-- Values that the server keeps for itself, by name.
CREATE TABLE settings (
    key   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

-- What one server alone does at a time. Whoever has a lease renews it; one that has ended is free.
CREATE TABLE leases (
    name    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    holder  TEXT COLLATE "C" NOT NULL,
    ends_at BIGINT NOT NULL -- in the database's time
);

-- Background jobs: the server that ran each last, and how it went.
CREATE TABLE jobs (
    name          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    holder        TEXT COLLATE "C", -- NULL: it was stopped in order
    last_run_at   BIGINT,
    last_ok_at    BIGINT,
    last_error_at BIGINT,
    last_error    TEXT COLLATE "C"
);

-- Accounts that can sign in.
CREATE TABLE users (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name          TEXT COLLATE "C" NOT NULL,
    name_key      TEXT COLLATE "C" NOT NULL UNIQUE,
    password_hash TEXT COLLATE "C" NOT NULL,
    role          TEXT COLLATE "C" NOT NULL,
    created_at    BIGINT NOT NULL
);

-- Signed-in browsers. Only a hash of the cookie's token is stored.
CREATE TABLE sessions (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    user_id    TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Wrong passwords and codes within five minutes, by who tried and what; the oldest rows are deleted.
CREATE TABLE tries (
    origin  TEXT COLLATE "C" NOT NULL,
    target  TEXT COLLATE "C" NOT NULL,
    tries   BIGINT NOT NULL,
    since   BIGINT NOT NULL, -- the first of them
    last_at BIGINT NOT NULL,
    PRIMARY KEY (origin, target)
);
CREATE INDEX tries_by_time ON tries (last_at);

-- Applications of the platform.
CREATE TABLE apps (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name          TEXT COLLATE "C" NOT NULL,
    app_id        TEXT COLLATE "C" NOT NULL, -- the platform's id of it
    api_base      TEXT COLLATE "C" NOT NULL,
    method        TEXT COLLATE "C" NOT NULL,
    encoding      TEXT COLLATE "C" NOT NULL,
    reply_form    TEXT COLLATE "C" NOT NULL,
    zone          TEXT COLLATE "C" NOT NULL,
    allowed_hosts TEXT COLLATE "C" NOT NULL, -- a JSON array of text
    kinds         TEXT COLLATE "C" NOT NULL, -- a JSON array of text
    public_cloud  BIGINT NOT NULL,
    frames        BIGINT NOT NULL, -- whether the platform extracts frames
    vod_base      TEXT COLLATE "C" NOT NULL, -- the address of the video list
    vod_token     BYTEA, -- its secret, sealed with a key that is never in the database
    vod_token_at  BIGINT,
    sandbox       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX apps_one_sandbox ON apps (sandbox) WHERE sandbox = 1;

-- Start forms saved under a name.
CREATE TABLE presets (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    app_id      TEXT COLLATE "C" NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    name        TEXT COLLATE "C" NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL,
    place       BIGINT NOT NULL, -- the order within the app; gaps are allowed
    for_all     BIGINT NOT NULL, -- whether rooms without a preset of their own begin with it
    rule        TEXT COLLATE "C" NOT NULL,
    path        TEXT COLLATE "C" NOT NULL,
    user_data   TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    stop_after  TEXT COLLATE "C" NOT NULL,
    stop_at_end BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    changed_by  TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX presets_by_name ON presets (app_id, name_key);
CREATE UNIQUE INDEX presets_one_for_all ON presets (app_id) WHERE for_all = 1;

-- Rooms, known from meetings, recordings and people.
CREATE TABLE rooms (
    app_id           TEXT COLLATE "C" NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    room             TEXT COLLATE "C" NOT NULL,
    room_key         TEXT COLLATE "C" NOT NULL,
    first_seen_at    BIGINT NOT NULL,
    heard_at         BIGINT, -- when the last status callback about it was received
    -- The label that people give it.
    title            TEXT COLLATE "C" NOT NULL DEFAULT '',
    title_key        TEXT COLLATE "C" NOT NULL DEFAULT '',
    starred          BIGINT NOT NULL DEFAULT 0,
    hidden           BIGINT NOT NULL DEFAULT 0,
    -- The account that turned "always record" on, and when.
    always_by        TEXT COLLATE "C",
    always_at        BIGINT,
    -- The values last typed into its start form.
    rule             TEXT COLLATE "C",
    path             TEXT COLLATE "C",
    user_data        TEXT COLLATE "C",
    kind             TEXT COLLATE "C",
    stop_after       TEXT COLLATE "C",
    stop_at_end      BIGINT,
    preset_id        TEXT COLLATE "C" REFERENCES presets (id) ON DELETE SET NULL, -- the one its form begins with
    form_before      TEXT COLLATE "C", -- JSON: the form before a preset filled it in without a script
    -- A copy of `room_facts`, so that a page of the list is read from an index. Each function that
    -- writes meetings, recordings or alerts brings it up to date.
    meeting_id       TEXT COLLATE "C", -- the meeting that is on
    recording_id     TEXT COLLATE "C", -- the active recording, else the newest one that was not given up
    is_recording     BIGINT NOT NULL DEFAULT 0,
    urgency          BIGINT NOT NULL DEFAULT 3,
    last_recorded_at BIGINT,
    -- The order of the list: needs attention, starred, recording, live, then by the last recording.
    rank             BIGINT NOT NULL GENERATED ALWAYS AS (
        CASE WHEN urgency = 0 THEN 0 ELSE 8 END + CASE WHEN starred = 1 THEN 0 ELSE 4 END + urgency) STORED,
    recency          BIGINT NOT NULL GENERATED ALWAYS AS (
        COALESCE(-last_recorded_at, 9223372036854775807)) STORED,
    -- A room that is recorded, or needs attention, is shown even when hidden.
    is_hidden        BIGINT NOT NULL GENERATED ALWAYS AS (
        CASE WHEN hidden = 1 AND urgency >= 2 THEN 1 ELSE 0 END) STORED,
    PRIMARY KEY (app_id, room)
);
CREATE INDEX rooms_in_order ON rooms (app_id, is_hidden, rank, recency, room_key, room);
CREATE INDEX rooms_live ON rooms (app_id, is_hidden, rank, recency, room_key, room)
    WHERE meeting_id IS NOT NULL;
CREATE INDEX rooms_recorded ON rooms (app_id, rank, recency, room_key, room)
    WHERE is_recording = 1;
CREATE INDEX rooms_always ON rooms (app_id, room) WHERE always_at IS NOT NULL;
CREATE INDEX rooms_of_preset ON rooms (preset_id) WHERE preset_id IS NOT NULL;

-- Decisions of people about a room. Rows are only ever added.
CREATE TABLE room_notes (
    id     BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    app_id TEXT COLLATE "C" NOT NULL,
    room   TEXT COLLATE "C" NOT NULL,
    at     BIGINT NOT NULL,
    event  TEXT COLLATE "C" NOT NULL, -- JSON
    actor  TEXT COLLATE "C" NOT NULL,
    FOREIGN KEY (app_id, room) REFERENCES rooms (app_id, room) ON DELETE CASCADE
);
CREATE INDEX room_notes_of_room ON room_notes (app_id, room, id);

-- The events that status callbacks reported, each once. Meetings and participants are derived from
-- them, so the order of the calls makes no difference.
CREATE TABLE room_status (
    app_id      TEXT COLLATE "C" NOT NULL,
    room        TEXT COLLATE "C" NOT NULL,
    at          BIGINT NOT NULL,
    what        TEXT COLLATE "C" NOT NULL,
    participant TEXT COLLATE "C" NOT NULL, -- empty: an event of the meeting
    PRIMARY KEY (app_id, room, at, what, participant),
    FOREIGN KEY (app_id, room) REFERENCES rooms (app_id, room) ON DELETE CASCADE
);
CREATE INDEX room_status_ends ON room_status (app_id, room, at) WHERE what = 'end';

-- Meetings of a room; at most one is on at a time.
CREATE TABLE meetings (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    app_id     TEXT COLLATE "C" NOT NULL,
    room       TEXT COLLATE "C" NOT NULL,
    began_at   BIGINT NOT NULL,
    ended_at   BIGINT,
    auto_start TEXT COLLATE "C", -- in a room that is always recorded: 'due' until its start was tried, then 'done'
    FOREIGN KEY (app_id, room) REFERENCES rooms (app_id, room) ON DELETE CASCADE
);
CREATE UNIQUE INDEX meetings_one_open ON meetings (app_id, room) WHERE ended_at IS NULL;
CREATE INDEX meetings_of_room ON meetings (app_id, room, began_at);
CREATE INDEX meetings_to_start ON meetings (began_at) WHERE auto_start = 'due';

-- Stays in a meeting: a participant who leaves and comes back has two.
CREATE TABLE participants (
    meeting_id    TEXT COLLATE "C" NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    participant   TEXT COLLATE "C" NOT NULL,
    joined_at     BIGINT NOT NULL,
    left_at       BIGINT,
    shares_screen BIGINT NOT NULL,
    PRIMARY KEY (meeting_id, participant, joined_at)
);
CREATE UNIQUE INDEX participants_here ON participants (meeting_id, participant)
    WHERE left_at IS NULL;

-- Recordings of a room, started here or found by their files; at most one is active at a time.
CREATE TABLE recordings (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    app_id          TEXT COLLATE "C" NOT NULL,
    room            TEXT COLLATE "C" NOT NULL,
    origin          TEXT COLLATE "C" NOT NULL,
    state           TEXT COLLATE "C" NOT NULL,
    state_since     BIGINT NOT NULL,
    given_up        BIGINT NOT NULL DEFAULT 0, -- failed, because a person said that nothing was recorded
    meeting_id      TEXT COLLATE "C" REFERENCES meetings (id) ON DELETE SET NULL, -- the meeting that it records
    -- The start form as it was sent.
    rule            TEXT COLLATE "C",
    path            TEXT COLLATE "C",
    user_data       TEXT COLLATE "C",
    kind            TEXT COLLATE "C",
    stop_after_ms   BIGINT,
    stop_at_end     BIGINT NOT NULL DEFAULT 0,
    requested_at    BIGINT NOT NULL,
    requested_by    TEXT COLLATE "C",
    started_at      BIGINT,
    stopped_at      BIGINT,
    stopped_by      TEXT COLLATE "C",
    auto_stopped_at BIGINT, -- when it was told to stop by itself
    look_up_at      BIGINT, -- when anyRTC is next asked for the missing files
    tracks_expected BIGINT NOT NULL,
    frames_expected BIGINT NOT NULL DEFAULT 0, -- whether its app extracted frames when it was started
    FOREIGN KEY (app_id, room) REFERENCES rooms (app_id, room)
);
-- The states are those of `RecordingState::is_active`.
CREATE UNIQUE INDEX recordings_one_active ON recordings (app_id, room)
    WHERE state IN ('requested', 'recording', 'stopping', 'unknown');
CREATE INDEX recordings_of_app ON recordings (app_id, requested_at DESC, id DESC);
CREATE INDEX recordings_of_room ON recordings (app_id, room, requested_at DESC, id DESC);
CREATE INDEX recordings_of_meeting ON recordings (meeting_id) WHERE meeting_id IS NOT NULL;
CREATE INDEX recordings_by_state ON recordings (state, state_since);
CREATE INDEX recordings_awaiting ON recordings (app_id, room)
    WHERE state IN ('awaiting_files', 'overdue');
CREATE INDEX recordings_to_look_up ON recordings (look_up_at) WHERE look_up_at IS NOT NULL;

-- The events of a recording. Rows are only ever added.
CREATE TABLE history (
    id           BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recording_id TEXT COLLATE "C" NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    at           BIGINT NOT NULL,
    event        TEXT COLLATE "C" NOT NULL, -- JSON
    actor        TEXT COLLATE "C",
    note         TEXT COLLATE "C"
);
CREATE INDEX history_of_recording ON history (recording_id, id);

-- The participants of whom an ended recording expects a track: those in the room while it ran.
CREATE TABLE expected_tracks (
    recording_id TEXT COLLATE "C" NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    participant  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (recording_id, participant)
);

-- How often the state of an unknown recording was checked, and its last look-up.
CREATE TABLE looks (
    recording_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES recordings (id) ON DELETE CASCADE,
    looks        BIGINT NOT NULL DEFAULT 0,
    last_at      BIGINT,
    saw          TEXT COLLATE "C", -- JSON: the result of the last check
    listed_at    BIGINT -- when the platform's list was last queried for it
);

-- Alerts that hold now. Each is about a recording, or about a meeting that is not recorded.
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

-- The facts that the columns of `rooms` repeat. Urgency: 0 needs attention, 1 is recording, 2 is
-- live, 3 none of these.
CREATE VIEW room_facts AS
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
    -- The active recording.
    LEFT JOIN recordings a ON a.app_id = o.app_id AND a.room = o.room
        AND a.state IN ('requested', 'recording', 'stopping', 'unknown')
    -- The newest recording.
    LEFT JOIN recordings n ON n.id = (
        SELECT r.id FROM recordings r WHERE r.app_id = o.app_id AND r.room = o.room
        ORDER BY r.requested_at DESC, r.id DESC LIMIT 1)
    -- The same, unless it was given up.
    LEFT JOIN recordings c ON c.id = n.id AND c.given_up = 0;

-- Finished files: what was announced, and our copy.
CREATE TABLE files (
    id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    recording_id TEXT COLLATE "C" NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    kind         TEXT COLLATE "C" NOT NULL,
    media        TEXT COLLATE "C" NOT NULL,
    participant  TEXT COLLATE "C" NOT NULL, -- empty: none; in a unique index, NULL would equal nothing
    name         TEXT COLLATE "C" NOT NULL,
    name_key     TEXT COLLATE "C" NOT NULL,
    size         BIGINT,
    length_ms    BIGINT,
    started_at   BIGINT,
    ended_at     BIGINT,
    url          TEXT COLLATE "C" NOT NULL,
    looked_up    BIGINT NOT NULL DEFAULT 0, -- found and not announced: kind and participant are guessed
    announced_at BIGINT NOT NULL,
    -- The current version and the call that announced it.
    version      BIGINT NOT NULL DEFAULT 1,
    call_id      BIGINT,
    -- Our copy.
    state        TEXT COLLATE "C" NOT NULL,
    trouble      TEXT COLLATE "C", -- JSON
    tries        BIGINT NOT NULL,
    next_try_at  BIGINT,
    claimed_by   TEXT COLLATE "C", -- the server that fetches it, or did last
    claimed_until BIGINT, -- in the database's time; the server renews it while it fetches
    storage_key  TEXT COLLATE "C",
    stored_size  BIGINT,
    sha256       TEXT COLLATE "C",
    content_type TEXT COLLATE "C"
);
CREATE UNIQUE INDEX files_announced_once ON files (recording_id, kind, participant, name);
CREATE INDEX files_next_try ON files (next_try_at) WHERE state = 'failed';
CREATE INDEX files_claimed ON files (claimed_until) WHERE state = 'fetching';
-- The queue of files to fetch. One whose server ended is among those that are being fetched.
CREATE INDEX files_to_fetch ON files (announced_at, id) WHERE state IN ('remote', 'failed', 'fetching');
CREATE INDEX files_looked_up ON files (recording_id) WHERE looked_up = 1;
CREATE INDEX files_by_url ON files (substr(url, 1, 400));

-- The earlier versions of a file.
CREATE TABLE file_versions (
    file_id     TEXT COLLATE "C" NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    version     BIGINT NOT NULL,
    call_id     BIGINT,
    size        BIGINT,
    length_ms   BIGINT,
    started_at  BIGINT,
    ended_at    BIGINT,
    url         TEXT COLLATE "C" NOT NULL,
    replaced_at BIGINT NOT NULL,
    PRIMARY KEY (file_id, version)
);

-- Raw calls, appended and never changed.
CREATE TABLE calls (
    id               BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind             TEXT COLLATE "C" NOT NULL,
    app_id           TEXT COLLATE "C",
    received_at      BIGINT NOT NULL,
    remote           TEXT COLLATE "C" NOT NULL,
    content_type     TEXT COLLATE "C",
    content_encoding TEXT COLLATE "C",
    looked_up        BIGINT NOT NULL, -- made by a look-up from the platform's list
    body             BYTEA NOT NULL
);

-- The calls that are not yet understood.
CREATE TABLE waiting (
    call_id BIGINT NOT NULL PRIMARY KEY,
    size    BIGINT NOT NULL -- of the body, in bytes
);

-- What was understood of each call, and what people decided about it.
CREATE TABLE inbox (
    call_id       BIGINT NOT NULL PRIMARY KEY,
    kind          TEXT COLLATE "C" NOT NULL,
    received_at   BIGINT NOT NULL,
    size          BIGINT NOT NULL, -- of the body, in bytes
    looked_up     BIGINT NOT NULL, -- made by a look-up from the platform's list
    verdict       TEXT COLLATE "C" NOT NULL,
    reason        TEXT COLLATE "C",
    recording_id  TEXT COLLATE "C" REFERENCES recordings (id) ON DELETE SET NULL,
    file_id       TEXT COLLATE "C" REFERENCES files (id) ON DELETE SET NULL,
    understood_at BIGINT NOT NULL,
    -- What it names.
    room          TEXT COLLATE "C",
    file_name     TEXT COLLATE "C",
    file_kind     TEXT COLLATE "C",
    participant   TEXT COLLATE "C",
    subject_key   TEXT COLLATE "C", -- room and file name, each on a line
    found         BIGINT NOT NULL, -- its recording was found by its files
    test          BIGINT NOT NULL, -- a test call of ours
    -- Decisions of people.
    assigned_to   TEXT COLLATE "C" REFERENCES recordings (id) ON DELETE SET NULL,
    assigned_by   TEXT COLLATE "C",
    dealt_at      BIGINT,
    dealt_by      TEXT COLLATE "C"
);
-- Unusable calls share a quota.
CREATE INDEX inbox_in_quota ON inbox (call_id, size)
    WHERE verdict IN ('unrecognised', 'malformed');
CREATE INDEX inbox_of_recording ON inbox (recording_id) WHERE recording_id IS NOT NULL;
CREATE INDEX inbox_of_file ON inbox (file_id) WHERE file_id IS NOT NULL;
-- The tabs of the inbox. Each index holds only what its tab shows: most calls are accepted, and are in none.
CREATE INDEX inbox_open ON inbox (call_id)
    WHERE verdict IN ('unrecognised', 'malformed') AND dealt_at IS NULL;
CREATE INDEX inbox_duplicate ON inbox (call_id) WHERE verdict = 'duplicate';
CREATE INDEX inbox_found ON inbox (call_id) WHERE found = 1;
CREATE INDEX inbox_of_room ON inbox (room, call_id) WHERE room IS NOT NULL;
CREATE INDEX inbox_assigned ON inbox (room, file_name) WHERE assigned_to IS NOT NULL;

-- Rejected calls, counted by address; the oldest rows are deleted.
CREATE TABLE rejected (
    remote   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    calls    BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at  BIGINT NOT NULL
);
CREATE INDEX rejected_by_time ON rejected (last_at);

-- The progress of an app's look-ups. Requests to the platform are counted under a lock on this row.
CREATE TABLE lookups (
    app_id         TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES apps (id) ON DELETE CASCADE,
    sweep_begun_at BIGINT, -- the last sweep, whether it succeeded or not
    swept_until    BIGINT, -- files up to here are known
    quiet_until    BIGINT, -- back-off after a refusal: no request before this
    refusals       BIGINT NOT NULL DEFAULT 0 -- in a row
);

-- Requests to the platform within the last minute, for the rate limit.
CREATE TABLE lookup_calls (
    app_id TEXT COLLATE "C" NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    at     BIGINT NOT NULL
);
CREATE INDEX lookup_calls_of_app ON lookup_calls (app_id, at);

-- Files that look-ups found; each is accepted once, also where it was not understood.
CREATE TABLE lookup_finds (
    app_id TEXT COLLATE "C" NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    place  TEXT COLLATE "C" NOT NULL, -- the file's address without its query
    PRIMARY KEY (app_id, place)
);
