-- Times are milliseconds since the epoch, ids 32 hex digits, yes and no are 1 and 0.
-- A column that ends in `_key` holds the text before it in lower case, for finding.

CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE users (
    id            TEXT    NOT NULL PRIMARY KEY,
    name          TEXT    NOT NULL,
    name_key      TEXT    NOT NULL UNIQUE,
    password_hash TEXT    NOT NULL,
    role          TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    token_hash BLOB    NOT NULL PRIMARY KEY,
    user_id    TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE apps (
    id            TEXT    NOT NULL PRIMARY KEY,
    name          TEXT    NOT NULL,
    app_id        TEXT    NOT NULL,
    api_base      TEXT    NOT NULL,
    method        TEXT    NOT NULL,
    encoding      TEXT    NOT NULL,
    reply_form    TEXT    NOT NULL,
    zone          TEXT    NOT NULL,
    allowed_hosts TEXT    NOT NULL, -- a JSON array of text
    public_cloud  INTEGER NOT NULL,
    sandbox       INTEGER NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX apps_one_sandbox ON apps (sandbox) WHERE sandbox = 1;

-- A room and what was last typed into its start form.
CREATE TABLE rooms (
    app_id        TEXT    NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    room          TEXT    NOT NULL,
    room_key      TEXT    NOT NULL,
    first_seen_at INTEGER NOT NULL,
    rule          TEXT,
    path          TEXT,
    user_data     TEXT,
    kind          TEXT,
    PRIMARY KEY (app_id, room)
) STRICT;

CREATE TABLE meetings (
    id       TEXT    NOT NULL PRIMARY KEY,
    app_id   TEXT    NOT NULL,
    room     TEXT    NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER,
    FOREIGN KEY (app_id, room) REFERENCES rooms (app_id, room) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX meetings_one_open ON meetings (app_id, room) WHERE ended_at IS NULL;
CREATE INDEX meetings_of_room ON meetings (app_id, room, began_at);

-- A row a stay: who leaves and comes back has two.
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

CREATE TABLE recordings (
    id              TEXT    NOT NULL PRIMARY KEY,
    app_id          TEXT    NOT NULL,
    room            TEXT    NOT NULL,
    origin          TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    state_since     INTEGER NOT NULL,
    rule            TEXT,
    path            TEXT,
    user_data       TEXT,
    kind            TEXT,
    requested_at    INTEGER NOT NULL,
    started_at      INTEGER,
    stopped_at      INTEGER,
    requested_by    TEXT,
    stopped_by      TEXT,
    tracks_expected INTEGER NOT NULL,
    FOREIGN KEY (app_id, room) REFERENCES rooms (app_id, room)
) STRICT;
-- The states are those of `RecordingState::is_active`.
CREATE UNIQUE INDEX recordings_one_active ON recordings (app_id, room)
    WHERE state IN ('requested', 'recording', 'stopping', 'unknown');
CREATE INDEX recordings_of_app ON recordings (app_id, requested_at DESC, id DESC);
CREATE INDEX recordings_of_room ON recordings (app_id, room, requested_at DESC, id DESC);
CREATE INDEX recordings_by_state ON recordings (state, state_since);

CREATE TABLE history (
    id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    recording_id TEXT    NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    at           INTEGER NOT NULL,
    event        TEXT    NOT NULL, -- JSON
    actor        TEXT,
    note         TEXT
) STRICT;
CREATE INDEX history_of_recording ON history (recording_id, id);

CREATE TABLE files (
    id           TEXT    NOT NULL PRIMARY KEY,
    recording_id TEXT    NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    kind         TEXT    NOT NULL,
    media        TEXT    NOT NULL,
    participant  TEXT    NOT NULL, -- empty: none; a unique index takes no NULL for equal
    name         TEXT    NOT NULL,
    name_key     TEXT    NOT NULL,
    size         INTEGER,
    length_ms    INTEGER,
    started_at   INTEGER,
    ended_at     INTEGER,
    url          TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    trouble      TEXT,
    tries        INTEGER NOT NULL,
    next_try_at  INTEGER,
    storage_key  TEXT,
    stored_size  INTEGER,
    sha256       TEXT,
    content_type TEXT,
    announced_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX files_announced_once ON files (recording_id, kind, participant, name);
CREATE INDEX files_next_try ON files (next_try_at) WHERE state = 'failed';
CREATE INDEX files_fetching ON files (id) WHERE state = 'fetching';
-- What is to be fetched, in the order of fetching.
CREATE INDEX files_to_fetch ON files (announced_at, id) WHERE state IN ('remote', 'failed');

CREATE TABLE callbacks (
    id            TEXT    NOT NULL PRIMARY KEY,
    kind          TEXT    NOT NULL,
    app_id        TEXT,
    received_at   INTEGER NOT NULL,
    remote        TEXT    NOT NULL,
    content_type  TEXT,
    body          BLOB    NOT NULL,
    verdict       TEXT,
    reason        TEXT,
    recording_id  TEXT REFERENCES recordings (id) ON DELETE SET NULL,
    file_id       TEXT REFERENCES files (id) ON DELETE SET NULL,
    understood_at INTEGER
) STRICT;
CREATE INDEX callbacks_by_time ON callbacks (received_at DESC, id DESC);
CREATE INDEX callbacks_waiting ON callbacks (received_at, id) WHERE verdict IS NULL;
CREATE INDEX callbacks_accepted ON callbacks (received_at) WHERE verdict = 'accepted';
CREATE INDEX callbacks_of_recording ON callbacks (recording_id);
CREATE INDEX callbacks_of_file ON callbacks (file_id);
