-- The calls, in a database file of their own: storing one waits for no other writer.

-- Raw calls, appended and never changed.
CREATE TABLE calls (
    id               INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind             TEXT    NOT NULL,
    app_id           TEXT,
    received_at      INTEGER NOT NULL,
    remote           TEXT    NOT NULL,
    content_type     TEXT,
    content_encoding TEXT,
    looked_up        INTEGER NOT NULL, -- made by a look-up from the platform's list
    body             BLOB    NOT NULL
) STRICT;

-- The calls that are not yet understood.
CREATE TABLE waiting (
    call_id INTEGER NOT NULL PRIMARY KEY,
    size    INTEGER NOT NULL -- of the body, in bytes
) STRICT;
