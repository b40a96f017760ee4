-- Since when a file has failed: the first failure since it was announced. NULL: it has not, or there is a copy.
ALTER TABLE files ADD COLUMN failed_since INTEGER;
CREATE INDEX files_failed ON files (failed_since) WHERE failed_since IS NOT NULL;

UPDATE files SET failed_since = COALESCE(missing_since, announced_at) WHERE state IN ('failed', 'blocked', 'gone');
