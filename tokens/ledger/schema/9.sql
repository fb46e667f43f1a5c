-- Refresh tokens that must not be sent again, and those that came by an auth URL,
-- each as the first hex digits of its SHA-256. The rows outlive their org: its
-- login may still be alive elsewhere. And into which other entry of the same login
-- an org's tokens are on their way; empty for none.
PRAGMA user_version = 9;

CREATE TABLE spent (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	fingerprint TEXT NOT NULL UNIQUE, -- 16 digits, or 8 where only Secrets.Replaced told
	org_key     TEXT NOT NULL,
	replaced    INTEGER NOT NULL -- 1: by rotation; 0: it came by an auth URL
) STRICT;

CREATE INDEX spent_by_org ON spent (org_key, id);

ALTER TABLE orgs ADD COLUMN settles TEXT NOT NULL DEFAULT '';
