-- Keeping and deleting: the trash, holds and cases, purges and their certificates.

-- 'kept', 'trashed', 'purging' or 'purged'.
ALTER TABLE recordings ADD COLUMN keep TEXT COLLATE "C" NOT NULL DEFAULT 'kept';
ALTER TABLE recordings ADD COLUMN trashed_at BIGINT;
ALTER TABLE recordings ADD COLUMN trashed_by TEXT COLLATE "C";                     -- NULL: it came there by a late file
ALTER TABLE recordings ADD COLUMN trashed_until BIGINT;
ALTER TABLE recordings ADD COLUMN purged_at BIGINT;
CREATE INDEX recordings_trashed ON recordings (trashed_until, id) WHERE keep = 'trashed';
CREATE INDEX recordings_in_trash ON recordings (app_id, trashed_until, id) WHERE keep = 'trashed';
CREATE INDEX recordings_purging ON recordings (id) WHERE keep = 'purging';

-- Of a purged file: when, and what the storage answered. Its size and hash stay, its key goes.
ALTER TABLE files ADD COLUMN purged_at BIGINT;
ALTER TABLE files ADD COLUMN purge_answer TEXT COLLATE "C";
CREATE INDEX files_by_key ON files (storage_key) WHERE storage_key IS NOT NULL;

CREATE TABLE cases (
    id          TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
    number      TEXT COLLATE "C"    NOT NULL,
    number_key  TEXT COLLATE "C"    NOT NULL UNIQUE,
    name        TEXT COLLATE "C"    NOT NULL,
    reason      TEXT COLLATE "C"    NOT NULL,
    reference   TEXT COLLATE "C"    NOT NULL,
    opened_at   BIGINT NOT NULL,
    opened_by   TEXT COLLATE "C"    NOT NULL, -- the id of an account
    opened_name TEXT COLLATE "C"    NOT NULL,
    closed_at   BIGINT,
    closed_by   TEXT COLLATE "C"
);

-- Who may look at a case: accounts and groups.
CREATE TABLE case_lookers (
    case_id TEXT COLLATE "C"    NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    holder  TEXT COLLATE "C"    NOT NULL,
    kind    TEXT COLLATE "C"    NOT NULL, -- 'person' or 'group'
    name    TEXT COLLATE "C"    NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (case_id, holder)
);
CREATE INDEX case_lookers_by_holder ON case_lookers (holder);

-- The history of a case. Rows are only ever added.
CREATE TABLE case_lines (
    id      BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id TEXT COLLATE "C"    NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    at      BIGINT NOT NULL,
    actor   TEXT COLLATE "C"    NOT NULL,
    event   TEXT COLLATE "C"    NOT NULL -- JSON
);
CREATE INDEX case_lines_of_case ON case_lines (case_id, id);

-- Holds. Released ones stay. No recording with a hold is ever deleted: the reference has no action.
CREATE TABLE holds (
    recording_id TEXT COLLATE "C"    NOT NULL REFERENCES recordings (id),
    case_id      TEXT COLLATE "C"    NOT NULL, -- empty: its own hold
    reason       TEXT COLLATE "C"    NOT NULL,
    at           BIGINT NOT NULL,
    by_name      TEXT COLLATE "C"    NOT NULL,
    released_at  BIGINT,
    released_by  TEXT COLLATE "C",
    PRIMARY KEY (recording_id, case_id)
);
CREATE INDEX holds_of_case ON holds (case_id, recording_id);

-- Requests for the consent of a second administrator.
CREATE TABLE requests (
    id          TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
    wish        TEXT COLLATE "C"    NOT NULL, -- JSON
    reason      TEXT COLLATE "C"    NOT NULL,
    asked_at    BIGINT NOT NULL,
    asked_by    TEXT COLLATE "C"    NOT NULL, -- the id of an account
    asked_name  TEXT COLLATE "C"    NOT NULL,
    lapses_at   BIGINT NOT NULL,
    state       TEXT COLLATE "C"    NOT NULL,
    answered_at BIGINT,
    answered_by TEXT COLLATE "C"
);
CREATE INDEX requests_open ON requests (lapses_at) WHERE state = 'open';

-- Purges that were asked for or have begun, until their certificates are written.
CREATE TABLE purges (
    recording_id  TEXT COLLATE "C"    NOT NULL PRIMARY KEY REFERENCES recordings (id) ON DELETE CASCADE,
    why           TEXT COLLATE "C"    NOT NULL, -- JSON
    checked_at    BIGINT, -- NULL: it has not begun
    claimed_by    TEXT COLLATE "C",
    claimed_until BIGINT -- in the database's time
);
CREATE INDEX purges_claimed ON purges (claimed_until) WHERE checked_at IS NOT NULL;

CREATE TABLE certificates (
    number       TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
    recording_id TEXT COLLATE "C"    NOT NULL REFERENCES recordings (id),
    at           BIGINT NOT NULL,
    body         TEXT COLLATE "C"    NOT NULL, -- JSON
    sha256       TEXT COLLATE "C"    NOT NULL
);
CREATE INDEX certificates_of_recording ON certificates (recording_id, number);

-- Objects of the storage without a row, as the last sweep found them.
CREATE TABLE orphans (
    key         TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
    size        BIGINT NOT NULL,
    modified_at BIGINT NOT NULL
);

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
