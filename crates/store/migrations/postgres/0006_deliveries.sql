-- Deliveries, and what they need to know of issues: what each belongs to and how that changed. No
-- database of an earlier version was handed out, so there are no documents to derive the columns from.

CREATE TABLE deliveries (
  profile_id TEXT COLLATE "C" NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
  id TEXT COLLATE "C" NOT NULL,
  place BIGINT NOT NULL,
  members TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (profile_id, id)
);

ALTER TABLE jira_cache ADD COLUMN membership TEXT COLLATE "C";
ALTER TABLE jira_changelog_cache ADD COLUMN membership_changes TEXT COLLATE "C";
