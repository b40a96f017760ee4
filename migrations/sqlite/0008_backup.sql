-- Recordings whose descriptions, beside their copies in the storage, are to be compared with the rows and written
-- anew where they differ. Those from before this have less in them than a library is made of.
CREATE TABLE undescribed (
    id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    recording_id TEXT    NOT NULL
) STRICT;
INSERT INTO undescribed (recording_id)
SELECT DISTINCT recording_id FROM files WHERE state = 'archived' AND storage_key NOT LIKE 'demo/%';
