-- What people say of a room: a name to show, whether it comes first, whether it is left out.

ALTER TABLE rooms ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE rooms ADD COLUMN title_key TEXT NOT NULL DEFAULT '';
ALTER TABLE rooms ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
