//! What rows belong to that were saved, where it could not be read itself: made anew under the same id, and
//! it says so. An index may still know the id and the name.

use rusqlite::{Connection, Result, params};

/// What is said of a profile or query that was made anew.
const SAID: &str = "made anew, as it could not be read in the damaged database";
/// The same of a profile of which an index knows the form alone by which names are compared.
const SAID_NEAR: &str = "made anew, as it could not be read in the damaged database; its name is only near: \
    which of its letters were capitals is lost";
const NAME: &str = "recovered";

/// Tables whose rows belong to a query.
const OF_QUERY: [&str; 7] = [
    "metrics_snapshots",
    "project_data",
    "cache_headers",
    "jira_changelog_cache",
    "jira_cache",
    "dictionaries",
    "syncs",
];
/// Up to which number queries are looked for that no index names.
const QUERIES_MAX: i64 = 10_000;

const PROFILE_IDS: &str = "SELECT rowid, id FROM profiles INDEXED BY sqlite_autoindex_profiles_1";
const PROFILE_NAMES: &str =
    "SELECT rowid, name_folded FROM profiles INDEXED BY sqlite_autoindex_profiles_2";
const QUERY_IDS: &str =
    "SELECT row, profile_id, id FROM queries INDEXED BY sqlite_autoindex_queries_1";
const METRIC_NAMES: &str =
    "SELECT id, name FROM metric_types INDEXED BY sqlite_autoindex_metric_types_1";

/// Profiles that an index still names; says how many.
pub(super) fn put_indexed_profiles(source: &Connection, target: &Connection) -> Result<u64> {
    let names: Vec<(i64, String)> =
        readable(source, PROFILE_NAMES, |row| Ok((row.get(0)?, row.get(1)?)));
    let ids: Vec<(i64, String)> =
        readable(source, PROFILE_IDS, |row| Ok((row.get(0)?, row.get(1)?)));
    let mut made = 0;
    for (number, id) in ids {
        let name = names.iter().find(|(of, _)| *of == number).map(|(_, name)| name.as_str());
        let (name, said) = name.map_or((NAME, SAID), |name| (name, SAID_NEAR));
        made += put_profile(target, &id, name, said)?;
    }
    Ok(made)
}

/// Profiles that rows name and that are not there; says how many.
pub(super) fn put_named_profiles(target: &Connection) -> Result<u64> {
    let sql = "SELECT profile_id FROM queries UNION SELECT profile_id FROM deliveries
        UNION SELECT profile_id FROM statuses";
    let named: Vec<String> = readable(target, sql, |row| row.get(0));
    named.iter().map(|id| put_profile(target, id, NAME, SAID)).sum()
}

/// 1 if it was not there. Where an id breaks a rule of the new database it is 0, and what belongs to it is
/// given up as well.
fn put_profile(target: &Connection, id: &str, name: &str, said: &str) -> Result<u64> {
    let known = "SELECT 1 FROM profiles WHERE id = ?";
    if target.prepare_cached(known)?.exists([id])? {
        return Ok(0);
    }
    let taken = "SELECT 1 FROM profiles WHERE name_folded = ?";
    let is_taken = |name: &str| target.prepare_cached(taken)?.exists([model::name::fold(name)]);
    // Others may have that name, and one of them the next.
    let (mut free, mut number) = (name.to_owned(), 1);
    while is_taken(&free)? {
        free = match number {
            1 => format!("{name} ({id})"),
            _ => format!("{name} ({id}) {number}"),
        };
        number += 1;
    }
    let sql = "INSERT OR IGNORE INTO profiles
        (id, name, name_folded, description, older, extra, revision) VALUES (?, ?, ?, ?, '{}', '{}', 1)";
    Ok(target.execute(sql, params![id, free, model::name::fold(&free), said])? as u64)
}

