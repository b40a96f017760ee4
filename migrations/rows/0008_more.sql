-- Rows beside those of schema 7, with the tables of schema 8.

INSERT INTO undescribed (recording_id) VALUES ('00000000000000000000000000000040');
