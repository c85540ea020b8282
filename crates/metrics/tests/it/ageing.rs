//! Ageing by stage: checked by hand, and against a plain recount of the raw files.

use std::collections::{BTreeMap, HashMap};

use metrics::{
    Ageing, AsOf, ItemOdds, Items, Measured, Pace, Reason, Span, Stages, Zones, ageing, cycle_time,
    known_ages, weekly_table,
};
use model::{Date, Lane, Remedy, TimeZone, Timestamp};
use serde_json::Value;

use crate::sketch::{CONFIGURED, issue, look};
use crate::workspace::{Query, queries};

/// Six delivered ones on their way through Doing and Review, and two under way.
fn sample() -> Vec<metrics::IssueHistory> {
    let done = |key: &str, review: u32, done: u32| {
        let path = format!(
            "To Do > 2025-06-02 Doing > 2025-06-{review:02} Review > 2025-06-{done:02} Done"
        );
        issue(key, "2025-06-01", &path)
    };
    let mut all: Vec<_> =
        (1..=5).map(|number| done(&format!("A-{number}"), 2 + number, 5 + number)).collect();
    // It went past Review, and back to Doing before.
    all.push(issue(
        "A-6",
        "2025-06-01",
        "To Do > 2025-06-02 Doing > 2025-06-04 To Do > 2025-06-05 Doing > 2025-06-12 Done",
    ));
    all.push(issue("A-7", "2025-06-01", "To Do > 2025-06-09 Doing"));
    all.push(issue("A-8", "2025-06-01", "To Do > 2025-06-03 Doing > 2025-06-20 Review"));
    all.push(issue("A-9", "2025-06-01", "To Do"));
    all
}

