-- People: what an account may do, how it signs in, and what it did.

ALTER TABLE users ADD COLUMN person TEXT COLLATE "C" NOT NULL DEFAULT ''; -- the name that others see
ALTER TABLE users ADD COLUMN rights TEXT COLLATE "C" NOT NULL DEFAULT ''; -- words with commas
ALTER TABLE users ADD COLUMN created_by TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN disabled_at BIGINT;
ALTER TABLE users ADD COLUMN last_seen_at BIGINT;
ALTER TABLE users ADD COLUMN password_at BIGINT; -- NULL: no password was set yet
ALTER TABLE users ADD COLUMN totp BYTEA; -- the sealed key of the second factor
ALTER TABLE users ADD COLUMN totp_at BIGINT; -- when it was confirmed
ALTER TABLE users ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0; -- the last step of time that was used
ALTER TABLE users ADD COLUMN issuer TEXT COLLATE "C"; -- of the single sign-on that made it
ALTER TABLE users ADD COLUMN subject TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN language TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN theme TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN zone TEXT COLLATE "C";
CREATE UNIQUE INDEX users_by_subject ON users (issuer, subject) WHERE subject IS NOT NULL;

-- Until now every account saw everything and could download it.
UPDATE users SET password_at = created_at,
    rights = CASE role WHEN 'admin' THEN 'download,delete,release,share,export' ELSE 'download' END;

CREATE TABLE user_groups (
    id         TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
    name       TEXT COLLATE "C"    NOT NULL,
    name_key   TEXT COLLATE "C"    NOT NULL UNIQUE,
    claim      TEXT COLLATE "C", -- the claim of single sign-on that fills it
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX groups_by_claim ON user_groups (claim) WHERE claim IS NOT NULL;

CREATE TABLE members (
    group_id   TEXT COLLATE "C"    NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    user_id    TEXT COLLATE "C"    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    from_claim BIGINT NOT NULL,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX members_of_user ON members (user_id);

-- The rooms that a person or a group (the holder) reaches: everything, an app, a room, or a prefix of rooms.
CREATE TABLE grants (
    holder TEXT COLLATE "C" NOT NULL,
    kind   TEXT COLLATE "C" NOT NULL,
    app_id TEXT COLLATE "C" NOT NULL, -- empty for everything
    room   TEXT COLLATE "C" NOT NULL, -- empty for everything and an app
    PRIMARY KEY (holder, kind, app_id, room)
);
INSERT INTO grants (holder, kind, app_id, room) SELECT id, 'everything', '', '' FROM users WHERE role <> 'admin';

-- Links that set the password of an account, once. Only a hash of the token is stored.
CREATE TABLE links (
    user_id    TEXT COLLATE "C"    NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    token_hash BYTEA    NOT NULL UNIQUE,
    made_by    TEXT COLLATE "C"    NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT -- kept, so that a used link can say so
);

CREATE TABLE recovery_codes (
    user_id   TEXT COLLATE "C"    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code_hash BYTEA    NOT NULL,
    used_at   BIGINT,
    used_from TEXT COLLATE "C",
    PRIMARY KEY (user_id, code_hash)
);

-- A session ends at `expires_at`, which each use moves, and at the latest at `ends_at`.
ALTER TABLE sessions ADD COLUMN ends_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN last_used_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN address TEXT COLLATE "C";
ALTER TABLE sessions ADD COLUMN agent TEXT COLLATE "C" NOT NULL DEFAULT ''; -- the browser's own description
ALTER TABLE sessions ADD COLUMN second_factor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN provider_session TEXT COLLATE "C"; -- `sid` of single sign-on
ALTER TABLE sessions ADD COLUMN id_token BYTEA; -- sealed, for signing out there
UPDATE sessions SET ends_at = expires_at, last_used_at = created_at;
CREATE INDEX sessions_of_provider ON sessions (provider_session) WHERE provider_session IS NOT NULL;

-- Who did what. Rows are added, and deleted when they are old; never changed but for what is gathered:
-- `until`, and counters in `detail`.
CREATE TABLE acts (
    id           BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           BIGINT NOT NULL,
    until        BIGINT NOT NULL, -- of what is gathered: its last moment
    user_id      TEXT COLLATE "C", -- NULL: nobody, or the server
    name         TEXT COLLATE "C"    NOT NULL, -- the sign-in name, as it was
    kind         TEXT COLLATE "C"    NOT NULL,
    subject      TEXT COLLATE "C"    NOT NULL, -- the person, group or list that it is about
    app_id       TEXT COLLATE "C",
    room         TEXT COLLATE "C",
    recording_id TEXT COLLATE "C",
    file_id      TEXT COLLATE "C",
    detail       TEXT COLLATE "C"    NOT NULL, -- JSON
    address      TEXT COLLATE "C",
    agent        TEXT COLLATE "C"    NOT NULL,
    search_key   TEXT COLLATE "C"    NOT NULL -- name, subject, room and address in lower case
);
CREATE INDEX acts_by_time ON acts (at, id);
CREATE INDEX acts_of_recording ON acts (recording_id, at, id) WHERE recording_id IS NOT NULL;
CREATE INDEX acts_of_name ON acts (name, at, id);
CREATE INDEX acts_of_address ON acts (address, at, id) WHERE address IS NOT NULL;
