-- The facts of an issue in one value instead of a column each, which every walk over issues took apart one
-- by one. They are derived from the documents in the same transaction.

ALTER TABLE jira_cache ADD COLUMN facts BYTEA NOT NULL DEFAULT ''::bytea;
ALTER TABLE jira_cache
  DROP COLUMN project, DROP COLUMN project_id, DROP COLUMN issue_type, DROP COLUMN issue_type_id,
  DROP COLUMN status, DROP COLUMN status_id, DROP COLUMN status_category, DROP COLUMN priority,
  DROP COLUMN summary, DROP COLUMN created, DROP COLUMN updated, DROP COLUMN resolved,
  DROP COLUMN resolution, DROP COLUMN points, DROP COLUMN points_state, DROP COLUMN parent,
  DROP COLUMN is_subtask, DROP COLUMN hierarchy_level;
