-- Times are milliseconds since the epoch, ids 32 hex digits, yes and no are 1 and 0.
-- A column that ends in `_key` holds the text before it in lower case, for finding.
-- Text compares by its bytes ("C"), as it does in SQLite, whatever the cluster's locale.

CREATE TABLE settings (
    key   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE users (
    id            TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
    name          TEXT COLLATE "C"    NOT NULL,
    name_key      TEXT COLLATE "C"    NOT NULL UNIQUE,
    password_hash TEXT COLLATE "C"    NOT NULL,
    role          TEXT COLLATE "C"    NOT NULL,
    created_at    BIGINT  NOT NULL
);

CREATE TABLE sessions (
    token_hash BYTEA   NOT NULL PRIMARY KEY,
    user_id    TEXT COLLATE "C"    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT  NOT NULL,
    expires_at BIGINT  NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE apps (
    id            TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
    name          TEXT COLLATE "C"    NOT NULL,
    app_id        TEXT COLLATE "C"    NOT NULL,
    api_base      TEXT COLLATE "C"    NOT NULL,
    method        TEXT COLLATE "C"    NOT NULL,
    encoding      TEXT COLLATE "C"    NOT NULL,
    reply_form    TEXT COLLATE "C"    NOT NULL,
    zone          TEXT COLLATE "C"    NOT NULL,
    allowed_hosts TEXT COLLATE "C"    NOT NULL, -- a JSON array of text
    public_cloud  BIGINT  NOT NULL,
    sandbox       BIGINT  NOT NULL,
    created_at    BIGINT  NOT NULL
);
CREATE UNIQUE INDEX apps_one_sandbox ON apps (sandbox) WHERE sandbox = 1;

-- A room and what was last typed into its start form.
CREATE TABLE rooms (
    app_id        TEXT COLLATE "C"    NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    room          TEXT COLLATE "C"    NOT NULL,
    room_key      TEXT COLLATE "C"    NOT NULL,
    first_seen_at BIGINT  NOT NULL,
    rule          TEXT COLLATE "C",
    path          TEXT COLLATE "C",
    user_data     TEXT COLLATE "C",
    kind          TEXT COLLATE "C",
    PRIMARY KEY (app_id, room)
);

CREATE TABLE meetings (
    id       TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
    app_id   TEXT COLLATE "C"    NOT NULL,
    room     TEXT COLLATE "C"    NOT NULL,
    began_at BIGINT  NOT NULL,
    ended_at BIGINT,
    FOREIGN KEY (app_id, room) REFERENCES rooms (app_id, room) ON DELETE CASCADE
);
CREATE UNIQUE INDEX meetings_one_open ON meetings (app_id, room) WHERE ended_at IS NULL;
CREATE INDEX meetings_of_room ON meetings (app_id, room, began_at);

-- A row a stay: who leaves and comes back has two.
CREATE TABLE participants (
    meeting_id    TEXT COLLATE "C"    NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    participant   TEXT COLLATE "C"    NOT NULL,
    joined_at     BIGINT  NOT NULL,
    left_at       BIGINT,
    shares_screen BIGINT  NOT NULL,
    PRIMARY KEY (meeting_id, participant, joined_at)
);
CREATE UNIQUE INDEX participants_here ON participants (meeting_id, participant)
    WHERE left_at IS NULL;

CREATE TABLE recordings (
    id              TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
    app_id          TEXT COLLATE "C"    NOT NULL,
    room            TEXT COLLATE "C"    NOT NULL,
    origin          TEXT COLLATE "C"    NOT NULL,
    state           TEXT COLLATE "C"    NOT NULL,
    state_since     BIGINT  NOT NULL,
    rule            TEXT COLLATE "C",
    path            TEXT COLLATE "C",
    user_data       TEXT COLLATE "C",
    kind            TEXT COLLATE "C",
    requested_at    BIGINT  NOT NULL,
    started_at      BIGINT,
    stopped_at      BIGINT,
    requested_by    TEXT COLLATE "C",
    stopped_by      TEXT COLLATE "C",
    tracks_expected BIGINT  NOT NULL,
    FOREIGN KEY (app_id, room) REFERENCES rooms (app_id, room)
);
-- The states are those of `RecordingState::is_active`.
CREATE UNIQUE INDEX recordings_one_active ON recordings (app_id, room)
    WHERE state IN ('requested', 'recording', 'stopping', 'unknown');
CREATE INDEX recordings_of_app ON recordings (app_id, requested_at DESC, id DESC);
CREATE INDEX recordings_of_room ON recordings (app_id, room, requested_at DESC, id DESC);
CREATE INDEX recordings_by_state ON recordings (state, state_since);

CREATE TABLE history (
    id           BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recording_id TEXT COLLATE "C"    NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    at           BIGINT  NOT NULL,
    event        TEXT COLLATE "C"    NOT NULL, -- JSON
    actor        TEXT COLLATE "C",
    note         TEXT COLLATE "C"
);
CREATE INDEX history_of_recording ON history (recording_id, id);

CREATE TABLE files (
    id           TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
    recording_id TEXT COLLATE "C"    NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    kind         TEXT COLLATE "C"    NOT NULL,
    media        TEXT COLLATE "C"    NOT NULL,
    participant  TEXT COLLATE "C"    NOT NULL, -- empty: none; a unique index takes no NULL for equal
    name         TEXT COLLATE "C"    NOT NULL,
    name_key     TEXT COLLATE "C"    NOT NULL,
    size         BIGINT,
    length_ms    BIGINT,
    started_at   BIGINT,
    ended_at     BIGINT,
    url          TEXT COLLATE "C"    NOT NULL,
    state        TEXT COLLATE "C"    NOT NULL,
    trouble      TEXT COLLATE "C",
    tries        BIGINT  NOT NULL,
    next_try_at  BIGINT,
    storage_key  TEXT COLLATE "C",
    stored_size  BIGINT,
    sha256       TEXT COLLATE "C",
    content_type TEXT COLLATE "C",
    announced_at BIGINT  NOT NULL
);
CREATE UNIQUE INDEX files_announced_once ON files (recording_id, kind, participant, name);
CREATE INDEX files_next_try ON files (next_try_at) WHERE state = 'failed';
CREATE INDEX files_fetching ON files (id) WHERE state = 'fetching';
-- What is to be fetched, in the order of fetching.
CREATE INDEX files_to_fetch ON files (announced_at, id) WHERE state IN ('remote', 'failed');

CREATE TABLE callbacks (
    id            TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
    kind          TEXT COLLATE "C"    NOT NULL,
    app_id        TEXT COLLATE "C",
    received_at   BIGINT  NOT NULL,
    remote        TEXT COLLATE "C"    NOT NULL,
    content_type  TEXT COLLATE "C",
    body          BYTEA   NOT NULL,
    verdict       TEXT COLLATE "C",
    reason        TEXT COLLATE "C",
    recording_id  TEXT COLLATE "C" REFERENCES recordings (id) ON DELETE SET NULL,
    file_id       TEXT COLLATE "C" REFERENCES files (id) ON DELETE SET NULL,
    understood_at BIGINT
);
CREATE INDEX callbacks_by_time ON callbacks (received_at DESC, id DESC);
CREATE INDEX callbacks_waiting ON callbacks (received_at, id) WHERE verdict IS NULL;
CREATE INDEX callbacks_accepted ON callbacks (received_at) WHERE verdict = 'accepted';
CREATE INDEX callbacks_of_recording ON callbacks (recording_id);
CREATE INDEX callbacks_of_file ON callbacks (file_id);
