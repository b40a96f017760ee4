-- What kinds of rooms an app has, and how its finished files are looked up. The token is sealed
-- with a key that is never in the database.

ALTER TABLE apps ADD COLUMN kinds TEXT NOT NULL DEFAULT '["Meet"]'; -- a JSON array of text
ALTER TABLE apps ADD COLUMN vod_base TEXT NOT NULL DEFAULT 'https://vdn.anyrtc.cc';
ALTER TABLE apps ADD COLUMN vod_token BLOB;
ALTER TABLE apps ADD COLUMN vod_token_at INTEGER;
