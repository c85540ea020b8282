-- Copies of what was deleted, for all nodes. They are compressed already.

CREATE TABLE trash (
  id TEXT COLLATE "C" PRIMARY KEY,
  note TEXT COLLATE "C" NOT NULL,
  size_bytes BIGINT NOT NULL
);

CREATE TABLE trash_pieces (
  copy TEXT COLLATE "C" NOT NULL REFERENCES trash (id) ON DELETE CASCADE,
  number BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (copy, number)
);
ALTER TABLE trash_pieces ALTER COLUMN bytes SET STORAGE EXTERNAL;
