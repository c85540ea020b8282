//! A world made up: a team that has worked for two years, of any size, the same for the same seed.

use std::time::SystemTime;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{POINTS_FIELD, SPRINT_FIELD, World};
use crate::dice::Dice;
use crate::moment;

/// The project of generated issues.
pub const GENERATED_PROJECT: &str = "DEMO";

const STATUSES: [(&str, &str, &str); 6] = [
    ("1", "To Do", "new"),
    ("10001", "Selected", "new"),
    ("3", "In Progress", "indeterminate"),
    ("10002", "In Review", "indeterminate"),
    ("10003", "Testing", "indeterminate"),
    ("10004", "Done", "done"),
];
const TYPES: [(&str, &str); 4] =
    [("10001", "Story"), ("10002", "Bug"), ("10003", "Task"), ("10004", "Spike")];
const PRIORITIES: [(&str, &str); 3] = [("2", "High"), ("3", "Medium"), ("4", "Low")];
const POINTS: [f64; 5] = [1.0, 2.0, 3.0, 5.0, 8.0];
const LABELS: [&str; 5] = ["frontend", "backend", "infrastructure", "customer", "quarter-goal"];
const WORDS: [&str; 8] =
    ["import", "report", "login", "export", "search", "billing", "settings", "invitation"];
const DAYS: u64 = 700;

impl World {
    /// That many issues of [`GENERATED_PROJECT`], each of about 3 KB with its history.
    pub fn generated(count: usize, seed: u64) -> World {
        World::made(World::new(), count, seed, None)
    }

    /// The same for somebody who tries a client by hand: the two years end now.
    pub fn generated_until(now: SystemTime, count: usize, seed: u64) -> World {
        let mut world = World::new();
        world.set_clock(now);
        let end = world.now();
        World::made(world, count, seed, Some(end))
    }

    fn made(mut world: World, count: usize, seed: u64, end: Option<Timestamp>) -> World {
        for (id, name, category) in STATUSES {
            let category = crate::catalog::category(category);
            let status = json!({"id": id, "name": name, "statusCategory": category});
            world.catalog.see_status(&status);
        }
        world.catalog.see_project(&json!({
            "id": "10000", "key": GENERATED_PROJECT, "name": "Demo team", "versions": [],
        }));
        let begin = world.now() - SignedDuration::from_hours(24 * 730);
        for number in 1..=count {
            let mut dice = Dice::new(seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
            let issue = Story { begin, end, number, dice: &mut dice }.tell();
            // A made-up issue is never malformed, and one that were is seen by the count.
            world.take_in(&issue).ok();
        }
        world
    }
}

/// How one issue came about.
struct Story<'d> {
    begin: Timestamp,
    /// Nothing happens after it.
    end: Option<Timestamp>,
    number: usize,
    dice: &'d mut Dice,
}

