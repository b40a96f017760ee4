-- Recordings whose descriptions, beside their copies in the storage, are to be compared with the rows and written
-- anew where they differ. Those from before this have less in them than a library is made of.
CREATE TABLE undescribed (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recording_id TEXT COLLATE "C"    NOT NULL
);
INSERT INTO undescribed (recording_id)
SELECT DISTINCT recording_id FROM files WHERE state = 'archived' AND storage_key NOT LIKE 'demo/%';
