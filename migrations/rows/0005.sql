-- Rows in every table of schema 1. Bytes are written as X'…', which tests change for PostgreSQL.

INSERT INTO settings (key, value) VALUES ('callback_secret', 'of-this-database');

INSERT INTO leases (name, holder, ends_at) VALUES ('jobs', 'one', 9000000000000);

INSERT INTO jobs (name, holder, last_run_at, last_ok_at, last_error_at, last_error)
VALUES ('fetch files', 'one', 1500, 1500, 1400, 'no answer');

INSERT INTO users (id, name, name_key, password_hash, role, created_at)
VALUES ('00000000000000000000000000000001', 'Ada', 'ada', '$argon2id$', 'admin', 1000);

INSERT INTO sessions (token_hash, user_id, created_at, expires_at)
VALUES (X'0101010101010101010101010101010101010101010101010101010101010101',
    '00000000000000000000000000000001', 1000, 900000);

INSERT INTO tries (origin, target, tries, since, last_at) VALUES ('192.0.2.1', 'account ada', 8, 1000, 2000);

INSERT INTO apps (id, name, app_id, api_base, method, encoding, reply_form, zone, allowed_hosts, kinds,
    public_cloud, frames, vod_base, vod_token, vod_token_at, sandbox, created_at)
VALUES ('00000000000000000000000000000010', 'Board', 'board', 'https://a.example', 'GET', 'json', 'text',
    'Asia/Shanghai', '["cdn.example.com"]', '["Meet"]', 0, 1, 'https://vdn.example', X'00ff80', 1000, 0, 1000);

INSERT INTO presets (id, app_id, name, name_key, place, for_all, rule, path, user_data, kind, stop_after,
    stop_at_end, changed_at, changed_by)
VALUES ('00000000000000000000000000000020', '00000000000000000000000000000010', 'Weekly', 'weekly', 1, 1,
    'ar_{roomid}_{date}', '/a', '', 'Meet', '45', 1, 2000, 'Ada');

INSERT INTO rooms (app_id, room, room_key, first_seen_at, heard_at, title, title_key, starred, hidden,
    always_by, always_at, rule, path, user_data, kind, stop_after, stop_at_end, preset_id, form_before,
    meeting_id, recording_id, is_recording, urgency, last_recorded_at)
VALUES ('00000000000000000000000000000010', 'Hall', 'hall', 1000, 5000, 'Große Halle', 'große halle', 1, 0,
        'Ada', 2000, 'ar_{roomid}', '/b', '', 'Meet', '', 0, '00000000000000000000000000000020', NULL,
        '00000000000000000000000000000031', '00000000000000000000000000000041', 1, 0, 5100),
    ('00000000000000000000000000000010', 'Lab', 'lab', 1000, NULL, '', '', 0, 1,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, 0, 3, NULL);

INSERT INTO room_notes (app_id, room, at, event, actor)
VALUES ('00000000000000000000000000000010', 'Hall', 2000, '"always_on"', 'Ada');

INSERT INTO room_status (app_id, room, at, what, participant)
VALUES ('00000000000000000000000000000010', 'Hall', 3000, 'begin', ''),
    ('00000000000000000000000000000010', 'Hall', 3100, 'online', 'u1'),
    ('00000000000000000000000000000010', 'Hall', 4000, 'end', ''),
    ('00000000000000000000000000000010', 'Hall', 5000, 'begin', ''),
    ('00000000000000000000000000000010', 'Hall', 5000, 'online', 'u1');

INSERT INTO meetings (id, app_id, room, began_at, ended_at, auto_start)
VALUES ('00000000000000000000000000000030', '00000000000000000000000000000010', 'Hall', 3000, 4000, 'done'),
    ('00000000000000000000000000000031', '00000000000000000000000000000010', 'Hall', 5000, NULL, 'due');

INSERT INTO participants (meeting_id, participant, joined_at, left_at, shares_screen)
VALUES ('00000000000000000000000000000030', 'u1', 3100, 4000, 0),
    ('00000000000000000000000000000031', 'u1', 5000, NULL, 0);

INSERT INTO recordings (id, app_id, room, origin, state, state_since, given_up, seen, meeting_id, rule, path,
    user_data, kind, stop_after_ms, stop_at_end, requested_at, requested_by, started_at, stopped_at,
    stopped_by, auto_stopped_at, tracks_expected, frames_expected)
