-- Copies of what was deleted, on a server for all its nodes. A workspace of one file keeps its own beside the
-- file and has here what a copy of a server brought along.

CREATE TABLE trash (
  id TEXT PRIMARY KEY,
  note TEXT NOT NULL,
  size_bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE trash_pieces (
  copy TEXT NOT NULL REFERENCES trash (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (copy, number)
) STRICT;
