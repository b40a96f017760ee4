-- Finding recordings: what people say about them, who has seen them, and the index of the library.

ALTER TABLE recordings ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE recordings ADD COLUMN notes TEXT NOT NULL DEFAULT '';
ALTER TABLE recordings ADD COLUMN notes_at INTEGER;                    -- when the notes were last changed, and by whom
ALTER TABLE recordings ADD COLUMN notes_by TEXT;

CREATE INDEX recordings_by_starter ON recordings (app_id, requested_by) WHERE requested_by IS NOT NULL;

CREATE TABLE tags (
    recording_id TEXT NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    tag_key      TEXT NOT NULL,                                        -- folded: tags that differ in case only are one
    tag          TEXT NOT NULL,
    PRIMARY KEY (recording_id, tag_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_by_key ON tags (tag_key, recording_id);

-- Who has opened which recording.
CREATE TABLE seen (
    user_id      TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    recording_id TEXT    NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    at           INTEGER NOT NULL,
    PRIMARY KEY (user_id, recording_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_of_recording ON seen (recording_id);

-- Saved filters of the library.
CREATE TABLE views (
    id         TEXT    NOT NULL PRIMARY KEY,
    user_id    TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    app_id     TEXT    NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    name       TEXT    NOT NULL,
    name_key   TEXT    NOT NULL,
    find       TEXT    NOT NULL,                                       -- as in an address
    shared     TEXT    NOT NULL,                                       -- 'me', 'all', or the id of a group
    tab        INTEGER NOT NULL,                                       -- whether it is a tab above the list
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX views_of_app ON views (app_id, created_at);
CREATE UNIQUE INDEX views_by_name ON views (user_id, app_id, name_key);

-- The index of the library: a copy of what lists are narrowed to and sorted by. It can be made anew from the other
-- tables. `n` grows with the start, so the newest come first without a sort.
CREATE TABLE library (
    n            INTEGER NOT NULL PRIMARY KEY,
    recording_id TEXT    NOT NULL UNIQUE,
    app_id       TEXT    NOT NULL,
    room         TEXT    NOT NULL,
    began_at     INTEGER NOT NULL,
    length_ms    INTEGER NOT NULL,                                     -- 0: unknown
    size         INTEGER NOT NULL,                                     -- of all files, in bytes
    facets       TEXT    NOT NULL,                                     -- the terms of its facets between spaces
    words        TEXT    NOT NULL                                      -- its texts, folded, each on a line
) STRICT;
CREATE INDEX library_of_app ON library (app_id, n DESC);
CREATE INDEX library_of_room ON library (app_id, room, n DESC);
CREATE INDEX library_by_length ON library (app_id, length_ms, n);
CREATE INDEX library_by_size ON library (app_id, size, n);
-- The terms of each row of `library`, by its `n`.
CREATE VIRTUAL TABLE library_terms USING fts5 (
    terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

-- A file that is only at the platform is fetched, unless it has a next try: those of a demo have one that never comes.
UPDATE files SET next_try_at = NULL WHERE state = 'remote' AND next_try_at IS NOT NULL;
DROP INDEX files_to_fetch;
CREATE INDEX files_to_fetch ON files (announced_at, id) WHERE state = 'remote' AND next_try_at IS NULL;

-- Recordings whose rows of the index are to be made anew.
CREATE TABLE stale (
    id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    recording_id TEXT    NOT NULL
) STRICT;
INSERT INTO stale (recording_id) SELECT id FROM recordings ORDER BY requested_at;
