-- Each version of a file is a row with a copy of its own. The versions of a take are one file, whose content the
-- platform announced anew; content of another time under the same name is another take.
ALTER TABLE files ADD COLUMN take TEXT COLLATE "C" NOT NULL DEFAULT ''; -- the id of its first version
ALTER TABLE files ADD COLUMN url_call BIGINT; -- the call that announced the address

-- Since when the platform has answered that there is no such file.
ALTER TABLE files ADD COLUMN missing_since BIGINT;
-- Since when a file has failed: the first failure since it was announced. NULL: it has not, or there is a copy.
ALTER TABLE files ADD COLUMN failed_since BIGINT;

-- Of our copy: when it was made (of earlier ones this is unknown), when it is read again and compared with its
-- hash (earlier ones first), and its CRC-32, as in ZIP.
ALTER TABLE files ADD COLUMN archived_at BIGINT;
ALTER TABLE files ADD COLUMN check_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN crc32 BIGINT;
-- What its content tells: its tracks, and the loudness of equal parts of sound.
ALTER TABLE files ADD COLUMN tracks TEXT COLLATE "C";
ALTER TABLE files ADD COLUMN peaks BYTEA;
-- How often its pictures were begun, since a try that ends the process is not repeated for ever, and the layout
-- of the filmstrip, as JSON.
ALTER TABLE files ADD COLUMN picture_tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN strip TEXT COLLATE "C";

DROP INDEX files_announced_once;
CREATE INDEX files_named ON files (recording_id, kind, participant, name);
CREATE INDEX files_of_take ON files (take, version);
CREATE INDEX files_to_check ON files (check_at, id) WHERE state = 'archived';
CREATE INDEX files_failed ON files (failed_since) WHERE failed_since IS NOT NULL;
-- What is read of the copies to sum up their usage.
CREATE INDEX files_archived ON files (recording_id, state, stored_size, archived_at)
    WHERE state = 'archived';
CREATE INDEX files_without_pictures ON files (media, picture_tries, announced_at DESC)
    WHERE state = 'archived' AND strip IS NULL AND picture_tries < 3;

UPDATE files SET take = id, url_call = call_id;

-- Of the earlier versions, those of the same place and size as a later one are the same file. The current one
-- stands beside them for this comparison only.
ALTER TABLE file_versions ADD COLUMN place TEXT COLLATE "C" NOT NULL DEFAULT '';
INSERT INTO file_versions (file_id, version, size, url, replaced_at)
    SELECT id, version, size, url, 0 FROM files WHERE version > 1;
UPDATE file_versions SET place = split_part(split_part(url, '?', 1), '#', 1);
INSERT INTO files (id, take, version, recording_id, kind, media, participant, name, name_key, size, length_ms,
    started_at, ended_at, url, url_call, announced_at, call_id, state, tries)
SELECT replace(CAST(gen_random_uuid() AS TEXT), '-', ''), f.id, v.version, f.recording_id, f.kind, f.media, f.participant, f.name,
    f.name_key, v.size, v.length_ms, v.started_at, v.ended_at, v.url, v.call_id, f.announced_at, v.call_id,
    'remote', 0
FROM file_versions v JOIN files f ON f.id = v.file_id
WHERE v.version < f.version AND NOT EXISTS (
    SELECT 1 FROM file_versions o WHERE o.file_id = v.file_id AND o.version > v.version
        AND o.place = v.place AND o.size IS NOT DISTINCT FROM v.size);
DROP TABLE file_versions;

-- A copy that was made before the file was announced again. One of another size than the current version is that of
-- the earlier version whose size it has, else of the newest one.
UPDATE files SET state = 'archived', storage_key = f.storage_key, stored_size = f.stored_size, sha256 = f.sha256,
    content_type = f.content_type
FROM (
    SELECT f.storage_key, f.stored_size, f.sha256, f.content_type, COALESCE(
        (SELECT o.id FROM files o WHERE o.take = f.id AND o.version < f.version AND o.size = f.stored_size
            ORDER BY o.version DESC LIMIT 1),
        (SELECT o.id FROM files o WHERE o.take = f.id AND o.version < f.version
            ORDER BY o.version DESC LIMIT 1)) AS earlier
    FROM files f
    WHERE f.storage_key IS NOT NULL AND f.stored_size <> f.size AND f.state NOT IN ('archived', 'purged')) f
WHERE files.id = f.earlier;
UPDATE files SET storage_key = NULL, stored_size = NULL, sha256 = NULL, content_type = NULL
WHERE storage_key IS NOT NULL AND stored_size <> size AND state NOT IN ('archived', 'purged')
    AND EXISTS (SELECT 1 FROM files o WHERE o.take = files.id AND o.version < files.version);
UPDATE files SET state = 'archived', trouble = NULL, next_try_at = NULL
WHERE storage_key IS NOT NULL AND state NOT IN ('archived', 'purged');
UPDATE files SET failed_since = announced_at WHERE state IN ('failed', 'blocked', 'gone');

-- The version of each take that is shown: the newest that is archived, else the newest.
CREATE VIEW shown_files AS
    SELECT f.id, f.take, f.recording_id, f.kind, f.participant, f.name,
        COALESCE(f.length_ms, CASE WHEN f.ended_at >= f.started_at THEN f.ended_at - f.started_at END) AS length_ms,
        f.size, f.stored_size, f.state
    FROM files f
    WHERE NOT EXISTS (
        SELECT 1 FROM files o WHERE o.take = f.take
            AND (CASE o.state WHEN 'archived' THEN 1 ELSE 0 END, o.version)
                > (CASE f.state WHEN 'archived' THEN 1 ELSE 0 END, f.version));
