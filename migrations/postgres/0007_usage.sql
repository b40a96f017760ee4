-- When our copy was made; of earlier copies this is unknown.
ALTER TABLE files ADD COLUMN archived_at BIGINT;

-- What is read of the copies to sum up their usage.
CREATE INDEX files_archived ON files (recording_id, state, stored_size, archived_at)
    WHERE state = 'archived';
