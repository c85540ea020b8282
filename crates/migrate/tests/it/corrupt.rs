//! Damaged workspaces: what each `EXPECT.txt` says happens, and nothing else is lost.

use migrate::{Fate, Report};
use model::{CacheKind, IssueFacts, Json, Profile, Tape};
use store::Reader;

use super::workspace::{Workspace, findings, issues, notes, only_query};

const QUERY: &str = "q_25d5b4b45190";

/// Migrates a case and hands over what came of it. Whatever the damage, `verify` holds later too.
#[track_caller]
fn check(case: &str, look: impl FnOnce(&Report, &dyn Reader)) {
    let workspace = Workspace::corrupt(case);
    let before = workspace.legacy_files();
    let report = workspace.migrate();
    assert_eq!(workspace.legacy_files(), before, "the old folder changed");
    assert_eq!(workspace.verify().unexplained, Vec::<String>::new());
    let store = workspace.store();
    let reader = store.read().unwrap();
    look(&report, &*reader);
}

/// Issues, changelogs, statistics and snapshots of the whole workspace.
fn counts(report: &Report) -> [u64; 4] {
    let totals = &report.totals;
    [totals.issues, totals.changelogs, totals.statistics, totals.snapshots]
}

const ALL: [u64; 4] = [60, 60, 29, 261];

fn only_profile(reader: &dyn Reader) -> Profile {
    let key = only_query(reader).key;
    reader.profile(&key.profile).unwrap().unwrap()
}

fn partial(reader: &dyn Reader) -> Option<String> {
    let key = only_query(reader).key;
    reader.header(&key, CacheKind::Issues).unwrap().unwrap().partial
}

fn fate(report: &Report, file: &str) -> Fate {
    report.files.iter().find(|found| found.path.ends_with(file)).unwrap().fate
}

/// Every case of the archives is looked at by a test of its own.
#[test]
fn no_case_is_left_out() {
    let has_all = |folder: &std::path::Path, tests: &str| {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let case = entry.file_name().into_string().unwrap();
            assert!(entry.path().join("EXPECT.txt").is_file(), "{case}");
            assert!(tests.contains(&format!("\"{case}\"")), "{case}");
        }
    };
    let workspace = Workspace::corrupt("bom-utf8");
    has_all(workspace.path.parent().unwrap(), include_str!("corrupt.rs"));
    let Some(workspace) = Workspace::damaged_database("truncated") else { return };
    let tests = concat!(include_str!("old_damage.rs"), include_str!("busy.rs"));
    has_all(workspace.path.parent().unwrap(), tests);
}

#[test]
fn active_points_nowhere() {
    check("active-points-nowhere", |report, reader| {
        assert_eq!(counts(report), ALL);
        assert_eq!(reader.state("active_profile_id").unwrap().unwrap(), "p_a7b6725386c3");
        assert_eq!(reader.state("active_query_id").unwrap().unwrap(), QUERY);
        assert_eq!(notes(report, "dangling-selection"), 2);
    });
}

