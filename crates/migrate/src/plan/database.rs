//! Profiles and queries of the old app's database (2.5 and later).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use model::{Json, Object, Profile, ProfileId, Query, QueryId, QueryKey, Settings};
use store::legacy::row::{self, category::Categories};
use store::legacy::sqlite::{Group, Log, OldDatabase, Order, QUERY_TABLES, Row};
use store::legacy::{Finding, FindingKind, profile, query};

use super::registry::Registry;
use super::settings::are_defaults;
use super::{
    ConfigFile, PlannedProfile, PlannedQuery, Planner, query_key, repaired_name, title_of_id,
};
use crate::error::Result;
use crate::inventory::OLD_DATABASE;
use crate::read::{Loaded, QueryRows, State, load_object};
use crate::row_count::{Owner, RowCount};

/// Groups of settings, which are JSON in their cells.
const GROUPS: [&str; 5] = [
    "jira_config",
    "field_mappings",
    "forecast_settings",
    "project_classification",
    "flow_type_mappings",
];

/// Truth values, which a database keeps as numbers.
const TRUTHS: [&str; 2] = ["show_milestone", "show_points"];

/// What stands in `app_state` of one moment or program only, by the beginning of the key.
const PASSING_STATES: [&str; 10] = [
    "schema_version",
    "version",
    "profiles",
    "migration_",
    "parameter_panel_state",
    "last_delta_changed_",
    "settings_hash:",
    "pending_update_",
    "post_update_",
    "last_fetch_time:",
];

/// The rows of the small tables.
pub(super) struct Tables {
    profiles: Vec<Row>,
    queries: Vec<Row>,
    pub states: HashMap<String, String>,
    /// Budget and revisions by profile and query as written.
    budgets: HashMap<(String, String), Object>,
    /// Ids of profiles as written, with those of their queries, in order.
    pub ids: Vec<(String, Vec<String>)>,
    /// Scopes by profile and query as written.
    scopes: HashMap<(String, String), Json>,
}

impl Tables {
    /// Whether the old app brought its JSON in completely.
    pub fn is_migrated(&self) -> bool {
        self.states.contains_key("migration_complete")
    }

    pub fn has(&self, profile: &str) -> bool {
        self.ids.iter().any(|(id, _)| id == profile)
    }
}

