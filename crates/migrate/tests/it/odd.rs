//! Rare and broken things that users' disks hold, one small workspace each.

use std::fs;

use migrate::{Fate, Report};
use model::{CacheKind, Json, QueryKey, Week};
use store::Reader;

use super::workspace::{Workspace, findings, issues, notes, silent};

const BASE: &str = "profiles/p_1/queries/q_1";

/// A workspace of one profile and one query, with more files or other ones in their place.
pub fn workspace(files: &[(&str, &[u8])]) -> Workspace {
    let workspace = Workspace::with(&[
        (
            "profiles/profiles.json",
            br#"{"version":"3.0","active_profile_id":"p_1","active_query_id":"q_1",
            "profiles":{"p_1":{"id":"p_1","name":"One","queries":["q_1"]}}}"#,
        ),
        (
            "profiles/p_1/profile.json",
            br#"{"id":"p_1","name":"One","jira_config":{"points_field":"cf"}}"#,
        ),
        ("profiles/p_1/queries/q_1/query.json", br#"{"name":"Q","jql":"project = A"}"#),
    ]);
    for (path, bytes) in files {
        workspace.write(path, bytes);
    }
    workspace
}

pub fn in_query(file: &str) -> String {
    format!("{BASE}/{file}")
}

pub fn key() -> QueryKey {
    QueryKey::parse("p_1", "q_1").unwrap()
}

/// Migrates, verifies, and hands over what came of it.
#[track_caller]
fn check(files: &[(&str, &[u8])], look: impl FnOnce(&Report, &dyn Reader)) {
    look_at(&workspace(files), look);
}

#[track_caller]
pub fn look_at(workspace: &Workspace, look: impl FnOnce(&Report, &dyn Reader)) {
    let before = workspace.legacy_files();
    let report = workspace.migrate();
    assert_eq!(workspace.legacy_files(), before, "the old folder changed");
    assert_eq!(workspace.verify().unexplained, Vec::<String>::new());
    let store = workspace.store();
    let reader = store.read().unwrap();
    look(&report, &*reader);
}

fn issue_keys(reader: &dyn Reader) -> Vec<String> {
    issues(reader, &key()).into_iter().map(|issue| issue.key).collect()
}

#[test]
fn utf16_files_are_read() {
    let text = r#"{"name":"Größe 🚀","jql":"project = ZÜR"}"#;
    let wide: Vec<u8> =
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    check(&[(&in_query("query.json"), &wide)], |report, reader| {
        assert_eq!(reader.query(&key()).unwrap().unwrap().name, "Größe 🚀");
        assert_eq!(findings(report, "query.json", "encoding"), 1);
    });
}

#[test]
fn bytes_of_windows_are_read_as_cp1252() {
    let cache = b"{\"issues\":[{\"key\":\"A-1\",\"fields\":{\"summary\":\"Gr\xf6\xdfe\"}}]}";
    check(
        &[
            (&in_query("query.json"), b"{\"name\":\"Gr\xf6\xdfe\",\"jql\":\"\"}"),
            (&in_query("jira_cache.json"), cache),
        ],
        |report, reader| {
            assert_eq!(reader.query(&key()).unwrap().unwrap().name, "Größe");
            assert!(issues(reader, &key())[0].document.as_str().contains("Größe"));
            assert_eq!(findings(report, "query.json", "cp1252"), 1);
            assert_eq!(findings(report, "jira_cache.json", "cp1252"), 1);
        },
    );
}

#[test]
fn carriage_returns_do_not_matter() {
    check(
        &[(&in_query("query.json"), b"{\r\n  \"name\": \"Q\",\r\n  \"jql\": \"x\"\r\n}\r\n")],
        |report, reader| {
            assert_eq!(reader.query(&key()).unwrap().unwrap().jql, "x");
            assert_eq!(findings(report, "query.json", "hand-edit"), 0);
        },
    );
}

