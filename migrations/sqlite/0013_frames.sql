-- Whether the platform extracts frames for an app; and whether a recording waits for them, as its app
-- was set when it was started.
ALTER TABLE apps ADD COLUMN frames INTEGER NOT NULL DEFAULT 0;
ALTER TABLE recordings ADD COLUMN frames_expected INTEGER NOT NULL DEFAULT 0;
