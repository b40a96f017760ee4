-- Rows beside those of schema 6, with the columns of schema 7.

UPDATE inbox SET body_deleted_at = 7000 WHERE call_id = 60;

UPDATE rooms SET status_from = 4000 WHERE room = 'Hall';

UPDATE lookup_finds SET found_at = 4000;

UPDATE files SET probe_at = 8000;