/// Queries that an index still names, or that rows belong to; says how many.
pub(super) fn put_queries(source: &Connection, target: &Connection) -> Result<u64> {
    let mut queries: Vec<(i64, String, String)> =
        readable(source, QUERY_IDS, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let known: Vec<i64> = readable(target, "SELECT row FROM queries", |row| row.get(0));
    let is_known = |number: i64, queries: &[(i64, String, String)]| {
        known.contains(&number) || queries.iter().any(|(of, ..)| *of == number)
    };
    // With one profile there is no doubt whose they are.
    let profiles: Vec<String> = readable(target, "SELECT id FROM profiles", |row| row.get(0));
    let profile = if let [only] = profiles.as_slice() { only } else { NAME };
    for number in 1..=last_query(source) {
        if !is_known(number, &queries) && has_rows(source, number) {
            queries.push((number, profile.to_owned(), format!("q_{NAME}_{number}")));
        }
    }
    let sql = "INSERT OR IGNORE INTO queries
        (row, profile_id, id, name, jql, description, extra, revision) VALUES (?, ?, ?, ?, '', ?, '{}', 1)";
    let mut made = 0;
    for (number, profile, id) in queries.iter().filter(|(number, ..)| !known.contains(number)) {
        made += target.execute(sql, params![number, profile, id, format!("{NAME} {id}"), SAID])?;
    }
    Ok(made as u64)
}

/// Queries that were made anew have the JQL that their issues were fetched with.
pub(super) fn put_fetched_jql(target: &Connection) -> Result<()> {
    let fetched = "SELECT jql FROM cache_headers h WHERE h.query = queries.row AND h.kind = 0";
    let sql = format!(
        "UPDATE queries SET jql = coalesce(({fetched}), '') WHERE jql = '' AND description = ?"
    );
    target.execute(&sql, [SAID]).map(drop)
}

/// The highest number of a query that rows belong to.
fn last_query(source: &Connection) -> i64 {
    let last = |table: &&str| {
        let sql = format!("SELECT max(query) FROM {table}");
        source.query_row(&sql, [], |row| row.get::<_, Option<i64>>(0)).ok().flatten()
    };
    OF_QUERY.iter().filter_map(last).max().unwrap_or(0).min(QUERIES_MAX)
}

fn has_rows(source: &Connection, query: i64) -> bool {
    OF_QUERY.iter().any(|table| {
        let sql = format!("SELECT 1 FROM {table} WHERE query = ? LIMIT 1");
        let found = source.prepare_cached(&sql).and_then(|mut found| found.exists([query]));
        found.unwrap_or(false)
    })
}

/// Names of metrics that an index still knows; the others are numbered.
pub(super) fn put_metric_types(source: &Connection, target: &Connection) -> Result<u64> {
    let names: Vec<(i64, String)> =
        readable(source, METRIC_NAMES, |row| Ok((row.get(0)?, row.get(1)?)));
    let mut made = 0;
    for (id, name) in names {
        let sql = "INSERT OR IGNORE INTO metric_types (id, name) VALUES (?, ?)";
        made += target.execute(sql, params![id, name])?;
    }
    Ok(made as u64)
}

/// The same for those that snapshots belong to and nothing names.
pub(super) fn put_numbered_metric_types(target: &Connection) -> Result<u64> {
    let sql = format!(
        "INSERT OR IGNORE INTO metric_types (id, name)
         SELECT DISTINCT metric_type, '{NAME}-' || metric_type FROM metrics_snapshots
         WHERE metric_type NOT IN (SELECT id FROM metric_types)"
    );
    Ok(target.execute(&sql, [])? as u64)
}

/// Removes copies in the trash of which a part is gone; says how many. Nothing could be restored from them.
pub(super) fn remove_trash_in_part(target: &Connection) -> Result<u64> {
    let sql = "DELETE FROM trash WHERE size_bytes <>
        (SELECT coalesce(sum(length(bytes)), 0) FROM trash_pieces WHERE copy = trash.id)";
    Ok(target.execute(sql, [])? as u64)
}

/// Removes rows whose parent is not there still; says how many of which table. With them nobody could tell
/// the new database from a damaged one.
pub(super) fn remove_orphans(target: &Connection) -> Result<Vec<(String, u64)>> {
    let sql = "SELECT DISTINCT c.\"table\", c.parent, k.\"from\", k.\"to\"
        FROM pragma_foreign_key_check() c, pragma_foreign_key_list(c.\"table\") k WHERE k.id = c.fkid";
    let mut removed = Vec::new();
    loop {
        let mut statement = target.prepare(sql)?;
        let row = |row: &rusqlite::Row<'_>| -> Result<[String; 4]> {
            Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])
        };
        let broken: Vec<[String; 4]> = statement.query_map([], row)?.collect::<Result<_>>()?;
        let before = removed.len();
        for [table, parent, from, to] in broken {
            let sql =
                format!("DELETE FROM {table} WHERE {from} NOT IN (SELECT {to} FROM {parent})");
            let rows = target.execute(&sql, [])? as u64;
            removed.extend((rows > 0).then_some((table, rows)));
        }
        // Others may have belonged to what was removed.
        if removed.len() == before {
            return Ok(removed);
        }
    }
}

/// As many rows as can be read.
fn readable<T>(
    connection: &Connection,
    sql: &str,
    row: impl Fn(&rusqlite::Row<'_>) -> Result<T>,
) -> Vec<T> {
    let Ok(mut statement) = connection.prepare(sql) else { return Vec::new() };
    let Ok(rows) = statement.query_map([], row) else { return Vec::new() };
    rows.map_while(Result::ok).collect()
}
