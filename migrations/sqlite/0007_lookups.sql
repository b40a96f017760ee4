-- Files that are looked up at the platform: how far we are, whom we asked when, what was found.

-- An app's place in its list. Calls are counted one after the other under its row.
CREATE TABLE lookups (
    app_id         TEXT    NOT NULL PRIMARY KEY REFERENCES apps (id) ON DELETE CASCADE,
    sweep_begun_at INTEGER, -- the last sweep, good or not
    swept_until    INTEGER, -- up to here, everything was seen
    quiet_until    INTEGER, -- the platform said no: not before
    refusals       INTEGER NOT NULL DEFAULT 0 -- in a row
) STRICT;

CREATE TABLE lookup_calls (
    app_id TEXT    NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX lookup_calls_of_app ON lookup_calls (app_id, at);

-- What was found enters once, also where nobody understood it.
CREATE TABLE lookup_finds (
    app_id      TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    place       TEXT NOT NULL, -- the file's address without its query
    callback_id TEXT NOT NULL,
    PRIMARY KEY (app_id, place)
) STRICT;

-- Looks for signs of a recording whose state is unknown, and the last look-up of one whose files are missing.
CREATE TABLE looks (
    recording_id TEXT    NOT NULL PRIMARY KEY REFERENCES recordings (id) ON DELETE CASCADE,
    looks        INTEGER NOT NULL DEFAULT 0,
    last_at      INTEGER,
    listed_at    INTEGER, -- when the platform's list was last asked for it
    saw          TEXT -- JSON
) STRICT;

ALTER TABLE callbacks ADD COLUMN looked_up INTEGER NOT NULL DEFAULT 0;

-- A file that was found and not announced: what it shows and whose it is was guessed.
ALTER TABLE files ADD COLUMN looked_up INTEGER NOT NULL DEFAULT 0;
CREATE INDEX files_looked_up ON files (recording_id) WHERE looked_up = 1;
CREATE INDEX files_by_url ON files (substr(url, 1, 400));
