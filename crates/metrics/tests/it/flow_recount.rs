//! Figures of the flow page against a plain recount of the raw files of real projects.

use std::collections::{BTreeMap, BTreeSet};

use metrics::{
    AsOf, BandsBy, Items, Measured, Selection, Span, Stages, arrivals, cumulative_flow,
    cycle_time_scatter, littles_law, stage_times, type_distribution, weekly_table,
    work_in_progress, work_item_age,
};
use model::{Date, Remedy, TimeZone, Timestamp, Week};
use serde_json::Value;

use crate::workspace::{Query, queries};

/// Three days in the past of each project.
const DAYS: [&str; 12] = [
    "2012-02-20",
    "2012-01-11",
    "2011-12-25",
    "2013-07-01",
    "2013-06-14",
    "2013-05-31",
    "2025-11-24",
    "2025-08-15",
    "2024-12-31",
    "2025-12-15",
    "2025-11-02",
    "2025-07-04",
];
const ZONES: [&str; 2] = ["UTC", "America/New_York"];
const WEEKS: usize = 12;

/// What a status is, by the lists of the profile.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Is {
    NotStarted,
    Before,
    Waiting,
    Active,
    Done,
    Unexplained,
}

impl Is {
    fn started(self) -> bool {
        matches!(self, Is::Waiting | Is::Active)
    }
}

struct Plain {
    key: String,
    kind: String,
    created: Timestamp,
    /// When it entered which status, up to the moment.
    steps: Vec<(Timestamp, String)>,
    is_done: bool,
    done: Option<Timestamp>,
}

struct Recount<'q> {
    zone: &'q TimeZone,
    as_of: Timestamp,
    issues: Vec<Plain>,
    means: BTreeMap<String, Is>,
}

/// A change of status: when, from what, to what.
type Change = (Timestamp, String, String);
/// An issue of the file with its changes.
type Known<'v> = (&'v Value, Vec<Change>);

fn time(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?;
    let (head, offset) = text.split_at(text.len() - 2);
    format!("{head}:{offset}").parse().ok()
}

/// Status changes as they stand in the file, oldest first.
fn changes(entry: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    for history in entry["changelog"]["histories"].as_array().into_iter().flatten() {
        for item in history["items"].as_array().unwrap() {
            if item["field"] == "status" {
                let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
                found.push((
                    time(&history["created"]).unwrap(),
                    text("fromString"),
                    text("toString"),
                ));
            }
        }
    }
    found.sort_by_key(|(at, _, _)| *at);
    found
}

