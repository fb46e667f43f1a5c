-- The place of the Salesforce CLI that has the org's refresh token too: a JSON
-- object, or empty for an org that is orgkeep's alone.
PRAGMA user_version = 8;

ALTER TABLE orgs ADD COLUMN shared TEXT NOT NULL DEFAULT '';
