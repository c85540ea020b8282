//! Deliveries of real projects on past days: counted again from what Jira says, and without a look at
//! what came later.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::program::run;
use crate::recorded::{
    NOT_DELIVERED, changes, cut, day_of, ids_on, is_by, issues, synced, value_on,
};
use crate::samples::Workspace;

/// A file of issues, a version of theirs, and days on which it was worked on.
const PROJECTS: [(&str, &str, [&str; 3]); 2] = [
    ("aerogear", "1.0.0.M1", ["2012-01-15", "2012-02-12", "2012-03-18"]),
    ("agpush", "ups-0.8.0", ["2013-07-21", "2013-08-04", "2013-08-18"]),
];
/// Statuses that mean done in both projects.
const DONE: [&str; 2] = ["Resolved", "Closed"];
/// The versions of an issue, as changes and documents call them.
const VERSIONS: (&str, &str) = ("Fix Version", "fixVersions");

/// What the program says about a version on a day.
fn said(workspace: &Workspace, version: &str, day: &str) -> Value {
    run(&workspace.path, &["delivery", "show", version, "--as-of", day, "--json"]).json()
}

/// The id of a version by its name now.
fn version_id(issues: &[Value], name: &str) -> String {
    let all = issues.iter().flat_map(|issue| issue["fields"]["fixVersions"].as_array().unwrap());
    let found = all.into_iter().find(|version| version["name"] == name).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

/// An item on a day, counted here.
struct Counted<'i> {
    issue: &'i Value,
    is_done: bool,
    is_cancelled: bool,
    /// The day on which it was done or cancelled; of an open one none.
    over_on: Option<String>,
}

/// Issues that count on a day by the type that they had then.
fn counted<'i>(issues: &'i [Value], day: &str) -> Vec<Counted<'i>> {
    let types = issues.iter().map(|issue| &issue["fields"]["issuetype"]);
    let is_part = |name: &str| {
        let of_name = types.clone().find(|kind| kind["name"] == name);
        name == "Epic" || of_name.is_some_and(|kind| kind["subtask"] == true)
    };
    let known = issues.iter().filter(|issue| is_by(text(&issue["fields"]["created"]), day));
    let counted = known.filter(|issue| !is_part(&value_on(issue, "issuetype", day).unwrap()));
    counted.map(|issue| Counted::on(issue, day)).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

