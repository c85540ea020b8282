//! Damaged databases of the old app: what each `EXPECT.txt` says happens, and nothing else is lost.

use migrate::Report;
use model::CacheKind;

use super::old_database::{check_table, files, names};
use super::workspace::{Workspace, findings, query_keys, silent};

/// Findings of a damaged case by code.
#[track_caller]
fn check_damaged(case: &str, want: &[(&str, u64)]) -> Option<(Workspace, Report)> {
    let workspace = Workspace::damaged_database(case)?;
    let before = files(&workspace.path);
    let report = workspace.migrate();
    for (path, bytes) in before {
        assert_eq!(std::fs::read(workspace.path.join(&path)).unwrap(), bytes, "{path}");
    }
    for (code, count) in want {
        assert_eq!(findings(&report, "burndown.db", code), *count, "{code}: {}", report.to_text());
    }
    assert_eq!(workspace.verify().unexplained, Vec::<String>::new());
    Some((workspace, report))
}

/// Every row of every table but those that are named differently: taken, merged, kept aside.
#[track_caller]
fn check_tables(report: &Report, but: &[(&str, [u64; 3])]) {
    const WHOLE: [(&str, [u64; 3]); 11] = [
        ("profiles", [2, 0, 0]),
        ("queries", [4, 0, 0]),
        ("app_state", [6, 0, 7]),
        ("jira_issues", [113, 0, 0]),
        ("jira_changelog_entries", [368, 0, 0]),
        ("project_statistics", [63, 0, 0]),
        ("project_scope", [3, 0, 0]),
        ("metrics_data_points", [567, 0, 0]),
        ("budget_settings", [1, 0, 0]),
        ("budget_revisions", [1, 0, 0]),
        ("task_progress", [1, 0, 0]),
    ];
    for (table, whole) in WHOLE {
        let other = but.iter().find(|(name, _)| *name == table);
        check_table(report, table, other.map_or(whole, |(_, want)| *want));
    }
}

/// How many odd cells each column has, by the code of the finding.
#[track_caller]
fn check_cells(report: &Report, code: &str, want: &[(&str, &str, u64)]) {
    let mut found = std::collections::BTreeMap::new();
    for table in &report.tables {
        for cell in table.cells.iter().filter(|cell| cell.code == code) {
            *found.entry((table.table.as_str(), cell.column.as_str())).or_insert(0) += cell.count;
            assert!(!cell.rowids.is_empty(), "{}.{}", table.table, cell.column);
        }
    }
    let found: Vec<_> = found.into_iter().map(|((table, column), n)| (table, column, n)).collect();
    assert_eq!(found, want);
}

#[test]
fn bad_cells_cost_themselves_alone() {
    let Some((workspace, report)) = check_damaged("invalid-json", &[("odd-setting", 1)]) else {
        return;
    };
    check_tables(&report, &[]);
    check_cells(
        &report,
        "bad-cell",
        &[
            ("jira_issues", "components", 1),
            ("jira_issues", "custom_fields", 2),
            ("jira_issues", "fix_versions", 1),
            ("jira_issues", "labels", 1),
            ("metrics_data_points", "calculation_metadata", 1),
            ("metrics_data_points", "metric_value", 2),
            ("profiles", "field_mappings", 1),
            ("profiles", "jira_config", 1),
            ("project_scope", "scope_data", 1),
            ("task_progress", "message", 1),
        ],
    );
    let kept = workspace.path.join(&report.backup).join("quarantine/records.jsonl");
    let kept = std::fs::read_to_string(kept).unwrap();
    for text in ["undefined", "not json", "'customfield_10016': None"] {
        assert!(kept.contains(text), "{text}");
    }
    let store = workspace.store();
    let reader = store.read().unwrap();
    let connected = reader
        .profiles()
        .unwrap()
        .into_iter()
        .filter(|p| reader.profile(&p.id).unwrap().unwrap().settings.base_url().is_some());
    assert_eq!(connected.count(), 1);
}

