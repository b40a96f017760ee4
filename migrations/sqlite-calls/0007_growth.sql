-- Of a call whose body was deleted: when, and the SHA-256 of the body. The number of this migration is that of the
-- same one of PostgreSQL.
ALTER TABLE calls ADD COLUMN body_deleted_at INTEGER;
ALTER TABLE calls ADD COLUMN sha256 TEXT;
