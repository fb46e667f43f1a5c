-- Times are milliseconds since 1970 in UTC, durations are milliseconds, and 0
-- means unknown. Nothing here is secret.
PRAGMA application_id = 0x6f726b70; -- "orkp"
PRAGMA user_version = 1;

CREATE TABLE orgs (
	key               TEXT PRIMARY KEY,
	alias             TEXT NOT NULL UNIQUE,
	org_id            TEXT NOT NULL,
	user_id           TEXT NOT NULL,
	username          TEXT NOT NULL,
	type              TEXT NOT NULL,
	login_url         TEXT NOT NULL,
	instance_url      TEXT NOT NULL,
	client_id         TEXT NOT NULL,
	scopes            TEXT NOT NULL, -- separated by spaces, as on the wire
	tags              TEXT NOT NULL, -- a JSON array, or empty
	issued_at         INTEGER NOT NULL,
	expires_at        INTEGER NOT NULL,
	expiry_source     TEXT NOT NULL,
	refresh_used_at   INTEGER NOT NULL,
	has_refresh_token INTEGER NOT NULL,
	rotates           TEXT NOT NULL,
	generation        INTEGER NOT NULL,
	last_id           INTEGER NOT NULL DEFAULT 0 -- the history row shown in the list, 0 for none
) STRICT;

-- Rows are numbered in the order they were recorded, and no number is used
-- twice: last_id must never come to mean another row.
CREATE TABLE history (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	org_key     TEXT NOT NULL REFERENCES orgs (key) ON DELETE CASCADE,
	at          INTEGER NOT NULL,
	started_by  TEXT NOT NULL,
	outcome     TEXT NOT NULL,
	duration    INTEGER NOT NULL,
	tries       INTEGER NOT NULL,
	rotated     INTEGER NOT NULL,
	fingerprint TEXT NOT NULL,
	failure     TEXT NOT NULL -- a JSON object, or empty
) STRICT;

CREATE INDEX history_by_org ON history (org_key, id);
