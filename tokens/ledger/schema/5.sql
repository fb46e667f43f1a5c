-- What the user looks for most, and since when an org is being forgotten (0 for
-- no): until that has ended nobody knows which of its tokens are still there.
PRAGMA user_version = 5;

ALTER TABLE orgs ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orgs ADD COLUMN forgetting INTEGER NOT NULL DEFAULT 0;
