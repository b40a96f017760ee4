INSERT INTO calls (kind, app_id, received_at, remote, content_type, content_encoding, looked_up, body)
VALUES ('av', '00000000000000000000000000000010', 4300, '127.0.0.1', 'application/json', 'gzip', 1, X'7b00ff7d');

INSERT INTO waiting (call_id, size) VALUES (1, 4);
