//! Rows become documents and rows again.

use model::{Json, Object};

use super::category::{Categories, Origin, is_of_delta};
use super::changelog::{Change, changes_of, entry_of, merge};
use super::issue::{Setting, document_of};
use super::snapshot::Metric;
use super::*;

fn object(text: &str) -> Object {
    let Json::Object(object) = Json::parse(text).unwrap() else { panic!("{text}") };
    object
}

/// Every cell that is carried is found again.
#[track_caller]
fn check_row(cells: &Object, rendered: &Object) {
    for (column, value) in cells.iter().filter(|(column, value)| is_carried(column, value)) {
        let found = rendered.get(column).unwrap_or(&Json::Null);
        assert!(found.means_same(value), "{column}: {value:?} became {found:?}");
    }
}

/// Lays the cells that are kept over what the rest says.
fn overlay(mut rendered: Object, kept: Option<&Json>) -> Object {
    for (column, value) in kept.and_then(Json::as_object).into_iter().flat_map(Object::iter) {
        rendered.set(column, value.clone());
    }
    rendered
}

/// The row that a document was made from, as the table of the old app has it.
fn row_of_issue(document: &Json, points_field: &str) -> Object {
    let fields = document.get("fields").unwrap().as_object().unwrap();
    let mut custom = fields.clone();
    let name = |field: &str, member: &str| fields.get(field)?.get(member).cloned();
    let mut row = Object::new();
    row.set_some("issue_key", document.get("key").cloned());
    row.set("summary", fields.get("summary").cloned().unwrap_or(Json::text("")));
    custom.remove("summary");
    for (column, field, member, none) in [
        ("status", "status", "name", Json::text("")),
        ("issue_type", "issuetype", "name", Json::text("")),
        ("priority", "priority", "name", Json::Null),
        ("resolution", "resolution", "name", Json::Null),
        ("assignee", "assignee", "displayName", Json::Null),
        ("project_key", "project", "key", Json::Null),
        ("project_name", "project", "name", Json::Null),
    ] {
        row.set(column, name(field, member).unwrap_or(none));
        custom.remove(field);
    }
    for (column, field) in [
        ("created", "created"),
        ("updated", "updated"),
        ("resolved", "resolutiondate"),
        ("fix_versions", "fixVersions"),
        ("labels", "labels"),
        ("components", "components"),
    ] {
        row.set(column, custom.remove(field).unwrap_or_default());
    }
    let points = custom.get(points_field).filter(|points| matches!(points, Json::Number(_)));
    row.set("points", points.cloned().unwrap_or_default());
    row.set("custom_fields", Json::Object(custom));
    overlay(row, document.get(ROW))
}

fn row_of_change(change: &Change, key: &str) -> Object {
    let mut row = change.item.clone();
    for (column, member) in
        [("field_name", "field"), ("old_value", "fromString"), ("new_value", "toString")]
    {
        row.set_some(column, change.item.get(member).cloned());
    }
    let author = change.author.as_ref().and_then(|author| author.get("displayName"));
    row.set("author", author.cloned().unwrap_or(Json::text("")));
    row.set("issue_key", Json::text(key));
    row.set("change_date", change.created.clone());
    if change.item.get("field_type").is_none() {
        row.set("field_type", Json::text("jira"));
    }
    row
}

fn row_of_metric(metric: &Metric) -> Object {
    let (kept, mut whole) = (metric.values.get(ROW), metric.values.clone());
    whole.remove(ROW);
    let keeps = |column: &str| kept.is_some_and(|kept| kept.get(column).is_some());
    let is_beside = keeps("metric_value") && !keeps("calculation_metadata");
    let columns = ["metric_value", "calculation_metadata"];
    let [holder, other] = if is_beside { [columns[1], columns[0]] } else { columns };
    let mut row = Object::new();
    row.set("snapshot_date", Json::text(metric.week.to_string()));
    let category = metric.name.split('_').next().filter(|it| ["flow", "dora"].contains(it));
    row.set("metric_category", Json::text(category.unwrap_or("custom")));
    row.set("metric_name", Json::text(&metric.name));
    row.set("metric_unit", Json::text(""));
    row.set(holder, Json::Object(whole));
    row.set(other, Json::Null);
    overlay(row, kept)
}

fn row_of_statistics(row: &Object) -> Object {
    let mut cells = row.clone();
    cells.set_some("stat_date", row.get("date").cloned());
    cells
}

#[track_caller]
fn check_issue(cells: &str, want: &str) {
    let cells = object(cells);
    let mut categories = Categories::default();
    categories.add("Closed", "done", Origin::Scope);
    categories.add("Open", "new", Origin::Settings);
    let setting = Setting { points_field: Some("customfield_1"), categories: &categories };
    let (document, _) = document_of(&cells, &setting);
    let document = Json::Object(document);
    assert_eq!(document.to_compact(), Json::parse(want).unwrap().to_compact());
    check_row(&cells, &row_of_issue(&document, "customfield_1"));
}