impl<'i> Counted<'i> {
    fn on(issue: &'i Value, day: &str) -> Counted<'i> {
        let is_over = DONE.contains(&value_on(issue, "status", day).unwrap().as_str());
        let known = |field: &str| {
            let all = changes(issue, field).into_iter();
            all.filter(|(at, _)| is_by(at, day)).collect::<Vec<_>>()
        };
        // The last change into what is done from what is not; moving on inside it changes nothing.
        let entered = known("status").into_iter().rfind(|(_, item)| {
            DONE.contains(&text(&item["toString"])) && !DONE.contains(&text(&item["fromString"]))
        });
        let resolution = value_on(issue, "resolution", day).unwrap_or_default();
        let is_cancelled = is_over && NOT_DELIVERED.contains(&resolution.as_str());
        let resolved = known("resolution");
        let not_delivered = |item: &Value| {
            item["toString"].as_str().is_some_and(|name| NOT_DELIVERED.contains(&name))
        };
        let since = resolved.iter().rev().take_while(|(_, item)| not_delivered(item)).last();
        let moments = [entered, since.copied().filter(|_| is_cancelled)];
        let over_on = moments.into_iter().flatten().map(|(at, _)| day_of(at)).max();
        let over_on = over_on.filter(|_| is_over);
        Counted { issue, is_done: is_over && !is_cancelled, is_cancelled, over_on }
    }

    fn is_of(&self, version: &str, day: &str) -> bool {
        ids_on(self.issue, VERSIONS, day).contains(version)
    }
}

/// Scope and done items of a version at the end of a day, of items as they stood on a later one.
fn stood(items: &[Counted<'_>], version: &str, day: &str) -> (usize, usize) {
    let is_there = |item: &&Counted<'_>| {
        let is_over = item.over_on.as_deref().is_some_and(|on| on <= day);
        is_by(text(&item.issue["fields"]["created"]), day)
            && item.is_of(version, day)
            && !(item.is_cancelled && is_over)
    };
    let is_done =
        |item: &&Counted<'_>| item.is_done && item.over_on.as_deref().is_some_and(|on| on <= day);
    let there: Vec<&Counted<'_>> = items.iter().filter(is_there).collect();
    (there.len(), there.into_iter().filter(is_done).count())
}

fn keys(said: &Value, of: &str) -> BTreeSet<String> {
    let keys = said["keys"][of].as_array().unwrap().iter();
    keys.map(|key| key.as_str().unwrap().to_owned()).collect()
}

/// What is said of a version on days, against what is counted here: which items belong to it, which
/// of them are done, and how both were at the end of each week.
#[track_caller]
fn check_recount(issues: &[Value], version: &str, days: [&str; 3]) {
    let workspace = synced(issues, issues, &DONE);
    let rule = format!("fix version = {version:?}");
    run(&workspace.path, &["delivery", "add", &rule]).answer();
    let id = version_id(issues, version);
    let mut seen = 0;
    for day in days {
        let said = said(&workspace, version, day);
        let items = counted(issues, day);
        let of_it = || items.iter().filter(|item| item.is_of(&id, day));
        let [open, done] = [false, true].map(|is_done| {
            let chosen = of_it().filter(|item| item.is_done == is_done && !item.is_cancelled);
            chosen.map(|item| text(&item.issue["key"]).to_owned()).collect::<BTreeSet<_>>()
        });
        assert_eq!(keys(&said, "open"), open, "{version} {day}");
        assert_eq!(keys(&said, "done"), done, "{version} {day}");
        let standing = &said["standing"]["value"];
        assert_eq!(standing["scope"], open.len() + done.len(), "{version} {day}");
        assert_eq!(standing["done"], done.len(), "{version} {day}");
        let weeks = said["weeks"].as_array().unwrap();
        for week in weeks {
            let (scope, done) = stood(&items, &id, text(&week["sunday"]).min(day));
            let sunday = &week["sunday"];
            assert_eq!(week["scope"], scope, "{version} {day}: {sunday}");
            assert_eq!(week["done"], done, "{version} {day}: {sunday}");
        }
        assert!(weeks.len() > 2, "{version} {day}: only {} weeks", weeks.len());
        seen += open.len() + done.len();
    }
    assert!(seen > 20, "{version}: only {seen} items on all days");
}

#[test]
fn items_of_a_version_on_past_days_are_those_that_jira_tells_of() {
    for (file, version, days) in PROJECTS {
        let Some(issues) = issues(file) else { return };
        check_recount(&issues, version, days);
    }
}

#[test]
fn items_of_a_version_of_made_up_issues_are_those_that_their_changes_tell_of() {
    for seed in 1..=3 {
        let days = ["2025-03-16", "2025-05-07", "2025-07-20"];
        check_recount(&made_up_issues(seed), "Two", days);
    }
}

/// Numbers that look random, the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % count
    }
}

/// Issues that move between versions, types and statuses, each a few times; some are created with
/// versions, some never leave them.
fn made_up_issues(seed: u64) -> Vec<Value> {
    let mut random = Random(seed);
    (1..=90).map(|number| made_up_issue(number, &mut random)).collect()
}

