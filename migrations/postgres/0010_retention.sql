-- Retention rules, and the files that they delete apart from their recordings.

CREATE TABLE rules (
    id         TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
    place      BIGINT NOT NULL,  -- the order: the first one that fits decides
    body       TEXT COLLATE "C"    NOT NULL,  -- what it says, as JSON
    state      TEXT COLLATE "C"    NOT NULL,  -- 'new', 'off' or 'on'
    version    BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT COLLATE "C"    NOT NULL
);

-- Files of a kind that a rule deletes after their time, as the trash does with recordings.
CREATE TABLE leaving (
    recording_id TEXT COLLATE "C"    NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    kind         TEXT COLLATE "C"    NOT NULL,
    rule         TEXT COLLATE "C"    NOT NULL,  -- its name
    since        BIGINT NOT NULL,
    until        BIGINT NOT NULL,
    named_at     BIGINT NOT NULL,  -- the last run that named them
    PRIMARY KEY (recording_id, kind)
);
CREATE INDEX leaving_until ON leaving (until, recording_id);
