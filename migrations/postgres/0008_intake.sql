-- Intake at speed, the versions of a file, and who was turned away.

-- How long a body is, so that a quota is counted without reading bodies.
ALTER TABLE callbacks ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
UPDATE callbacks SET size = LENGTH(body);
-- What nobody can use shares a quota.
CREATE INDEX callbacks_in_quota ON callbacks (received_at, id, size)
    WHERE verdict IN ('unrecognised', 'malformed');
-- A call that has just come in has neither: it need not be in these.
DROP INDEX callbacks_of_recording;
DROP INDEX callbacks_of_file;
CREATE INDEX callbacks_of_recording ON callbacks (recording_id) WHERE recording_id IS NOT NULL;
CREATE INDEX callbacks_of_file ON callbacks (file_id) WHERE file_id IS NOT NULL;

-- The version that stands and the call that announced it; those before it are beside.
ALTER TABLE files ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE files ADD COLUMN callback_id TEXT COLLATE "C";
CREATE TABLE file_versions (
    file_id     TEXT COLLATE "C" NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    version     BIGINT NOT NULL,
    callback_id TEXT COLLATE "C",
    size        BIGINT,
    length_ms   BIGINT,
    started_at  BIGINT,
    ended_at    BIGINT,
    url         TEXT COLLATE "C" NOT NULL,
    replaced_at BIGINT NOT NULL,
    PRIMARY KEY (file_id, version)
);

-- When the last news of a shared screen was: older news, heard again, changes nothing.
ALTER TABLE participants ADD COLUMN screen_at BIGINT;

-- A row an address; the oldest give way.
CREATE TABLE turned_away (
    remote   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    calls    BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at  BIGINT NOT NULL
);
CREATE INDEX turned_away_by_time ON turned_away (last_at);
