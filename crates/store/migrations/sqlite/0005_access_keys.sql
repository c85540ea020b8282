-- Who may open the pages of a workspace. A key itself is never stored, only what tells it from others.

CREATE TABLE access_keys (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  hash TEXT NOT NULL,
  made_at TEXT NOT NULL,
  used_at TEXT
) STRICT, WITHOUT ROWID;
