-- Rows beside those of schema 3, with the columns and tables of schema 5.

UPDATE users SET person = 'Ada Lovelace', rights = 'download,export', created_by = 'root', last_seen_at = 3000,
    password_at = 1000, totp = X'00ff', totp_at = 2000, totp_step = 7, issuer = 'https://id.example',
    subject = 'ada-1', language = 'en', theme = 'dark', zone = 'Asia/Shanghai';

UPDATE sessions SET ends_at = 900000, last_used_at = 2000, address = '192.0.2.1', agent = 'Firefox',
    second_factor = 1, provider_session = 'sid-1', id_token = X'00ff';

INSERT INTO user_groups (id, name, name_key, claim, created_at)
VALUES ('00000000000000000000000000000070', 'Teachers', 'teachers', 'teachers', 1000);

INSERT INTO members (group_id, user_id, from_claim)
VALUES ('00000000000000000000000000000070', '00000000000000000000000000000001', 1);

INSERT INTO grants (holder, kind, app_id, room)
VALUES ('00000000000000000000000000000001', 'everything', '', ''),
    ('00000000000000000000000000000070', 'prefix', '00000000000000000000000000000010', 'class-');

INSERT INTO links (user_id, token_hash, made_by, expires_at, used_at)
VALUES ('00000000000000000000000000000001',
    X'0202020202020202020202020202020202020202020202020202020202020202', 'Ada', 9000, 8000);

INSERT INTO recovery_codes (user_id, code_hash, used_at, used_from)
VALUES ('00000000000000000000000000000001',
    X'0303030303030303030303030303030303030303030303030303030303030303', 2000, '192.0.2.1');

INSERT INTO acts (at, until, user_id, name, kind, subject, app_id, room, recording_id, file_id, detail, address,
    agent, search_key)
VALUES (1000, 2000, '00000000000000000000000000000001', 'Ada', 'watched', '',
    '00000000000000000000000000000010', 'Hall', '00000000000000000000000000000040', NULL, '{}', '192.0.2.1',
    'Firefox', 'ada
hall
192.0.2.1');
