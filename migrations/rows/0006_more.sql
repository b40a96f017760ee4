-- Rows beside those of schema 5, with the columns and tables of schema 6.

UPDATE recordings SET title = 'Fractions, lesson 14', notes = 'Homework', notes_at = 5000, notes_by = 'Ada'
WHERE id = '00000000000000000000000000000040';

INSERT INTO tags (recording_id, tag_key, tag) VALUES ('00000000000000000000000000000040', 'lesson', 'Lesson');

INSERT INTO seen (user_id, recording_id, at)
VALUES ('00000000000000000000000000000001', '00000000000000000000000000000040', 6000);

INSERT INTO views (id, user_id, app_id, name, name_key, find, shared, tab, created_at)
VALUES ('00000000000000000000000000000080', '00000000000000000000000000000001', '00000000000000000000000000000010',
    'Lessons', 'lessons', 'tag=Lesson', 'all', 1, 1000);

INSERT INTO stale (recording_id)
VALUES ('00000000000000000000000000000040'), ('00000000000000000000000000000041'),
    ('00000000000000000000000000000042');
