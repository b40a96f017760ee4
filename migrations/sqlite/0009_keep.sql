-- Keeping and deleting: the trash, holds and cases, purges and their certificates.

-- 'kept', 'trashed', 'purging' or 'purged'.
ALTER TABLE recordings ADD COLUMN keep TEXT NOT NULL DEFAULT 'kept';
ALTER TABLE recordings ADD COLUMN trashed_at INTEGER;
ALTER TABLE recordings ADD COLUMN trashed_by TEXT;                     -- NULL: it came there by a late file
ALTER TABLE recordings ADD COLUMN trashed_until INTEGER;
ALTER TABLE recordings ADD COLUMN purged_at INTEGER;
CREATE INDEX recordings_trashed ON recordings (trashed_until, id) WHERE keep = 'trashed';
CREATE INDEX recordings_in_trash ON recordings (app_id, trashed_until, id) WHERE keep = 'trashed';
CREATE INDEX recordings_purging ON recordings (id) WHERE keep = 'purging';

-- Of a purged file: when, and what the storage answered. Its size and hash stay, its key goes.
ALTER TABLE files ADD COLUMN purged_at INTEGER;
ALTER TABLE files ADD COLUMN purge_answer TEXT;
CREATE INDEX files_by_key ON files (storage_key) WHERE storage_key IS NOT NULL;

CREATE TABLE cases (
    id          TEXT    NOT NULL PRIMARY KEY,
    number      TEXT    NOT NULL,
    number_key  TEXT    NOT NULL UNIQUE,
    name        TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    reference   TEXT    NOT NULL,
    opened_at   INTEGER NOT NULL,
    opened_by   TEXT    NOT NULL,                                      -- the id of an account
    opened_name TEXT    NOT NULL,
    closed_at   INTEGER,
    closed_by   TEXT
) STRICT;

-- Who may look at a case: accounts and groups.
CREATE TABLE case_lookers (
    case_id TEXT    NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    holder  TEXT    NOT NULL,
    kind    TEXT    NOT NULL,                                          -- 'person' or 'group'
    name    TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (case_id, holder)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_lookers_by_holder ON case_lookers (holder);

-- The history of a case. Rows are only ever added.
CREATE TABLE case_lines (
    id      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id TEXT    NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    actor   TEXT    NOT NULL,
    event   TEXT    NOT NULL                                           -- JSON
) STRICT;
CREATE INDEX case_lines_of_case ON case_lines (case_id, id);

-- Holds. Released ones stay. No recording with a hold is ever deleted: the reference has no action.
CREATE TABLE holds (
    recording_id TEXT    NOT NULL REFERENCES recordings (id),
    case_id      TEXT    NOT NULL,                                     -- empty: its own hold
    reason       TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    by_name      TEXT    NOT NULL,
    released_at  INTEGER,
    released_by  TEXT,
    PRIMARY KEY (recording_id, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_of_case ON holds (case_id, recording_id);

-- Requests for the consent of a second administrator.
CREATE TABLE requests (
    id          TEXT    NOT NULL PRIMARY KEY,
    wish        TEXT    NOT NULL,                                      -- JSON
    reason      TEXT    NOT NULL,
    asked_at    INTEGER NOT NULL,
    asked_by    TEXT    NOT NULL,                                      -- the id of an account
    asked_name  TEXT    NOT NULL,
    lapses_at   INTEGER NOT NULL,
    state       TEXT    NOT NULL,
    answered_at INTEGER,
    answered_by TEXT
) STRICT;
CREATE INDEX requests_open ON requests (lapses_at) WHERE state = 'open';

-- Purges that were asked for or have begun, until their certificates are written.
CREATE TABLE purges (
    recording_id  TEXT    NOT NULL PRIMARY KEY REFERENCES recordings (id) ON DELETE CASCADE,
    why           TEXT    NOT NULL,                                    -- JSON
    checked_at    INTEGER,                                             -- NULL: it has not begun
    claimed_by    TEXT,
    claimed_until INTEGER                                              -- in the database's time
) STRICT;
CREATE INDEX purges_claimed ON purges (claimed_until) WHERE checked_at IS NOT NULL;

CREATE TABLE certificates (
    number       TEXT    NOT NULL PRIMARY KEY,
    recording_id TEXT    NOT NULL REFERENCES recordings (id),
    at           INTEGER NOT NULL,
    body         TEXT    NOT NULL,                                     -- JSON
    sha256       TEXT    NOT NULL
) STRICT;
CREATE INDEX certificates_of_recording ON certificates (recording_id, number);

-- Objects of the storage without a row, as the last sweep found them.
CREATE TABLE orphans (
    key         TEXT    NOT NULL PRIMARY KEY,
    size        INTEGER NOT NULL,
    modified_at INTEGER NOT NULL
) STRICT;

-- A recording in the trash is not that of its room any more.
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
        SELECT r.id FROM recordings r WHERE r.app_id = o.app_id AND r.room = o.room AND r.keep = 'kept'
        ORDER BY r.requested_at DESC, r.id DESC LIMIT 1)
    -- The same, unless it is a try that asks for no attention any more.
    LEFT JOIN recordings c ON c.id = n.id AND NOT (c.state = 'failed' AND (
        c.given_up = 1 OR c.seen = 1 OR EXISTS (
            SELECT 1 FROM meetings e WHERE e.id = c.meeting_id AND e.ended_at IS NOT NULL)))
    -- The newest recording.
    LEFT JOIN recordings l ON l.id = (
        SELECT r.id FROM recordings r
        WHERE r.app_id = o.app_id AND r.room = o.room AND r.state <> 'failed' AND r.keep = 'kept'
        ORDER BY r.requested_at DESC, r.id DESC LIMIT 1);
