-- Rows beside those of schema 9, with the columns and tables of schema 10.

INSERT INTO rules (id, place, body, state, version, changed_at, changed_by)
VALUES ('00000000000000000000000000000095', 1,
    '{"name":"Tracks","rooms":{"kind":"everything"},"tags":["Lesson"],"states":["ready"],"kinds":["track"],"when":{"when":"older_than","days":180}}',
    'on', 2, 1000, 'Ada');

INSERT INTO leaving (recording_id, kind, rule, since, until, named_at)
VALUES ('00000000000000000000000000000040', 'track', 'Tracks', 1000, 9000, 2000);
