//! Weekly tables of the sample workspaces: against a plain recount of the raw files, and frozen.

use std::fmt::Write;
use std::time::Duration;

use metrics::{AsOf, Items, Measured, WeekRow, WeeklyTable, data_notes, weekly_table};
use metrics::{Doubts, Selection, State};
use model::{Date, Remedy, TimeZone, Timestamp};
use serde_json::Value;

use crate::workspace::{Query, queries};

const DAYS: [&str; 4] = ["2012-02-20", "2013-07-01", "2014-06-30", "2025-11-24"];
const ROWS_FROZEN: usize = 12;
const SEVEN_DAYS: Duration = Duration::from_secs(7 * 86_400);

/// An issue as the recount sees it: the day it was created and, if it is done, the day of that.
struct Plain {
    created: Date,
    done: Option<Date>,
    is_undated: bool,
    points: Option<f64>,
}

/// Reads the raw files in the plainest way; it knows nothing of the code under test.
fn recount(query: &Query, as_of: &AsOf, zone: &TimeZone) -> Vec<Plain> {
    let issues: Value = serde_json::from_str(&query.issues_text).unwrap();
    let changelogs: Value = serde_json::from_str(&query.changelogs_text).unwrap();
    let profile: Value = serde_json::from_str(&query.profile_text).unwrap();
    let classes = &profile["project_classification"];
    let lists = |name: &str, word: &Value| classes[name].as_array().unwrap().contains(word);
    let points_field = profile["jira_config"]["points_field"].as_str().unwrap();
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let mut found = Vec::new();
    for issue in issues["issues"].as_array().unwrap() {
        let fields = &issue["fields"];
        let created = time(&fields["created"]).unwrap();
        if created > as_of.at() || !lists("development_projects", &fields["project"]["key"]) {
            continue;
        }
        let mut changes = status_changes(&changelogs[issue["key"].as_str().unwrap()]);
        changes.retain(|(at, _, _)| *at <= as_of.at());
        let all = status_changes(&changelogs[issue["key"].as_str().unwrap()]);
        let resolved = time(&fields["resolutiondate"]).filter(|at| *at <= as_of.at());
        // Back from the last change, as long as each leads to a done status, to one from another.
        let is_done = |status: &Value| lists("flow_end_statuses", status);
        let mut tail = changes.iter().rev().take_while(|(_, _, to)| is_done(to));
        let entry = tail.find(|(_, from, _)| !is_done(from)).map(|(at, _, _)| *at);
        let (is_done, done) = match (entry, all.is_empty()) {
            (Some(at), _) => (true, Some(at)),
            (None, true) if is_done(&fields["status"]["name"]) => {
                let is_later = resolved.is_none() && !fields["resolutiondate"].is_null();
                (!is_later, resolved)
            }
            (None, _) => (false, None),
        };
        found.push(Plain {
            created: day(created),
            done: done.map(day),
            is_undated: is_done && done.is_none(),
            points: fields[points_field].as_f64(),
        });
    }
    found
}

fn time(value: &Value) -> Option<Timestamp> {
    // Jira writes +0000 where RFC 3339 wants +00:00.
    let text = value.as_str()?;
    let (head, offset) = text.split_at(text.len() - 2);
    format!("{head}:{offset}").parse().ok()
}

fn status_changes(entry: &Value) -> Vec<(Timestamp, Value, Value)> {
    let mut changes = Vec::new();
    for history in entry["changelog"]["histories"].as_array().into_iter().flatten() {
        for item in history["items"].as_array().unwrap() {
            if item["field"] == "status" {
                let at = time(&history["created"]).unwrap();
                changes.push((at, item["fromString"].clone(), item["toString"].clone()));
            }
        }
    }
    changes.sort_by_key(|(at, _, _)| *at);
    changes
}

