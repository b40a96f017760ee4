-- Finding recordings: what people say about them, who has seen them, and the index of the library.

ALTER TABLE recordings ADD COLUMN title TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE recordings ADD COLUMN notes TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE recordings ADD COLUMN notes_at BIGINT;  -- when the notes were last changed, and by whom
ALTER TABLE recordings ADD COLUMN notes_by TEXT COLLATE "C";

CREATE INDEX recordings_by_starter ON recordings (app_id, requested_by) WHERE requested_by IS NOT NULL;

CREATE TABLE tags (
    recording_id TEXT COLLATE "C" NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    tag_key      TEXT COLLATE "C" NOT NULL,  -- folded: tags that differ in case only are one
    tag          TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (recording_id, tag_key)
);
CREATE INDEX tags_by_key ON tags (tag_key, recording_id);

-- Who has opened which recording.
CREATE TABLE seen (
    user_id      TEXT COLLATE "C"    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    recording_id TEXT COLLATE "C"    NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    at           BIGINT NOT NULL,
    PRIMARY KEY (user_id, recording_id)
);
CREATE INDEX seen_of_recording ON seen (recording_id);

-- Saved filters of the library.
CREATE TABLE views (
    id         TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
    user_id    TEXT COLLATE "C"    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    app_id     TEXT COLLATE "C"    NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    name       TEXT COLLATE "C"    NOT NULL,
    name_key   TEXT COLLATE "C"    NOT NULL,
    find       TEXT COLLATE "C"    NOT NULL,  -- as in an address
    shared     TEXT COLLATE "C"    NOT NULL,  -- 'me', 'all', or the id of a group
    tab        BIGINT NOT NULL,  -- whether it is a tab above the list
    created_at BIGINT NOT NULL
);
CREATE INDEX views_of_app ON views (app_id, created_at);
CREATE UNIQUE INDEX views_by_name ON views (user_id, app_id, name_key);

-- The index of the library: a copy of what lists are narrowed to and sorted by. It can be made anew from the other
-- tables. `n` grows with the start, so the newest come first without a sort.
CREATE TABLE library (
    n            BIGINT NOT NULL PRIMARY KEY,
    recording_id TEXT COLLATE "C"    NOT NULL UNIQUE,
    app_id       TEXT COLLATE "C"    NOT NULL,
    room         TEXT COLLATE "C"    NOT NULL,
    began_at     BIGINT NOT NULL,
    length_ms    BIGINT NOT NULL,  -- 0: unknown
    size         BIGINT NOT NULL,  -- of all files, in bytes
    terms        INTEGER[] NOT NULL,  -- of its facets and of its texts
    words        TEXT COLLATE "C"    NOT NULL  -- its texts, folded, each on a line
);
CREATE INDEX library_of_app ON library (app_id, n DESC);
CREATE INDEX library_of_room ON library (app_id, room, n DESC);
CREATE INDEX library_by_length ON library (app_id, length_ms, n);
CREATE INDEX library_by_size ON library (app_id, size, n);
CREATE INDEX library_by_term ON library USING gin (terms);

-- A file that is only at the platform is fetched, unless it has a next try: those of a demo have one that never comes.
UPDATE files SET next_try_at = NULL WHERE state = 'remote' AND next_try_at IS NOT NULL;
DROP INDEX files_to_fetch;
CREATE INDEX files_to_fetch ON files (announced_at, id) WHERE state = 'remote' AND next_try_at IS NULL;

-- Recordings whose rows of the index are to be made anew.
CREATE TABLE stale (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recording_id TEXT COLLATE "C"    NOT NULL
);
INSERT INTO stale (recording_id) SELECT id FROM recordings ORDER BY requested_at;
