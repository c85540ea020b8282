//! Caches of a shape that nobody wrote, and caches with a hole.

use std::fs;

use migrate::Report;
use model::CacheKind;

use super::workspace::{Workspace, findings, issues, json, only_query};

const QUERY: &str = "profiles/p_a7b6725386c3/queries/q_25d5b4b45190";

/// Changes a file of the small workspace, migrates it, and gives the report, the keys of the issues
/// that were taken, and what the header says is missing.
#[track_caller]
fn migrated(
    file: &str,
    change: impl FnOnce(Vec<u8>) -> Vec<u8>,
) -> (Report, Vec<String>, u64, Option<String>) {
    let workspace = Workspace::small();
    let place = workspace.path.join(QUERY).join(file);
    fs::write(&place, change(fs::read(&place).unwrap())).unwrap();
    let report = workspace.migrate();
    assert_eq!(workspace.verify().unexplained_count, 0);
    let store = workspace.store();
    let reader = store.read().unwrap();
    let key = only_query(&*reader).key;
    let keys = issues(&*reader, &key).into_iter().map(|issue| issue.key).collect();
    let kind = if file == "jira_cache.json" { CacheKind::Issues } else { CacheKind::Changelogs };
    let partial = reader.header(&key, kind).unwrap().unwrap().partial;
    (report, keys, reader.changelog_count(&key).unwrap(), partial)
}

#[test]
fn issues_by_key_are_taken_as_a_list() {
    let workspace = Workspace::small();
    let cache = json(&workspace.path.join(QUERY).join("jira_cache.json"));
    let list = cache.get("issues").unwrap().as_array().unwrap().to_vec();
    let wanted: Vec<String> = list
        .iter()
        .map(|issue| issue.get("key").unwrap().as_text().unwrap().into_owned())
        .collect();
    let (report, keys, _, partial) = migrated("jira_cache.json", |_| {
        let members: Vec<String> = list
            .iter()
            .zip(&wanted)
            .map(|(issue, key)| format!("\"{key}\":{}", issue.to_compact()))
            .collect();
        format!("{{\"issues\":{{{}}},\"total_issues\":60}}", members.join(",")).into_bytes()
    });
    assert_eq!((keys, partial), (wanted, None));
    assert_eq!(findings(&report, "jira_cache.json", "coerced"), 1);
}

/// Overwrites a stretch in the middle with zeros, as a disk does that lost a block.
fn with_hole(mut bytes: Vec<u8>) -> Vec<u8> {
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0);
    bytes
}

#[test]
fn what_stands_around_a_hole_is_taken() {
    let (report, keys, _, partial) = migrated("jira_cache.json", with_hole);
    assert!((50..60).contains(&keys.len()), "{} issues", keys.len());
    assert_eq!(findings(&report, "jira_cache.json", "gap"), 1);
    assert!(partial.unwrap().contains("gap"));
    let (report, _, changelogs, partial) = migrated("jira_changelog_cache.json", with_hole);
    assert!((50..60).contains(&changelogs), "{changelogs} changelogs");
    assert_eq!(findings(&report, "jira_changelog_cache.json", "gap"), 1);
    assert!(partial.unwrap().contains("gap"));
}

/// A value without parts is JSON, and what it is gets said; what is none is said as well.
#[test]
fn a_file_that_holds_one_plain_value_is_told_as_what_it_is() {
    for (text, want) in [
        ("null", "holds null"),
        (" true\n", "holds a truth value"),
        ("-1.5", "holds a number"),
        ("\"x\"", "holds text"),
        ("hello", "holds no JSON"),
        ("nul", "holds no JSON"),
    ] {
        let (report, keys, _, partial) = migrated("jira_cache.json", |_| text.into());
        let partial = partial.unwrap();
        assert!(keys.is_empty() && partial.contains(want), "{text}: {partial}");
        assert_eq!(findings(&report, "jira_cache.json", "unreadable"), 1);
    }
}
