-- Deliveries, and what they need to know of issues: what each belongs to and how that changed. The new
-- columns of issues and changelogs are derived from their documents in the same transaction.

CREATE TABLE deliveries (
  profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  place INTEGER NOT NULL,
  members TEXT NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (profile_id, id)
) STRICT, WITHOUT ROWID;

ALTER TABLE jira_cache ADD COLUMN membership TEXT;
ALTER TABLE jira_changelog_cache ADD COLUMN membership_changes TEXT;