fn check_rows(table: &WeeklyTable, plain: &[Plain], what: &str) {
    let dated: Vec<&Plain> = plain.iter().filter(|issue| !issue.is_undated).collect();
    for row in &table.rows {
        let end = row.monday.saturating_add(SEVEN_DAYS);
        let is_in = |day: Date| row.monday <= day && day < end;
        let count = |holds: &dyn Fn(&Plain) -> bool| {
            let found = dated.iter().filter(|issue| holds(issue));
            found.fold((0, 0.0), |(n, sum), issue| (n + 1, sum + issue.points.unwrap_or(0.0)))
        };
        let open = |issue: &Plain| issue.created < end && issue.done.is_none_or(|day| day >= end);
        let want = [
            count(&|issue| is_in(issue.created)),
            count(&|issue| issue.done.is_some_and(is_in)),
            count(&open),
        ];
        let found = [row.flow.created, row.flow.done, row.open.unwrap()];
        for (want, found) in want.into_iter().zip(found) {
            assert_eq!(want, (found.items, found.points), "{what} {}", row.week);
        }
    }
    let undated = plain.len() - dated.len();
    assert_eq!(undated as i64, table.undated.created.items, "{what}");
    let first = dated.iter().map(|issue| issue.created).min();
    assert!(first.is_none_or(|day| table.rows.first().is_some_and(|row| row.monday <= day)));
}

#[test]
fn tables_equal_a_plain_recount() {
    for query in ["multi", "real"].into_iter().filter_map(queries).flatten() {
        for zone in ["UTC", "America/New_York"].map(|name| TimeZone::get(name).unwrap()) {
            for day in DAYS.into_iter().chain(["2025-12-31"]) {
                let as_of = AsOf::end_of(day.parse().unwrap(), zone.clone());
                let items = Items::read(&query.histories, &query.workflow, &as_of, Remedy::SyncNow);
                let plain = recount(&query, &as_of, &zone);
                assert_eq!(items.counted.len(), plain.len(), "{} {day}", query.name);
                match weekly_table(&items, None) {
                    Measured::Known { value, .. } => {
                        check_rows(&value, &plain, &format!("{} {day}", query.name));
                    }
                    Measured::Unavailable { .. } => assert!(plain.is_empty()),
                }
                let open = items.keys(&Selection::Open).len();
                assert_eq!(open, items.in_state(State::Open).count());
            }
        }
    }
}

fn line(row: &WeekRow) -> String {
    let (flow, open) = (row.flow, row.open.unwrap());
    let running = if row.is_partial { " running" } else { "" };
    format!(
        "{} created {:>2} ({:>4}) done {:>2} ({:>4}) cancelled {} open {:>4} ({:>6}, {} with points){running}",
        row.week,
        flow.created.items,
        flow.created.points,
        flow.done.items,
        flow.done.points,
        flow.cancelled.unwrap_or_default().items,
        open.items,
        open.points,
        open.estimated,
    )
}

fn frozen(query: &Query, day: &str) -> String {
    let as_of = AsOf::end_of(day.parse().unwrap(), TimeZone::UTC);
    let items = Items::read(&query.histories, &query.workflow, &as_of, Remedy::SyncNow);
    let mut text = format!("{}\n", query.name);
    let table = weekly_table(&items, Some(&query.statistics));
    match &table {
        Measured::Unavailable { reason, .. } => writeln!(text, "  {reason:?}").unwrap(),
        Measured::Known { value, sample, .. } => {
            let (weeks, undated) = (value.rows.len(), value.undated.created.items);
            writeln!(text, "  {sample} issues, {weeks} weeks, {undated} undated").unwrap();
            for row in value.rows.iter().skip(weeks.saturating_sub(ROWS_FROZEN)) {
                writeln!(text, "  {}", line(row)).unwrap();
            }
        }
    }
    let doubts = Doubts { statistics: Some(&query.statistics), ..Doubts::default() };
    for note in data_notes(&items, &table, &doubts) {
        writeln!(text, "  - {:?} {}", note.code, note.count).unwrap();
        for share in note.shares.iter().take(3) {
            writeln!(text, "      {} {}", share.count, share.name).unwrap();
        }
    }
    text
}

#[test]
fn tables_stay_as_they_are() {
    let (Some(multi), Some(real)) = (queries("multi"), queries("real")) else { return };
    for day in DAYS {
        let tables: Vec<String> =
            multi.iter().chain(&real).map(|query| frozen(query, day)).collect();
        insta::assert_snapshot!(format!("tables_{day}"), tables.join("\n"));
    }
}
