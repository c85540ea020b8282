//! Figures of the flow page against a plain recount of the raw files of real projects.

use std::collections::BTreeMap;

use metrics::{
    AsOf, BandsBy, Items, Measured, Reason, Selection, Span, Stages, arrivals, cumulative_flow,
    cycle_time_scatter, littles_law, stage_times, type_distribution, weekly_table,
    work_in_progress, work_item_age,
};
use model::{Date, Remedy, TimeZone, Timestamp, Week};

use crate::workspace::{Query, queries};

mod raw;

use raw::{Is, Plain, Recount};

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

#[track_caller]
fn known<T>(measured: Measured<T>, what: &str) -> T {
    match measured {
        Measured::Known { value, .. } => value,
        Measured::Unavailable { reason, .. } => panic!("{what}: {reason:?}"),
    }
}

/// `None` where statuses that nothing explains hide too much.
#[track_caller]
fn explained<T>(measured: Measured<T>, what: &str) -> Option<T> {
    match measured {
        Measured::Unavailable { reason: Reason::StatusesUnexplained { measured, of }, .. } => {
            assert!(measured * 10 < of * 6, "{what}: {measured} of {of}");
            None
        }
        other => Some(known(other, what)),
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
    let flow = |by| explained(cumulative_flow(items, stages, &table, Span::Last(WEEKS), by), what);
    let (Some(by_status), Some(by_lane)) = (flow(BandsBy::Status), flow(BandsBy::Lane)) else {
        return;
    };
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
    let found = work_in_progress(items, stages, &table, Span::Last(WEEKS));
    let Some(found) = explained(found, what) else { return };
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
        let Some(law) = explained(littles_law(&times, &came, &progress), what) else { return };
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
    let found = match work_item_age(items) {
        Measured::Known { value, .. } => value,
        Measured::Unavailable { reason, .. } => {
            let Reason::StatusesUnexplained { measured, of } = reason else { panic!("{reason:?}") };
            assert_eq!(measured, want.len() as u64, "{what}");
            assert!(measured * 10 < of * 6, "{what} {measured} of {of}");
            return;
        }
    };
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
