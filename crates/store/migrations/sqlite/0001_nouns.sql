-- The eight nouns and what serves them. docs/storage.md says why each table is there.

CREATE TABLE workspace (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  revision INTEGER NOT NULL
) STRICT;
INSERT INTO workspace (only_row, revision) VALUES (1, 0);

CREATE TABLE profiles (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL UNIQUE,
  description TEXT,
  created_at TEXT,
  created_at_text TEXT,
  last_used TEXT,
  last_used_text TEXT,
  jira_config TEXT,
  field_mappings TEXT,
  forecast_settings TEXT,
  project_classification TEXT,
  flow_type_mappings TEXT,
  show_milestone TEXT,
  show_points TEXT,
  listed_queries TEXT,
  active_query_id TEXT,
  older TEXT NOT NULL,
  extra TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT;

CREATE TABLE queries (
  row INTEGER PRIMARY KEY,
  profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  jql TEXT NOT NULL,
  description TEXT,
  created_at TEXT,
  created_at_text TEXT,
  updated_at TEXT,
  updated_at_text TEXT,
  last_used TEXT,
  last_used_text TEXT,
  extra TEXT NOT NULL,
  revision INTEGER NOT NULL,
  UNIQUE (profile_id, id)
) STRICT;

CREATE TABLE app_state (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cache_headers (
  query INTEGER NOT NULL REFERENCES queries (row) ON DELETE CASCADE,
  kind INTEGER NOT NULL,
  records INTEGER NOT NULL,
  fetched_at TEXT,
  fetched_at_text TEXT,
  expires_at TEXT,
  partial TEXT,
  jql TEXT,
  jql_hash TEXT,
  fields_requested TEXT,
  last_updated TEXT,
  last_updated_text TEXT,
  cache_version TEXT,
  told_total TEXT,
  extra TEXT NOT NULL,
  changed_keys BLOB,
  revision INTEGER NOT NULL,
  PRIMARY KEY (query, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE dictionaries (
  id INTEGER PRIMARY KEY,
  query INTEGER NOT NULL REFERENCES queries (row) ON DELETE CASCADE,
  noun INTEGER NOT NULL,
  samples INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT;
CREATE INDEX dictionaries_of_query ON dictionaries (query, noun);

CREATE TABLE jira_cache (
  query INTEGER NOT NULL REFERENCES queries (row) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  issue_key TEXT NOT NULL,
  project TEXT,
  issue_type TEXT,
  status TEXT,
  status_category TEXT,
  priority TEXT,
  summary TEXT,
  created TEXT,
  updated TEXT,
  resolved TEXT,
  resolution TEXT,
  points REAL,
  points_state INTEGER NOT NULL,
  parent TEXT,
  revision INTEGER NOT NULL,
  document BLOB NOT NULL,
  PRIMARY KEY (query, position),
  UNIQUE (query, issue_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE status_names (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE jira_changelog_cache (
  query INTEGER NOT NULL REFERENCES queries (row) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  issue_key TEXT NOT NULL,
  transitions BLOB NOT NULL,
  revision INTEGER NOT NULL,
  document BLOB NOT NULL,
  PRIMARY KEY (query, position),
  UNIQUE (query, issue_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE project_data (
  query INTEGER PRIMARY KEY REFERENCES queries (row) ON DELETE CASCADE,
  project_scope TEXT,
  metadata TEXT,
  totals TEXT NOT NULL,
  version TEXT,
  last_updated TEXT,
  last_updated_text TEXT,
  partial TEXT,
  extra TEXT NOT NULL,
  statistics BLOB,
  metrics_history BLOB,
  revision INTEGER NOT NULL
) STRICT;

CREATE TABLE metric_types (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE metrics_snapshots (
  query INTEGER NOT NULL REFERENCES queries (row) ON DELETE CASCADE,
  week INTEGER NOT NULL,
  metric_type INTEGER NOT NULL REFERENCES metric_types (id),
  metrics BLOB NOT NULL,
  forecast BLOB,
  revision INTEGER NOT NULL,
  PRIMARY KEY (query, week, metric_type)
) STRICT, WITHOUT ROWID;

CREATE TABLE task_progress (
  id TEXT NOT NULL PRIMARY KEY,
  status TEXT NOT NULL,
  percent INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 100),
  message TEXT NOT NULL,
  started_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE deletions (
  profile_id TEXT NOT NULL,
  query_id TEXT NOT NULL,
  noun TEXT NOT NULL,
  item TEXT NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (profile_id, query_id, noun, item)
) STRICT, WITHOUT ROWID;
