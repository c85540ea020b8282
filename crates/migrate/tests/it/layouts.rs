//! Every layout the old app ever had arrives whole.

use migrate::{Fate, Totals};
use model::{CacheKind, Points, ProfileId, QueryKey, Week};

use super::workspace::{Workspace, findings, issues, only_query, query_keys, silent};

/// Counts of profiles, queries, issues, changelogs, statistics, snapshots, saved queries.
#[track_caller]
fn check_totals(totals: &Totals, want: [u64; 7]) {
    let got = [
        totals.profiles,
        totals.queries,
        totals.issues,
        totals.changelogs,
        totals.statistics,
        totals.snapshots,
        totals.saved_queries,
    ];
    assert_eq!(got, want);
}

#[test]
fn small_arrives_whole_and_stays_untouched() {
    let workspace = Workspace::small();
    let before = workspace.legacy_files();
    let report = workspace.migrate();
    check_totals(&report.totals, [1, 1, 60, 60, 29, 261, 1]);
    assert_eq!(workspace.legacy_files(), before);
    let store = workspace.store();
    let reader = store.read().unwrap();
    let query = only_query(&*reader);
    assert_eq!(
        (query.name.as_str(), query.description.as_deref()),
        ("All issues", Some("Everything"))
    );
    let header = reader.header(&query.key, CacheKind::Issues).unwrap().unwrap();
    assert_eq!(header.fetched_at.unwrap().written(), "2025-12-22T16:06:32.478647+00:00");
    assert_eq!(header.expires_at.unwrap().to_string(), "2025-12-23T16:06:32.478Z");
    assert_eq!(reader.state("active_query_id").unwrap().unwrap(), query.key.query.as_str());
    let transient: Vec<_> = report.files.iter().filter(|f| f.fate == Fate::Transient).collect();
    assert_eq!(transient.len(), 4);
    assert_eq!(workspace.verify().unexplained_count, 0);
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let workspace = Workspace::small();
    let before = workspace.legacy_files();
    let planned = migrate::dry_run(&workspace.job(), &silent).unwrap();
    assert_eq!(workspace.legacy_files(), before);
    assert!(!workspace.path.join("backups").exists() && !workspace.database().exists());
    let done = workspace.migrate();
    assert_eq!(planned.totals, done.totals);
    assert_eq!(planned.finding_count(), done.finding_count());
}

#[test]
fn multi_keeps_unicode_names_empty_queries_and_delta_shapes() {
    let Some(workspace) = Workspace::shared("multi") else { return };
    let report = workspace.migrate();
    check_totals(&report.totals, [3, 7, 1550, 1550, 229, 1854, 2]);
    let store = workspace.store();
    let reader = store.read().unwrap();
    let names: Vec<String> = reader.profiles().unwrap().into_iter().map(|p| p.name).collect();
    assert!(names.contains(&"Zürich – Ünïcødé 项目 🚀".to_owned()), "{names:?}");
    let delta = QueryKey::parse("p_35183d6a76a3", "q_603d2d63fb6a").unwrap();
    let mut points = [0; 3];
    reader
        .each_issue_facts(&delta, &mut |facts| {
            points[match facts.points {
                Points::Known(_) => 0,
                Points::Empty => 1,
                _ => 2,
            }] += 1;
            Ok(())
        })
        .unwrap();
    assert_eq!(points.iter().sum::<i32>(), 308);
    assert_eq!(points[2], 20);
    let csv = QueryKey::parse("p_133c7a306f5b", "q_7ba5258de25a").unwrap();
    let rows = reader.project_data(&csv).unwrap().unwrap().rows();
    assert_eq!((rows.len(), rows.iter().filter(|row| row.date.is_none()).count()), (23, 1));
    assert_eq!(findings(&report, "q_7ba5258de25a/project_data.json", "repeated-day"), 1);
    assert_eq!(findings(&report, "q_7ba5258de25a/project_data.json", "undated-row"), 1);
}

#[test]
fn real_arrives_whole() {
    let Some(workspace) = Workspace::shared("real") else { return };
    check_totals(&workspace.migrate().totals, [3, 4, 3392, 3392, 971, 8739, 0]);
    let store = workspace.store();
    let reader = store.read().unwrap();
    let mut changes = 0;
    for key in query_keys(&*reader) {
        reader
            .each_changelog_facts(&key, &mut |_, facts| {
                let transitions = facts.transitions;
                assert!(transitions.is_sorted_by_key(|transition| transition.at));
                changes += transitions.len();
                Ok(())
            })
            .unwrap();
    }
    assert_eq!(changes, 12_902);
}

#[test]
fn large_arrives_whole() {
    let Some(workspace) = Workspace::shared("large") else { return };
    check_totals(&workspace.migrate().totals, [1, 1, 10_000, 10_000, 103, 234, 0]);
    let (size, rows) = (std::fs::metadata(workspace.database()).unwrap().len(), 20_234);
    assert!(size / rows < 300, "{size} bytes");
}

#[test]
fn names_that_windows_mangled_come_from_the_registry() {
    let Some(workspace) = Workspace::shared("windows-cp1252") else { return };
    let report = workspace.migrate();
    let store = workspace.store();
    let reader = store.read().unwrap();
    let profile = reader.profile(&ProfileId::new("p_797bfd19159f").unwrap()).unwrap().unwrap();
    assert_eq!(profile.name, "Zürich – Größe neu");
    assert_eq!(profile.description.as_deref(), Some("Prüfprofil „A“"));
    assert_eq!(findings(&report, "p_797bfd19159f/profile.json", "name-unmangled"), 2);
    let other = reader.profile(&ProfileId::new("p_d2fecc743322").unwrap()).unwrap().unwrap();
    assert_eq!(other.name, "Команда Север с 'с'");
}

