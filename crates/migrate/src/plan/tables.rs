//! The small tables of the old app's database, and what became of their rows.

use std::collections::HashMap;

use model::{Json, Object};
use store::legacy::row;
use store::legacy::sqlite::{Log, OldDatabase, Order, QUERY_TABLES, Row};
use store::legacy::{Finding, FindingKind};

use super::Planner;
use crate::error::Result;
use crate::inventory::OLD_DATABASE;
use crate::row_count::{Owner, RowCount};

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

/// The `schema_version` of every release.
const KNOWN_SCHEMA: &str = "1.0";

/// The rows of the small tables.
pub(super) struct Tables {
    pub profiles: Vec<Row>,
    pub queries: Vec<Row>,
    pub states: HashMap<String, String>,
    /// Budget and revisions by profile and query as written.
    pub budgets: HashMap<(String, String), Object>,
    /// Ids of profiles as written, with those of their queries, in order.
    pub ids: Vec<(String, Vec<String>)>,
    /// The Jira of each profile that names one.
    pub base_urls: HashMap<String, String>,
    /// Scopes by profile and query as written.
    pub scopes: HashMap<(String, String), Json>,
}

impl Tables {
    /// Whether there is a profile and a query of these ids.
    fn is_of_one(&self, (profile, query): &(String, String)) -> bool {
        self.ids.iter().any(|(id, queries)| id == profile && queries.contains(query))
    }

    /// Whether the old app brought its JSON in completely.
    pub fn is_migrated(&self) -> bool {
        self.states.contains_key("migration_complete")
    }
}

