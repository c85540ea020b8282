//! Exports of the old app: what each kind gives, and what is said about it.

use std::io::{Cursor, Write as _};

use model::QueryKey;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::damage::gzip;
use crate::sample::{IMPORT, Place, shared_file};

/// What is expected of an import.
#[derive(Debug, PartialEq)]
struct Want<'w> {
    profile: &'w str,
    name: &'w str,
    /// Queries, issues, changelogs, queries with project data, snapshots.
    carried: [u64; 5],
}

#[track_caller]
fn check(file: &[u8], want: &Want<'_>, lacks: &[&str]) -> Place {
    let place = Place::empty();
    let imported = place.import(file, &IMPORT).unwrap();
    let carried = imported.carried;
    let found = Want {
        profile: &imported.profile,
        name: &imported.name,
        carried: [
            carried.queries,
            carried.issues,
            carried.changelogs,
            carried.project_data,
            carried.snapshots,
        ],
    };
    assert_eq!(&found, want, "{imported:#?}");
    for lack in lacks {
        assert!(imported.lacks.iter().any(|told| told.contains(lack)), "{:?}", imported.lacks);
    }
    assert!(!format!("{imported:?}").contains("example-token"));
    let id = model::ProfileId::new(imported.profile).unwrap();
    let stored = place.store.read().unwrap().profile(&id).unwrap().unwrap();
    assert!(!format!("{stored:?}").contains("example-token"));
    assert_eq!(place.store.check_integrity().unwrap(), Vec::<String>::new());
    place
}

#[test]
fn an_export_of_2_2() {
    let path = "downloads/export_p_a7b6725386c3_q_25d5b4b45190_20251222_170505.json";
    let Some(file) = shared_file("export-v2.2.1", path) else { return };
    let want = Want { profile: "p_a7b6725386c3", name: "Apache Kafka", carried: [1, 0, 0, 1, 261] };
    let place = check(&file, &want, &["token", "no name of the query", "a sync fetches them"]);
    let key = QueryKey::parse("p_a7b6725386c3", "q_25d5b4b45190").unwrap();
    let query = place.store.read().unwrap().query(&key).unwrap().unwrap();
    assert_eq!(query.jql, "project = KAFKA ORDER BY created DESC");
}

#[test]
fn exports_of_2_4() {
    const KAFKA: &str = "p_35183d6a76a3";
    let kafka = |carried| Want { profile: KAFKA, name: "Apache Kafka", carried };
    let zurich = Want {
        profile: "p_133c7a306f5b",
        name: "Zürich – Ünïcødé 项目 🚀",
        carried: [2, 302, 0, 2, 450],
    };
    for (path, want, lack) in [
        (
            "20251222_230959_p_35183d6a76a3_q_9bbde942fa52_export_config_only",
            kafka([3, 0, 0, 0, 0]),
            "no Jira token",
        ),
        (
            "20251222_231017_p_35183d6a76a3_q_9bbde942fa52_export_config_only_with_token",
            kafka([3, 0, 0, 0, 0]),
            "the Jira token in the file was not taken",
        ),
        (
            "20251222_231008_p_35183d6a76a3_q_9bbde942fa52_export_full_data",
            kafka([3, 1248, 0, 3, 1404]),
            "no changelogs",
        ),
        ("20251222_231026_p_133c7a306f5b_q_8403698ca480_export_full_data", zurich, "no changelogs"),
    ] {
        let Some(file) = shared_file("multi", &format!("downloads/{path}.json")) else { return };
        check(&file, &want, &[lack]);
    }
}

fn figures(carried: [u64; 5]) -> Want<'static> {
    Want { profile: "imported", name: "Imported statistics", carried }
}

