-- People: what an account may do, how it signs in, and what it did.

ALTER TABLE users ADD COLUMN person TEXT NOT NULL DEFAULT '';          -- the name that others see
ALTER TABLE users ADD COLUMN rights TEXT NOT NULL DEFAULT '';          -- words with commas
ALTER TABLE users ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN disabled_at INTEGER;
ALTER TABLE users ADD COLUMN last_seen_at INTEGER;
ALTER TABLE users ADD COLUMN password_at INTEGER;                      -- NULL: no password was set yet
ALTER TABLE users ADD COLUMN totp BLOB;                                -- the sealed key of the second factor
ALTER TABLE users ADD COLUMN totp_at INTEGER;                          -- when it was confirmed
ALTER TABLE users ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;     -- the last step of time that was used
ALTER TABLE users ADD COLUMN issuer TEXT;                              -- of the single sign-on that made it
ALTER TABLE users ADD COLUMN subject TEXT;
ALTER TABLE users ADD COLUMN language TEXT;
ALTER TABLE users ADD COLUMN theme TEXT;
ALTER TABLE users ADD COLUMN zone TEXT;
CREATE UNIQUE INDEX users_by_subject ON users (issuer, subject) WHERE subject IS NOT NULL;

-- Until now every account saw everything and could download it.
UPDATE users SET password_at = created_at,
    rights = CASE role WHEN 'admin' THEN 'download,delete,release,share,export' ELSE 'download' END;

CREATE TABLE user_groups (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    name_key   TEXT    NOT NULL UNIQUE,
    claim      TEXT,                                                   -- the claim of single sign-on that fills it
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX groups_by_claim ON user_groups (claim) WHERE claim IS NOT NULL;

CREATE TABLE members (
    group_id   TEXT    NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    user_id    TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    from_claim INTEGER NOT NULL,
    PRIMARY KEY (group_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_of_user ON members (user_id);

-- The rooms that a person or a group (the holder) reaches: everything, an app, a room, or a prefix of rooms.
CREATE TABLE grants (
    holder TEXT NOT NULL,
    kind   TEXT NOT NULL,
    app_id TEXT NOT NULL,                                              -- empty for everything
    room   TEXT NOT NULL,                                              -- empty for everything and an app
    PRIMARY KEY (holder, kind, app_id, room)
) STRICT, WITHOUT ROWID;
INSERT INTO grants (holder, kind, app_id, room) SELECT id, 'everything', '', '' FROM users WHERE role <> 'admin';

-- Links that set the password of an account, once. Only a hash of the token is stored.
CREATE TABLE links (
    user_id    TEXT    NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    token_hash BLOB    NOT NULL UNIQUE,
    made_by    TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER                                                 -- kept, so that a used link can say so
) STRICT;

CREATE TABLE recovery_codes (
    user_id   TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code_hash BLOB    NOT NULL,
    used_at   INTEGER,
    used_from TEXT,
    PRIMARY KEY (user_id, code_hash)
) STRICT, WITHOUT ROWID;

-- A session ends at `expires_at`, which each use moves, and at the latest at `ends_at`.
ALTER TABLE sessions ADD COLUMN ends_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN last_used_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN address TEXT;
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';        -- the browser's own description
ALTER TABLE sessions ADD COLUMN second_factor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN provider_session TEXT;                 -- `sid` of single sign-on
ALTER TABLE sessions ADD COLUMN id_token BLOB;                         -- sealed, for signing out there
UPDATE sessions SET ends_at = expires_at, last_used_at = created_at;
CREATE INDEX sessions_of_provider ON sessions (provider_session) WHERE provider_session IS NOT NULL;

-- Who did what. Rows are added, and deleted when they are old; never changed but for what is gathered:
-- `until`, and counters in `detail`.
CREATE TABLE acts (
    id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at           INTEGER NOT NULL,
    until        INTEGER NOT NULL,                                     -- of what is gathered: its last moment
    user_id      TEXT,                                                 -- NULL: nobody, or the server
    name         TEXT    NOT NULL,                                     -- the sign-in name, as it was
    kind         TEXT    NOT NULL,
    subject      TEXT    NOT NULL,                                     -- the person, group or list that it is about
    app_id       TEXT,
    room         TEXT,
    recording_id TEXT,
    file_id      TEXT,
    detail       TEXT    NOT NULL,                                     -- JSON
    address      TEXT,
    agent        TEXT    NOT NULL,
    search_key   TEXT    NOT NULL                                      -- name, subject, room and address in lower case
) STRICT;
CREATE INDEX acts_by_time ON acts (at, id);
CREATE INDEX acts_of_recording ON acts (recording_id, at, id) WHERE recording_id IS NOT NULL;
CREATE INDEX acts_of_name ON acts (name, at, id);
CREATE INDEX acts_of_address ON acts (address, at, id) WHERE address IS NOT NULL;
