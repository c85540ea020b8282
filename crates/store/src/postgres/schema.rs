//! The steps of the schema as PostgreSQL takes them; the version stands in the table `workspace`.

use std::path::PathBuf;

use super::driver::{PostgresDriver, WRITE_LOCK};
use super::pool::Pool;
use crate::error::{Error, Result};
use crate::sql::schema::{Schema, Step, Upgrade};

/// What this program writes.
pub(super) const SCHEMA: Schema = Schema {
    steps: &[
        step(1, include_str!("../../migrations/postgres/0001_nouns.sql")),
        step(2, include_str!("../../migrations/postgres/0002_sync.sql")),
        step(3, include_str!("../../migrations/postgres/0003_facts.sql")),
        step(4, include_str!("../../migrations/postgres/0004_checks.sql")),
        step(5, include_str!("../../migrations/postgres/0005_access_keys.sql")),
        step(6, include_str!("../../migrations/postgres/0006_deliveries.sql")),
        step(7, include_str!("../../migrations/postgres/0007_membership_checks.sql")),
        step(8, include_str!("../../migrations/postgres/0008_type_ids.sql")),
        step(9, include_str!("../../migrations/postgres/0009_epic_links.sql")),
        step(10, include_str!("../../migrations/postgres/0010_trash.sql")),
        step(11, include_str!("../../migrations/postgres/0011_issue_facts.sql")),
    ],
};

const fn step(version: u32, sql: &'static str) -> Step {
    Step { version, sql }
}

const HAS_TABLES: &str = "SELECT to_regclass('workspace') IS NOT NULL";

/// A database, open, to be taken to the newest version.
pub(super) struct Database<'d> {
    driver: PostgresDriver<'d>,
    pool: &'d Pool,
}

impl<'d> Database<'d> {
    /// That of a server.
    pub fn of(pool: &'d Pool) -> Result<Database<'d>> {
        Ok(Database { driver: PostgresDriver::alone(pool)?, pool })
    }

    /// Texts of Jira have letters of all the world.
    pub fn check_encoding(&self) -> Result<()> {
        let encoding = self.text("SHOW server_encoding")?;
        if encoding == "UTF8" {
            return Ok(());
        }
        let place = self.place();
        Err(Error::Aborted(format!(
            "{place} keeps texts as {encoding}; make a database in UTF8: \
             createdb --encoding=UTF8 --template=template0 NAME"
        )))
    }

    fn batch(&self, sql: &str) -> Result<Vec<Option<String>>> {
        self.driver.with(|connection| connection.batch(sql))
    }

    fn text(&self, sql: &str) -> Result<String> {
        Ok(self.batch(sql)?.into_iter().next().flatten().unwrap_or_default())
    }
}

impl Upgrade for Database<'_> {
    fn version(&self) -> Result<u32> {
        if self.text(HAS_TABLES)? != "t" {
            return Ok(0);
        }
        Ok(self.text("SELECT schema_version FROM workspace")?.parse().unwrap_or_default())
    }

    /// One node takes the steps, others wait for it.
    fn begin(&self) -> Result<()> {
        let backend = self.text(&format!(
            "BEGIN; SELECT pg_advisory_xact_lock({WRITE_LOCK}); SELECT pg_backend_pid()"
        ))?;
        if self.driver.with(|connection| Ok(connection.has_moved(backend)))? {
            self.pool.note_pooler();
        }
        Ok(())
    }

    fn take(&self, step: Step) -> Result<()> {
        self.batch(step.sql)?;
        self.batch(&format!("UPDATE workspace SET schema_version = {}", step.version)).map(drop)
    }

    /// What is derived from documents is brought to the newest version as it is in SQLite.
    fn finish(&self) -> Result<()> {
        self.driver.within().derive_anew()
    }

    fn end(&self, is_real: bool) -> Result<()> {
        self.batch(if is_real { "COMMIT" } else { "ROLLBACK" }).map(drop)
    }

    /// None: a dump is the administrator's, and a step that fails leaves nothing behind.
    fn back_up(&self, _: u32) -> Result<Option<PathBuf>> {
        Ok(None)
    }

    fn place(&self) -> String {
        self.pool.config.place.clone()
    }
}

#[cfg(test)]
mod tests {
    use model::{Changelog, Document, Issue, Object, Profile, Query, QueryKey, Settings, Tape};

    use super::*;
    use crate::contract::Store;
    use crate::postgres::PostgresStore;
    use crate::server::Server;

    const DERIVED: &str = "SELECT to_jsonb(i)::text FROM jira_cache i
        UNION ALL SELECT to_jsonb(c)::text FROM jira_changelog_cache c ORDER BY 1";

    fn document(text: &str) -> Document {
        Document::parse(text, &mut Tape::new()).unwrap()
    }

    fn fill(store: &dyn Store) {
        let key = QueryKey::parse("p", "q").unwrap();
        let (id, settings) = (key.profile.clone(), Settings::default());
        let (description, created_at, updated_at, last_used) = (None, None, None, None);
        let profile =
            Profile { id, name: "p".into(), description, created_at, last_used, settings };
        let (name, jql, extra) = ("q".into(), String::new(), Object::new());
        let (description, created_at, last_used) = (None, None, None);
        let of = key.clone();
        let query =
            Query { key: of, name, jql, description, created_at, updated_at, last_used, extra };
        let issue = r#"{"key":"A-1","fields":{"issuetype":{"id":"5","name":"Bug"},"project":{"id":"7","key":"A"},
            "status":{"id":"3","name":"Done"},"summary":"x",
            "created":"2025-06-01T10:00:00.000+0000","labels":["l"],"fixVersions":[{"id":"1","name":"1.0"}]}}"#;
        let histories = r#"{"changelog":{"histories":[{"created":"2025-06-02T10:00:00.000+0000","items":[
            {"field":"status","from":"1","fromString":"Open","to":"3","toString":"Done"},
            {"field":"Fix Version","from":null,"fromString":null,"to":"1","toString":"1.0"}]}]}}"#;
        let issue = Issue { key: "A-1".to_owned(), document: document(issue) };
        let changelog = Changelog { key: "A-1".to_owned(), document: document(histories) };
        store
            .transact(|writer| {
                writer.put_profile(&profile)?;
                writer.put_query(&query)?;
                writer.put_issues(&key, &[issue])?;
                writer.put_changelogs(&key, &[changelog])
            })
            .unwrap();
    }

    /// Columns of a version that did not know them yet are empty; the end of an upgrade fills them.
    #[test]
    fn what_is_derived_is_derived_anew_by_an_upgrade() {
        let Some(server) = postgres_server::Database::new() else { return };
        let store = PostgresStore::open(&Server::parse(&server.address()).unwrap()).unwrap();
        fill(&store);
        let before = server.texts(DERIVED);
        assert_eq!(before.len(), 2);
        server.run(
            "UPDATE jira_cache SET facts = '', membership = NULL;
             UPDATE jira_changelog_cache SET resolutions = NULL, membership_changes = NULL",
        );
        assert_ne!(server.texts(DERIVED), before);
        let database = Database::of(&store.pool).unwrap();
        database.begin().unwrap();
        database.finish().unwrap();
        database.end(true).unwrap();
        assert_eq!(server.texts(DERIVED), before);
    }
}