#[test]
fn exports_of_figures_alone() {
    let lacks = ["no settings and no issues", "no Jira token"];
    let rows =
        r#"[{"date":"2025-06-02","completed_items":1},{"date":"NaT","completed_items":null}]"#;
    for (file, carried) in [
        (rows.to_owned(), [1, 0, 0, 1, 0]),
        (
            format!(r#"{{"statistics":{rows},"project_scope":{{"total_items":5}}}}"#),
            [1, 0, 0, 1, 0],
        ),
        (r#"{"total_items":5,"total_points":NaN}"#.to_owned(), [1, 0, 0, 1, 0]),
        (
            format!(
                r#"{{"export_timestamp":"2025-12-22T17:05:05","project_data":{{"statistics":{rows}}},
                    "metrics_snapshots":{{"2025-W23":{{"flow_load":{{"wip_count":1}}}}}},"format_version":"1.0"}}"#
            ),
            [1, 0, 0, 1, 1],
        ),
    ] {
        let place = check(file.as_bytes(), &figures(carried), &lacks);
        assert!(
            place.import(b"\xef\xbb\xbf[{\"date\":1}]", &IMPORT).unwrap().name.ends_with("(2)")
        );
    }
    let csv = "date;completed_items;completed_points\r\n2025-06-02;3;4,5\r\n";
    let want = Want { profile: "default", ..figures([1, 0, 0, 1, 0]) };
    // A table that somebody made has no token to miss.
    check(csv.as_bytes(), &want, &lacks[..1]);
    let Some(file) = shared_file("multi", "downloads/project_data_20251222_231026.json") else {
        return;
    };
    check(&file, &figures([1, 0, 0, 1, 585]), &lacks);
}

/// Rows as builds with a database wrote them.
const FLAT: &str = r#"{
    "manifest":{"version":"2.0","created_at":"2026-02-01T10:00:00+00:00","profiles":["p_1"]},
    "profile_data":{"id":"p_1","name":"Flat","show_points":1,"show_milestone":0,
        "jira_config":"{\"base_url\":\"https://x\",\"points_field\":\"cf_1\",\"token\":\"example-token\"}"},
    "query_data":{"q_1":{
        "query_metadata":{"id":"q_1","name":"All","jql":"project = A","created_at":"2026-01-01T00:00:00","last_used":null},
        "jira_cache":{"issues":[
            {"id":7,"issue_key":"A-1","summary":"S","status":"Done","issue_type":"Bug","priority":null,"resolution":"Fixed",
             "created":"2025-12-01T10:00:00.000+0000","resolved":"2025-12-05T10:00:00.000+0000","points":3.5,
             "project_key":"A","project_name":"Team A","fix_versions":["1.0"],"labels":"[\"x\"]","fixVersions":["1.0"],
             "custom_fields":{"cf_2":"v"},"fetched_at":"2026-01-31T10:00:00+00:00","assignee":"Me"},
            {"issue_key":"A-2","status":"Open","points":null,"custom_fields":{"cf_1":8},"fetched_at":"2026-01-30T10:00:00+00:00"}]},
        "changelog_entries":[
            {"issue_key":"A-1","change_date":"2025-12-02T10:00:00.000+0000","author":"Me","field_name":"status","old_value":"Open","new_value":"Doing"},
            {"issue_key":"A-1","change_date":"2025-12-05T10:00:00.000+0000","author":"Me","field_name":"status","old_value":"Doing","new_value":"Done"}],
        "statistics":[{"id":1,"stat_date":"2025-12-01","completed_items":1,"created_items":2,"week_label":"2025-W49"}],
        "project_scope":{"total_items":2,"updated_at":"2026-01-31"},
        "metrics":[
            {"snapshot_date":"2025-W49","metric_category":"flow","metric_name":"flow_time","metric_value":1.0,
             "calculation_metadata":"{\"median_days\":4.6}","forecast_value":5,"forecast_confidence_low":3,"forecast_confidence_high":7},
            {"snapshot_date":"2025-12-08","metric_name":"flow_load","metric_value":2.0,"calculation_metadata":null},
            {"snapshot_date":"soon","metric_name":"x","metric_value":0}],
        "budget_settings":{"currency_symbol":"€"},"budget_revisions":[]}}}"#;

