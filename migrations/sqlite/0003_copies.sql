-- Since when the platform has answered that there is no such file.
ALTER TABLE files ADD COLUMN missing_since INTEGER;

-- The CRC-32 of our copy, as in ZIP.
ALTER TABLE files ADD COLUMN crc32 INTEGER;

-- What the content of our copy tells: its tracks, and the loudness of equal parts of sound.
ALTER TABLE files ADD COLUMN tracks TEXT;
ALTER TABLE files ADD COLUMN peaks BLOB;