impl Story<'_> {
    fn tell(mut self) -> Value {
        let created = self.later(self.begin, DAYS * 24 * 60);
        let (histories, stage) = self.histories(created);
        let told = |it: &Value| it.get("created").cloned();
        let latest = histories.last().and_then(told).unwrap_or_else(|| written(created));
        let is_done = stage + 1 == STATUSES.len();
        let resolved = if is_done { latest.clone() } else { Value::Null };
        let mut fields = self.plain_fields();
        if let Some(fields) = fields.as_object_mut() {
            let (id, name, category) = STATUSES.get(stage).copied().unwrap_or_default();
            let category = crate::catalog::category(category);
            let status = json!({"id": id, "name": name, "statusCategory": category});
            let resolution = is_done.then(|| json!({"id": "10000", "name": "Done"}));
            fields.insert("status".to_owned(), status);
            fields.insert("resolution".to_owned(), resolution.into());
            fields.insert("resolutiondate".to_owned(), resolved);
            fields.insert("created".to_owned(), written(created));
            fields.insert("updated".to_owned(), latest);
            fields.insert(SPRINT_FIELD.to_owned(), sprints_from(self.begin, created));
        }
        let total = histories.len();
        json!({
            "id": (100_000 + self.number).to_string(),
            "key": format!("{GENERATED_PROJECT}-{}", self.number),
            "fields": fields,
            "changelog": {"total": total, "histories": histories},
        })
    }

    fn plain_fields(&mut self) -> Value {
        let issue_type = |pair: Option<&(&str, &str)>| {
            let (id, name) = pair.copied().unwrap_or_default();
            let url = format!("https://jira.example.org/rest/api/2/issuetype/{id}");
            json!({"self": url, "id": id, "name": name, "subtask": false, "hierarchyLevel": 0})
        };
        let pick = |pair: Option<&(&str, &str)>| {
            let (id, name) = pair.copied().unwrap_or_default();
            json!({"id": id, "name": name})
        };
        let words = [self.dice.one_of(&WORDS), self.dice.one_of(&WORDS)];
        let summary: Vec<&str> = words.into_iter().flatten().copied().collect();
        let person = format!("person-{:03}", self.dice.below(12) + 1);
        json!({
            "summary": format!("Improve {} of the team", summary.join(" and ")),
            "issuetype": issue_type(self.dice.one_of(&TYPES)),
            "project": {"id": "10000", "key": GENERATED_PROJECT, "name": "Demo team"},
            "priority": pick(self.dice.one_of(&PRIORITIES)),
            "assignee": person_of(&person),
            "labels": self.dice.one_of(&LABELS).into_iter().collect::<Vec<_>>(),
            "components": [],
            "fixVersions": [],
            "duedate": null,
            POINTS_FIELD: self.dice.one_of(&POINTS),
        })
    }

    /// The way through the statuses, with a step back now and then, and how far it went.
    fn histories(&mut self, created: Timestamp) -> (Vec<Value>, usize) {
        let end = STATUSES.len() - 1;
        let goal = if self.dice.below(10) < 7 { end } else { self.dice.below(end as u64) as usize };
        let (mut stage, mut at, mut told) = (0, created, Vec::new());
        while stage < goal && told.len() < 60 {
            at = self.later(at, 4 * 24 * 60);
            let is_over = self.end.is_some_and(|end| at > end);
            if self.dice.below(3) == 0 && !is_over {
                let item = words_item(self.dice);
                told.push(self.history(at, told.len(), &item));
            }
            let is_back = stage > 2 && self.dice.below(6) == 0;
            let next = if is_back { stage - 1 } else { stage + 1 };
            at = self.later(at, 4 * 24 * 60);
            if self.end.is_some_and(|end| at > end) {
                break;
            }
            told.push(self.history(at, told.len(), &status_item(stage, next)));
            stage = next;
        }
        (told, stage)
    }

    fn history(&self, at: Timestamp, place: usize, item: &Value) -> Value {
        let id = 1_000_000 + self.number * 100 + place;
        let author = person_of("person-001");
        json!({"id": id.to_string(), "author": author, "created": written(at), "items": [item]})
    }

    fn later(&mut self, at: Timestamp, minutes_max: u64) -> Timestamp {
        let minutes = i64::try_from(self.dice.below(minutes_max) + 1).unwrap_or(1);
        at.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(at)
    }
}

fn written(at: Timestamp) -> Value {
    moment::write(at, &jiff::tz::TimeZone::UTC).into()
}

fn status_item(from: usize, to: usize) -> Value {
    let [from, to] = [from, to].map(|it| STATUSES.get(it).copied().unwrap_or_default());
    json!({
        "field": "status", "fieldtype": "jira", "fieldId": "status",
        "from": from.0, "fromString": from.1, "to": to.0, "toString": to.1,
    })
}

fn words_item(dice: &mut Dice) -> Value {
    let label = dice.one_of(&LABELS).copied().unwrap_or_default();
    json!({
        "field": "labels", "fieldtype": "jira", "fieldId": "labels",
        "from": null, "fromString": "", "to": null, "toString": label,
    })
}

/// The sprint of two weeks in which an issue was created.
fn sprints_from(begin: Timestamp, created: Timestamp) -> Value {
    let weeks = created.duration_since(begin).as_hours() / (24 * 14);
    let days = |days: i64| (begin + SignedDuration::from_hours(24 * days)).to_string();
    json!([{
        "id": weeks + 1,
        "name": format!("Sprint {}", weeks + 1),
        "state": "closed",
        "boardId": 1,
        "goal": "",
        "startDate": days(weeks * 14),
        "endDate": days(weeks * 14 + 14),
        "completeDate": days(weeks * 14 + 14),
    }])
}

/// A person with all that Jira tells of one, which is most of what a history weighs.
fn person_of(name: &str) -> Value {
    let avatar = |size: u32| {
        format!("https://avatars.example.org/initials/{name}-{size}.png?size={size}&s={size}")
    };
    json!({
        "self": format!("https://jira.example.org/rest/api/3/user?accountId={name}"),
        "accountId": name,
        "accountType": "atlassian",
        "name": name,
        "displayName": name,
        "active": true,
        "timeZone": "Etc/GMT",
        "avatarUrls": {"48x48": avatar(48), "24x24": avatar(24), "16x16": avatar(16), "32x32": avatar(32)},
    })
}
