-- When our copy is read again and compared with its hash. Copies from before are checked first.
ALTER TABLE files ADD COLUMN check_at BIGINT NOT NULL DEFAULT 0;

CREATE INDEX files_to_check ON files (check_at, id) WHERE state = 'archived';
