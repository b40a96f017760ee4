-- When a recording stops by itself, and what was last typed of it for a room.

ALTER TABLE rooms ADD COLUMN stop_after TEXT COLLATE "C";
ALTER TABLE rooms ADD COLUMN stop_at_end BIGINT;

ALTER TABLE recordings ADD COLUMN stop_after_ms BIGINT;
ALTER TABLE recordings ADD COLUMN stop_at_end BIGINT NOT NULL DEFAULT 0;
-- The meeting that it records: the one that was on, or else the first that came.
ALTER TABLE recordings ADD COLUMN meeting_id TEXT COLLATE "C" REFERENCES meetings (id) ON DELETE SET NULL;
ALTER TABLE recordings ADD COLUMN auto_stopped_at BIGINT;