#[test]
fn the_only_copy_may_be_a_temporary_file() {
    let workspace = workspace(&[
        (
            "profiles/profiles.tmp",
            br#"{"active_profile_id":"p_1","profiles":{"p_1":{"name":"From tmp"}}}"#,
        ),
        ("profiles/p_1/profile.json.tmp", br#"{"id":"p_1","description":"from tmp"}"#),
        (&in_query("query.tmp"), br#"{"name":"Q tmp","jql":"x"}"#),
        (
            &in_query("project_data_ab12cd34.tmp"),
            br#"{"statistics":[{"date":"2025-06-02","completed_items":1}]}"#,
        ),
        (
            &in_query("metrics_snapshots_ab12cd34.json"),
            br#"{"2025-W30":{"flow_time":{"median_days":2}}}"#,
        ),
    ]);
    for gone in [
        "profiles/profiles.json",
        "profiles/p_1/profile.json",
        "profiles/p_1/queries/q_1/query.json",
    ] {
        fs::remove_file(workspace.path.join(gone)).unwrap();
    }
    look_at(&workspace, |report, reader| {
        let query = reader.query(&key()).unwrap().unwrap();
        assert_eq!(query.name, "Q tmp");
        let profile = reader.profile(&query.key.profile).unwrap().unwrap();
        assert_eq!(
            (profile.name.as_str(), profile.description.as_deref()),
            ("From tmp", Some("from tmp"))
        );
        assert_eq!((report.totals.statistics, report.totals.snapshots), (1, 1));
        assert_eq!(findings(report, ".tmp", "temporary-taken"), 4);
    });
}

#[cfg(unix)]
#[test]
fn links_are_never_followed() {
    let outside =
        Workspace::with(&[("secret.json", br#"{"issues":[{"key":"EVIL-1","fields":{}}]}"#)]);
    let workspace = workspace(&[]);
    let link = |to: &std::path::Path, at: &str| {
        std::os::unix::fs::symlink(to, workspace.path.join(at)).unwrap()
    };
    link(&outside.path.join("secret.json"), &in_query("jira_cache.json"));
    link(&outside.path, "profiles/p_out");
    link(&workspace.path.join("profiles"), "profiles/p_1/queries/loop");
    look_at(&workspace, |report, reader| {
        assert_eq!(reader.profiles().unwrap().len(), 1);
        assert_eq!(report.totals.issues, 0);
        let header = reader.header(&key(), CacheKind::Issues).unwrap().unwrap();
        assert_eq!(header.partial.as_deref(), Some("jira_cache.json is not a file"));
        assert_eq!(findings(report, "loop", "not-a-file"), 1);
    });
}

#[test]
fn repeated_keys_let_the_last_one_win() {
    let cache =
        br#"{"total_issues":3,"issues":[{"key":"A-1","fields":{"n":1}},{"key":"A-2","fields":{}},
        {"key":"A-1","fields":{"n":2}}]}"#;
    let workspace = workspace(&[(&in_query("jira_cache.json"), cache)]);
    look_at(&workspace, |report, reader| {
        assert_eq!(issue_keys(reader), ["A-1", "A-2"]);
        assert!(issues(reader, &key())[0].document.as_str().contains(r#""n":2"#));
        assert_eq!(findings(report, "jira_cache.json", "repeated-record"), 1);
        assert_eq!(findings(report, "jira_cache.json", "wrong-count"), 0);
        let kept = workspace
            .path
            .join(&report.backup)
            .join("quarantine")
            .join(BASE)
            .join("jira_cache.json");
        assert_eq!(fs::read(kept).unwrap(), cache);
    });
}

#[test]
fn bad_records_go_to_quarantine_and_the_rest_arrives() {
    let cache =
        br#"{"issues":[{"key":"A-1","fields":{}},5,{"fields":{}},{"key":"A-2" "fields":{}},null,
        {"key":"A-3","fields":{}}]}"#;
    let workspace = workspace(&[(&in_query("jira_cache.json"), cache)]);
    look_at(&workspace, |report, reader| {
        assert_eq!(issue_keys(reader), ["A-1", "A-3"]);
        assert_eq!(findings(report, "jira_cache.json", "bad-record"), 4);
        let header = reader.header(&key(), CacheKind::Issues).unwrap().unwrap();
        assert_eq!(header.partial.as_deref(), Some("4 issues could not be read"));
        let records = workspace.path.join(&report.backup).join("quarantine/records.jsonl");
        assert_eq!(fs::read_to_string(records).unwrap().lines().count(), 4);
    });
}

#[test]
fn issues_and_changelogs_in_each_others_files_are_said() {
    let changelogs = br#"{"A-1":{"key":"A-1","changelog":{"histories":[]}}}"#;
    let issues = br#"{"issues":[{"key":"A-1","fields":{}},{"key":"A-2","fields":{}}]}"#;
    let files: &[(&str, &[u8])] = &[
        (&in_query("jira_cache.json"), changelogs),
        (&in_query("jira_changelog_cache.json"), issues),
    ];
    check(files, |report, reader| {
        assert_eq!((report.totals.issues, report.totals.changelogs), (0, 0));
        assert_eq!(report.verification.as_ref().unwrap().unexplained_count, 0);
        let partial = |kind| reader.header(&key(), kind).unwrap().unwrap().partial.unwrap();
        assert_eq!(partial(model::CacheKind::Issues), "1 issues could not be read");
        assert_eq!(partial(model::CacheKind::Changelogs), "2 changelogs could not be read");
    });
}

#[test]
fn issues_of_wrong_types() {
    for (cache, want) in [
        (br#"{"issues":null}"#.as_slice(), "wrong-type"),
        (br#"{"issues":{"A-1":{}}}"#, "bad-record"),
        (br#"{"issues":"x","timestamp":5}"#, "wrong-type"),
        (b"nonsense", "unreadable"),
        (b"\0\0\0\0", "unreadable"),
        (b"[{\"key\":\"A-1\",\"fields\":{}}]", "coerced"),
        (b"{\"issues\":[]} trailing", "trailing-text"),
        (b"{\"issues\":[],\"x\":1}{\"issues\":[]}", "trailing-text"),
    ] {
        check(&[(&in_query("jira_cache.json"), cache)], |report, _| {
            assert_eq!(
                findings(report, "jira_cache.json", want),
                1,
                "{}",
                String::from_utf8_lossy(cache)
            );
        });
    }
}

#[test]
fn very_deep_nesting_is_carried_or_refused_but_never_crashes() {
    let depth = 100_000;
    let cache = format!(
        r#"{{"issues":[{{"key":"A-1","fields":{{"x":{}1{}}}}},{{"key":"A-2","fields":{{}}}}],"deep":{}{}}}"#,
        "[".repeat(depth),
        "]".repeat(depth),
        "[".repeat(depth),
        "]".repeat(depth)
    );
    check(&[(&in_query("jira_cache.json"), cache.as_bytes())], |report, reader| {
        assert_eq!(issue_keys(reader), ["A-1", "A-2"]);
        assert_eq!(findings(report, "jira_cache.json", "deep-nesting"), 2);
    });
}

#[test]
fn both_shapes_of_the_changelog_in_one_file() {
    let log = br#"{"cache_version":"2.0","timestamp":"2025-11-01T10:00:00","jql_query":"x","fields_requested":"y","total_issues":1,
        "issues":[{"key":"A-1","changelog":{"histories":[]},"fields":{}}],
        "A-2":{"key":"A-2","fields":{},"changelog":{"histories":[],"total":0},"last_updated":"2025-11-02T10:00:00"},
        "A-3":null}"#;
    check(&[(&in_query("jira_changelog_cache.json"), log)], |report, reader| {
        assert_eq!(report.totals.changelogs, 2);
        assert!(reader.changelog(&key(), "A-1").unwrap().is_some());
        assert!(reader.changelog(&key(), "A-2").unwrap().is_some());
        let header = reader.header(&key(), CacheKind::Changelogs).unwrap().unwrap();
        assert_eq!(header.extra.get("A-3"), Some(&Json::Null));
        assert_eq!(findings(report, "jira_changelog_cache.json", "moved"), 1);
    });
}

#[test]
fn both_labels_of_a_week_meet() {
    let weeks = br#"{"2025-44":{"a":{"v":1},"b":{"v":2}},"2025-W44":{"a":{"v":1}},"2025-W99":{},"2025-W45":{}}"#;
    check(&[(&in_query("metrics_snapshots.json"), weeks)], |report, reader| {
        let week = Week::parse("2025-W44").unwrap();
        let metrics: Vec<String> = reader
            .snapshots_between(&key(), week..=week)
            .unwrap()
            .into_iter()
            .map(|s| s.metric)
            .collect();
        assert_eq!(metrics, ["a", "b"]);
        assert_eq!(findings(report, "metrics_snapshots.json", "week-label"), 1);
        assert_eq!(findings(report, "metrics_snapshots.json", "bad-record"), 1);
        assert_eq!(findings(report, "metrics_snapshots.json", "empty-week"), 1);
    });
}

#[test]
fn a_gutted_profile_gets_its_name_from_the_registry() {
    check(
        &[("profiles/p_1/profile.json", br#"{"queries":["q_20251222_120000"]}"#)],
        |report, reader| {
            assert_eq!(reader.profile(&key().profile).unwrap().unwrap().name, "One");
            assert_eq!(findings(report, "p_1/profile.json", "filled-in"), 2);
            assert_eq!(notes(report, "no-folder"), 1);
        },
    );
}

#[test]
fn ghosts_of_imports_are_taken_and_marked() {
    let ghost = br#"{"name":"Q","jql":"project = A","created_at":"2025-12-22T12:00:00"}"#;
    check(&[("profiles/p_1/queries/q_20251222_120000/query.json", ghost)], |report, reader| {
        assert_eq!(reader.queries(&key().profile).unwrap().len(), 2);
        assert_eq!(findings(report, "q_20251222_120000/query.json", "ghost-query"), 1);
    });
}

#[test]
fn a_query_without_its_file_gets_name_and_jql_from_what_is_there() {
    let workspace = workspace(&[
        (
            "profiles/p_1/queries/main/jira_cache.json",
            br#"{"jql_query":"project = B","issues":[]}"#,
        ),
        ("jira_query_profiles.json", br#"[{"id":"1","name":"All of B","jql":"project = B"}]"#),
        (
            "profiles/p_1/queries/my_query/project_data.json",
            br#"{"metadata":{"jira_query":"project = C"}}"#,
        ),
    ]);
    look_at(&workspace, |_, reader| {
        let query = |id| reader.query(&QueryKey::parse("p_1", id).unwrap()).unwrap().unwrap();
        assert_eq!(
            (query("main").name.as_str(), query("main").jql.as_str()),
            ("All of B", "project = B")
        );
        assert_eq!(
            (query("my_query").name.as_str(), query("my_query").jql.as_str()),
            ("My Query", "project = C")
        );
    });
}

#[test]
fn ids_of_any_text_are_kept_exactly() {
    let id = "Team Größe (copy): 'x' & <y>";
    let path = format!("profiles/{id}/queries/été 1/query.json");
    check(&[(&path, br#"{"name":"Q2","jql":""}"#)], |_, reader| {
        let key = QueryKey::parse(id, "été 1").unwrap();
        assert_eq!(reader.query(&key).unwrap().unwrap().name, "Q2");
    });
}

#[test]
fn a_profile_may_be_named_like_the_program() {
    let profile = br#"{"id":"burndown-chart","name":"Burndown chart"}"#;
    check(&[("profiles/burndown-chart/profile.json", profile)], |_, reader| {
        let id = model::ProfileId::new("burndown-chart").unwrap();
        assert_eq!(reader.profile(&id).unwrap().unwrap().name, "Burndown chart");
    });
}

#[test]
fn names_that_break_the_rules_are_repaired() {
    let long = format!(r#"{{"name":"{}","jql":""}}"#, "x".repeat(300));
    check(
        &[
            (&in_query("query.json"), long.as_bytes()),
            ("profiles/p_1/profile.json", b"{\"id\":\"p_1\",\"name\":\" a\\nb \"}"),
        ],
        |report, reader| {
            assert_eq!(reader.query(&key()).unwrap().unwrap().name.len(), 100);
            assert_eq!(reader.profile(&key().profile).unwrap().unwrap().name, "a b");
            assert_eq!(findings(report, "query.json", "name-repaired"), 1);
        },
    );
}

#[test]
fn settings_in_two_places_are_merged() {
    let profile = br#"{"id":"p_1","name":"One","field_mappings":{"flow":{"status":"status"}},
        "jira_config":{"base_url":"https://new.example.org","configured":true}}"#;
    let older = br#"{"field_mappings":{"deployment_date":"x"},"jira_config":{"base_url":"https://old.example.org"}}"#;
    check(
        &[("profiles/p_1/profile.json", profile), (&in_query("app_settings.json"), older)],
        |report, reader| {
            let settings = reader.profile(&key().profile).unwrap().unwrap().settings;
            assert_eq!(settings.base_url(), Some("https://new.example.org"));
            assert_eq!(findings(report, "app_settings.json", "overridden"), 1);
        },
    );
}

#[test]
fn names_that_are_empty_and_lists_for_weeks() {
    for (weeks, code) in [
        (r#"{"":{"a":{}}}"#, "bad-record"),
        (r#"{"2025-W01":{"":{}}}"#, "bad-record"),
        (r#"{"2025-W01":{"":{},"a":{}}}"#, "bad-record"),
        (r#"[{"a":1}]"#, "unreadable"),
    ] {
        check(&[(&in_query("metrics_snapshots.json"), weeks.as_bytes())], |report, _| {
            assert_eq!(findings(report, "metrics_snapshots.json", code), 1, "{weeks}");
        });
    }
}

#[cfg(unix)]
#[test]
fn pipes_and_names_that_are_no_text_do_not_stop_it() {
    use std::os::unix::ffi::OsStrExt as _;
    let workspace = workspace(&[]);
    let pipe = workspace.path.join(in_query("project_data.json"));
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let odd = workspace.path.join("profiles").join(std::ffi::OsStr::from_bytes(b"p_\xff"));
    fs::create_dir(&odd).unwrap();
    fs::write(odd.join("profile.json"), "{\"name\":\"Latin\"}").unwrap();
    let report = workspace.migrate();
    assert_eq!(workspace.verify().unexplained, Vec::<String>::new());
    assert_eq!(notes(&report, "unsafe-id"), 1);
    let kept = workspace.path.join(&report.backup).join("profiles");
    let kept = kept.join(std::ffi::OsStr::from_bytes(b"p_\xff")).join("profile.json");
    assert_eq!(fs::read_to_string(kept).unwrap(), "{\"name\":\"Latin\"}");
    let done = migrate::rollback(&workspace.path, false, workspace.job().now).unwrap();
    assert!(done.restored.is_empty(), "{done:?}");
}

#[test]
fn queries_that_are_a_file_are_said() {
    let workspace = workspace(&[]);
    fs::remove_dir_all(workspace.path.join("profiles/p_1/queries")).unwrap();
    workspace.write("profiles/p_1/queries", b"not a folder");
    look_at(&workspace, |report, reader| {
        assert_eq!(reader.queries(&key().profile).unwrap().len(), 0);
        assert_eq!(findings(report, "p_1/queries", "not-a-file"), 1);
    });
}

#[test]
fn saved_queries_of_any_shape() {
    for (text, fate, count) in [
        (r#"[{"name":"a","jql":"b"}]"#, Fate::Imported, 1),
        ("[]", Fate::Imported, 0),
        (r#"[{"name":"a","jql":"b"},{"name""#, Fate::Partly, 1),
        (r#"{"name":"a"}"#, Fate::Quarantined, 0),
        ("", Fate::Quarantined, 0),
    ] {
        check(&[("jira_query_profiles.json", text.as_bytes())], |report, _| {
            assert_eq!(report.totals.saved_queries, count, "{text}");
            let file =
                report.files.iter().find(|file| file.path == "jira_query_profiles.json").unwrap();
            assert_eq!(file.fate, fate, "{text}");
        });
    }
}

#[test]
fn scalar_project_data_and_headers_of_wrong_types() {
    let data = br#"{"total_items":87,"total_points":261.50,"estimated_items":3,"metadata":{"version":"1.0"}}"#;
    let cache = br#"{"issues":[],"timestamp":["x"],"fields_requested":["key","status"],"jql_query":7,"changed_keys":{}}"#;
    check(
        &[(&in_query("project_data.json"), data), (&in_query("jira_cache.json"), cache)],
        |report, reader| {
            let data = reader.project_data(&key()).unwrap().unwrap();
            assert_eq!(data.totals.get("total_points").unwrap().to_compact(), "261.50");
            let header = reader.header(&key(), CacheKind::Issues).unwrap().unwrap();
            assert_eq!(header.fields_requested.as_deref(), Some("key,status"));
            assert_eq!(header.jql.as_deref(), Some("7"));
            assert!(findings(report, "jira_cache.json", "coerced") >= 2);
        },
    );
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt as _;
    let workspace = workspace(&[]);
    let profiles = workspace.path.join("profiles");
    fs::set_permissions(&profiles, fs::Permissions::from_mode(0o500)).unwrap();
    let result = migrate::migrate(&workspace.job(), &silent);
    fs::set_permissions(&profiles, fs::Permissions::from_mode(0o700)).unwrap();
    // The administrator may write everywhere; the command's tests run this as somebody else.
    if let Err(error) = result {
        assert!(error.to_string().contains("rights"), "{error}");
        assert!(!workspace.database().exists());
    }
}

#[test]
fn the_report_lists_what_is_there_and_says_why_it_was_kept() {
    let workspace = workspace(&[
        (&in_query("query.json"), br#"{"name":"Q","jql":""}"#),
        ("profiles/p_1/notes.txt", b"mine"),
        ("profiles/p_\u{1b}[31m\nforged: line\u{202e}.txt", b"x"),
    ]);
    look_at(&workspace, |report, _| {
        for file in &report.files {
            assert!(workspace.path.join(&file.path).exists(), "{} is not there", file.path);
            let is_explained = file.fate != Fate::Kept || !file.findings.is_empty();
            assert!(is_explained, "nobody says why {} was kept", file.path);
        }
        assert_eq!(findings(report, "notes.txt", "not-read"), 1);
        let text = report.to_text();
        let is_raw = |c: char| c != '\n' && c.is_control() || c == '\u{202e}';
        assert!(!text.contains(is_raw), "{text:?}");
        assert!(!text.lines().any(|line| line.starts_with("forged")), "{text}");
    });
}
