-- Statuses by id: the server's list, what changes of an issue name, and issues that left the query.
-- The new columns of issues and changelogs are derived from their documents in the same transaction.

CREATE TABLE statuses (
  profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  untranslated_name TEXT,
  category TEXT,
  project TEXT,
  workflow_order INTEGER,
  seen_last TEXT,
  is_gone INTEGER NOT NULL,
  PRIMARY KEY (profile_id, id)
) STRICT, WITHOUT ROWID;

ALTER TABLE jira_cache ADD COLUMN status_id TEXT;
ALTER TABLE jira_cache ADD COLUMN is_subtask INTEGER;
ALTER TABLE jira_cache ADD COLUMN hierarchy_level INTEGER;
ALTER TABLE jira_cache ADD COLUMN left_at TEXT;

DROP TABLE status_names;
CREATE TABLE changelog_values (
  id INTEGER PRIMARY KEY,
  value_id TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (value_id, name)
) STRICT;
ALTER TABLE jira_changelog_cache ADD COLUMN resolutions BLOB;
