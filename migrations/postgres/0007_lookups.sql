-- Files that are looked up at the platform: how far we are, whom we asked when, what was found.

-- An app's place in its list. Calls are counted one after the other under its row.
CREATE TABLE lookups (
    app_id         TEXT COLLATE "C"    NOT NULL PRIMARY KEY REFERENCES apps (id) ON DELETE CASCADE,
    sweep_begun_at BIGINT, -- the last sweep, good or not
    swept_until    BIGINT, -- up to here, everything was seen
    quiet_until    BIGINT, -- the platform said no: not before
    refusals       BIGINT NOT NULL DEFAULT 0 -- in a row
);

CREATE TABLE lookup_calls (
    app_id TEXT COLLATE "C"    NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    at     BIGINT NOT NULL
);
CREATE INDEX lookup_calls_of_app ON lookup_calls (app_id, at);

-- What was found enters once, also where nobody understood it.
CREATE TABLE lookup_finds (
    app_id      TEXT COLLATE "C" NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    place       TEXT COLLATE "C" NOT NULL, -- the file's address without its query
    callback_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (app_id, place)
);

-- Looks for signs of a recording whose state is unknown, and the last look-up of one whose files are missing.
CREATE TABLE looks (
    recording_id TEXT COLLATE "C"    NOT NULL PRIMARY KEY REFERENCES recordings (id) ON DELETE CASCADE,
    looks        BIGINT NOT NULL DEFAULT 0,
    last_at      BIGINT,
    listed_at    BIGINT, -- when the platform's list was last asked for it
    saw          TEXT COLLATE "C" -- JSON
);

ALTER TABLE callbacks ADD COLUMN looked_up BIGINT NOT NULL DEFAULT 0;

-- A file that was found and not announced: what it shows and whose it is was guessed.
ALTER TABLE files ADD COLUMN looked_up BIGINT NOT NULL DEFAULT 0;
CREATE INDEX files_looked_up ON files (recording_id) WHERE looked_up = 1;
CREATE INDEX files_by_url ON files (substr(url, 1, 400));
