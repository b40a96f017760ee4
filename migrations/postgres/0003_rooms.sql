-- What people say of a room: a name to show, whether it comes first, whether it is left out.

ALTER TABLE rooms ADD COLUMN title TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE rooms ADD COLUMN title_key TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE rooms ADD COLUMN starred BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN hidden BIGINT NOT NULL DEFAULT 0;
