-- How long each phase of the last request took: six whole numbers of
-- microseconds, or empty. It comes after the body, so lists leave it alone.
PRAGMA user_version = 3;

ALTER TABLE history ADD COLUMN phases TEXT NOT NULL DEFAULT '';