fn found(day: &str, look_at: impl FnOnce(Ageing)) {
    look(&sample(), CONFIGURED, day, |items| {
        let table = weekly_table(items, None);
        match ageing(items, &table, Span::Last(12)) {
            Measured::Known { value, .. } => look_at(value),
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn zones_are_ages_at_leaving() {
    found("2025-06-30", |found| {
        let names: Vec<_> =
            found.stages.iter().map(|stage| stage.name.as_deref().unwrap()).collect();
        assert_eq!((names.as_slice(), found.delivered), (&["Doing", "Review"][..], 6));
        // Doing was left at 2, 3, 4, 5, 6 days; A-6 left it at 8 days, counted from its new start.
        assert_eq!(found.stages[0].zones, Some(Zones { p50: 4, p70: 6, p85: 8, p95: 8 }));
        // Review at 5, 6, 7, 8, 9; A-6 passed it by when it left Doing.
        assert_eq!(found.stages[1].zones, Some(Zones { p50: 7, p70: 8, p85: 9, p95: 9 }));
    });
}

#[test]
fn each_item_has_its_place() {
    found("2025-06-30", |found| {
        let told: Vec<_> = found
            .items
            .iter()
            .map(|item| {
                (item.key.as_str(), item.age_days, item.in_status_days, item.stage, item.pace)
            })
            .collect();
        assert_eq!(
            told,
            [
                ("A-8", 28, Some(11), Some(1), Some(Pace::Over95)),
                ("A-7", 22, Some(22), Some(0), Some(Pace::Over95)),
            ]
        );
        assert_eq!(found.stages.iter().map(|stage| stage.items).collect::<Vec<_>>(), [1, 1]);
    });
}

#[test]
fn too_few_delivered_make_no_zones() {
    found("2025-06-09", |found| {
        assert_eq!(found.delivered, 3, "{found:?}");
        assert!(found.stages.iter().all(|stage| stage.zones.is_none()));
        assert!(found.items.iter().all(|item| item.pace.is_none() && item.age_days > 0));
    });
}

/// Most of what was delivered went through a status that nothing explains, and one under way did.
#[test]
fn what_cannot_be_measured_makes_no_pace() {
    let mut all = sample();
    for number in 10..=20 {
        let path = "To Do > 2025-06-02 Doing > 2025-06-04 Hidden > 2025-06-09 Done";
        all.push(issue(&format!("A-{number}"), "2025-06-01", path));
    }
    let path = "To Do > 2025-06-02 Hidden > 2025-06-04 Doing";
    all.push(issue("A-21", "2025-06-01", path));
    look(&all, CONFIGURED, "2025-06-30", |items| {
        let table = weekly_table(items, None);
        let Measured::Known { value: found, .. } = ageing(items, &table, Span::Last(12)) else {
            panic!("no ages");
        };
        let times = cycle_time(items, &table, Span::Last(12));
        let Measured::Unavailable { reason, .. } = times else { panic!("{times:?}") };
        let level = &found.service_level;
        let is_same = |told: &Reason| *told == reason;
        assert!(
            matches!(level, Measured::Unavailable { reason, .. } if is_same(reason)),
            "{level:?}"
        );
        assert!(found.stages.iter().all(|stage| stage.zones.is_none()), "{found:?}");
        assert!(found.items.iter().all(|item| item.odds == ItemOdds::Unknown), "{found:?}");
        assert_eq!((found.items.len(), found.under_way), (2, 3));
    });
}

/// What the recount says of an issue.
struct Plain {
    start: Date,
    /// The day of each leave, by status; the last one counts.
    left: BTreeMap<String, Date>,
    /// The statuses it was in since its start, with the day it came into the last one.
    now: (String, Date),
    done: Option<Date>,
}

fn time(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?;
    let (head, offset) = text.split_at(text.len() - 2);
    format!("{head}:{offset}").parse().ok()
}

/// From creation on: each status with the moment it was entered, as the raw files tell.
fn path(issue: &Value, entry: &Value, until: Timestamp) -> Vec<(Timestamp, String)> {
    let mut changes = Vec::new();
    for history in entry["changelog"]["histories"].as_array().into_iter().flatten() {
        for item in history["items"].as_array().unwrap() {
            if item["field"] == "status" {
                let name = |end: &str| item[end].as_str().unwrap_or_default().to_owned();
                changes.push((
                    time(&history["created"]).unwrap(),
                    name("fromString"),
                    name("toString"),
                ));
            }
        }
    }
    changes.sort_by_key(|(at, _, _)| *at);
    let now = issue["fields"]["status"]["name"].as_str().unwrap_or_default().to_owned();
    let first = changes.first().map_or(now, |(_, from, _)| from.clone());
    let mut path = vec![(time(&issue["fields"]["created"]).unwrap(), first)];
    for (at, _, to) in changes.into_iter().filter(|(at, ..)| *at <= until) {
        if path.last().is_some_and(|(_, last)| *last != to) {
            path.push((at, to));
        }
    }
    path
}

type Lanes = HashMap<String, (Option<Lane>, bool)>;

/// `None` of what never started, was put back, or was in a status that nothing explains since it was
/// last not started.
fn plain(path: &[(Timestamp, String)], lanes: &Lanes, zone: &TimeZone) -> Option<Plain> {
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let lane = |name: &str| lanes.get(name).copied().unwrap_or_default();
    let (mut start, mut left, mut done) = (None, BTreeMap::new(), None);
    let mut is_clear = true;
    for (place, (at, name)) in path.iter().enumerate() {
        match lane(name) {
            (None, _) => (done, is_clear) = (None, false),
            (Some(Lane::Done), _) => done = done.or(Some(day(*at))),
            (_, true) => {
                done = None;
                start = start.or(Some(day(*at)));
                if let Some((next, _)) = path.get(place + 1) {
                    left.insert(name.clone(), day(*next));
                }
            }
            (Some(Lane::NotStarted), _) => {
                (start, done, left, is_clear) = (None, None, BTreeMap::new(), true);
            }
            // Not delivered, or waiting before work begins: neither puts it back.
            _ => done = None,
        }
    }
    if !is_clear {
        return None;
    }
    let (since, now) = path.last()?;
    Some(Plain { start: start?, left, now: (now.clone(), day(*since)), done })
}

/// The day it was done, of what was in a status that nothing explains since it was last not started.
fn done_out_of_sight(path: &[(Timestamp, String)], lanes: &Lanes, zone: &TimeZone) -> Option<Date> {
    let lane = |at: usize| lanes.get(&path[at].1).and_then(|(lane, _)| *lane);
    let begun = (0..path.len()).rposition(|at| lane(at) == Some(Lane::NotStarted)).unwrap_or(0);
    let not_done = (0..path.len()).rposition(|at| lane(at) != Some(Lane::Done));
    let (done, _) = path.get(not_done.map_or(0, |at| at + 1))?;
    let is_hidden = (begun..path.len()).any(|at| lane(at).is_none());
    is_hidden.then(|| done.to_zoned(zone.clone()).date())
}

fn age(start: Date, day: Date) -> u32 {
    u32::try_from((day - start).get_days() + 1).unwrap()
}

/// The ages at which delivered ones left each of the stages, in their order.
fn ages_at_leaving(delivered: &[&Plain], stages: &[String]) -> Vec<Vec<u32>> {
    let mut ages = vec![Vec::new(); stages.len()];
    for one in delivered {
        let mut passed = None;
        for (place, stage) in stages.iter().enumerate() {
            let left = one.left.get(stage).copied();
            passed = passed.max(left);
            ages[place].push(left.or(passed).map_or(1, |day| age(one.start, day)));
        }
    }
    ages.iter_mut().for_each(|ages| ages.sort_unstable());
    ages
}

fn rank(ages: &[u32], percent: usize) -> u32 {
    ages[(ages.len() * percent).div_ceil(100) - 1]
}

/// What is known of issues, and when those were done of which nobody knows when they were started.
type Recount = (HashMap<String, Plain>, Vec<Date>);

fn recount(query: &Query, as_of: &AsOf, lanes: &Lanes, zone: &TimeZone) -> Recount {
    let issues: Value = serde_json::from_str(&query.issues_text).unwrap();
    let changelogs: Value = serde_json::from_str(&query.changelogs_text).unwrap();
    let profile: Value = serde_json::from_str(&query.profile_text).unwrap();
    let projects = profile["project_classification"]["development_projects"].as_array().unwrap();
    let (mut found, mut hidden) = (HashMap::new(), Vec::new());
    for issue in issues["issues"].as_array().unwrap() {
        let key = issue["key"].as_str().unwrap();
        let created = time(&issue["fields"]["created"]).unwrap();
        if created > as_of.at() || !projects.contains(&issue["fields"]["project"]["key"]) {
            continue;
        }
        let path = path(issue, &changelogs[key], as_of.at());
        found.extend(plain(&path, lanes, zone).map(|plain| (key.to_owned(), plain)));
        hidden.extend(done_out_of_sight(&path, lanes, zone));
    }
    (found, hidden)
}

fn check(query: &Query, day: &str) -> (usize, usize) {
    let zone = TimeZone::UTC;
    let as_of = AsOf::end_of(day.parse().unwrap(), zone.clone());
    let items = Items::read(&query.histories, &query.workflow, &[], &as_of, Remedy::SyncNow);
    let table = weekly_table(&items, Some(&query.statistics));
    let Measured::Known { value: found, .. } = ageing(&items, &table, Span::Last(12)) else {
        return (0, 0);
    };
    let mut lanes = Lanes::new();
    for known in items.statuses.known() {
        for name in &known.names {
            lanes.insert((*name).to_owned(), (known.meaning.lane, known.meaning.is_started));
        }
    }
    let (plain, hidden) = recount(query, &as_of, &lanes, &zone);
    let what = format!("{} {day}", query.name);
    for item in &found.items {
        let one = plain.get(&item.key).unwrap_or_else(|| panic!("{what}: {item:?}"));
        assert_eq!(
            (item.started, item.age_days),
            (one.start, age(one.start, as_of.date())),
            "{what} {}",
            item.key
        );
        assert_eq!(item.in_status_since, Some(one.now.1), "{what} {}", item.key);
        let stage = item.stage.and_then(|stage| found.stages[stage].name.clone());
        assert_eq!(stage.as_deref(), Some(one.now.0.as_str()), "{what} {}", item.key);
    }
    let under_way = plain.values().filter(|one| lanes[&one.now.0].1).count();
    assert_eq!(found.items.len(), under_way, "{what}");
    let ages = known_ages(&items);
    assert_eq!(ages.known().map(Vec::len), Some(found.items.len()));

    // The last twelve complete weeks.
    let monday = as_of.date().weekday().to_monday_zero_offset();
    let first = as_of.date().checked_sub(jiff_days(i64::from(monday))).unwrap();
    let end = if monday == 6 { as_of.date().tomorrow().unwrap() } else { first };
    let begin = end.checked_sub(jiff_days(84)).unwrap();
    let is_within = |done: &Date| (begin..end).contains(done);
    let mut delivered: Vec<&Plain> =
        plain.values().filter(|one| one.done.is_some_and(|done| is_within(&done))).collect();
    // Of fewer than three in five nothing is told.
    let all = delivered.len() + hidden.iter().filter(|done| is_within(done)).count();
    let is_told = !delivered.is_empty() && delivered.len() * 5 >= all * 3;
    assert_eq!(found.service_level.known().is_some(), is_told, "{what}");
    delivered.retain(|_| is_told);
    assert_eq!(found.delivered, delivered.len(), "{what}");
    let stages = Stages::read(&items);
    let all: Vec<String> = (0..stages.all.len())
        .filter(|stage| stages.meaning(*stage).is_started)
        .filter_map(|stage| stages.all[stage].name.map(str::to_owned))
        .collect();
    let ages = ages_at_leaving(&delivered, &all);
    let mut highest = [0; 4];
    for (place, name) in all.iter().enumerate() {
        let shown = found.stages.iter().find(|stage| stage.name.as_deref() == Some(name));
        if delivered.len() >= 5 {
            for (at, percent) in [50, 70, 85, 95].into_iter().enumerate() {
                highest[at] = highest[at].max(rank(&ages[place], percent));
            }
        }
        let [p50, p70, p85, p95] = highest;
        let want = (delivered.len() >= 5).then_some(Zones { p50, p70, p85, p95 });
        assert!(
            shown.is_none_or(|stage| stage.zones == want),
            "{what} {name}: {shown:?}, {want:?}"
        );
    }
    (found.items.len(), delivered.len())
}

fn jiff_days(days: i64) -> std::time::Duration {
    std::time::Duration::from_secs(u64::try_from(days).unwrap() * 86_400)
}

#[test]
fn ages_and_zones_equal_a_plain_recount() {
    let (mut items, mut delivered, mut seen) = (0, 0, 0);
    for query in ["multi", "real"].into_iter().filter_map(queries).flatten() {
        for day in ["2013-07-01", "2014-06-30", "2025-11-23"] {
            let found = check(&query, day);
            items += found.0;
            delivered += found.1;
            seen += 1;
        }
    }
    assert!(seen == 0 || (items > 200 && delivered > 100), "{items} {delivered}");
}