impl Planner<'_> {
    pub(super) fn find_in_database(
        &mut self,
        path: impl Into<String>,
        kind: FindingKind,
        note: impl Into<String>,
    ) {
        self.ledger.find(OLD_DATABASE, &[Finding::new(path, kind, note)]);
    }

    /// Reads the small tables and accounts for what is odd about the database as a whole.
    pub(super) fn tables(&mut self, database: &OldDatabase) -> Result<Tables> {
        self.note_state_of(database);
        let profiles = self.last_by(database, "profiles", &["id"])?;
        let queries = self.last_by(database, "queries", &["profile_id", "id"])?;
        let states = self.states(database)?;
        self.note_form(database, &states);
        let scopes = scopes(database)?;
        let (budgets, base_urls) = (HashMap::new(), base_urls(&profiles));
        let ids = ids(database, &profiles, &queries);
        let mut tables = Tables { profiles, queries, states, budgets, ids, base_urls, scopes };
        tables.budgets = self.budgets(database, &tables)?;
        Ok(tables)
    }

    fn note_state_of(&mut self, database: &OldDatabase) {
        if database.log == Log::LeftOut {
            let note = "the log or journal beside it damages the database, whole without it";
            self.find_in_database("", FindingKind::LogLeftOut, note);
        }
        for name in database.missing_tables() {
            self.find_in_database(name, FindingKind::MissingTable, "the table is not there");
        }
        for table in database.tables.iter().filter(|table| table.is_cut) {
            let note = format!("the table is damaged; {} rows could be read", table.rows);
            self.find_in_database(&table.name, FindingKind::Cut, note);
        }
        for table in database.unknown_tables() {
            let note = format!("a table of {} rows that the old app does not read", table.rows);
            self.find_in_database(&table.name, FindingKind::NotRead, note);
            self.ledger.count_rows(&table.name, Owner::none(), RowCount::kept_aside(table.rows));
        }
    }

    /// A later form than the known one is said; what is known of it is read.
    fn note_form(&mut self, database: &OldDatabase, states: &HashMap<String, String>) {
        let version = database.user_version.to_string();
        let schema = states.get("schema_version").map_or(KNOWN_SCHEMA, String::as_str);
        for (path, found, known) in [
            ("user_version", version.as_str(), "0"),
            ("app_state.schema_version", schema, KNOWN_SCHEMA),
        ] {
            if found != known {
                let note = format!("{found:?}, where {known:?} is known");
                self.find_in_database(path, FindingKind::NewerForm, note);
            }
        }
    }

    /// Rows of a table; of those with the same key the last one, others are kept aside.
    fn last_by(&mut self, database: &OldDatabase, table: &str, key: &[&str]) -> Result<Vec<Row>> {
        let mut rows: Vec<Row> = Vec::new();
        let mut places: HashMap<Vec<String>, usize> = HashMap::new();
        let mut aside: Vec<(Row, &'static str)> = Vec::new();
        database.each_row(table, None, Order::Inserted, &mut |row| {
            let ids: Option<Vec<String>> = key.iter().map(|column| row.text(column)).collect();
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
        rows.iter().for_each(|row| self.keep_odd_cells_aside(table, row));
        if table == "profiles" {
            rows.sort_by_key(|row| (row.text("created_at"), row.rowid));
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
            self.keep_odd_cells_aside("app_state", &row);
            let (key, value) = (row.text("key"), row.text("value"));
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
            self.find_in_database("app_state", FindingKind::KeptAside, note);
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
            self.keep_odd_cells_aside("task_progress", &row);
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

    pub(super) fn keep_cell_aside(&mut self, table: &str, rowid: i64, column: &str, cell: &Json) {
        let cell = cell.as_text().map_or_else(|| cell.to_compact(), |text| text.into_owned());
        let why = (FindingKind::BadCell, "no JSON; kept aside");
        self.keep_odd_cell_aside(table, rowid, column, why, cell);
    }

    /// Keeps what of a row's cells is neither text nor number.
    fn keep_odd_cells_aside(&mut self, table: &str, row: &Row) {
        for cell in &row.odd {
            self.keep_odd_cell_aside(table, row.rowid, &cell.column, cell.why(), cell.text.clone());
        }
    }

    fn keep_odd_cell_aside(
        &mut self,
        table: &str,
        rowid: i64,
        column: &str,
        (kind, note): (FindingKind, &str),
        text: String,
    ) {
        let finding = Finding::new(format!("{table}[{rowid}].{column}"), kind, note);
        self.ledger.find(OLD_DATABASE, std::slice::from_ref(&finding));
        let mut count = RowCount::default();
        count.note_cell(column, kind, rowid);
        self.ledger.count_rows(table, Owner::none(), count);
        self.kept_aside.push((finding, text));
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
            rows.sort_by_key(|row| (row.text("created_at"), row.rowid));
            for row in rows {
                self.keep_odd_cells_aside(table, &row);
                let has_query = row.cells.get("query_id").is_some();
                let profile = row.text("profile_id");
                let of_profile = tables.ids.iter().find(|(id, _)| Some(id) == profile.as_ref());
                let first = of_profile.and_then(|(_, queries)| queries.first().cloned());
                let query = if has_query { row.text("query_id") } else { first };
                let of_one = profile.zip(query).filter(|of| tables.is_of_one(of));
                let Some((profile, query)) = of_one else {
                    self.keep_row_aside(table, &row, "it belongs to no query");
                    continue;
                };
                if !has_query {
                    let note = format!("of all of {profile}; put to its first query, {query}");
                    let path = format!("{table}[{}]", row.rowid);
                    self.find_in_database(path, FindingKind::Moved, note);
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
/// All ids that rows name, in the order of profiles and queries, those without a row of their own last.
fn ids(database: &OldDatabase, profiles: &[Row], queries: &[Row]) -> Vec<(String, Vec<String>)> {
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
    for row in profiles {
        if let Some(id) = row.text("id") {
            add(id, None);
        }
    }
    for row in queries {
        if let Some(profile) = row.text("profile_id") {
            add(profile, row.text("id"));
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
        let [profile, query, scope] =
            ["profile_id", "query_id", "scope_data"].map(|column| row.text(column));
        let scope = scope.and_then(|text| Json::parse(&text).ok());
        if let (Some(profile), Some(query), Some(scope)) = (profile, query, scope) {
            scopes.insert((profile, query), scope);
        }
        Ok::<(), crate::Error>(())
    })?;
    Ok(scopes)
}

fn base_urls(profiles: &[Row]) -> HashMap<String, String> {
    let url = |row: &Row| {
        let config = Json::parse(&row.text("jira_config")?).ok()?;
        let url = config.get("base_url")?.as_text()?.trim_end_matches('/').to_owned();
        (!url.is_empty()).then_some((row.text("id")?, url))
    };
    profiles.iter().filter_map(url).collect()
}
