//! Weekly tables, points, cycle times and ages against a recount of the raw documents, over every
//! sample workspace there is: those of the repository, and those beside it. The recount knows nothing
//! of the code that works figures out; it reads what an export holds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use model::{Date, TimeZone, Timestamp, Week};
use serde_json::Value;

use crate::program::run;
use crate::samples::{Workspace, fixture, unpack};

mod meaning;
mod plain;
mod raw;
mod synced;

use plain::{Plain, State};

/// How much was compared, so that no test passes by comparing nothing.
#[derive(Debug, Default)]
pub struct Seen {
    queries: usize,
    weeks: usize,
    points: f64,
    cycle_times: usize,
    ages: usize,
    wrong: Vec<String>,
}

impl Seen {
    fn check(&mut self, is_right: bool, told: impl FnOnce() -> String) {
        if !is_right {
            self.wrong.push(told());
        }
    }
}

fn json(workspace: &Path, arguments: &[&str]) -> Value {
    run(workspace, &[arguments, &["--json"]].concat()).json()
}

/// Every query of a migrated or synced workspace, now and on past days. `listed` are the statuses that
/// its server lists.
pub fn compare(workspace: &Path, listed: &[Value], told: &str, seen: &mut Seen) {
    let file = workspace.join("recount.json").display().to_string();
    let profiles = json(workspace, &["profiles"]);
    for profile in profiles.as_array().unwrap() {
        let id = profile["id"].as_str().unwrap();
        run(workspace, &["export", &file, "--profile", id, "--force"]).answer();
        let export: Value = raw::read(&std::fs::read_to_string(&file).unwrap());
        let settings = raw::settings(&export);
        for mut query in raw::queries(&export) {
            raw::name_by_project(&mut query.issues, listed);
            let is_counted = !query.issues.is_empty() || !query.has_rows;
            for day in days(&query.issues).iter().filter(|_| is_counted) {
                let what = format!("{told} {id} {} {}", query.id, day.as_deref().unwrap_or("now"));
                let mut of = vec!["--profile", id, "--query", &query.id, "--window", "all"];
                of.extend(day.iter().flat_map(|day| ["--as-of", day]));
                at_moment(workspace, &of, &query.issues, (settings, listed), (&what, &mut *seen));
            }
            seen.queries += 1;
        }
    }
}

/// Now, and when a quarter, half and nine tenths of the issues had been created.
fn days(issues: &[raw::Issue]) -> Vec<Option<String>> {
    let mut created: Vec<Timestamp> = issues.iter().filter_map(|issue| issue.created).collect();
    created.sort_unstable();
    let at = |share: usize| created.get(created.len() * share / 100).map(|at| day(*at).to_string());
    let past = [25, 50, 90].into_iter().filter_map(at).map(Some);
    std::iter::once(None).chain(past).collect()
}

fn day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

fn at_moment(
    workspace: &Path,
    of: &[&str],
    issues: &[raw::Issue],
    (settings, listed): (&Value, &[Value]),
    (what, seen): (&str, &mut Seen),
) {
    let weeks = json(workspace, &[&["weeks"], of].concat());
    let as_of: Timestamp = weeks["as_of"]["at"].as_str().unwrap().parse().unwrap();
    let plain = plain::counted(issues, settings, listed, as_of);
    if weeks["table"]["state"] == "known" {
        check_weeks(&weeks["table"]["value"], &plain, what, seen);
    } else {
        seen.check(plain.is_empty(), || format!("{what}: {}", weeks["table"]));
    }
    check_cycle_times(&json(workspace, &[&["flow"], of].concat()), &plain, (what, as_of), seen);
    check_ages(&json(workspace, &[&["summary"], of].concat()), &plain, (what, as_of), seen);
}

/// Items, points and items with points.
type Amount = (i64, f64, i64);

fn sum<'p>(issues: impl Iterator<Item = &'p Plain>) -> Amount {
    issues.fold((0, 0.0, 0), |(items, points, estimated), issue| {
        let own = issue.points.unwrap_or_default();
        (items + 1, points + own, estimated + i64::from(issue.points.is_some()))
    })
}

