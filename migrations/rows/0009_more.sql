-- Rows beside those of schema 6, with the columns and tables of schema 9.

INSERT INTO cases (id, number, number_key, name, reason, reference, opened_at, opened_by, opened_name)
VALUES ('00000000000000000000000000000090', '2026-31', '2026-31', 'Audit', 'Letter of 14 Nov', '', 1000,
    '00000000000000000000000000000001', 'Ada');

INSERT INTO case_lookers (case_id, holder, kind, name, at)
VALUES ('00000000000000000000000000000090', '00000000000000000000000000000070', 'group', 'Teachers', 1000);

INSERT INTO case_lines (case_id, at, actor, event)
VALUES ('00000000000000000000000000000090', 1000, 'Ada', '{"did":"opened"}');

INSERT INTO holds (recording_id, case_id, reason, at, by_name)
VALUES ('00000000000000000000000000000040', '00000000000000000000000000000090', '', 1000, 'Ada'),
    ('00000000000000000000000000000042', '', 'Complaint', 1000, 'Ada');

INSERT INTO requests (id, wish, reason, asked_at, asked_by, asked_name, lapses_at, state)
VALUES ('00000000000000000000000000000091',
    '{"what":"close_case","case":"00000000000000000000000000000090"}', 'Over', 1000,
    '00000000000000000000000000000001', 'Ada', 9000, 'open');

INSERT INTO purges (recording_id, why)
VALUES ('00000000000000000000000000000042',
    '{"reason":null,"rule":null,"trashed":null,"asked":null,"agreed":null}');

INSERT INTO certificates (number, recording_id, at, body, sha256)
VALUES ('C-2026-0001', '00000000000000000000000000000042', 1000, '{}', 'abc');

INSERT INTO orphans (key, size, modified_at) VALUES ('a/b', 10, 1000);
