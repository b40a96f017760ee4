-- Retention rules, and the files that they delete apart from their recordings.

CREATE TABLE rules (
    id         TEXT    NOT NULL PRIMARY KEY,
    place      INTEGER NOT NULL,                                       -- the order: the first one that fits decides
    body       TEXT    NOT NULL,                                       -- what it says, as JSON
    state      TEXT    NOT NULL,                                       -- 'new', 'off' or 'on'
    version    INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT    NOT NULL
) STRICT;

-- Files of a kind that a rule deletes after their time, as the trash does with recordings.
CREATE TABLE leaving (
    recording_id TEXT    NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    kind         TEXT    NOT NULL,
    rule         TEXT    NOT NULL,                                     -- its name
    since        INTEGER NOT NULL,
    until        INTEGER NOT NULL,
    named_at     INTEGER NOT NULL,                                     -- the last run that named them
    PRIMARY KEY (recording_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX leaving_until ON leaving (until, recording_id);