#[test]
fn an_issue_of_an_early_build() {
    check_issue(
        r#"{"id":1,"cache_key":"x","issue_key":"A-1","summary":"","status":"Closed","assignee":null,"issue_type":"Bug",
            "priority":"Major","resolution":null,"created":"2025-06-02T11:33:59.000+0000","updated":null,"resolved":"2025-07-03T20:31:33.132+0000",
            "points":3.0,"project_key":"A","project_name":"Alpha","fix_versions":[{"id":"1","name":"3.0"}],"labels":null,"components":null,
            "custom_fields":{"customfield_1":3,"customfield_2":null},"expires_at":"x","fetched_at":"2026-01-14T09:30:02"}"#,
        r#"{"key":"A-1","fields":{"status":{"name":"Closed","statusCategory":{"key":"done"}},"issuetype":{"name":"Bug"},"priority":{"name":"Major"},
            "created":"2025-06-02T11:33:59.000+0000","resolutiondate":"2025-07-03T20:31:33.132+0000","fixVersions":[{"id":"1","name":"3.0"}],
            "project":{"key":"A","name":"Alpha"},"customfield_1":3,"customfield_2":null},"row":{"fetched_at":"2026-01-14T09:30:02"}}"#,
    );
}

/// A delta fetch brought the time of the last change and did not ask for a resolution: there may be one.
#[test]
fn an_issue_of_an_early_delta_fetch_is_not_known_to_be_unresolved() {
    check_issue(
        r#"{"issue_key":"A-1","summary":"Text","status":"Closed","assignee":null,"issue_type":"Bug","priority":null,"resolution":null,
            "created":"2025-06-02","updated":"2025-12-22","resolved":"2025-12-22","fix_versions":null,"labels":null,"components":null,"custom_fields":{}}"#,
        r#"{"key":"A-1","fields":{"summary":"Text","status":{"name":"Closed","statusCategory":{"key":"done"}},"issuetype":{"name":"Bug"},
            "created":"2025-06-02","updated":"2025-12-22","resolutiondate":"2025-12-22"}}"#,
    );
}

#[test]
fn an_issue_of_a_later_build_is_unresolved_where_it_says_nothing() {
    check_issue(
        r#"{"issue_key":"A-1","summary":"Text","status":"Open","assignee":null,"issue_type":"","priority":null,"resolution":null,
            "created":"1748863999","updated":"2026-01-01","resolved":null,"points":{"odd":1},"project_key":null,"project_name":"Alpha",
            "fix_versions":[],"labels":["a"],"components":"cut [","custom_fields":"{cut","unknown":5}"#,
        r#"{"key":"A-1","fields":{"summary":"Text","status":{"name":"Open","statusCategory":{"key":"new","derived_from":"settings"}},"priority":null,"resolution":null,"assignee":null,
            "created":"2025-06-02T11:33:19.000Z","updated":"2026-01-01","fixVersions":[],"labels":["a"],"components":"cut [","resolutiondate":null,"project":{"name":"Alpha"},"customfield_1":{"odd":1}},
            "row":{"created":"1748863999","points":{"odd":1},"custom_fields":"{cut","unknown":5}}"#,
    );
}

