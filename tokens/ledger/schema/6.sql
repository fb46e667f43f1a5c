-- Until when a login host or a user is not sent to, and the answer that asked
-- for it. The next process keeps to it.
PRAGMA user_version = 6;

CREATE TABLE pauses (
	scope   TEXT PRIMARY KEY,
	since   INTEGER NOT NULL,
	until   INTEGER NOT NULL,
	failure TEXT NOT NULL -- a JSON object without the body, or empty
) STRICT;
