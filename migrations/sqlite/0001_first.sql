-- The whole schema. Times are milliseconds since the epoch, ids 32 hex digits, yes and no are 1 and 0.
-- A column that ends in `_key` holds the lower-case copy of a text, for searching.

-- Values that the server keeps for itself, by name.
CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- What one server alone does at a time. Whoever has a lease renews it; one that has ended is free.
CREATE TABLE leases (
    name    TEXT NOT NULL PRIMARY KEY,
    holder  TEXT NOT NULL,
    ends_at INTEGER NOT NULL -- in the database's time
) STRICT;

-- Background jobs: the server that ran each last, and how it went.
CREATE TABLE jobs (
    name          TEXT NOT NULL PRIMARY KEY,
    holder        TEXT, -- NULL: it was stopped in order
    last_run_at   INTEGER,
    last_ok_at    INTEGER,
    last_error_at INTEGER,
    last_error    TEXT
) STRICT;

-- Accounts that can sign in.
CREATE TABLE users (
    id            TEXT    NOT NULL PRIMARY KEY,
    name          TEXT    NOT NULL,
    name_key      TEXT    NOT NULL UNIQUE,
    password_hash TEXT    NOT NULL,
    role          TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

-- Signed-in browsers. Only a hash of the cookie's token is stored.
CREATE TABLE sessions (
    token_hash BLOB    NOT NULL PRIMARY KEY,
    user_id    TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Wrong passwords and codes within five minutes, by who tried and what; the oldest rows are deleted.
CREATE TABLE tries (
    origin  TEXT NOT NULL,
    target  TEXT NOT NULL,
    tries   INTEGER NOT NULL,
    since   INTEGER NOT NULL, -- the first of them
    last_at INTEGER NOT NULL,
    PRIMARY KEY (origin, target)
) STRICT;
CREATE INDEX tries_by_time ON tries (last_at);

-- Applications of the platform.
CREATE TABLE apps (
    id            TEXT    NOT NULL PRIMARY KEY,
    name          TEXT    NOT NULL,
    app_id        TEXT    NOT NULL, -- the platform's id of it
    api_base      TEXT    NOT NULL,
    method        TEXT    NOT NULL,
    encoding      TEXT    NOT NULL,
    reply_form    TEXT    NOT NULL,
    zone          TEXT    NOT NULL,
    allowed_hosts TEXT    NOT NULL, -- a JSON array of text
    kinds         TEXT    NOT NULL, -- a JSON array of text
    public_cloud  INTEGER NOT NULL,
    frames        INTEGER NOT NULL, -- whether the platform extracts frames
    vod_base      TEXT    NOT NULL, -- the address of the video list
    vod_token     BLOB, -- its secret, sealed with a key that is never in the database
    vod_token_at  INTEGER,
    sandbox       INTEGER NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX apps_one_sandbox ON apps (sandbox) WHERE sandbox = 1;

-- Start forms saved under a name.
CREATE TABLE presets (
    id          TEXT    NOT NULL PRIMARY KEY,
    app_id      TEXT    NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    name_key    TEXT    NOT NULL,
    place       INTEGER NOT NULL, -- the order within the app; gaps are allowed
    for_all     INTEGER NOT NULL, -- whether rooms without a preset of their own begin with it
    rule        TEXT    NOT NULL,
    path        TEXT    NOT NULL,
    user_data   TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    stop_after  TEXT    NOT NULL,
    stop_at_end INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    changed_by  TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX presets_by_name ON presets (app_id, name_key);
CREATE UNIQUE INDEX presets_one_for_all ON presets (app_id) WHERE for_all = 1;

-- Rooms, known from meetings, recordings and people.
CREATE TABLE rooms (
    app_id           TEXT    NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    room             TEXT    NOT NULL,
    room_key         TEXT    NOT NULL,
    first_seen_at    INTEGER NOT NULL,
    heard_at         INTEGER, -- when the last status callback about it was received
    -- The label that people give it.
    title            TEXT    NOT NULL DEFAULT '',
    title_key        TEXT    NOT NULL DEFAULT '',
    starred          INTEGER NOT NULL DEFAULT 0,
    hidden           INTEGER NOT NULL DEFAULT 0,
    -- The account that turned "always record" on, and when.
    always_by        TEXT,
    always_at        INTEGER,
    -- The values last typed into its start form.
    rule             TEXT,
    path             TEXT,
    user_data        TEXT,
    kind             TEXT,
    stop_after       TEXT,
    stop_at_end      INTEGER,
    preset_id        TEXT    REFERENCES presets (id) ON DELETE SET NULL, -- the one its form begins with
    form_before      TEXT, -- JSON: the form before a preset filled it in without a script
    -- A copy of `room_facts`, so that a page of the list is read from an index. Each function that
    -- writes meetings, recordings or alerts brings it up to date.
    meeting_id       TEXT, -- the meeting that is on
    recording_id     TEXT, -- the active recording, else the newest one that was not given up
    is_recording     INTEGER NOT NULL DEFAULT 0,
    urgency          INTEGER NOT NULL DEFAULT 3,
    last_recorded_at INTEGER,
    -- The order of the list: needs attention, starred, recording, live, then by the last recording.
    rank             INTEGER NOT NULL GENERATED ALWAYS AS (
        CASE WHEN urgency = 0 THEN 0 ELSE 8 END + CASE WHEN starred = 1 THEN 0 ELSE 4 END + urgency) VIRTUAL,
    recency          INTEGER NOT NULL GENERATED ALWAYS AS (
        COALESCE(-last_recorded_at, 9223372036854775807)) VIRTUAL,
    -- A room that is recorded, or needs attention, is shown even when hidden.
    is_hidden        INTEGER NOT NULL GENERATED ALWAYS AS (
        CASE WHEN hidden = 1 AND urgency >= 2 THEN 1 ELSE 0 END) VIRTUAL,
    PRIMARY KEY (app_id, room)
) STRICT;
CREATE INDEX rooms_in_order ON rooms (app_id, is_hidden, rank, recency, room_key, room);
CREATE INDEX rooms_live ON rooms (app_id, is_hidden, rank, recency, room_key, room)
    WHERE meeting_id IS NOT NULL;
CREATE INDEX rooms_recorded ON rooms (app_id, rank, recency, room_key, room)
    WHERE is_recording = 1;
CREATE INDEX rooms_always ON rooms (app_id, room) WHERE always_at IS NOT NULL;
CREATE INDEX rooms_of_preset ON rooms (preset_id) WHERE preset_id IS NOT NULL;

-- Decisions of people about a room. Rows are only ever added.
CREATE TABLE room_notes (
    id     INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    app_id TEXT    NOT NULL,
    room   TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    event  TEXT    NOT NULL, -- JSON
    actor  TEXT    NOT NULL,
    FOREIGN KEY (app_id, room) REFERENCES rooms (app_id, room) ON DELETE CASCADE
) STRICT;
CREATE INDEX room_notes_of_room ON room_notes (app_id, room, id);

-- The events that status callbacks reported, each once. Meetings and participants are derived from
-- them, so the order of the calls makes no difference.
CREATE TABLE room_status (
    app_id      TEXT    NOT NULL,
    room        TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    what        TEXT    NOT NULL,
    participant TEXT    NOT NULL, -- empty: an event of the meeting
    PRIMARY KEY (app_id, room, at, what, participant),
    FOREIGN KEY (app_id, room) REFERENCES rooms (app_id, room) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX room_status_ends ON room_status (app_id, room, at) WHERE what = 'end';

-- Meetings of a room; at most one is on at a time.
CREATE TABLE meetings (
    id         TEXT    NOT NULL PRIMARY KEY,
    app_id     TEXT    NOT NULL,
    room       TEXT    NOT NULL,
    began_at   INTEGER NOT NULL,
    ended_at   INTEGER,
    auto_start TEXT, -- in a room that is always recorded: 'due' until its start was tried, then 'done'
    FOREIGN KEY (app_id, room) REFERENCES rooms (app_id, room) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX meetings_one_open ON meetings (app_id, room) WHERE ended_at IS NULL;
CREATE INDEX meetings_of_room ON meetings (app_id, room, began_at);
CREATE INDEX meetings_to_start ON meetings (began_at) WHERE auto_start = 'due';

-- Stays in a meeting: a participant who leaves and comes back has two.
CREATE TABLE participants (
    meeting_id    TEXT    NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    participant   TEXT    NOT NULL,
    joined_at     INTEGER NOT NULL,
    left_at       INTEGER,
    shares_screen INTEGER NOT NULL,
    PRIMARY KEY (meeting_id, participant, joined_at)
) STRICT;
CREATE UNIQUE INDEX participants_here ON participants (meeting_id, participant)
    WHERE left_at IS NULL;

-- Recordings of a room, started here or found by their files; at most one is active at a time.
CREATE TABLE recordings (
    id              TEXT    NOT NULL PRIMARY KEY,
    app_id          TEXT    NOT NULL,
    room            TEXT    NOT NULL,
    origin          TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    state_since     INTEGER NOT NULL,
    given_up        INTEGER NOT NULL DEFAULT 0, -- failed, because a person said that nothing was recorded
    meeting_id      TEXT    REFERENCES meetings (id) ON DELETE SET NULL, -- the meeting that it records
    -- The start form as it was sent.
    rule            TEXT,
    path            TEXT,
    user_data       TEXT,
    kind            TEXT,
    stop_after_ms   INTEGER,
    stop_at_end     INTEGER NOT NULL DEFAULT 0,
    requested_at    INTEGER NOT NULL,
    requested_by    TEXT,
    started_at      INTEGER,
    stopped_at      INTEGER,
    stopped_by      TEXT,
    auto_stopped_at INTEGER, -- when it was told to stop by itself
    look_up_at      INTEGER, -- when anyRTC is next asked for the missing files
    tracks_expected INTEGER NOT NULL,
    frames_expected INTEGER NOT NULL DEFAULT 0, -- whether its app extracted frames when it was started
    FOREIGN KEY (app_id, room) REFERENCES rooms (app_id, room)
) STRICT;
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
    id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    recording_id TEXT    NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    at           INTEGER NOT NULL,
    event        TEXT    NOT NULL, -- JSON
    actor        TEXT,
    note         TEXT
) STRICT;
CREATE INDEX history_of_recording ON history (recording_id, id);

-- The participants of whom an ended recording expects a track: those in the room while it ran.
CREATE TABLE expected_tracks (
    recording_id TEXT NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    participant  TEXT NOT NULL,
    PRIMARY KEY (recording_id, participant)
) STRICT;

-- How often the state of an unknown recording was checked, and its last look-up.
CREATE TABLE looks (
    recording_id TEXT    NOT NULL PRIMARY KEY REFERENCES recordings (id) ON DELETE CASCADE,
    looks        INTEGER NOT NULL DEFAULT 0,
    last_at      INTEGER,
    saw          TEXT, -- JSON: the result of the last check
    listed_at    INTEGER -- when the platform's list was last queried for it
) STRICT;

-- Alerts that hold now. Each is about a recording, or about a meeting that is not recorded.
CREATE TABLE alerts (
    app_id       TEXT    NOT NULL,
    room         TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    recording_id TEXT    REFERENCES recordings (id) ON DELETE CASCADE,
    meeting_id   TEXT    REFERENCES meetings (id) ON DELETE CASCADE,
    since        INTEGER NOT NULL,
    dismissed_at INTEGER,
    PRIMARY KEY (app_id, room, kind),
    FOREIGN KEY (app_id, room) REFERENCES rooms (app_id, room) ON DELETE CASCADE
) STRICT;

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
    id           TEXT    NOT NULL PRIMARY KEY,
    recording_id TEXT    NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    kind         TEXT    NOT NULL,
    media        TEXT    NOT NULL,
    participant  TEXT    NOT NULL, -- empty: none; in a unique index, NULL would equal nothing
    name         TEXT    NOT NULL,
    name_key     TEXT    NOT NULL,
    size         INTEGER,
    length_ms    INTEGER,
    started_at   INTEGER,
    ended_at     INTEGER,
    url          TEXT    NOT NULL,
    looked_up    INTEGER NOT NULL DEFAULT 0, -- found and not announced: kind and participant are guessed
    announced_at INTEGER NOT NULL,
    -- The current version and the call that announced it.
    version      INTEGER NOT NULL DEFAULT 1,
    call_id      INTEGER,
    -- Our copy.
    state        TEXT    NOT NULL,
    trouble      TEXT, -- JSON
    tries        INTEGER NOT NULL,
    next_try_at  INTEGER,
    claimed_by   TEXT, -- the server that fetches it, or did last
    claimed_until INTEGER, -- in the database's time; the server renews it while it fetches
    storage_key  TEXT,
    stored_size  INTEGER,
    sha256       TEXT,
    content_type TEXT
) STRICT;
CREATE UNIQUE INDEX files_announced_once ON files (recording_id, kind, participant, name);
CREATE INDEX files_next_try ON files (next_try_at) WHERE state = 'failed';
CREATE INDEX files_claimed ON files (claimed_until) WHERE state = 'fetching';
-- The queue of files to fetch. One whose server ended is among those that are being fetched.
CREATE INDEX files_to_fetch ON files (announced_at, id) WHERE state IN ('remote', 'failed', 'fetching');
CREATE INDEX files_looked_up ON files (recording_id) WHERE looked_up = 1;
CREATE INDEX files_by_url ON files (substr(url, 1, 400));

-- The earlier versions of a file.
CREATE TABLE file_versions (
    file_id     TEXT    NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    version     INTEGER NOT NULL,
    call_id     INTEGER,
    size        INTEGER,
    length_ms   INTEGER,
    started_at  INTEGER,
    ended_at    INTEGER,
    url         TEXT    NOT NULL,
    replaced_at INTEGER NOT NULL,
    PRIMARY KEY (file_id, version)
) STRICT;

-- What was understood of each call, and what people decided about it.
CREATE TABLE inbox (
    call_id       INTEGER NOT NULL PRIMARY KEY,
    kind          TEXT    NOT NULL,
    received_at   INTEGER NOT NULL,
    size          INTEGER NOT NULL, -- of the body, in bytes
    looked_up     INTEGER NOT NULL, -- made by a look-up from the platform's list
    verdict       TEXT    NOT NULL,
    reason        TEXT,
    recording_id  TEXT    REFERENCES recordings (id) ON DELETE SET NULL,
    file_id       TEXT    REFERENCES files (id) ON DELETE SET NULL,
    understood_at INTEGER NOT NULL,
    -- What it names.
    room          TEXT,
    file_name     TEXT,
    file_kind     TEXT,
    participant   TEXT,
    subject_key   TEXT, -- room and file name, each on a line
    found         INTEGER NOT NULL, -- its recording was found by its files
    test          INTEGER NOT NULL, -- a test call of ours
    -- Decisions of people.
    assigned_to   TEXT    REFERENCES recordings (id) ON DELETE SET NULL,
    assigned_by   TEXT,
    dealt_at      INTEGER,
    dealt_by      TEXT
) STRICT;
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
    remote   TEXT    NOT NULL PRIMARY KEY,
    calls    INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX rejected_by_time ON rejected (last_at);

-- The progress of an app's look-ups. Requests to the platform are counted under a lock on this row.
CREATE TABLE lookups (
    app_id         TEXT    NOT NULL PRIMARY KEY REFERENCES apps (id) ON DELETE CASCADE,
    sweep_begun_at INTEGER, -- the last sweep, whether it succeeded or not
    swept_until    INTEGER, -- files up to here are known
    quiet_until    INTEGER, -- back-off after a refusal: no request before this
    refusals       INTEGER NOT NULL DEFAULT 0 -- in a row
) STRICT;

-- Requests to the platform within the last minute, for the rate limit.
CREATE TABLE lookup_calls (
    app_id TEXT    NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX lookup_calls_of_app ON lookup_calls (app_id, at);

-- Files that look-ups found; each is accepted once, also where it was not understood.
CREATE TABLE lookup_finds (
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    place  TEXT NOT NULL, -- the file's address without its query
    PRIMARY KEY (app_id, place)
) STRICT;