#[test]
fn flat_rows_become_documents_again() {
    let want = Want { profile: "p_1", name: "Flat", carried: [1, 2, 1, 1, 2] };
    let place =
        check(FLAT.as_bytes(), &want, &["no category of the status of 1 issue:", "was not taken"]);
    let reader = place.store.read().unwrap();
    let key = QueryKey::parse("p_1", "q_1").unwrap();
    let document = |key_of: &str| reader.issue(&key, key_of).unwrap().unwrap().document;
    assert_eq!(
        document("A-1").as_str(),
        r#"{"key":"A-1","fields":{"summary":"S","status":{"name":"Done","statusCategory":{"key":"done","derived_from":"resolved"}},"issuetype":{"name":"Bug"},"resolution":{"name":"Fixed"},"assignee":{"displayName":"Me"},"created":"2025-12-01T10:00:00.000+0000","resolutiondate":"2025-12-05T10:00:00.000+0000","fixVersions":["1.0"],"labels":["x"],"project":{"key":"A","name":"Team A"},"cf_2":"v","cf_1":3.5},"row":{"custom_fields":{"cf_2":"v"},"fetched_at":"2026-01-31T10:00:00+00:00"}}"#
    );
    assert_eq!(
        document("A-2").as_str(),
        r#"{"key":"A-2","fields":{"status":{"name":"Open"},"cf_1":8},"row":{"points":null,"fetched_at":"2026-01-30T10:00:00+00:00"}}"#
    );
    let mut transitions = Vec::new();
    reader
        .each_changelog_facts(&key, &mut |_, found| {
            let found = found.transitions;
            transitions.extend(found.into_iter().filter_map(|change| change.to));
            Ok(())
        })
        .unwrap();
    assert_eq!(
        transitions.iter().map(|to| to.name.as_deref().unwrap()).collect::<Vec<_>>(),
        ["Doing", "Done"]
    );
    let header = reader.header(&key, model::CacheKind::Issues).unwrap().unwrap();
    assert_eq!(header.fetched_at.unwrap().written(), "2026-01-30T10:00:00+00:00");
    let data = reader.project_data(&key).unwrap().unwrap();
    assert_eq!(data.rows()[0].date.unwrap().to_string(), "2025-12-01");
    let snapshots = reader.snapshots(&key, 9).unwrap();
    let told = snapshots.iter().map(|found| {
        let forecast = found.forecast.as_ref().map(model::Json::to_compact).unwrap_or_default();
        format!("{} {} {} {forecast}", found.week, found.metric, found.metrics.to_compact())
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            r#"2025-W50 flow_load {"value":2.0,"row":{"snapshot_date":"2025-12-08","metric_value":2.0,"calculation_metadata":null}} "#,
            r#"2025-W49 flow_time {"median_days":4.6,"row":{"metric_value":1.0,"forecast_value":5,"forecast_confidence_low":3,"forecast_confidence_high":7}} "#,
        ]
    );
    let profile = reader.profile(&key.profile).unwrap().unwrap();
    assert_eq!(profile.settings.show_points, Some(model::Json::Bool(true)));
    assert_eq!(profile.settings.points_field(), Some("cf_1"));
    let query = reader.query(&key).unwrap().unwrap();
    assert!(query.extra.get("budget_settings").is_some());
}