#[test]
fn bad_issue_dates() {
    check("bad-issue-dates", |report, reader| {
        assert_eq!(counts(report), ALL);
        let key = only_query(reader).key;
        let issues = issues(reader, &key);
        let mut tape = Tape::new();
        let created = |place: usize, tape: &mut Tape| {
            let issue = &issues[place];
            IssueFacts::derive(&issue.key, &issue.document, None, tape)
                .created
                .map(|at| at.to_string())
        };
        assert_eq!(created(0, &mut tape).as_deref(), Some("2025-06-02T04:30:00Z"));
        assert_eq!(created(1, &mut tape).as_deref(), Some("2025-06-02T10:00:00Z"));
        assert_eq!(created(2, &mut tape).as_deref(), Some("2025-06-02T00:00:00Z"));
        assert_eq!((created(3, &mut tape), created(4, &mut tape)), (None, None));
        assert!(issues[4].document.as_str().contains(r#""created":"yesterday""#));
    });
}

#[test]
fn bom_utf8() {
    check("bom-utf8", |report, reader| {
        assert_eq!(counts(report), ALL);
        assert_eq!(only_profile(reader).name, "Apache Kafka");
        for file in ["profile.json", "query.json", "project_data.json", "profiles.json"] {
            assert_eq!(findings(report, file, "encoding"), 1, "{file}");
        }
    });
}

#[test]
fn db_already_there() {
    let workspace = Workspace::corrupt("db-already-there");
    let other = workspace.path.join("profiles/burndown.db");
    let before = std::fs::read(&other).unwrap();
    let report = workspace.migrate();
    assert_eq!(counts(&report), ALL);
    assert_eq!(std::fs::read(&other).unwrap(), before);
    assert_eq!(findings(&report, "burndown.db", "other-database"), 1);
}

#[test]
fn deep_nesting() {
    check("deep-nesting", |report, reader| {
        assert_eq!(counts(report), ALL);
        assert_eq!(findings(report, "jira_cache.json", "deep-nesting"), 1);
        let key = only_query(reader).key;
        assert!(issues(reader, &key)[0].document.as_str().contains(&"[".repeat(600)));
    });
}

#[test]
fn duplicate_json_keys() {
    check("duplicate-json-keys", |report, reader| {
        let query = only_query(reader);
        assert_eq!((query.name.as_str(), query.jql.as_str()), ("All issues", "project = KAFKA"));
        assert_eq!(findings(report, "query.json", "repeated-member"), 2);
    });
}

#[test]
fn duplicate_names() {
    check("duplicate-names", |report, reader| {
        let mut names: Vec<String> =
            reader.profiles().unwrap().into_iter().map(|p| p.name).collect();
        names.sort();
        assert_eq!(names, ["APACHE KAFKA (3)", "Apache Kafka", "Apache Kafka (2)"]);
        assert_eq!(counts(report), ALL.map(|count| count * 3));
    });
}

#[test]
fn empty_jira_cache() {
    check("empty-jira-cache", |report, reader| {
        assert_eq!(counts(report), [0, 60, 29, 261]);
        assert_eq!(partial(reader).as_deref(), Some("the file is empty"));
        assert_eq!(fate(report, "jira_cache.json"), Fate::Quarantined);
    });
}

#[test]
fn empty_profile_json() {
    check("empty-profile-json", |report, reader| {
        assert_eq!(counts(report), ALL);
        let profile = only_profile(reader);
        assert_eq!(
            (profile.name.as_str(), profile.description.as_deref()),
            ("Apache Kafka", Some("Public Kafka tracker"))
        );
        assert!(profile.settings.forecast_settings.is_some());
    });
}

#[test]
fn registry_unreadable_or_missing() {
    for case in ["empty-profiles-json", "truncated-profiles-json", "no-registry"] {
        check(case, |report, reader| {
            assert_eq!(counts(report), ALL);
            assert_eq!(only_profile(reader).name, "Apache Kafka");
            assert_eq!(reader.state("active_query_id").unwrap().unwrap(), QUERY, "{case}");
        });
    }
}

#[test]
fn future_version() {
    check("future-version", |report, reader| {
        assert_eq!(counts(report), ALL);
        let profile = only_profile(reader);
        assert_eq!(profile.settings.extra.get("budget").unwrap().to_compact(), r#"{"x":1}"#);
        assert!(profile.settings.older.get("setup_status").is_some());
        let key = only_query(reader).key;
        let header = reader.header(&key, CacheKind::Issues).unwrap().unwrap();
        assert_eq!(header.cache_version, Some(Json::text("99")));
        assert_eq!(reader.state("registry_extra").unwrap().unwrap(), r#"{"new_thing":{"a":1}}"#);
        assert_eq!(findings(report, "profile.json", "unknown-member"), 1);
    });
}

#[test]
fn html_injection() {
    check("html-injection", |report, reader| {
        assert_eq!(counts(report), ALL);
        assert!(only_profile(reader).name.contains('<') || only_query(reader).name.contains('<'));
    });
}

#[test]
fn huge_integers() {
    check("huge-integers", |report, reader| {
        assert_eq!(counts(report), ALL);
        let key = only_query(reader).key;
        let data = reader.project_data(&key).unwrap().unwrap();
        let text = data.project_scope.unwrap().to_compact();
        assert!(text.contains(r#""total_items":10000000000000000000000000"#));
        assert!(text.contains(r#""total_points":-9223372036854775809"#));
        assert!(data.statistics.unwrap().to_compact().contains("18446744073709551616"));
        assert!(findings(report, "project_data.json", "wide-number") >= 2);
        assert_eq!(findings(report, "metrics_snapshots.json", "wide-number"), 1);
    });
}

#[test]
fn id_mismatch() {
    check("id-mismatch", |report, reader| {
        assert_eq!(only_profile(reader).id.as_str(), "p_a7b6725386c3");
        assert_eq!(findings(report, "profile.json", "id-mismatch"), 1);
    });
}

#[test]
fn listed_query_without_dir() {
    check("listed-query-without-dir", |report, reader| {
        only_query(reader);
        assert_eq!(notes(report, "no-folder"), 1);
    });
}

#[test]
fn lone_surrogate() {
    check("lone-surrogate", |report, reader| {
        assert_eq!(only_query(reader).name, "All \u{FFFD} issues");
        let found = report.files.iter().find(|file| file.path.ends_with("query.json")).unwrap();
        assert!(found.findings.iter().any(|f| f.examples.iter().any(|e| e.contains(r"\\ud83d"))));
    });
}

#[test]
fn missing_profile_dir() {
    check("missing-profile-dir", |report, reader| {
        let profiles = reader.profiles().unwrap();
        let gone = profiles.iter().find(|profile| profile.id.as_str() == "p_00000000gone").unwrap();
        assert_eq!((gone.name.as_str(), gone.queries), ("Gone", 0));
        assert!(notes(report, "no-folder") >= 1);
    });
}

#[test]
fn mojibake_name() {
    check("mojibake-name", |report, reader| {
        assert!(only_profile(reader).name.starts_with("ZÃ¼rich"));
        assert_eq!(findings(report, "profile.json", "name-mangled"), 1);
    });
}

#[test]
fn nan_infinity() {
    check("nan-infinity", |report, reader| {
        assert_eq!(counts(report), ALL);
        let key = only_query(reader).key;
        let scope = reader.project_data(&key).unwrap().unwrap().project_scope.unwrap();
        let written = scope.get("remaining_total_points").unwrap().to_compact();
        assert!(["NaN", "Infinity", "-Infinity"].contains(&written.as_str()), "{written}");
        for file in ["jira_cache.json", "metrics_snapshots.json", "project_data.json"] {
            assert!(findings(report, file, "non-finite") >= 1, "{file}");
        }
    });
}

#[test]
fn orphan_profile_dir() {
    check("orphan-profile-dir", |report, reader| {
        assert_eq!(reader.profiles().unwrap().len(), 2);
        assert_eq!(counts(report), ALL.map(|count| count * 2));
        assert_eq!(notes(report, "not-in-registry"), 1);
    });
}

#[test]
fn path_traversal_ids() {
    check("path-traversal-ids", |report, reader| {
        assert_eq!(reader.profiles().unwrap().len(), 1);
        assert_eq!(notes(report, "unsafe-id"), 2);
        assert_eq!(reader.state("active_query_id").unwrap().unwrap(), QUERY);
    });
}

#[test]
fn stale_tmp_next_to_good() {
    check("stale-tmp-next-to-good", |report, reader| {
        only_query(reader);
        assert_eq!(findings(report, "profiles.tmp", "stale-temporary"), 1);
        assert_eq!(fate(report, "profiles.tmp"), Fate::Kept);
    });
}

#[test]
fn statistics_iso_datetime() {
    check("statistics-iso-datetime", |_, reader| {
        let key = only_query(reader).key;
        let rows = reader.project_data(&key).unwrap().unwrap().rows();
        assert_eq!(rows.len(), 29);
        assert_eq!(rows[0].date.unwrap().to_string(), "2025-06-02");
    });
}

#[test]
fn trailing_comma_comments() {
    check("trailing-comma-comments", |report, reader| {
        let query = only_query(reader);
        assert_eq!((query.name.as_str(), query.jql.as_str()), ("All issues", "project = KAFKA"));
        assert_eq!(findings(report, "query.json", "hand-edit"), 1);
    });
}

#[test]
fn truncated_jira_cache() {
    check("truncated-jira-cache", |report, reader| {
        assert_eq!(counts(report), [36, 60, 29, 261]);
        assert!(partial(reader).unwrap().contains("breaks at byte"));
        assert_eq!(fate(report, "jira_cache.json"), Fate::Partly);
        assert_eq!(findings(report, "jira_cache.json", "cut"), 1);
    });
}

#[test]
fn truncated_metrics_snapshots() {
    check("truncated-metrics-snapshots", |report, _| {
        assert_eq!(counts(report), [60, 60, 29, 153]);
        assert_eq!(findings(report, "metrics_snapshots.json", "cut"), 1);
    });
}

#[test]
fn truncated_profile_json() {
    check("truncated-profile-json", |report, reader| {
        assert_eq!(counts(report), ALL);
        let profile = only_profile(reader);
        assert_eq!(
            (profile.name.as_str(), profile.description.as_deref()),
            ("Apache Kafka", Some("Public Kafka tracker"))
        );
        assert_eq!(profile.settings.base_url(), Some("https://issues.example.org"));
        assert!(profile.settings.forecast_settings.is_some());
        assert_eq!(fate(report, "profile.json"), Fate::Partly);
    });
}

#[test]
fn truncated_project_data() {
    check("truncated-project-data", |report, reader| {
        assert_eq!(counts(report), [60, 60, 14, 261]);
        let key = only_query(reader).key;
        let data = reader.project_data(&key).unwrap().unwrap();
        assert!(data.partial.unwrap().contains("breaks at byte"));
        assert!(data.project_scope.is_some());
    });
}

#[test]
fn unreadable_dir_as_file() {
    check("unreadable-dir-as-file", |report, reader| {
        assert_eq!(counts(report), [0, 60, 29, 261]);
        assert!(partial(reader).unwrap().contains("not a file"));
    });
}

#[test]
fn wrong_types_profile() {
    check("wrong-types-profile", |report, reader| {
        assert_eq!(counts(report), ALL);
        let profile = only_profile(reader);
        assert_eq!(profile.name, "12345");
        assert_eq!(profile.settings.jira_config.unwrap().to_compact(), r#"["x"]"#);
        assert_eq!(findings(report, "profile.json", "coerced"), 1);
        assert!(findings(report, "profile.json", "odd-setting") >= 2);
    });
}

#[test]
fn wrong_types_registry() {
    check("wrong-types-registry", |report, reader| {
        assert_eq!(only_profile(reader).name, "Apache Kafka");
        assert_eq!(findings(report, "profiles.json", "coerced"), 1);
    });
}

#[test]
fn wrong_types_statistics() {
    check("wrong-types-statistics", |report, reader| {
        let key = only_query(reader).key;
        let data = reader.project_data(&key).unwrap().unwrap();
        assert_eq!(data.statistics.as_ref().unwrap().as_array().unwrap().len(), 34);
        assert_eq!(data.rows().len(), 33);
        assert_eq!(data.rows()[29].completed_points, Some(4.5));
        assert_eq!(findings(report, "project_data.json", "repeated-day"), 1);
        assert_eq!(findings(report, "project_data.json", "undated-row"), 2);
        assert_eq!(findings(report, "project_data.json", "odd-row"), 2);
    });
}
