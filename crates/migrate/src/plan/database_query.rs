//! Queries of the old app's database, with what only its backups still know of them.

use std::sync::Arc;

use model::{Json, Object, ProfileId, Query, QueryId, QueryKey, Settings, stamp};
use store::legacy::row::category::{Categories, Origin};
use store::legacy::sqlite::{OldDatabase, QUERY_TABLES, Row};
use store::legacy::{Finding, FindingKind, query, row};

use super::tables::Tables;
use super::{ConfigFile, PlannedQuery, Planner, repaired_name, title_of_id};
use crate::error::Result;
use crate::inventory::OLD_DATABASE;
use crate::read::{QueryRows, load_object, peek_text, statuses_of_copy};
use crate::row_count::{Owner, RowCount};

impl Planner<'_> {
    /// Folders with the JSON of a profile from before the database, the best first.
    pub(super) fn copies_of(&self, profile: &str) -> Vec<String> {
        // An id that leads elsewhere has no folder.
        let is_copy = !self.json_counts && ProfileId::new(profile).is_ok();
        let beside = is_copy.then(|| format!("profiles/{profile}"));
        let backups = self.old_backups.get(profile).cloned();
        beside.into_iter().chain(backups.unwrap_or_default()).collect()
    }

    /// The files of that name that copies of the query have, the best first.
    fn copies_of_query(&self, of: (&str, &str), name: &str) -> Result<Vec<String>> {
        let mut found = Vec::new();
        if QueryId::new(of.1).is_ok() {
            for base in self.copies_of(of.0) {
                let path = format!("{base}/queries/{}/{name}", of.1);
                found.extend(self.folder.is_file(&path)?.then_some(path));
            }
        }
        Ok(found)
    }

    pub(super) fn database_query(
        &mut self,
        key: QueryKey,
        of: (&str, &str),
        settings: &Settings,
        database: &OldDatabase,
        tables: &Tables,
    ) -> Result<PlannedQuery> {
        let is_of = |row: &&Row| {
            row.text("profile_id").as_deref() == Some(of.0)
                && row.text("id").as_deref() == Some(of.1)
        };
        let row = tables.queries.iter().find(is_of);
        let budget = tables.budgets.get(&(of.0.to_owned(), of.1.to_owned()));
        let object = query_object(row, budget);
        let decoded = query::decode(&key, object.clone(), self.zone);
        let mut findings = decoded.findings;
        if decoded.jql.is_none() {
            let note = "its cell holds no text; left empty unless a copy has it";
            findings.push(Finding::new("jql", FindingKind::FilledIn, note));
        }
        let name = decoded.name.and_then(|name| repaired_name(&name, &mut findings));
        let name = name.unwrap_or_else(|| {
            findings.push(Finding::new("name", FindingKind::FilledIn, "taken from the id"));
            title_of_id(of.1)
        });
        let mut query = Query {
            key,
            name,
            jql: decoded.jql.unwrap_or_default(),
            description: decoded.description,
            created_at: decoded.created_at,
            updated_at: decoded.updated_at,
            last_used: decoded.last_used,
            extra: decoded.extra,
        };
        self.add_from_copy(of, &mut query, &mut findings)?;
        self.ledger.find(OLD_DATABASE, &findings);
        match row {
            Some(_) => {
                let count = RowCount::taken(1);
                self.ledger.count_rows("queries", Owner::new(of.0, of.1), count);
            }
            None => {
                let note = format!(
                    "{}/{}: rows belong to a query that is not there; made for them",
                    of.0, of.1
                );
                self.find_in_database("queries", FindingKind::Recovered, note);
            }
        }
        self.count_budget(of, tables, true);
        let rows = self.query_rows(of, &query, settings, database, tables)?;
        let records = rows.contents().map(|content| (OLD_DATABASE.to_owned(), content)).collect();
        let file = row.map(|_| ConfigFile { path: OLD_DATABASE.to_owned(), object, findings });
        Ok(PlannedQuery { query, file, records, rows: Some(Arc::new(rows)) })
    }

    /// Texts that the step to the database lost.
    fn add_from_copy(
        &mut self,
        of: (&str, &str),
        query: &mut Query,
        findings: &mut Vec<Finding>,
    ) -> Result<()> {
        for path in self.copies_of_query(of, "query.json")? {
            let loaded = load_object(self.folder, &path)?;
            let copy = query::decode(&query.key, loaded.object, self.zone);
            let note = format!("taken from {path}");
            let mut filled = |member: &str| {
                findings.push(Finding::new(member, FindingKind::FilledIn, note.clone()));
            };
            if query.description.is_none() && copy.description.is_some() {
                query.description = copy.description;
                filled("description");
            }
            if query.updated_at.is_none() && copy.updated_at.is_some() {
                query.updated_at = copy.updated_at;
                filled("updated_at");
            }
            for (name, value) in copy
                .extra
                .iter()
                .filter(|(name, _)| query.extra.get(name).is_none())
                .collect::<Vec<_>>()
            {
                query.extra.set(name, value.clone());
                filled(name);
            }
        }
        if query.jql.trim().is_empty() {
            for base in self.copies_of(of.0) {
                if let Some(jql) = self.recover_jql(&format!("{base}/queries/{}", of.1))? {
                    query.jql = jql;
                    let note = "taken from what its data was fetched with";
                    findings.push(Finding::new("jql", FindingKind::FilledIn, note));
                    break;
                }
            }
        }
        Ok(())
    }

    /// Accounts for a query's budget, which goes with it.
    pub(super) fn count_budget(&mut self, of: (&str, &str), tables: &Tables, is_taken: bool) {
        let budget = tables.budgets.get(&(of.0.to_owned(), of.1.to_owned()));
        for (table, value) in budget.into_iter().flat_map(Object::iter) {
            let rows = value.as_array().map_or(1, |revisions| revisions.len() as u64);
            let count = if is_taken { RowCount::taken(rows) } else { RowCount::kept_aside(rows) };
            self.ledger.count_rows(table, Owner::new(of.0, of.1), count);
        }
    }

    /// What reading the rows of a query needs to know.
    fn query_rows(
        &mut self,
        of: (&str, &str),
        query: &Query,
        settings: &Settings,
        database: &OldDatabase,
        tables: &Tables,
    ) -> Result<QueryRows> {
        let statuses = database.texts("jira_issues", "status", of)?;
        // Its own step to the database took the time of the copying for that of the fetch.
        let until = tables.states.get("migration_timestamp");
        let until = until.and_then(|text| stamp::parse(text, self.zone)).map(|(at, _)| at);
        let mut fetched = None;
        for path in self.copies_of_query(of, "jira_cache.json")? {
            fetched = fetched.or(peek_text(self.folder, &path, &["timestamp"])?);
        }
        let state = |name: &str| tables.states.get(&format!("{name}:{}:{}", of.0, of.1));
        let counts = QUERY_TABLES.map(|table| {
            let groups = database.table(table).into_iter().flat_map(|table| &table.groups);
            let rows = groups
                .filter(|group| group.profile == of.0 && group.query == of.1)
                .map(|group| group.rows)
                .sum();
            (table, rows)
        });
        Ok(QueryRows {
            profile: of.0.to_owned(),
            query: of.1.to_owned(),
            jql: query.jql.clone(),
            last_fetch: state("last_fetch_time").cloned(),
            copied: until.zip(fetched),
            is_full_fetch: state("last_delta_changed_count").is_some_and(|count| count == "-1"),
            categories: self.categories(of, &statuses, settings, tables)?,
            points_field: settings.points_field().map(str::to_owned),
            changelog_copies: self.copies_of_query(of, "jira_changelog_cache.json")?,
            data_copies: self.copies_of_query(of, "project_data.json")?,
            snapshot_copies: self.copies_of_query(of, "metrics_snapshots.json")?,
            rows: counts.into_iter().collect(),
        })
    }

    /// Categories of the statuses of a query, each from the best source that knows it.
    fn categories(
        &self,
        of: (&str, &str),
        statuses: &[String],
        settings: &Settings,
        tables: &Tables,
    ) -> Result<Categories> {
        let mut categories = Categories::default();
        let url = tables.base_urls.get(of.0);
        for origin in [Origin::Scope, Origin::OtherQuery, Origin::OtherProfile] {
            for (profile, queries) in &tables.ids {
                let is_asked = match origin {
                    Origin::Scope | Origin::OtherQuery => profile == of.0,
                    _ => profile != of.0 && url.is_some() && tables.base_urls.get(profile) == url,
                };
                let is_own = |query: &&String| origin != Origin::Scope || *query == of.1;
                for query in queries.iter().filter(is_own).filter(|_| is_asked) {
                    if let Some(scope) = tables.scopes.get(&(profile.clone(), query.clone())) {
                        categories.add_scope(scope, origin);
                    }
                }
            }
        }
        for path in self.copies_of_query(of, "jira_cache.json")? {
            if statuses.iter().all(|status| categories.knows(status)) {
                break;
            }
            for (status, category) in statuses_of_copy(self.folder, &path)? {
                categories.add(&status, &category, Origin::Backup);
            }
        }
        if let Some(classification) = &settings.project_classification {
            categories.add_settings(classification);
        }
        Ok(categories)
    }
}
/// A row of `queries` as its file had it, with its budget.
fn query_object(row: Option<&Row>, budget: Option<&Object>) -> Object {
    let cells = row.map(|row| row.cells.iter()).into_iter().flatten();
    let cells = cells
        .filter(|(column, value)| !row::DROPPED.contains(column) && !matches!(value, Json::Null));
    let budget = budget.map(Object::iter).into_iter().flatten();
    cells.chain(budget).map(|(name, value)| (name.to_owned(), value.clone())).collect()
}
