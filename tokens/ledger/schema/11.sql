-- The answer that brought an org's tokens, as it was received but for its secrets,
-- and the fingerprint of the access token in it. Apart from the history, so that
-- lists do not read past it, and of the last such answer alone.
PRAGMA user_version = 11;

CREATE TABLE answers (
	org_key     TEXT PRIMARY KEY REFERENCES orgs (key) ON DELETE CASCADE,
	fingerprint TEXT NOT NULL,
	text        TEXT NOT NULL
) STRICT;
