-- A call whose body was deleted.
INSERT INTO calls (kind, app_id, received_at, remote, content_type, content_encoding, looked_up, body,
    body_deleted_at, sha256)
VALUES ('av', '00000000000000000000000000000010', 4200, '127.0.0.1', 'application/json', NULL, 0, X'', 7000,
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
