-- Ids of the type and the project of an issue: both can be renamed. They are derived from the documents in
-- the same transaction.

ALTER TABLE jira_cache ADD COLUMN project_id TEXT COLLATE "C";
ALTER TABLE jira_cache ADD COLUMN issue_type_id TEXT COLLATE "C";