#[test]
fn odd_dates_are_kept_and_named() {
    let Some((workspace, report)) = check_damaged("text-in-date-columns", &[]) else { return };
    check_tables(&report, &[("metrics_data_points", [566, 0, 1])]);
    check_cells(
        &report,
        "unreadable-time",
        &[
            ("jira_changelog_entries", "change_date", 2),
            ("jira_issues", "created", 4),
            ("jira_issues", "resolved", 2),
        ],
    );
    check_cells(&report, "undated-row", &[("project_statistics", "stat_date", 2)]);
    let store = workspace.store();
    let reader = store.read().unwrap();
    // Rows without a day are kept, and in no week.
    let (mut rows, mut dated) = (0, Vec::new());
    let (mut created, mut weeks) = (Vec::new(), std::collections::BTreeSet::new());
    for key in query_keys(&*reader) {
        if let Some(data) = reader.project_data(&key).unwrap() {
            rows += data.statistics.as_ref().unwrap().as_array().unwrap().len();
            dated.extend(data.rows().iter().filter_map(|row| row.date));
        }
        let take = &mut |facts: model::IssueFacts| {
            created.push(facts.created.map(|at| at.to_string()));
            Ok(())
        };
        reader.each_issue_facts(&key, take).unwrap();
        let all = model::Week::from_number(i32::MIN)..=model::Week::from_number(i32::MAX);
        let found = reader.snapshots_between(&key, all).unwrap();
        weeks.extend(found.into_iter().map(|snapshot| snapshot.week.to_string()));
    }
    assert_eq!((rows, dated.len()), (63, 61));
    assert!(dated.iter().any(|day| day.to_string() == "2025-12-29"), "a day with a time behind it");
    assert!(weeks.contains("2025-W50"));
    assert_eq!(created.iter().filter(|at| at.is_none()).count(), 4);
    for read in [
        "2026-01-01T00:00:00Z",
        "2026-01-05T00:00:00Z",
        "2026-01-05T10:00:00Z",
        "2026-01-05T04:30:00Z",
    ] {
        assert!(created.iter().any(|at| at.as_deref() == Some(read)), "{read}: {created:?}");
    }
}

#[test]
fn tables_that_are_not_there_are_named() {
    let Some((workspace, report)) = check_damaged("missing-table", &[("missing-table", 2)]) else {
        return;
    };
    let none = [0, 0, 0];
    check_tables(&report, &[("jira_changelog_entries", none), ("metrics_data_points", none)]);
    let text = report.to_text();
    for table in ["jira_changelog_entries: the table", "metrics_data_points: the table"] {
        assert!(text.contains(table), "{text}");
    }
    let store = workspace.store();
    let reader = store.read().unwrap();
    for key in query_keys(&*reader) {
        if reader.issue_count(&key).unwrap() > 0 {
            let header = reader.header(&key, CacheKind::Changelogs).unwrap().unwrap();
            assert!(header.partial.unwrap().contains("jira_changelog_entries is not there"));
        }
    }
}

#[test]
fn what_is_left_of_a_cut_database_is_taken() {
    let Some((workspace, report)) = check_damaged("truncated", &[("cut", 4)]) else { return };
    let left = [
        ("jira_issues", [97, 0, 0]),
        ("jira_changelog_entries", [224, 0, 0]),
        ("metrics_data_points", [204, 0, 0]),
        ("project_statistics", [0, 0, 0]),
    ];
    check_tables(&report, &left);
    let database = report.files.iter().find(|file| file.path == "profiles/burndown.db").unwrap();
    assert_eq!(database.fate, migrate::Fate::Partly);
    let text = report.to_text();
    for (table, [rows, ..]) in left {
        let said = format!("{table}: the table is damaged; {rows} rows could be read");
        assert!(text.contains(&said), "{said}: {text}");
    }
    let store = workspace.store();
    let reader = store.read().unwrap();
    for key in query_keys(&*reader) {
        if let Some(header) = reader.header(&key, CacheKind::Issues).unwrap() {
            assert!(header.partial.unwrap().contains("damaged"), "{key}");
        }
    }
}

/// As a user who is not root the same is tried in `burndown/tests/it/old_sqlite.rs`.
#[test]
fn a_folder_that_nobody_can_write_is_read() {
    let Some(workspace) = Workspace::damaged_database("read-only") else { return };
    let elsewhere = tempfile::tempdir().unwrap();
    let (before, names_before) = (files(&workspace.path), names(&workspace.path));
    let job = migrate::Job { workspace: elsewhere.path().to_owned(), ..workspace.job() };
    let report = migrate::migrate(&job, &silent).unwrap();
    assert_eq!(report.totals.issues, 113);
    check_table(&report, "jira_changelog_entries", [368, 0, 0]);
    check_table(&report, "metrics_data_points", [567, 0, 0]);
    assert!(before == files(&workspace.path) && names_before == names(&workspace.path));
}

