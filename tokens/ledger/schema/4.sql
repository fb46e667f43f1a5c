-- The Date of the last answer, and how many milliseconds the endpoint's clock was
-- ahead of this machine's then; 0 means unknown.
PRAGMA user_version = 4;

ALTER TABLE history ADD COLUMN date INTEGER NOT NULL DEFAULT 0;
ALTER TABLE history ADD COLUMN skew INTEGER NOT NULL DEFAULT 0;
