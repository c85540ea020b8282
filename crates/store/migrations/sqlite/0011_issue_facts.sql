-- The facts of an issue in one value instead of a column each, which every walk over issues took apart one
-- by one. They are derived from the documents in the same transaction.

CREATE TABLE jira_cache_of_11 (
  query INTEGER NOT NULL REFERENCES queries (row) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  issue_key TEXT NOT NULL,
  facts BLOB NOT NULL DEFAULT x'',
  left_at TEXT,
  membership TEXT,
  revision INTEGER NOT NULL,
  document BLOB NOT NULL,
  PRIMARY KEY (query, position),
  UNIQUE (query, issue_key)
) STRICT, WITHOUT ROWID;
INSERT INTO jira_cache_of_11 (query, position, issue_key, left_at, membership, revision, document)
  SELECT query, position, issue_key, left_at, membership, revision, document FROM jira_cache
  ORDER BY query, position;
DROP TABLE jira_cache;
ALTER TABLE jira_cache_of_11 RENAME TO jira_cache;
