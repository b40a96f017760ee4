-- Since when the platform has answered that there is no such file.
ALTER TABLE files ADD COLUMN missing_since BIGINT;

-- The CRC-32 of our copy, as in ZIP.
ALTER TABLE files ADD COLUMN crc32 BIGINT;

-- What the content of our copy tells: its tracks, and the loudness of equal parts of sound.
ALTER TABLE files ADD COLUMN tracks TEXT COLLATE "C";
ALTER TABLE files ADD COLUMN peaks BYTEA;
