-- Long bodies of answers leave the JSON object that every list reads. They are
-- the last column: rows are read up to the column that is asked for. 2048 is
-- inlineLimit at the time of this schema.
PRAGMA user_version = 2;

ALTER TABLE history ADD COLUMN body TEXT NOT NULL DEFAULT ''; -- where failure has none

UPDATE history
SET body = json_extract(failure, '$.body'), failure = json_remove(failure, '$.body')
WHERE length(failure) > 2048
	AND CASE WHEN json_valid(failure)
		THEN json_type(failure, '$.body') = 'text' AND octet_length(json_extract(failure, '$.body')) > 2048
		ELSE FALSE END;
