-- The token file that is kept in step with an org (empty for none), and the
-- generation of the tokens that were last written to it.
PRAGMA user_version = 7;

ALTER TABLE orgs ADD COLUMN mirror TEXT NOT NULL DEFAULT '';
ALTER TABLE orgs ADD COLUMN mirrored INTEGER NOT NULL DEFAULT 0;