VALUES ('00000000000000000000000000000040', '00000000000000000000000000000010', 'Hall', 'started', 'ready',
        4500, 0, 0, '00000000000000000000000000000030', 'ar_{roomid}', '/a', '{"a":1}', 'Meet', 60000, 1, 3000,
        'Ada', 3000, 4000, 'Ada', NULL, 1, 1),
    ('00000000000000000000000000000041', '00000000000000000000000000000010', 'Hall', 'started', 'recording',
        5100, 0, 0, '00000000000000000000000000000031', 'ar_{roomid}', '/a', NULL, 'Meet', NULL, 0, 5100,
        'Ada', 5100, NULL, NULL, NULL, 0, 0),
    ('00000000000000000000000000000042', '00000000000000000000000000000010', 'Lab', 'started', 'failed',
        3500, 1, 0, NULL, 'ar_{roomid}', NULL, NULL, 'Meet', NULL, 0, 3000,
        'Ada', NULL, NULL, NULL, NULL, 0, 0);

INSERT INTO history (recording_id, at, event, actor, note)
VALUES ('00000000000000000000000000000040', 3000, '{"took":"start_accepted"}', 'Ada', NULL),
    ('00000000000000000000000000000042', 3500, '{"took":"given_up"}', 'Ada', NULL);

INSERT INTO expected_tracks (recording_id, participant)
VALUES ('00000000000000000000000000000040', 'u1');

INSERT INTO looks (recording_id, looks, last_at, saw, listed_at)
VALUES ('00000000000000000000000000000040', 1, 3200, '{"room":"silent","list":"nothing"}', 3300);

INSERT INTO alerts (app_id, room, kind, recording_id, meeting_id, since, dismissed_at)
VALUES ('00000000000000000000000000000010', 'Hall', 'empty_room',
    '00000000000000000000000000000041', NULL, 5200, NULL);

INSERT INTO files (id, take, version, recording_id, kind, media, participant, name, name_key, size, length_ms,
    started_at, ended_at, url, url_call, looked_up, announced_at, call_id, state, trouble, tries, next_try_at,
    claimed_by, claimed_until, storage_key, stored_size, sha256, content_type, missing_since, crc32, check_at,
    failed_since, archived_at, picture_tries, strip)
VALUES ('00000000000000000000000000000050', '00000000000000000000000000000050', 2,
        '00000000000000000000000000000040', 'composite', 'video', '', 'Hall.mp4', 'hall.mp4', 2000, 1000,
        3000, 4000, 'https://cdn.example.com/Hall.mp4', 61, 0, 4400, 61, 'archived', NULL, 1, NULL,
        'one', 4500, 'a/Hall.mp4', 2000, 'abc', 'video/mp4', NULL, 4294967295, 5500, NULL, 4450,
        3, '{"width":160,"height":90,"times":[0,500],"length":1000}'),
    ('00000000000000000000000000000051', '00000000000000000000000000000050', 1,
        '00000000000000000000000000000040', 'composite', 'video', '', 'Hall.mp4', 'hall.mp4', 1000, 500,
        3000, 3500, 'https://cdn.example.com/Hall.mp4', 60, 0, 4400, 60, 'gone', NULL, 1, NULL,
        NULL, NULL, NULL, NULL, NULL, NULL, 4300, NULL, 0, 4300, NULL, 0, NULL);

INSERT INTO inbox (call_id, kind, received_at, size, looked_up, verdict, reason, recording_id, file_id,
    understood_at, room, file_name, file_kind, participant, subject_key, found, test, assigned_to,
    assigned_by, dealt_at, dealt_by)
VALUES (60, 'av', 4300, 4, 1, 'accepted', NULL, '00000000000000000000000000000040',
    '00000000000000000000000000000050', 4350, 'Hall', 'Hall.mp4', 'composite', NULL, 'hall
hall.mp4', 0, 0, '00000000000000000000000000000040', 'Ada', 4600, 'Ada');

INSERT INTO rejected (remote, calls, first_at, last_at) VALUES ('203.0.113.9', 3, 1000, 2000);

INSERT INTO lookups (app_id, sweep_begun_at, swept_until, quiet_until, refusals)
VALUES ('00000000000000000000000000000010', 4000, 3900, NULL, 0);

INSERT INTO lookup_calls (app_id, at) VALUES ('00000000000000000000000000000010', 4000);

INSERT INTO lookup_finds (app_id, place)
VALUES ('00000000000000000000000000000010', 'https://cdn.example.com/Hall.mp4');

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