fn told(amount: &Value) -> Amount {
    let number = |name: &str| amount[name].as_i64().unwrap_or_default();
    (number("items"), amount["points"].as_f64().unwrap_or_default(), number("estimated"))
}

fn is_same(a: Amount, b: Amount) -> bool {
    (a.0, a.2) == (b.0, b.2) && (a.1 - b.1).abs() < 1e-6 * (1.0 + a.1.abs())
}

fn check_weeks(table: &Value, plain: &[Plain], what: &str, seen: &mut Seen) {
    let dated = || plain.iter().filter(|issue| !issue.is_undated());
    let finished = |issue: &Plain| issue.finished.map(day);
    for row in table["rows"].as_array().unwrap() {
        let monday: Date = row["monday"].as_str().unwrap().parse().unwrap();
        let end = monday.saturating_add(Duration::from_secs(7 * 86_400));
        let is_in = |day: Date| monday <= day && day < end;
        let over_in = |state: State| {
            move |issue: &&Plain| issue.state == state && finished(issue).is_some_and(is_in)
        };
        let want = [
            ("created", sum(dated().filter(|issue| issue.created.map(day).is_some_and(is_in)))),
            ("done", sum(dated().filter(over_in(State::Done)))),
            ("cancelled", sum(dated().filter(over_in(State::Cancelled)))),
            (
                "open",
                sum(dated().filter(|issue| {
                    let is_over =
                        issue.state != State::Open && finished(issue).is_some_and(|d| d < end);
                    issue.created.map(day).is_some_and(|day| day < end) && !is_over
                })),
            ),
        ];
        for (column, want) in want {
            let found = told(&row[column]);
            let week = &row["week"];
            seen.check(is_same(found, want), || {
                format!("{what} {week} {column}: {found:?}, recounted {want:?}")
            });
            seen.points += want.1;
        }
        seen.weeks += 1;
    }
    let undated = sum(plain.iter().filter(|issue| issue.is_undated()));
    let found = told(&table["undated"]["created"]);
    seen.check(is_same(found, undated), || format!("{what} undated: {found:?}, {undated:?}"));
    let first = dated().filter_map(|issue| issue.created).map(|at| Week::of(day(at))).min();
    let row = table["rows"][0]["week"].as_str().map(str::to_owned);
    seen.check(first.map(|week| week.to_string()) == row, || format!("{what} begins at {row:?}"));
}

fn check_cycle_times(
    flow: &Value,
    plain: &[Plain],
    (what, as_of): (&str, Timestamp),
    seen: &mut Seen,
) {
    let Some(items) = flow["cycle_time"]["value"]["items"].as_array() else { return };
    let found: BTreeMap<&str, (&str, i64)> = items
        .iter()
        .map(|item| {
            let text = |name: &str| item[name].as_str().unwrap();
            (text("key"), (text("done"), item["days"].as_i64().unwrap()))
        })
        .collect();
    // The running week is in no figure.
    let running = Week::of(day(as_of)).monday().unwrap();
    let is_whole = day(as_of.saturating_add(Duration::from_nanos(1)).unwrap()) > day(as_of)
        && Week::of(day(as_of)) != Week::of(day(as_of).tomorrow().unwrap());
    let mut want: BTreeMap<&str, (String, i64)> = BTreeMap::new();
    for issue in plain.iter().filter(|i| i.state == State::Done && !i.is_undated()) {
        let (Some(started), Some(done)) = (issue.started, issue.finished) else { continue };
        let is_complete = day(done) < running || is_whole;
        if started <= done && is_complete {
            let days = (day(done) - day(started)).get_days() + 1;
            want.insert(&issue.key, (day(done).to_string(), days.into()));
        }
    }
    let keys: Vec<&&str> = found.keys().chain(want.keys()).collect();
    for key in keys {
        let (found, want) = (found.get(*key), want.get(*key));
        let is_right = found.map(|(d, n)| (*d, *n)) == want.map(|(d, n)| (d.as_str(), *n));
        seen.check(is_right, || {
            format!("{what} cycle time of {key}: {found:?}, recounted {want:?}")
        });
    }
    seen.cycle_times += want.len();
}