#[test]
fn a_status_that_nothing_knows_is_done_where_the_issue_is_resolved() {
    let categories = Categories::default();
    assert_eq!(categories.of("Ready", true), Some(("done", Origin::Resolved)));
    assert_eq!(categories.of("Ready", false), None);
    let scope = |category: &str| {
        let text = format!(r#"{{"status_breakdown":{{"Ready":{{"category":"{category}"}}}}}}"#);
        Json::parse(&text).unwrap()
    };
    assert!(is_of_delta(&scope("")) && !is_of_delta(&scope("new")));
    assert!(!is_of_delta(&Json::parse(r#"{"total_items":3}"#).unwrap()));
    let mut categories = Categories::default();
    categories.add_scope(&scope(""), Origin::Scope);
    categories.add_scope(&scope("new"), Origin::OtherQuery);
    categories.add_settings(
        &Json::parse(r#"{"flow_end_statuses":["Ready","Shut"],"wip_statuses":["Shut","Busy"]}"#)
            .unwrap(),
    );
    let of = |status| categories.of(status, false).unwrap();
    assert_eq!(
        [of("Ready"), of("Shut"), of("Busy")],
        [
            ("new", Origin::OtherQuery),
            ("done", Origin::Settings),
            ("indeterminate", Origin::Settings)
        ]
    );
}

#[test]
fn changes_of_one_instant_stand_together_and_none_stands_twice() {
    let row = |date: &str, field: &str, from: &str, to: &str| {
        object(&format!(
            r#"{{"id":1,"issue_key":"A-1","change_date":"{date}","author":"","field_name":"{field}","field_type":"jira","old_value":{from},"new_value":"{to}","expires_at":"x"}}"#
        ))
    };
    let (t1, t2) = ("2025-06-02T10:00:00.000+0200", "2025-06-02T09:00:00.000+0000");
    let rows = [
        row(t2, "status", "\"a\"", "b"),
        row(t1, "Sprint", "null", "s"),
        row(t1, "status", "\"\"", "a"),
        row("?", "status", "\"b\"", "c"),
    ];
    let changes: Vec<Change> = rows.iter().cloned().map(Change::of).collect();
    let entry = entry_of("A-1", changes.clone());
    assert_eq!(
        entry.to_compact(),
        r#"{"key":"A-1","changelog":{"total":3,"histories":[{"created":"2025-06-02T10:00:00.000+0200","items":[{"field":"Sprint","fromString":null,"toString":"s"},{"field":"status","fromString":"","toString":"a"}]},{"created":"2025-06-02T09:00:00.000+0000","items":[{"field":"status","fromString":"a","toString":"b"}]},{"created":"?","items":[{"field":"status","fromString":"b","toString":"c"}]}]}}"#
    );
    let again = changes_of(&entry);
    for cells in &rows {
        let identity = Change::of(cells.clone()).identity();
        let found = again.iter().find(|change| change.identity() == identity).unwrap();
        check_row(cells, &row_of_change(found, "A-1"));
    }
    let mut merged = changes.clone();
    assert_eq!(merge(&mut merged, again), 0);
    assert_eq!(merge(&mut merged, vec![Change::of(row(t1, "status", "\"\"", "z"))]), 1);
    let mut odd = row(t1, "status", "5", "b");
    odd.set("author", Json::text("Somebody"));
    odd.set("field_type", Json::text("custom"));
    odd.set("more", Json::text("x"));
    let entry = entry_of("A-1", vec![Change::of(odd.clone())]);
    check_row(&odd, &row_of_change(&changes_of(&entry)[0], "A-1"));
}

#[test]
fn all_four_ways_of_storing_a_metric() {
    for (cells, values) in [
        (
            r#"{"snapshot_date":"2025-W44","metric_category":"flow","metric_name":"flow_time","metric_value":4.0,"metric_unit":"","calculation_metadata":{"median_days":5.2},"calculated_at":"t","excluded_issue_count":0,"forecast_value":null}"#,
            r#"{"median_days":5.2,"row":{"metric_value":4.0,"calculated_at":"t"}}"#,
        ),
        (
            r#"{"snapshot_date":"2025-44","metric_category":"dora","metric_name":"flow_time","metric_value":{"median_days":5.2},"metric_unit":"","calculation_metadata":null,"calculated_at":"t"}"#,
            r#"{"median_days":5.2,"row":{"snapshot_date":"2025-44","metric_category":"dora","calculated_at":"t"}}"#,
        ),
        (
            r#"{"snapshot_date":"2025-10-27","metric_category":"custom","metric_name":"trends","metric_value":{"a":1},"metric_unit":"days","calculation_metadata":null,"calculated_at":"t","excluded_issue_count":2}"#,
            r#"{"a":1,"row":{"snapshot_date":"2025-10-27","metric_unit":"days","calculated_at":"t","excluded_issue_count":2}}"#,
        ),
        (
            r#"{"snapshot_date":"2025-W44","metric_category":"custom","metric_name":"x","metric_value":7,"metric_unit":"","calculation_metadata":"{cut","calculated_at":"t"}"#,
            r#"{"value":7,"row":{"metric_value":7,"calculation_metadata":"{cut","calculated_at":"t"}}"#,
        ),
        (
            r#"{"snapshot_date":"2025-W44","metric_category":"custom","metric_name":"x","metric_value":7,"metric_unit":"","calculation_metadata":null}"#,
            r#"{"value":7,"row":{"metric_value":7,"calculation_metadata":null}}"#,
        ),
    ] {
        let cells = object(cells);
        let metric = Metric::of(&cells).unwrap();
        assert_eq!(metric.week.to_string(), "2025-W44");
        assert_eq!(Json::Object(metric.values.clone()).to_compact(), values);
        check_row(&cells, &row_of_metric(&metric));
    }
    for bad in [
        r#"{"snapshot_date":"2026-W99","metric_name":"a"}"#,
        r#"{"snapshot_date":"2026-W09","metric_name":""}"#,
    ] {
        assert!(Metric::of(&object(bad)).is_err());
    }
}

#[test]
fn statistics_keep_their_columns() {
    let cells = object(
        r#"{"id":1,"profile_id":"p","query_id":"q","stat_date":"2025-06-02T00:00:00","week_label":null,"remaining_items":null,"remaining_total_points":null,
            "items_added":0,"items_completed":3,"completed_items":0,"completed_points":0.0,"created_items":null,"created_points":1.0,"velocity_items":0.0,"recorded_at":"t"}"#,
    );
    let row = project_data::statistics_of(cells.clone());
    assert_eq!(
        Json::Object(row.clone()).to_compact(),
        r#"{"date":"2025-06-02T00:00:00","items_completed":3,"completed_items":0,"completed_points":0.0,"created_items":null,"created_points":1.0,"recorded_at":"t"}"#
    );
    check_row(&cells, &row_of_statistics(&row));
}
