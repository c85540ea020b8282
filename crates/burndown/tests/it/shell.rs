//! The issues of a workspace as a table for a database shell: made from the documents that it exports, and
//! from nothing that the program derived from them.

use model::{TimeZone, stamp};
use rusqlite::{Connection, params};
use serde_json::Value;

use crate::program::run;
use crate::samples::Workspace;

const TABLE: &str = "CREATE TEMP TABLE issues (query, project, issue_type, status, status_category,
    created, resolved, points)";
const INSERT: &str = "INSERT INTO issues SELECT row, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM queries
    WHERE profile_id = ?1 AND id = ?2";

/// The database of a workspace with the table `issues` beside its own.
pub fn open(workspace: &Workspace) -> Connection {
    let database = Connection::open(workspace.database()).unwrap();
    database.execute_batch(TABLE).unwrap();
    for profile in run(&workspace.path, &["profiles", "--json"]).json().as_array().unwrap() {
        let id = profile["id"].as_str().unwrap();
        let exported = run(&workspace.path, &["export", "--profile", id, "-"]).answer();
        let (mut query, mut points_field) = (String::new(), String::new());
        for record in exported.lines().filter_map(record) {
            if let Some(settings) = record["profile"].get("settings") {
                let field = settings["jira_config"]["points_field"].as_str();
                points_field = field.unwrap_or_default().to_owned();
            }
            if let Some(id) = record["query"]["id"].as_str() {
                query = id.to_owned();
            }
            let Some(fields) = record["issue"]["document"].get("fields") else { continue };
            let moment = |name: &str| {
                let at = stamp::parse(fields[name].as_str()?, &TimeZone::UTC)?.0;
                Some(stamp::format(at))
            };
            let row = params![
                id,
                query,
                fields["project"]["key"].as_str(),
                fields["issuetype"]["name"].as_str(),
                fields["status"]["name"].as_str(),
                fields["status"]["statusCategory"]["key"].as_str(),
                moment("created"),
                moment("resolutiondate"),
                fields[&points_field].as_f64(),
            ];
            database.execute(INSERT, row).unwrap();
        }
    }
    database
}

/// A record of an export; what strict JSON cannot say in it is not needed here.
fn record(line: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(line.trim_end_matches(',')).ok()?;
    let Some(lenient) = value["lenient"].as_str() else { return Some(value) };
    let strict = lenient.replace("NaN", "null").replace("-Infinity", "null");
    Some(serde_json::from_str(&strict.replace("Infinity", "null")).unwrap())
}