impl Planner<'_> {
    /// Reads the small tables and accounts for what is odd about the database as a whole.
    pub(super) fn tables(&mut self, database: &OldDatabase) -> Result<Tables> {
        self.note_state_of(database);
        let profiles = self.last_by(database, "profiles", &["id"])?;
        let queries = self.last_by(database, "queries", &["profile_id", "id"])?;
        let states = self.states(database)?;
        let scopes = scopes(database)?;
        let mut tables =
            Tables { profiles, queries, states, budgets: HashMap::new(), ids: Vec::new(), scopes };
        tables.ids = ids(database, &tables);
        tables.budgets = self.budgets(database, &tables)?;
        Ok(tables)
    }

    fn note_state_of(&mut self, database: &OldDatabase) {
        let mut find = |path: &str, kind, note: String| {
            self.ledger.find(OLD_DATABASE, &[Finding::new(path, kind, note)]);
        };
        if database.log() == Log::LeftOut {
            let note = "burndown.db-wal damages the database, which is whole without it";
            find("", FindingKind::LogLeftOut, note.to_owned());
        }
        for name in database.missing_tables() {
            find(name, FindingKind::MissingTable, "the table is not there".to_owned());
        }
        for table in database.tables().iter().filter(|table| table.is_cut) {
            let note = format!("the table is damaged; {} rows could be read", table.rows);
            find(&table.name, FindingKind::Cut, note);
        }
        let unknown: Vec<(String, u64)> =
            database.unknown_tables().map(|table| (table.name.clone(), table.rows)).collect();
        for (name, rows) in &unknown {
            let note = format!("a table of {rows} rows that the old app does not read");
            find(name, FindingKind::NotRead, note);
        }
        for (name, rows) in unknown {
            let count = RowCount::kept_aside(rows);
            self.ledger.count_rows(&name, Owner::none(), count);
        }
    }

    /// Rows of a table; of those with the same key the last one, others are kept aside.
    fn last_by(&mut self, database: &OldDatabase, table: &str, key: &[&str]) -> Result<Vec<Row>> {
        let mut rows: Vec<Row> = Vec::new();
        let mut places: HashMap<Vec<String>, usize> = HashMap::new();
        let mut aside: Vec<(Row, &'static str)> = Vec::new();
        database.each_row(table, None, Order::Inserted, &mut |row| {
            let ids: Option<Vec<String>> =
                key.iter().map(|column| text(&row.cells, column)).collect();
            let Some(ids) = ids else {
                aside.push((row, "its id is no text"));
                return Ok::<(), crate::Error>(());
            };
            match places.get(&ids).and_then(|place| rows.get_mut(*place)) {
                Some(earlier) => {
                    aside.push((std::mem::replace(earlier, row), "a later row has its id"));
                }
                None => {
                    places.insert(ids, rows.len());
                    rows.push(row);
                }
            }
            Ok(())
        })?;
        for (row, why) in aside {
            self.keep_row_aside(table, &row, why);
        }
        if table == "profiles" {
            rows.sort_by_key(|row| (text(&row.cells, "created_at"), row.rowid));
        }
        Ok(rows)
    }

    fn keep_row_aside(&mut self, table: &str, row: &Row, why: &str) {
        let finding = Finding::new(format!("{table}[{}]", row.rowid), FindingKind::KeptAside, why);
        self.ledger.find(OLD_DATABASE, std::slice::from_ref(&finding));
        self.kept_aside.push((finding, Json::Object(row.cells.clone()).to_compact()));
        let count = RowCount::kept_aside(1);
        self.ledger.count_rows(table, Owner::none(), count);
    }

    fn states(&mut self, database: &OldDatabase) -> Result<HashMap<String, String>> {
        let (mut states, mut unknown) = (HashMap::new(), Object::new());
        let mut count = RowCount::default();
        database.each_row("app_state", None, Order::Inserted, &mut |row| {
            let (key, value) = (text(&row.cells, "key"), text(&row.cells, "value"));
            let (key, value) = (key.unwrap_or_default(), value.unwrap_or_default());
            let is_selection = ["active_profile_id", "active_query_id"].contains(&key.as_str());
            let is_passing = PASSING_STATES.iter().any(|start| key.starts_with(start));
            // When a query was fetched last goes with the query.
            let is_taken = !is_passing || key.starts_with("last_fetch_time:");
            count.taken += u64::from(is_taken);
            count.kept_aside += u64::from(!is_taken);
            if is_taken && !is_selection && !is_passing {
                unknown.set(key.clone(), Json::text(&value));
            }
            states.insert(key, value);
            Ok::<(), crate::Error>(())
        })?;
        if count.kept_aside > 0 {
            let note = "rows of one moment or program: schema, flags of updates, hashes, panel";
            let finding = Finding::new("app_state", FindingKind::KeptAside, note);
            self.ledger.find(OLD_DATABASE, &[finding]);
        }
        self.ledger.count_rows("app_state", Owner::none(), count);
        if !unknown.is_empty() {
            model::secret::take_secrets(&mut unknown);
            self.states.push(("old_app_state".to_owned(), Json::Object(unknown).to_compact()));
        }
        Ok(states)
    }

    /// The last tasks of the old app, kept whole although nothing shows them.
    pub(super) fn old_tasks(&mut self, database: &OldDatabase) -> Result<()> {
        let (mut tasks, mut aside) = (Vec::new(), Vec::new());
        database.each_row("task_progress", None, Order::Inserted, &mut |mut row| {
            for column in row::parse_cells(&mut row.cells, &["message"]) {
                if let Some(cell) = row.cells.remove(&column) {
                    aside.push((row.rowid, column, cell));
                }
            }
            tasks.push(Json::Object(row.cells));
            Ok::<(), crate::Error>(())
        })?;
        for (rowid, column, cell) in aside {
            self.keep_cell_aside("task_progress", rowid, &column, &cell);
        }
        let count = RowCount::taken(tasks.len() as u64);
        self.ledger.count_rows("task_progress", Owner::none(), count);
        if !tasks.is_empty() {
            let tasks = Json::Array(tasks).to_compact();
            self.states.push(("old_task_progress".to_owned(), tasks));
        }
        Ok(())
    }

    fn keep_cell_aside(&mut self, table: &str, rowid: i64, column: &str, cell: &Json) {
        let path = format!("{table}[{rowid}].{column}");
        let finding = Finding::new(path, FindingKind::BadCell, "no JSON; kept aside");
        self.ledger.find(OLD_DATABASE, std::slice::from_ref(&finding));
        let mut count = RowCount::default();
        count.note_cell(column, FindingKind::BadCell, rowid);
        self.ledger.count_rows(table, Owner::none(), count);
        let cell = cell.as_text().map_or_else(|| cell.to_compact(), |text| text.into_owned());
        self.kept_aside.push((finding, cell));
    }

    /// Budgets by query. Builds before the first release had one per profile.
    fn budgets(
        &mut self,
        database: &OldDatabase,
        tables: &Tables,
    ) -> Result<HashMap<(String, String), Object>> {
        let mut budgets: HashMap<(String, String), Object> = HashMap::new();
        for table in ["budget_settings", "budget_revisions"] {
            let mut rows = Vec::new();
            database.each_row(table, None, Order::Inserted, &mut |row| {
                rows.push(row);
                Ok::<(), crate::Error>(())
            })?;
            rows.sort_by_key(|row| (text(&row.cells, "created_at"), row.rowid));
            for row in rows {
                let profile = text(&row.cells, "profile_id");
                let first = || {
                    let (_, queries) =
                        tables.ids.iter().find(|(id, _)| Some(id) == profile.as_ref())?;
                    queries.first().cloned()
                };
                let has_query = row.cells.get("query_id").is_some();
                let query = text(&row.cells, "query_id").or_else(|| first().filter(|_| !has_query));
                let (Some(profile), Some(query)) = (profile, query) else {
                    self.keep_row_aside(table, &row, "it belongs to no query");
                    continue;
                };
                if !has_query {
                    let note =
                        format!("of the whole profile {profile}; put to its first query {query}");
                    let path = format!("{table}[{}]", row.rowid);
                    let finding = Finding::new(path, FindingKind::Moved, note);
                    self.ledger.find(OLD_DATABASE, &[finding]);
                }
                self.put_budget(table, &profile, &query, row, &mut budgets);
            }
        }
        Ok(budgets)
    }

    fn put_budget(
        &mut self,
        table: &str,
        profile: &str,
        query: &str,
        mut row: Row,
        budgets: &mut HashMap<(String, String), Object>,
    ) {
        row::DROPPED.iter().for_each(|column| drop(row.cells.remove(column)));
        let budget = budgets.entry((profile.to_owned(), query.to_owned())).or_default();
        let is_single = table == "budget_settings";
        if is_single && budget.get(table).is_some() {
            return self.keep_row_aside(table, &row, "the query has a budget already");
        }
        match budget.get_mut(table) {
            Some(Json::Array(revisions)) => revisions.push(Json::Object(row.cells)),
            _ if is_single => budget.set(table, Json::Object(row.cells)),
            _ => budget.set(table, Json::Array(vec![Json::Object(row.cells)])),
        }
    }

    /// Accounts for a query's budget, which goes with it.
    fn count_budget(&mut self, of: (&str, &str), tables: &Tables, is_taken: bool) {
        let budget = tables.budgets.get(&(of.0.to_owned(), of.1.to_owned()));
        for (table, value) in budget.into_iter().flat_map(Object::iter) {
            let rows = value.as_array().map_or(1, |revisions| revisions.len() as u64);
            let count = if is_taken { RowCount::taken(rows) } else { RowCount::kept_aside(rows) };
            self.ledger.count_rows(table, Owner::new(of.0, of.1), count);
        }
    }

    /// The registry that the app state is.
    pub(super) fn database_registry(tables: &Tables) -> Registry {
        let state = |key: &str| tables.states.get(key).cloned();
        Registry::of_selection(state("active_profile_id"), state("active_query_id"))
    }

    /// All profiles of the database but those in `others`, which come from JSON.
    pub(super) fn database_profiles(
        &mut self,
        database: &OldDatabase,
        tables: &Tables,
        others: &HashSet<String>,
    ) -> Result<Vec<PlannedProfile>> {
        let mut ids = UsedIds::default();
        let mut profiles = Vec::new();
        for (written, queries) in &tables.ids {
            if others.contains(written) {
                self.leave_to_json(database, tables, written);
                continue;
            }
            let id = self.usable_id("profiles", written, &mut ids.profiles);
            let Ok(id) = ProfileId::new(id) else { continue };
            let row =
                tables.profiles.iter().find(|row| text(&row.cells, "id").as_ref() == Some(written));
            let mut planned = self.database_profile(id, written, row)?;
            let mut used = HashSet::new();
            for query in queries {
                let id = self.usable_id("queries", query, &mut used);
                let key = query_key(&planned.profile.id, &id)?;
                let of = (written.as_str(), query.as_str());
                planned.queries.push(self.database_query(
                    key,
                    of,
                    &planned.profile.settings,
                    database,
                    tables,
                )?);
            }
            profiles.push(planned);
        }
        Ok(profiles)
    }

    /// Rows of a profile whose JSON counts.
    fn leave_to_json(&mut self, database: &OldDatabase, tables: &Tables, profile: &str) {
        let note = format!("{profile}: its JSON counts, the old app never finished bringing it in");
        let finding = Finding::new("profiles", FindingKind::KeptAside, note);
        self.ledger.find(OLD_DATABASE, &[finding]);
        let mut aside = |table: &str, query: &str, rows: u64| {
            let count = RowCount::kept_aside(rows);
            self.ledger.count_rows(table, Owner::new(profile, query), count);
        };
        let of = |row: &&Row, column: &str| text(&row.cells, column).as_deref() == Some(profile);
        aside("profiles", "", tables.profiles.iter().filter(|row| of(row, "id")).count() as u64);
        aside(
            "queries",
            "",
            tables.queries.iter().filter(|row| of(row, "profile_id")).count() as u64,
        );
        for table in QUERY_TABLES.iter().filter(|name| !name.starts_with("budget_")) {
            let groups = database.table(table).into_iter().flat_map(|table| &table.groups);
            groups
                .filter(|group| group.profile == profile)
                .for_each(|group| aside(table, &group.query, group.rows));
        }
        let queries =
            tables.ids.iter().filter(|(id, _)| id == profile).flat_map(|(_, queries)| queries);
        queries.for_each(|query| self.count_budget((profile, query), tables, false));
    }

    /// An id that can be one here, and says so if it is another than the one written.
    fn usable_id(&mut self, table: &str, written: &str, used: &mut HashSet<String>) -> String {
        let id = if ProfileId::new(written).is_ok() && !used.contains(written) {
            written.to_owned()
        } else {
            let safe: String = written
                .chars()
                .map(|c| if c.is_control() || matches!(c, '/' | '\\') { '-' } else { c })
                .take(48)
                .collect();
            let safe = if safe.trim_matches('.').is_empty() { "unnamed".to_owned() } else { safe };
            let numbered = (2_u64..).map(|number| format!("{safe}-{number}"));
            let free = std::iter::once(safe.clone()).chain(numbered).find(|id| !used.contains(id));
            let id = free.unwrap_or_default();
            let note = format!("{written:?} cannot be an id; it is {id:?} now");
            let finding = Finding::new(table, FindingKind::IdChanged, note);
            self.ledger.find(OLD_DATABASE, &[finding]);
            id
        };
        used.insert(id.clone());
        id
    }

    fn database_profile(
        &mut self,
        id: ProfileId,
        written: &str,
        row: Option<&Row>,
    ) -> Result<PlannedProfile> {
        let Some(row) = row else {
            let note =
                format!("{written:?}: rows belong to a profile that is not there; made for them");
            let finding = Finding::new("profiles", FindingKind::Recovered, note);
            self.ledger.find(OLD_DATABASE, &[finding]);
            let name = title_of_id(id.as_str());
            let settings = Settings::default();
            let (description, created_at, last_used) = (None, None, None);
            let profile = Profile { id, name, description, created_at, last_used, settings };
            return Ok(PlannedProfile {
                profile,
                files: Vec::new(),
                queries: Vec::new(),
                tokens: Vec::new(),
            });
        };
        let object = self.profile_object(&id, row);
        let mut own = profile::decode(&id, object.clone(), self.zone);
        prefer_mapped_points(&mut own);
        let loaded = Loaded { object, state: State::Whole, findings: Vec::new() };
        let mut files = vec![(OLD_DATABASE.to_owned(), loaded, own.clone())];
        if are_defaults(&own.settings) {
            // Only then: a setting that the database has is the newer one.
            files.extend(self.settings_of_copies(&id, written)?);
        }
        let (identity, findings) = self.identity(&id, &own, None, &files);
        let planned = self.assemble(identity, files, None, findings);
        let count = RowCount::taken(1);
        self.ledger.count_rows("profiles", Owner::new(written, ""), count);
        Ok(planned)
    }

    /// A row of `profiles` as its file had it.
    fn profile_object(&mut self, id: &ProfileId, row: &Row) -> Object {
        let mut cells = row.cells.clone();
        for column in row::parse_cells(&mut cells, &GROUPS) {
            if let Some(cell) = cells.remove(&column) {
                self.keep_cell_aside("profiles", row.rowid, &column, &cell);
            }
        }
        let mut object = Object::new();
        for (column, value) in cells {
            let truth = TRUTHS.contains(&column.as_str()).then(|| value.as_f64()).flatten();
            match truth {
                _ if matches!(value, Json::Null) => {}
                Some(number) if number == 0.0 || number == 1.0 => {
                    object.set(column, Json::Bool(number == 1.0));
                }
                _ => object.set(column, value),
            }
        }
        object.set("id", Json::text(id.as_str()));
        object
    }

    /// Settings that only the JSON of the time before the database has.
    fn settings_of_copies(
        &mut self,
        id: &ProfileId,
        written: &str,
    ) -> Result<Vec<(String, Loaded, profile::Decoded)>> {
        for base in self.copies_of(written) {
            let mut found = self.app_settings(id, &base)?;
            let path = format!("{base}/profile.json");
            let loaded = load_object(self.folder, &path)?;
            if loaded.state != State::Missing {
                let decoded = profile::decode(id, loaded.object.clone(), self.zone);
                found.insert(0, (path, loaded, decoded));
            }
            found.retain(|(_, _, decoded)| !are_defaults(&decoded.settings));
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// Folders with the JSON of a profile from before the database, the best first.
    fn copies_of(&self, profile: &str) -> Vec<String> {
        // An id that leads elsewhere has no folder.
        let beside = ProfileId::new(profile).is_ok().then(|| format!("profiles/{profile}"));
        let backup = self.old_backups.get(profile).cloned();
        beside.into_iter().chain(backup).collect()
    }

    /// The first file of that name that a copy of the query has.
    fn copy_of_query(&self, of: (&str, &str), name: &str) -> Result<Option<String>> {
        if QueryId::new(of.1).is_err() {
            return Ok(None);
        }
        for base in self.copies_of(of.0) {
            let path = format!("{base}/queries/{}/{name}", of.1);
            if self.folder.is_file(&path)? {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }

    fn database_query(
        &mut self,
        key: QueryKey,
        of: (&str, &str),
        settings: &Settings,
        database: &OldDatabase,
        tables: &Tables,
    ) -> Result<PlannedQuery> {
        let is_of = |row: &&Row| {
            text(&row.cells, "profile_id").as_deref() == Some(of.0)
                && text(&row.cells, "id").as_deref() == Some(of.1)
        };
        let row = tables.queries.iter().find(is_of);
        let budget = tables.budgets.get(&(of.0.to_owned(), of.1.to_owned()));
        let object = query_object(row, budget);
        let decoded = query::decode(&key, object.clone(), self.zone);
        let mut findings = decoded.findings;
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
                let finding = Finding::new("queries", FindingKind::Recovered, note);
                self.ledger.find(OLD_DATABASE, &[finding]);
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
        if let Some(path) = self.copy_of_query(of, "query.json")? {
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
        let state = |name: &str| tables.states.get(&format!("{name}:{}:{}", of.0, of.1));
        let counts = QUERY_TABLES.map(|table| {
            let groups = database.table(table).into_iter().flat_map(|table| &table.groups);
            let rows = groups.filter(|group| is_of(group, of)).map(|group| group.rows).sum();
            (table, rows)
        });
        Ok(QueryRows {
            profile: of.0.to_owned(),
            query: of.1.to_owned(),
            jql: query.jql.clone(),
            last_fetch: state("last_fetch_time").cloned(),
            is_full_fetch: state("last_delta_changed_count").is_some_and(|count| count == "-1"),
            categories: self.categories(of, &statuses, settings, tables)?,
            points_field: settings.points_field().map(str::to_owned),
            changelog_copy: self.copy_of_query(of, "jira_changelog_cache.json")?,
            data_copy: self.copy_of_query(of, "project_data.json")?,
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
        use store::legacy::row::category::Origin;
        let mut categories = Categories::default();
        let scope =
            |profile: &str, query: &str| tables.scopes.get(&(profile.to_owned(), query.to_owned()));
        if let Some(scope) = scope(of.0, of.1) {
            categories.add_scope(scope, Origin::Scope);
        }
        let base_url = |profile: &str| {
            let row = tables
                .profiles
                .iter()
                .find(|row| text(&row.cells, "id").as_deref() == Some(profile))?;
            let Json::Object(config) = Json::parse(&text(&row.cells, "jira_config")?).ok()? else {
                return None;
            };
            config
                .get("base_url")?
                .as_text()
                .map(|url| url.trim_end_matches('/').to_owned())
                .filter(|url| !url.is_empty())
        };
        let own_url = base_url(of.0);
        let is_unknown =
            |categories: &Categories| statuses.iter().any(|status| !categories.knows(status));
        for (profile, queries) in &tables.ids {
            let origin = if profile == of.0 { Origin::OtherQuery } else { Origin::OtherProfile };
            let is_same = profile == of.0 || (own_url.is_some() && base_url(profile) == own_url);
            for scope in queries
                .iter()
                .filter(|_| is_same && origin == Origin::OtherQuery)
                .filter_map(|query| scope(profile, query))
            {
                categories.add_scope(scope, origin);
            }
        }
        for (profile, queries) in &tables.ids {
            let is_other = profile != of.0 && own_url.is_some() && base_url(profile) == own_url;
            for scope in
                queries.iter().filter(|_| is_other).filter_map(|query| scope(profile, query))
            {
                categories.add_scope(scope, Origin::OtherProfile);
            }
        }
        if is_unknown(&categories)
            && let Some(path) = self.copy_of_query(of, "jira_cache.json")?
        {
            for (status, category) in crate::read::statuses_of_copy(self.folder, &path)? {
                categories.add(&status, &category, Origin::Backup);
            }
        }
        if let Some(classification) = &settings.project_classification {
            categories.add_settings(classification);
        }
        Ok(categories)
    }

    /// Accounts for rows that belong to nobody, because their ids are no texts.
    pub(super) fn keep_ownerless_rows_aside(&mut self, database: &OldDatabase) -> Result<()> {
        for name in QUERY_TABLES.iter().filter(|name| !name.starts_with("budget_")) {
            let Some(table) = database.table(name) else { continue };
            if table.groups.iter().map(|group| group.rows).sum::<u64>() == table.rows {
                continue;
            }
            let mut ownerless = Vec::new();
            database.each_row(name, None, Order::Inserted, &mut |row| {
                let is_owned = ["profile_id", "query_id"].iter().all(|column| {
                    matches!(row.cells.get(column), Some(Json::Text(_)))
                        && !row.odd.iter().any(|cell| cell.column == *column)
                });
                if !is_owned {
                    ownerless.push(row);
                }
                Ok::<(), crate::Error>(())
            })?;
            for row in ownerless {
                self.keep_row_aside(name, &row, "its profile or query is no text");
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct UsedIds {
    profiles: HashSet<String>,
}

fn is_of(group: &Group, of: (&str, &str)) -> bool {
    group.profile == of.0 && group.query == of.1
}

fn text(cells: &Object, column: &str) -> Option<String> {
    match cells.get(column)? {
        Json::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// All ids that rows name, in the order of profiles and queries, those without a row of their own last.
fn ids(database: &OldDatabase, tables: &Tables) -> Vec<(String, Vec<String>)> {
    let mut ids: Vec<(String, Vec<String>)> = Vec::new();
    let mut add = |profile: String, query: Option<String>| {
        let place = ids.iter().position(|(id, _)| *id == profile).unwrap_or_else(|| {
            ids.push((profile, Vec::new()));
            ids.len() - 1
        });
        if let (Some((_, queries)), Some(query)) = (ids.get_mut(place), query)
            && !queries.contains(&query)
        {
            queries.push(query);
        }
    };
    for row in &tables.profiles {
        if let Some(id) = text(&row.cells, "id") {
            add(id, None);
        }
    }
    for row in &tables.queries {
        if let Some(profile) = text(&row.cells, "profile_id") {
            add(profile, text(&row.cells, "id"));
        }
    }
    for group in
        QUERY_TABLES.iter().filter_map(|table| database.table(table)).flat_map(|t| &t.groups)
    {
        add(group.profile.clone(), Some(group.query.clone()));
    }
    ids
}

fn scopes(database: &OldDatabase) -> Result<HashMap<(String, String), Json>> {
    let mut scopes = HashMap::new();
    database.each_row("project_scope", None, Order::Inserted, &mut |row| {
        let column = |name: &str| text(&row.cells, name);
        if let (Some(profile), Some(query), Some(Ok(scope))) = (
            column("profile_id"),
            column("query_id"),
            column("scope_data").map(|text| Json::parse(&text)),
        ) {
            scopes.insert((profile, query), scope);
        }
        Ok::<(), crate::Error>(())
    })?;
    Ok(scopes)
}

/// A row of `queries` as its file had it, with its budget.
fn query_object(row: Option<&Row>, budget: Option<&Object>) -> Object {
    let cells = row.map(|row| row.cells.iter()).into_iter().flatten();
    let cells = cells
        .filter(|(column, value)| !row::DROPPED.contains(column) && !matches!(value, Json::Null));
    let budget = budget.map(Object::iter).into_iter().flatten();
    cells.chain(budget).map(|(name, value)| (name.to_owned(), value.clone())).collect()
}

/// The old app took the field mapped under `general.estimate` before the one of the connection.
fn prefer_mapped_points(own: &mut profile::Decoded) {
    let general = own.settings.field_mappings.as_ref().and_then(|group| group.get("general"));
    let mapped = general.and_then(|general| general.get("estimate")).and_then(Json::as_text);
    let Some(mapped) = mapped.filter(|field| !field.trim().is_empty()).map(|f| f.into_owned())
    else {
        return;
    };
    if let Some(Json::Object(connection)) = &mut own.settings.jira_config
        && connection.get("points_field").is_some_and(|field| *field != Json::text(&mapped))
    {
        connection.set("points_field", Json::text(&mapped));
        let note = "the field mapped under general.estimate counts";
        own.findings.push(Finding::new("jira_config.points_field", FindingKind::Overridden, note));
    }
}