#[test]
fn flat_exports_know_categories_and_lists_as_truth_values() {
    let text = FLAT
        .replace("\"show_points\":1", "\"show_points\":[\"show\"]")
        .replace(
            "\"total_items\":2,",
            "\"total_items\":2,\"status_breakdown\":{\"Open\":{\"category\":\"new\"},\"Done\":{\"category\":\"done\"}},",
        );
    let want = Want { profile: "p_1", name: "Flat", carried: [1, 2, 1, 1, 2] };
    let place = check(text.as_bytes(), &want, &["was not taken"]);
    let reader = place.store.read().unwrap();
    let key = QueryKey::parse("p_1", "q_1").unwrap();
    let document = reader.issue(&key, "A-2").unwrap().unwrap().document;
    assert!(document.as_str().contains(r#""statusCategory":{"key":"new"}"#), "{document:?}");
    let profile = reader.profile(&key.profile).unwrap().unwrap();
    assert_eq!(profile.settings.show_points.unwrap().to_compact(), r#"["show"]"#);
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const PROFILE: (&str, &[u8]) = (
    "profile.json",
    br#"{"id":"p_z","name":"Zipped","jira_config":{"token":"<REDACTED_FOR_EXPORT>"}}"#,
);

#[test]
fn archives_of_2_0() {
    let file = archive(&[
        ("manifest.json", br#"{"version":"1.0","created_at":"2025-11-20T00:00:00+00:00"}"#),
        PROFILE,
        ("queries/q_1.json", br#"{"id":"q_1","name":"All","jql":"project = A","is_active":true}"#),
        ("cache/x.json", b"{}"),
    ]);
    let want = Want { profile: "p_z", name: "Zipped", carried: [1, 0, 0, 0, 0] };
    check(&file, &want, &["no issues and figures", "no Jira token"]);
    let place = Place::empty();
    assert!(
        place
            .import(&file, &IMPORT)
            .unwrap()
            .notes
            .iter()
            .any(|note| note.contains("cache/x.json"))
    );
}

#[track_caller]
fn check_refused(file: &[u8], want: &str) {
    let place = Place::empty();
    let error = place.import(file, &IMPORT).unwrap_err().to_string();
    assert!(error.contains(want), "{error:?} does not say {want:?}");
    assert_eq!(place.profiles(), []);
}

/// Queries in a form that no version wrote are not left out without a word.
#[test]
fn queries_that_are_no_object_are_refused() {
    for queries in ["[{\"query_metadata\":{\"name\":\"Q\"}}]", "7", "\"x\""] {
        let file = format!(
            r#"{{"manifest":{{}},"profile_data":{{"id":"p","name":"P"}},"query_data":{queries}}}"#
        );
        check_refused(file.as_bytes(), "query_data");
    }
}

#[test]
fn hostile_and_damaged_files_change_nothing() {
    for name in ["../evil.json", "/evil", "a/../../evil", "C:\\evil", "queries/..\\evil.json"] {
        check_refused(&archive(&[PROFILE, (name, b"{}")]), "outside of itself");
    }
    check_refused(&archive(&[("other.json", b"{}")]), "the archive has no profile.json");
    check_refused(&archive(&[("profile.json", b"[")]), "is no JSON object");
    let bomb = vec![b' '; 17 << 20];
    check_refused(&archive(&[("profile.json", &bomb)]), "unpacks to too much");
    let many: Vec<String> = (0..1_001).map(|number| format!("queries/{number}.json")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b"{}"[..])).collect();
    check_refused(&archive(&many), "more than 1000 files");
    let whole = archive(&[PROFILE]);
    check_refused(&whole[..whole.len() / 2], "the file is damaged");

    check_refused(&FLAT.as_bytes()[..FLAT.len() - 40], "the file is damaged");
    check_refused(br#"{"manifest":{},"query_data":{}}"#, "it has no profile_data");
    check_refused(br#"{"export_version":"1.0"}"#, "it has no profile");
    let report = br#"{"export_date":"2025-11-01","metric_type":"DORA","metrics":{}}"#;
    check_refused(report, "a report of the old app");
}

#[test]
fn files_that_would_take_all_memory_are_refused() {
    let rows = "2025-01-01,1,1\n".repeat(100_001);
    let table = format!("date,completed_items,completed_points\n{rows}");
    check_refused(table.as_bytes(), "more than 20000 rows of statistics");
    let long = format!("date,completed_items\n{}", "2025-01-01,1 \n".repeat(1_300_000));
    check_refused(long.as_bytes(), "is read up to 8 MiB");
    let row = r#"{"date":"2025-01-01","completed_items":1},"#.repeat(100_000);
    let rows = format!("[{row}{{\"date\":\"2025-01-02\"}}]");
    let of_query = |member: &str| {
        format!(r#"{{"manifest":{{}},"profile_data":{{}},"query_data":{{"q":{{{member}}}}}}}"#)
    };
    for file in [
        rows.clone(),
        format!(r#"{{"statistics":{rows}}}"#),
        format!(r#"{{"project_data":{{"statistics":{rows}}}}}"#),
        of_query(&format!(r#""project_data":{{"statistics":{rows}}}"#)),
        of_query(&format!(r#""statistics":{rows}"#)),
    ] {
        check_refused(file.as_bytes(), "more than 20000 rows of statistics");
    }
    let values =
        format!(r#"{{"manifest":{{"v":[{}1]}},"profile_data":{{}}}}"#, "1,".repeat(4_000_001));
    check_refused(&gzip(values.as_bytes()), "more than 2500000 values");
    let spaces = format!(r#"{{"manifest":{{}},{}"profile_data":{{}}}}"#, " ".repeat(49 << 20));
    check_refused(&gzip(spaces.as_bytes()), "is read up to 48 MiB");
    let long = "x".repeat(17 << 20);
    let profile = format!(r#"{{"manifest":{{}},"profile_data":{{"id":"p","x":"{long}"}}}}"#);
    check_refused(profile.as_bytes(), "profile.json has more than 2 MiB");
    let row = format!(r#"{{"statistics":[{{"date":"2025-01-01","x":"{long}"}}]}}"#);
    check_refused(row.as_bytes(), "project_data.json has more than 8 MiB");
    let many: Vec<String> = (0..6_000).map(|number| format!("\"k{number}\":1")).collect();
    let many = format!(
        r#"{{"manifest":{{}},"profile_data":{{"id":"p","jira_config":{{{}}}}}}}"#,
        many.join(",")
    );
    check_refused(many.as_bytes(), "more than 5000 members of one object in its settings");
    let cells = format!("Issue key,Status,Created\nA-1,Done,2025-01-01{}", ",".repeat(10_000_000));
    check_refused(cells.as_bytes(), "more than 10000000 cells");
    let list = |rows: usize, status: &str| {
        let row = |number: usize| format!("A-{number},{status},2025-01-01\n");
        let rows: String = (0..rows).map(row).collect();
        format!("Issue key,Status,Created\n{rows}")
    };
    check_refused(list(40_001, "Done").as_bytes(), "more than 40000 rows");
    let long = list(40_000, &"x".repeat(420));
    check_refused(long.as_bytes(), "keys, summaries and names have more than 16 MiB together");
}

/// An export of 2.3 or later with issues of `bytes` each.
fn export_of(issues: usize, bytes: usize, more: &str) -> String {
    let fill = "x".repeat(bytes);
    let issue = |number| {
        format!(
            r#"{{"key":"K-{number}","fields":{{"status":{{"name":"Open"}},"summary":"{fill} {{ \\\" {number}"}}}}"#
        )
    };
    let issues: Vec<String> = (0..issues).map(issue).collect();
    let issues = issues.join(",\n");
    format!(
        r#"{{"manifest":{{}},"profile_data":{{"id":"p","name":"Large"}},"query_data":{{"q_1":{{"query_metadata":{{"name":"Q","jql":""}},"jira_cache":{{"timestamp":"2025-12-01T00:00:00","issues":[{issues}]}}{more}}},"q_2":{{"query_metadata":{{"name":"R","jql":""}}}}}}}}"#
    )
}

fn issues_of(place: &Place) -> Vec<(String, String)> {
    let key = QueryKey::parse("p", "q_1").unwrap();
    let mut issues = Vec::new();
    let take = &mut |issue: model::Issue| {
        issues.push((issue.key, issue.document.as_str().to_owned()));
        Ok(())
    };
    place.store.read().unwrap().each_issue(&key, take).unwrap();
    issues
}

/// What is packed is read whole.
#[test]
fn a_long_cache_says_the_same_without_being_read_whole() {
    let file = export_of(60, 100_000, r#","project_data":{"statistics":[]}"#);
    let want = || Want { profile: "p", name: "Large", carried: [2, 60, 0, 1, 0] };
    let (apart, whole) =
        (check(file.as_bytes(), &want(), &[]), check(&gzip(file.as_bytes()), &want(), &[]));
    assert!(issues_of(&apart) == issues_of(&whole));
}

#[test]
fn a_long_cache_that_cannot_be_is_refused() {
    let whole = export_of(60, 100_000, "");
    check_refused(&whole.as_bytes()[..whole.len() - 1_000_000], "the file is damaged");
    check_refused(export_of(1, 16 << 20, "").as_bytes(), "an issue of more than 8 MiB");
    let rows = export_of(60, 100_000, r#","statistics":[]"#);
    check_refused(rows.as_bytes(), "are too long");
}

#[test]
fn ids_of_others_never_become_paths() {
    let file = FLAT.replace("\"p_1\"", "\"../../p\"").replace("\"q_1\":", "\"/etc/q\":");
    let want = Want { profile: "imported", name: "Flat", carried: [1, 2, 1, 1, 2] };
    let place = check(file.as_bytes(), &want, &[]);
    let queries = place.store.read().unwrap().queries(&place.profiles()[0]).unwrap();
    assert_eq!(queries[0].key.query.as_str(), "query-1");
}

#[test]
fn a_packed_export_is_known_too() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(FLAT.as_bytes()).unwrap();
    let want = Want { profile: "p_1", name: "Flat", carried: [1, 2, 1, 1, 2] };
    check(&packed.finish().unwrap(), &want, &[]);
}
