-- The pictures that are made of our copy of a video: how often it was begun, and the layout of its filmstrip, as
-- JSON. A try that ends the process is not repeated for ever.
ALTER TABLE files ADD COLUMN picture_tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN strip TEXT;

CREATE INDEX files_without_pictures ON files (media, picture_tries, announced_at DESC)
    WHERE state = 'archived' AND strip IS NULL AND picture_tries < 3;