fn made_up_issue(number: u64, random: &mut Random) -> Value {
    let versions = [("101", "One"), ("102", "Two"), ("103", "Three")];
    let kinds = [("1", "Bug"), ("2", "Task"), ("3", "Sub-task")];
    let statuses = [("1", "Open"), ("3", "In Progress"), ("5", "Resolved"), ("6", "Closed")];
    let resolutions = [("1", "Done"), ("2", "Won't Fix")];
    let (mut kind, mut status, mut resolution) = (random.below(3) as usize, 0_usize, None);
    let mut of: Vec<usize> = (0..3).filter(|_| random.below(3) == 0).collect();
    let item = |field: &str, from: Option<(&str, &str)>, to: Option<(&str, &str)>| {
        json!({"field": field, "from": from.map(|it| it.0), "fromString": from.map(|it| it.1),
            "to": to.map(|it| it.0), "toString": to.map(|it| it.1)})
    };
    let first = random.below(150);
    let moment = |hours: u64| {
        let start: model::Timestamp = "2025-01-06T08:00:00Z".parse().unwrap();
        let at = start + std::time::Duration::from_secs(hours * 3_600);
        at.strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string()
    };
    let (mut hours, mut histories) = (24 * first, Vec::new());
    for id in 0..random.below(9) {
        hours += 1 + random.below(24 * 12);
        let mut items = Vec::new();
        match random.below(4) {
            0 => {
                let version = random.below(3) as usize;
                let it = Some(versions[version]);
                match of.iter().position(|one| *one == version) {
                    Some(place) => {
                        of.remove(place);
                        items.push(item("Fix Version", it, None));
                    }
                    None => {
                        of.push(version);
                        items.push(item("Fix Version", None, it));
                    }
                }
            }
            1 => {
                let next = (kind + 1 + random.below(2) as usize) % 3;
                items.push(item("issuetype", Some(kinds[kind]), Some(kinds[next])));
                kind = next;
            }
            _ => {
                let next = (status + 1 + random.below(3) as usize) % 4;
                items.push(item("status", Some(statuses[status]), Some(statuses[next])));
                let then = (next > 1).then(|| resolution.unwrap_or(random.below(4) as usize / 3));
                if then != resolution {
                    let named = |it: Option<usize>| it.map(|it| resolutions[it]);
                    items.push(item("resolution", named(resolution), named(then)));
                }
                (status, resolution) = (next, then);
            }
        }
        histories.push(json!({"id": id.to_string(), "created": moment(hours), "items": items}));
    }
    let named = |(id, name): (&str, &str)| json!({"id": id, "name": name});
    let category = ["new", "indeterminate", "done", "done"][status];
    json!({"id": (5_000 + number).to_string(), "key": format!("MADE-{number}"),
        "fields": {"project": {"key": "MADE"}, "summary": format!("Issue {number}"),
            "created": moment(24 * first), "updated": moment(hours),
            "issuetype": {"id": kinds[kind].0, "name": kinds[kind].1, "subtask": kind == 2},
            "status": {"id": statuses[status].0, "name": statuses[status].1,
                "statusCategory": {"key": category}},
            "resolution": resolution.map(|it| named(resolutions[it])),
            "resolutiondate": resolution.map(|_| moment(hours)),
            "fixVersions": of.iter().map(|it| named(versions[*it])).collect::<Vec<_>>()},
        "changelog": {"startAt": 0, "maxResults": histories.len(), "total": histories.len(),
            "histories": histories}})
}

#[test]
fn what_is_said_of_a_past_day_looks_at_nothing_that_came_later() {
    for (file, version, days) in PROJECTS {
        let Some(issues) = issues(file) else { return };
        let rule = format!("fix version = {version:?}");
        let whole = synced(&issues, &issues, &DONE);
        run(&whole.path, &["delivery", "add", &rule, "--target", "2014-01-01"]).answer();
        for day in &days[1..2] {
            let then = synced(&cut(&issues, day), &issues, &DONE);
            run(&then.path, &["delivery", "add", &rule, "--target", "2014-01-01"]).answer();
            let [mut want, mut found] =
                [&then, &whole].map(|workspace| said(workspace, version, day));
            for item in [&mut want, &mut found]
                .into_iter()
                .flat_map(|said| said["keys"]["open_items"].as_array_mut().into_iter().flatten())
            {
                // These are of two workspaces and two servers.
                let item = item.as_object_mut().unwrap();
                assert!(item.remove("query").is_some() && item.remove("url").is_some());
            }
            for part in ["standing", "forecast", "weeks", "over_time", "keys"] {
                assert_eq!(found[part], want[part], "{file} {day} {part}");
            }
            assert_eq!(found["forecast"]["state"], "known", "{file} {day}");
        }
    }
}

#[test]
fn without_recorded_changes_past_days_are_not_known() {
    let Some(issues) = issues("tidev-timob-points") else { return };
    let workspace = synced(&issues, &issues, &DONE);
    run(&workspace.path, &["delivery", "add", "fix version = Release 5.4.0"]).answer();
    let today = run(&workspace.path, &["delivery", "show", "Release 5.4.0", "--json"]).json();
    assert!(today["standing"]["value"]["scope"].as_u64().unwrap() > 150, "{today}");
    let past = said(&workspace, "Release 5.4.0", "2016-05-20");
    assert_eq!(past["standing"]["reason_code"], "no_membership_history");
    assert_eq!(past["forecast"]["reason_code"], "no_membership_history");
}
