-- What is deleted when it is old, and what is only at the platform.

ALTER TABLE inbox ADD COLUMN body_deleted_at INTEGER;                  -- NULL: the raw body of the call is there
ALTER TABLE rooms ADD COLUMN status_from INTEGER;                      -- earlier events of room_status were deleted

-- When a look-up found the file. When those so far were found is unknown: now, at the latest.
ALTER TABLE lookup_finds ADD COLUMN found_at INTEGER NOT NULL DEFAULT 0;
UPDATE lookup_finds SET found_at = CAST(unixepoch('subsec') * 1000 AS INTEGER);
CREATE INDEX lookup_finds_by_time ON lookup_finds (found_at);
CREATE INDEX seen_by_time ON seen (at);

-- When the platform is next asked whether it still has the file. NULL: a day after the announcement.
ALTER TABLE files ADD COLUMN probe_at INTEGER;
CREATE INDEX files_to_probe ON files (COALESCE(probe_at, announced_at + 86400000), id)
    WHERE state IN ('remote', 'failed', 'gone');
CREATE INDEX files_gone ON files (recording_id) WHERE state = 'gone';

-- It is a part of "delete old rows" now.
DELETE FROM jobs WHERE name = 'delete old history';