impl<'q> Recount<'q> {
    fn of(query: &Query, as_of: &AsOf, zone: &'q TimeZone) -> Recount<'q> {
        let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let (issues, logs) = (parse(&query.issues_text), parse(&query.changelogs_text));
        let classes = &parse(&query.profile_text)["project_classification"];
        let list = |name: &str| -> Vec<String> {
            let names = classes[name].as_array().unwrap().iter();
            names.map(|name| name.as_str().unwrap().to_owned()).collect()
        };
        let projects = list("development_projects");
        let mut recount =
            Recount { zone, as_of: as_of.at(), issues: Vec::new(), means: BTreeMap::new() };
        let known: Vec<Known<'_>> = issues["issues"]
            .as_array()
            .unwrap()
            .iter()
            .map(|issue| (issue, changes(&logs[issue["key"].as_str().unwrap()])))
            .collect();
        recount.means = means(&known, &list, as_of.at());
        for (issue, all) in &known {
            let fields = &issue["fields"];
            let created = time(&fields["created"]).unwrap();
            let project = fields["project"]["key"].as_str().unwrap().to_owned();
            if created <= as_of.at() && projects.contains(&project) {
                let plain = recount.issue(issue, created, all);
                recount.issues.push(plain);
            }
        }
        recount
    }

    fn is(&self, status: &str) -> Is {
        self.means.get(status).copied().unwrap_or(Is::Unexplained)
    }

    fn issue(&self, issue: &Value, created: Timestamp, all: &[Change]) -> Plain {
        let fields = &issue["fields"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let resolved = time(&fields["resolutiondate"]).filter(|at| *at <= self.as_of);
        let first =
            all.first().map_or(text(&fields["status"]["name"]), |(_, from, _)| from.clone());
        let mut steps = vec![(created, first)];
        for (at, _, to) in all.iter().filter(|(at, _, _)| *at <= self.as_of) {
            steps.push(((*at).max(created), to.clone()));
        }
        let mut done = None;
        for (place, (at, status)) in steps.iter().enumerate() {
            let entered = if place == 0 { resolved } else { Some(*at) };
            done = (self.is(status) == Is::Done).then(|| done.unwrap_or(entered));
        }
        // Resolved later than the moment, and nothing else tells of it.
        let is_later = all.is_empty() && resolved.is_none() && !fields["resolutiondate"].is_null();
        let done = done.filter(|_| !is_later);
        if is_later && self.is(&steps[0].1) == Is::Done {
            steps[0].1 = String::new();
        }
        if let (Some(Some(at)), true) = (done, steps.iter().all(|(_, s)| self.is(s) == Is::Done)) {
            steps[0].0 = at;
        }
        Plain {
            key: text(&issue["key"]),
            kind: text(&fields["issuetype"]["name"]),
            created,
            steps,
            is_done: done.is_some(),
            done: done.flatten(),
        }
    }

    fn dated(&self) -> impl Iterator<Item = &Plain> {
        self.issues
            .iter()
            .filter(|issue| !issue.is_done || issue.done.is_some_and(|at| at >= issue.created))
    }

    fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// The last moment of a day, or the moment of the figures.
    fn end(&self, day: Date) -> Timestamp {
        let next = day.tomorrow().unwrap().to_zoned(self.zone.clone()).unwrap().timestamp();
        (next - std::time::Duration::from_nanos(1)).min(self.as_of)
    }

    fn done_in(&self, first: Date, last: Date) -> Vec<&Plain> {
        let is_in = |at: Timestamp| (first..=last).contains(&self.day(at));
        self.dated().filter(|issue| issue.done.is_some_and(is_in)).collect()
    }

    /// First entry into a started status since it was last in a not-started one.
    fn start(&self, issue: &Plain) -> Option<Timestamp> {
        let mut start = None;
        let mut gap = false;
        for (at, status) in &issue.steps {
            match self.is(status) {
                Is::NotStarted => (start, gap) = (None, false),
                is if is.started() => start = start.or(Some(*at)),
                Is::Unexplained => gap = true,
                Is::Before | Is::Done | Is::Waiting | Is::Active => {}
            }
        }
        start.filter(|_| !gap)
    }

    /// Working days from one moment to another, day by day.
    fn working_days(&self, from: Timestamp, to: Timestamp) -> f64 {
        let mut seconds = 0.0;
        let mut day = self.day(from);
        while day <= self.day(to) {
            let start = day.to_zoned(self.zone.clone()).unwrap().timestamp();
            let next = day.tomorrow().unwrap().to_zoned(self.zone.clone()).unwrap().timestamp();
            if day.weekday().to_monday_zero_offset() < 5 {
                let (from, to) = (from.max(start), to.min(next));
                seconds += if from < to { to.duration_since(from).as_secs_f64() } else { 0.0 };
            }
            day = day.tomorrow().unwrap();
        }
        seconds / 86_400.0
    }
}

/// What the statuses are: by list, else by the category that documents in them have.
fn means(
    known: &[Known<'_>],
    list: &dyn Fn(&str) -> Vec<String>,
    as_of: Timestamp,
) -> BTreeMap<String, Is> {
    let (end, active) = (list("flow_end_statuses"), list("active_statuses"));
    let (wip, begin) = (list("wip_statuses"), list("flow_start_statuses"));
    let mut categories: BTreeMap<String, String> = BTreeMap::new();
    let mut names: BTreeSet<String> = BTreeSet::new();
    for (issue, all) in known {
        let status = &issue["fields"]["status"];
        let name = status["name"].as_str().unwrap().to_owned();
        let category = status["statusCategory"]["key"].as_str().unwrap_or_default();
        categories.insert(name.clone(), category.to_owned());
        names.insert(name);
        for (_, from, to) in all {
            names.extend([from.clone(), to.clone()]);
        }
    }
    let mut means: BTreeMap<String, Is> = BTreeMap::new();
    for name in &names {
        let is = match categories.get(name).map(String::as_str) {
            _ if end.contains(name) => Is::Done,
            _ if active.contains(name) => Is::Active,
            _ if wip.contains(name) || begin.contains(name) => Is::Waiting,
            Some("new") => Is::NotStarted,
            Some("indeterminate") => Is::Active,
            _ => Is::Unexplained,
        };
        means.insert(name.clone(), is);
    }
    before_start(known, &begin, as_of, &mut means);
    let is_listed = |name: &String| [&end, &active, &wip, &begin].iter().any(|l| l.contains(name));
    reopened(known, as_of, &is_listed, &mut means);
    means
}

/// Started statuses that mostly come before the one that work starts with.
fn before_start(
    known: &[Known<'_>],
    begin: &[String],
    as_of: Timestamp,
    means: &mut BTreeMap<String, Is>,
) {
    let mut balance: BTreeMap<String, i64> = BTreeMap::new();
    for (issue, all) in known {
        if time(&issue["fields"]["created"]).unwrap() > as_of {
            continue;
        }
        let mut entered: Vec<&String> = Vec::new();
        for (_, _, to) in all.iter().filter(|(at, _, _)| *at <= as_of) {
            if !entered.contains(&to) {
                entered.push(to);
            }
        }
        let Some(at) = entered.iter().position(|status| begin.contains(status)) else { continue };
        for (place, status) in entered.into_iter().enumerate() {
            *balance.entry(status.clone()).or_default() += if place < at { -1 } else { 1 };
        }
    }
    for (name, is) in means.iter_mut() {
        let is_before = balance.get(name).is_some_and(|balance| *balance < 0);
        if is.started() && !begin.contains(name) && is_before {
            *is = Is::Before;
        }
    }
}

/// Statuses that are entered from done ones only, unless they are listed.
fn reopened(
    known: &[Known<'_>],
    as_of: Timestamp,
    is_listed: &dyn Fn(&String) -> bool,
    means: &mut BTreeMap<String, Is>,
) {
    let mut entered: BTreeMap<String, (bool, bool)> = BTreeMap::new();
    let mut enter = |status: &str, is_from_done: bool| {
        let found = entered.entry(status.to_owned()).or_default();
        if is_from_done { found.0 = true } else { found.1 = true }
    };
    for (issue, all) in known {
        if time(&issue["fields"]["created"]).unwrap() > as_of {
            continue;
        }
        let document = issue["fields"]["status"]["name"].as_str().unwrap();
        let mut status = all.first().map_or(document, |(_, from, _)| from);
        enter(status, false);
        for (_, _, to) in all.iter().filter(|(at, _, _)| *at <= as_of) {
            enter(to, means.get(status) == Some(&Is::Done));
            status = to;
        }
    }
    for (name, (from_done, from_others)) in entered {
        let is = means.get_mut(&name).unwrap();
        if from_done && !from_others && *is != Is::Done && !is_listed(&name) {
            *is = Is::Waiting;
        }
    }
}

#[track_caller]
fn known<T>(measured: Measured<T>, what: &str) -> T {
    match measured {
        Measured::Known { value, .. } => value,
        Measured::Unavailable { reason, .. } => panic!("{what}: {reason:?}"),
    }
}

fn near(found: f64, want: f64, what: &str) {
    assert!((found - want).abs() < 1e-6, "{what}: {found}, recounted {want}");
}

/// How many figures were compared, so that no test passes by comparing nothing.
#[derive(Default, Debug)]
struct Seen {
    weeks: usize,
    cycle_times: usize,
    efficiencies: usize,
    ages: usize,
    under_way: u64,
}

fn compare(query: &Query, day: &str, zone: &TimeZone, seen: &mut Seen) {
    let as_of = AsOf::end_of(day.parse().unwrap(), zone.clone());
    let items = Items::read(&query.histories, &query.workflow, &[], &as_of, Remedy::SyncNow);
    let table = weekly_table(&items, None);
    let span = Span::Last(WEEKS);
    let Some(rows) = table.known().map(|table| table.complete(span)) else { return };
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return };
    let last = last.monday.saturating_add(std::time::Duration::from_secs(6 * 86_400));
    let plain = Recount::of(query, &as_of, zone);
    let what = format!("{} {day} {}", query.name, zone.iana_name().unwrap());
    let stages = Stages::read(&items);
    check_bands(&items, &stages, &plain, &what, seen);
    check_progress(&items, &stages, &plain, first.monday, last, &what, seen);
    check_arrivals(&items, &plain, &what);
    check_times(&items, &plain, first.monday, last, &what, seen);
    check_stages(&items, &stages, &plain, first.monday, last, &what, seen);
    check_ages(&items, &plain, &what, seen);
}

fn check_bands(
    items: &Items<'_>,
    stages: &Stages<'_>,
    plain: &Recount<'_>,
    what: &str,
    seen: &mut Seen,
) {
    let table = weekly_table(items, None);
    let flow = |by| known(cumulative_flow(items, stages, &table, Span::Last(WEEKS), by), what);
    let (by_status, by_lane) = (flow(BandsBy::Status), flow(BandsBy::Lane));
    for (week, lanes) in by_status.weeks.iter().zip(&by_lane.weeks) {
        let end = plain.end(week.date);
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for issue in plain.dated() {
            let step = issue.steps.iter().rfind(|(at, _)| *at <= end);
            if let Some((_, status)) = step {
                *counts.entry(status).or_default() += 1;
            }
        }
        for (band, count) in by_status.bands.iter().zip(&week.counts) {
            let want: u64 = band.statuses.iter().filter_map(|s| counts.remove(s.as_str())).sum();
            assert_eq!(*count, want, "{what} {} {band:?}", week.week);
            let behind = Selection::InStageAtEndOf(week.week, band.statuses.clone());
            assert_eq!(items.keys(&behind).len() as u64, want, "{what} {} {band:?}", week.week);
        }
        assert!(counts.is_empty(), "{what} {} {counts:?}", week.week);
        assert_eq!(week.counts.iter().sum::<u64>(), lanes.counts.iter().sum::<u64>(), "{what}");
        seen.weeks += 1;
    }
    // Nothing that holds much time is joined.
    assert!(by_status.bands.iter().all(|band| !band.is_joined || band.statuses.len() > 1));
    // Four lanes, and what nothing explains.
    assert!(by_lane.bands.len() <= 5, "{what} {:?}", by_lane.bands);
}

fn check_progress(
    items: &Items<'_>,
    stages: &Stages<'_>,
    plain: &Recount<'_>,
    first: Date,
    last: Date,
    what: &str,
    seen: &mut Seen,
) {
    let table = weekly_table(items, None);
    let found = known(work_in_progress(items, stages, &table, Span::Last(WEEKS)), what);
    let under_way = |day: Date| {
        let end = plain.end(day);
        let is_started = |issue: &&Plain| {
            let step = issue.steps.iter().rfind(|(at, _)| *at <= end);
            step.is_some_and(|(_, status)| plain.is(status).started())
        };
        plain.dated().filter(is_started).count() as u64
    };
    let (mut day, mut sum, mut days) = (first, 0, 0);
    while day <= last {
        sum += under_way(day);
        days += 1;
        day = day.tomorrow().unwrap();
    }
    near(found.mean, sum as f64 / f64::from(days), what);
    assert_eq!(found.now, under_way(plain.day(plain.as_of)), "{what}");
    for week in &found.weeks {
        let keys = items.keys(&Selection::UnderWayAtEndOf(week.week));
        assert_eq!(keys.len() as u64, week.at_end, "{what} {}", week.week);
    }
    assert_eq!(found.now, items.counted.iter().filter(|item| item.is_under_way).count() as u64);
    seen.under_way += sum;
}

fn check_arrivals(items: &Items<'_>, plain: &Recount<'_>, what: &str) {
    let found = known(arrivals(items, &weekly_table(items, None), Span::Last(WEEKS)), what);
    for week in &found.weeks {
        let is_in = |at: Timestamp| Week::of(plain.day(at)) == week.week;
        let count = |holds: &dyn Fn(&Plain) -> bool| plain.dated().filter(|i| holds(i)).count();
        let arrived = count(&|issue| is_in(issue.created));
        let departed = count(&|issue| issue.done.is_some_and(is_in));
        let started = count(&|issue| plain.start(issue).is_some_and(is_in));
        assert_eq!(
            (week.arrived.items, week.departed.items, week.started),
            (arrived as i64, departed as i64, started as u64),
            "{what} {}",
            week.week
        );
        let keys = |selection: &Selection| items.keys(selection).len() as u64;
        let weeks = week.week..=week.week;
        assert_eq!(keys(&Selection::StartedIn(weeks.clone())), week.started, "{what}");
        assert_eq!(keys(&Selection::DepartedIn(weeks)), departed as u64, "{what}");
    }
}

fn check_times(
    items: &Items<'_>,
    plain: &Recount<'_>,
    first: Date,
    last: Date,
    what: &str,
    seen: &mut Seen,
) {
    let table = weekly_table(items, None);
    let done = plain.done_in(first, last);
    let mut types: BTreeMap<&str, u64> = BTreeMap::new();
    done.iter().for_each(|issue| *types.entry(&issue.kind).or_default() += 1);
    let found = known(type_distribution(items, &table, Span::Last(WEEKS)), what);
    for share in &found.types {
        let want: u64 = share.names.iter().filter_map(|name| types.remove(name.as_str())).sum();
        assert_eq!(share.items, want, "{what} {share:?}");
    }
    assert!(types.is_empty(), "{what} {types:?}");
    let days = |issue: &&Plain| {
        let (start, done) = (plain.start(issue)?, issue.done?);
        let days = (plain.day(done) - plain.day(start)).get_days() + 1;
        (start <= done).then(|| (issue.key.clone(), plain.day(done), days))
    };
    let mut want: Vec<(String, Date, i32)> =
        done.iter().copied().filter_map(|i| days(&i)).collect();
    want.sort();
    let times = cycle_time_scatter(items, &table, Span::Last(WEEKS));
    if let Measured::Known { value, .. } = &times {
        let found = value.items.iter().map(|item| (item.key.clone(), item.done, item.days));
        let mut found: Vec<(String, Date, i32)> = found.collect();
        found.sort();
        assert_eq!(found, want, "{what}");
        seen.cycle_times += found.len();
        for (key, day, days) in &found {
            let keys = items.keys(&Selection::DoneOn(*day, Some(*days)));
            assert!(keys.contains(&key.as_str()), "{what} {key}");
        }
        let progress = work_in_progress(items, &Stages::read(items), &table, Span::Last(WEEKS));
        let came = arrivals(items, &table, Span::Last(WEEKS));
        let law = known(littles_law(&times, &came, &progress), what);
        let sum: i32 = want.iter().map(|(_, _, days)| days).sum();
        let window_days = f64::from((last - first).get_days() + 1);
        near(law.expected_under_way, f64::from(sum) / window_days, what);
    }
}

fn check_stages(
    items: &Items<'_>,
    stages: &Stages<'_>,
    plain: &Recount<'_>,
    first: Date,
    last: Date,
    what: &str,
    seen: &mut Seen,
) {
    let weekdays = |date: Date| date.weekday().to_monday_zero_offset() < 5;
    let table = weekly_table(items, None);
    let found = stage_times(items, stages, &table, Span::Last(WEEKS), &weekdays);
    let Measured::Known { value: found, .. } = found else { return };
    let mut spent: BTreeMap<&str, f64> = BTreeMap::new();
    for issue in plain.done_in(first, last) {
        for pair in issue.steps.windows(2) {
            if plain.is(&pair[0].1).started() {
                *spent.entry(&pair[0].1).or_default() += plain.working_days(pair[0].0, pair[1].0);
            }
        }
    }
    let sum = |is: Is| -> f64 {
        spent.iter().filter(|(status, _)| plain.is(status) == is).map(|(_, days)| days).sum()
    };
    let (active, waiting) = (sum(Is::Active), sum(Is::Waiting));
    near(found.efficiency.share, active / (active + waiting), what);
    near(found.efficiency.active_days, active, what);
    for stage in &found.stages {
        near(stage.total_days, spent.remove(stage.status.as_str()).unwrap_or_default(), what);
    }
    assert!(spent.values().all(|days| *days == 0.0), "{what} {spent:?}");
    seen.efficiencies += 1;
}

fn check_ages(items: &Items<'_>, plain: &Recount<'_>, what: &str, seen: &mut Seen) {
    let today = plain.day(plain.as_of);
    let age = |issue: &Plain| {
        let (_, status) = issue.steps.last()?;
        let start = plain.start(issue).filter(|_| plain.is(status).started())?;
        Some((issue.key.clone(), (today - plain.day(start)).get_days() + 1))
    };
    let want: BTreeMap<String, i32> = plain.issues.iter().filter_map(age).collect();
    let found = known(work_item_age(items), what);
    let found: BTreeMap<String, i32> = found.into_iter().map(|age| (age.key, age.days)).collect();
    assert_eq!(found, want, "{what}");
    seen.ages += found.len();
}

#[test]
fn figures_equal_a_plain_recount() {
    let Some(all) = queries("real").zip(queries("multi")) else { return };
    let mut seen = Seen::default();
    for query in all.0.iter().chain(&all.1) {
        for (place, day) in DAYS.iter().enumerate() {
            let zone = TimeZone::get(ZONES[place % ZONES.len()]).unwrap();
            compare(query, day, &zone, &mut seen);
        }
    }
    let is_enough = seen.weeks > 500
        && seen.cycle_times > 500
        && seen.efficiencies > 10
        && seen.ages > 500
        && seen.under_way > 500;
    assert!(is_enough, "{seen:?}");
}
