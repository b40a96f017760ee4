-- The queue of files to fetch. Failed ones are in files_next_try, and those with a claim in files_claimed: neither
-- is read over to find a new one.
DROP INDEX files_to_fetch;
CREATE INDEX files_to_fetch ON files (announced_at, id) WHERE state = 'remote';