#[test]
fn others_and_nothing_are_refused() {
    for (case, want) in
        [("foreign-database", "profiles"), ("wal-without-main", "copy burndown.db too")]
    {
        let Some(workspace) = Workspace::damaged_database(case) else { return };
        let before = files(&workspace.path);
        let standing = migrate::standing(&workspace.path, &workspace.path).unwrap();
        let migrate::Standing::OnlyOtherDatabase { hint, .. } = standing else {
            panic!("{standing:?}")
        };
        assert!(hint.contains(want), "{hint}");
        for refused in [
            migrate::dry_run(&workspace.job(), &silent).unwrap_err(),
            migrate::migrate(&workspace.job(), &silent).unwrap_err(),
        ] {
            assert!(matches!(refused, migrate::Error::OnlyOtherDatabase { .. }), "{refused}");
        }
        assert_eq!(files(&workspace.path), before);
    }
}

/// Tables with how many rows they hold.
type Rows = &'static [(&'static str, u64)];

/// Every damaged case there is, with the tables that hold other rows than the undamaged database; `None`
/// where nothing can be taken. What is special about a case is tested above, of a lock in `busy.rs`.
const CASES: [(&str, Option<Rows>); 8] = [
    ("foreign-database", None),
    ("invalid-json", Some(&[])),
    ("locked-by-writer", Some(&[])),
    ("missing-table", Some(&[("jira_changelog_entries", 0), ("metrics_data_points", 0)])),
    ("read-only", Some(&[])),
    ("text-in-date-columns", Some(&[])),
    (
        "truncated",
        Some(&[
            ("jira_issues", 97),
            ("jira_changelog_entries", 224),
            ("metrics_data_points", 204),
            ("project_statistics", 0),
        ]),
    ),
    ("wal-without-main", None),
];

/// Rows by table, as the sentence of an `EXPECT.txt` counts them.
fn undamaged_rows(expect: &str) -> Vec<(&str, u64)> {
    let counts = expect.lines().find_map(|line| line.strip_prefix("Undamaged the file holds: "));
    let counts = counts.unwrap().trim_end_matches('.').split(", ");
    counts
        .map(|count| count.rsplit_once(' ').unwrap())
        .map(|(table, rows)| (table, rows.parse().unwrap()))
        .collect()
}

#[track_caller]
fn check_expected(case: &str, damage: Option<Rows>) {
    let Some(workspace) = Workspace::damaged_database(case) else { return };
    let expect = std::fs::read_to_string(workspace.path.join("EXPECT.txt")).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let (before, names_before) = (files(&workspace.path), names(&workspace.path));
    let job = migrate::Job { workspace: elsewhere.path().to_owned(), ..workspace.job() };
    let answer = migrate::migrate(&job, &silent);
    assert!(before == files(&workspace.path) && names_before == names(&workspace.path), "{case}");
    let Some(damage) = damage else {
        return assert!(matches!(answer, Err(migrate::Error::OnlyOtherDatabase { .. })), "{case}");
    };
    let report = answer.unwrap();
    for (table, whole) in undamaged_rows(&expect) {
        let want = damage.iter().find(|(name, _)| *name == table).map_or(whole, |(_, rows)| *rows);
        let of_table = || report.tables.iter().filter(|found| found.table == table);
        let rows: u64 = of_table().map(|found| found.rows).sum();
        let told: u64 = of_table().map(|it| it.taken + it.merged + it.kept_aside).sum();
        assert_eq!((rows, told), (want, want), "{case}: {table}");
    }
}

#[test]
fn every_damaged_case_is_known_and_as_expected() {
    let Some(all) = Workspace::shared("sqlite-v2.15.3-damaged") else { return };
    let folders = std::fs::read_dir(&all.path).unwrap().flatten();
    let mut found: Vec<_> = folders
        .filter(|entry| entry.path().join("EXPECT.txt").is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    found.sort();
    assert_eq!(found, CASES.map(|(case, _)| case));
    CASES.iter().for_each(|(case, damage)| check_expected(case, *damage));
}
