-- Who may open the pages of a workspace. A key itself is never stored, only what tells it from others.

CREATE TABLE access_keys (
  id TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL,
  hash TEXT COLLATE "C" NOT NULL,
  made_at TEXT COLLATE "C" NOT NULL,
  used_at TEXT COLLATE "C"
);
