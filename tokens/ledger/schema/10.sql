-- 1 for an org that orgkeep keeps fresh by itself while it runs.
PRAGMA user_version = 10;

ALTER TABLE orgs ADD COLUMN watched INTEGER NOT NULL DEFAULT 0;
