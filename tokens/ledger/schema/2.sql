-- The body of an answer, up to 64 KiB, leaves the JSON object that every list
-- reads. It is the last column: a row is read up to what is asked of it.
PRAGMA user_version = 2;

ALTER TABLE history ADD COLUMN body TEXT NOT NULL DEFAULT '';

UPDATE history
SET body = json_extract(failure, '$.body'), failure = json_remove(failure, '$.body')
WHERE CASE WHEN json_valid(failure) THEN json_type(failure, '$.body') = 'text' ELSE FALSE END;