/// What all three generations of one workspace of November 2025 must give.
#[track_caller]
fn check_november(name: &str) {
    let Some(workspace) = Workspace::shared(name) else { return };
    let report = workspace.migrate();
    check_totals(&report.totals, [1, 1, 120, 97, 37, 108, 1]);
    let store = workspace.store();
    let reader = store.read().unwrap();
    let query = only_query(&*reader);
    assert_eq!(
        (query.key.to_string().as_str(), query.jql.as_str()),
        ("default/main", "project = KAFKA")
    );
    assert_eq!(query.name, "Kafka – alle");
    let profile = reader.profile(&query.key.profile).unwrap().unwrap();
    assert_eq!(profile.name, "Default");
    assert_eq!(profile.settings.base_url(), Some("https://issues.example.org"));
    assert_eq!(profile.settings.points_field(), Some("customfield_10016"));
    let forecast = profile.settings.forecast_settings.unwrap();
    assert_eq!(forecast.get("deadline").unwrap().as_text().unwrap(), "2025-12-31");
    let classes = profile.settings.project_classification.unwrap();
    assert_eq!(classes.get("flow_end_statuses").unwrap().to_compact(), r#"["Resolved","Closed"]"#);
    let secrets = store::SecretFile::open(&workspace.path.join("profiles")).unwrap();
    assert_eq!(secrets.token(&query.key.profile).unwrap().reveal(), "example-token");
    assert_eq!(workspace.verify().unexplained_count, 0);
}

#[test]
fn root_files_become_a_profile() {
    check_november("flat-2025-11");
}

#[test]
fn settings_moved_beside_the_caches_are_found() {
    check_november("profiles-default-2025-11");
}

#[test]
fn made_up_defaults_do_not_win_over_real_settings() {
    check_november("upgraded-default-first-launch");
}

#[test]
fn the_csv_of_early_2025_becomes_statistics() {
    let csv = "date;completed_items;completed_points;created_items;created_points\n\
               2025-03-03;3;7,5;1;2\n2025-03-10;4;8;;\nsoon;1;1;1;1\n";
    let settings = br#"{"pert_factor": 3, "deadline": "2025-12-31", "total_items": 87, "total_points": 261.5}"#;
    let workspace = Workspace::with(&[
        ("forecast_statistics.csv", csv.as_bytes()),
        ("forecast_settings.json", settings),
        ("jira_cache.json", br#"{"timestamp":"2025-07-01T10:00:00.123456","issues":[{"key":"A-1","fields":{}}],"total_issues":1}"#),
    ]);
    let report = workspace.migrate();
    check_totals(&report.totals, [1, 1, 1, 0, 3, 0, 0]);
    let store = workspace.store();
    let reader = store.read().unwrap();
    let query = only_query(&*reader);
    let rows = reader.project_data(&query.key).unwrap().unwrap().rows();
    assert_eq!(rows[0].completed_points, Some(7.5));
    assert_eq!((rows[1].created_items, rows[2].date), (None, None));
    let header = reader.header(&query.key, CacheKind::Issues).unwrap().unwrap();
    assert_eq!(header.fetched_at.unwrap().at.unwrap().to_string(), "2025-07-01T08:00:00.123Z");
    let profile = reader.profile(&query.key.profile).unwrap().unwrap();
    assert_eq!(profile.settings.extra.get("total_items").unwrap().to_compact(), "87");
    assert_eq!(workspace.verify().unexplained_count, 0);
}

#[test]
fn an_export_beside_the_workspace_does_not_disturb() {
    let Some(workspace) = Workspace::shared("export-v2.2.1") else { return };
    check_totals(&workspace.migrate().totals, [1, 1, 60, 60, 29, 261, 1]);
}

#[test]
fn root_files_beside_profiles_become_a_profile_of_their_own() {
    let workspace = Workspace::small();
    workspace.write("jira_cache.json", br#"{"issues":[{"key":"OLD-1","fields":{}}]}"#);
    let report = workspace.migrate();
    check_totals(&report.totals, [2, 2, 61, 60, 29, 261, 1]);
    let store = workspace.store();
    let reader = store.read().unwrap();
    let key = QueryKey::parse("default", "main").unwrap();
    assert_eq!(issues(&*reader, &key)[0].key, "OLD-1");
}

#[test]
fn root_files_that_a_query_holds_too_are_copies() {
    let workspace = Workspace::small();
    let query = "profiles/p_a7b6725386c3/queries/q_25d5b4b45190";
    let bytes = std::fs::read(workspace.path.join(query).join("jira_cache.json")).unwrap();
    workspace.write("jira_cache.json", &bytes);
    let report = workspace.migrate();
    assert_eq!((report.totals.profiles, report.totals.issues), (1, 60));
    let copy = report.files.iter().find(|file| file.path == "jira_cache.json").unwrap();
    assert_eq!((copy.fate, copy.findings[0].code.as_str()), (Fate::Kept, "older-copy"));
}

#[test]
fn weeks_keep_their_numbers() {
    let workspace = Workspace::small();
    workspace.migrate();
    let store = workspace.store();
    let reader = store.read().unwrap();
    let query = only_query(&*reader).key;
    let week = Week::parse("2025-W51").unwrap();
    let snapshots = reader.snapshots_between(&query, week..=week).unwrap();
    assert_eq!(snapshots.len(), 9);
    let newest = reader.snapshots(&query, 1).unwrap();
    assert_eq!(newest[0].week, week);
}