fn check_ages(summary: &Value, plain: &[Plain], (what, as_of): (&str, Timestamp), seen: &mut Seen) {
    let Some(ages) = summary["summary"]["work_item_age"]["value"].as_array() else { return };
    let found: BTreeMap<&str, i64> = ages
        .iter()
        .map(|age| (age["key"].as_str().unwrap(), age["days"].as_i64().unwrap()))
        .collect();
    let want: BTreeMap<&str, i64> = plain
        .iter()
        .filter(|issue| issue.is_under_way)
        .filter_map(|issue| {
            let days = (day(as_of) - day(issue.started?)).get_days() + 1;
            Some((issue.key.as_str(), days.into()))
        })
        .collect();
    seen.check(found == want, || format!("{what} ages: {found:?}, recounted {want:?}"));
    seen.ages += want.len();
}

/// The folder that holds a workspace in an unpacked archive, each: some archives have several.
fn workspaces(folder: &Path) -> Vec<PathBuf> {
    let folders = |path: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        let mut found: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
        found.sort();
        found
    };
    let is_one =
        |path: &PathBuf| path.join("profiles").is_dir() || path.join("jira_cache.json").is_file();
    let tops = folders(folder);
    let several = tops.iter().filter(|top| !is_one(top)).flat_map(|top| folders(top));
    tops.iter().filter(|top| is_one(top)).cloned().chain(several.filter(is_one)).collect()
}

/// Each workspace of an archive that can be migrated.
fn compare_archive(archive: &Path, seen: &mut Seen) {
    let keeper = Workspace::empty();
    unpack(archive, &keeper.path);
    for workspace in workspaces(&keeper.path) {
        let name = workspace.strip_prefix(&keeper.path).unwrap().display().to_string();
        // What is damaged beyond reading is told so, which other tests see to.
        if run(&workspace, &["migrate"]).code == 0 {
            compare(&workspace, &[], &name, seen);
        }
    }
}

#[track_caller]
fn nothing_wrong(seen: &Seen) {
    let first: Vec<&String> = seen.wrong.iter().take(30).collect();
    assert!(seen.wrong.is_empty(), "{} differ: {first:#?}", seen.wrong.len());
}

#[test]
fn figures_of_the_samples_equal_a_recount_of_their_documents() {
    let mut seen = Seen::default();
    for name in ["small", "corrupt", "sqlite-v2.5.0-small", "sqlite-v2.15.3-fresh"] {
        compare_archive(&fixture(name), &mut seen);
    }
    nothing_wrong(&seen);
    let is_enough = seen.weeks > 2_000 && seen.points > 2_000.0 && seen.cycle_times > 1_000;
    assert!(is_enough && seen.ages > 200 && seen.queries > 20, "{seen:?}");
}

/// All archives beside the repository, or in the folder that `BURNDOWN_TEST_DATA` names.
#[test]
fn figures_of_all_other_samples_equal_a_recount_of_their_documents() {
    let Some(one) = crate::requirement::large_sample("multi") else { return };
    let mut archives: Vec<PathBuf> = std::fs::read_dir(one.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "gz"))
        .collect();
    archives.sort();
    let mut seen = Seen::default();
    for archive in archives.iter().filter(|archive| !fixture_of(archive).is_file()) {
        compare_archive(archive, &mut seen);
    }
    nothing_wrong(&seen);
    assert!(seen.weeks > 5_000 && seen.cycle_times > 5_000 && seen.ages > 1_000, "{seen:?}");
}

/// Where that archive would be in the repository.
fn fixture_of(archive: &Path) -> PathBuf {
    fixture(archive.file_name().unwrap().to_str().unwrap().trim_end_matches(".tar.gz"))
}
