//! The raw files of a query in the plainest way; nothing here knows the code under test.

use std::collections::{BTreeMap, BTreeSet};

use metrics::AsOf;
use model::{Date, TimeZone, Timestamp};
use serde_json::Value;

use crate::workspace::Query;

/// What a status is, by the lists of the profile.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Is {
    NotStarted,
    Before,
    Waiting,
    Active,
    Done,
    Unexplained,
}

impl Is {
    pub fn started(self) -> bool {
        matches!(self, Is::Waiting | Is::Active)
    }
}

pub struct Plain {
    pub key: String,
    pub kind: String,
    pub created: Timestamp,
    /// When it entered which status, up to the moment.
    pub steps: Vec<(Timestamp, String)>,
    pub is_done: bool,
    pub done: Option<Timestamp>,
}

pub struct Recount<'q> {
    pub zone: &'q TimeZone,
    pub as_of: Timestamp,
    pub issues: Vec<Plain>,
    pub means: BTreeMap<String, Is>,
}

/// A change of status: when, from what, to what.
pub type Change = (Timestamp, String, String);
/// An issue of the file with its changes.
pub type Known<'v> = (&'v Value, Vec<Change>);

pub fn time(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?;
    let (head, offset) = text.split_at(text.len() - 2);
    format!("{head}:{offset}").parse().ok()
}

/// Status changes as they stand in the file, oldest first.
pub fn changes(entry: &Value) -> Vec<Change> {
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
    pub fn of(query: &Query, as_of: &AsOf, zone: &'q TimeZone) -> Recount<'q> {
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

    pub fn is(&self, status: &str) -> Is {
        self.means.get(status).copied().unwrap_or(Is::Unexplained)
    }

    pub fn issue(&self, issue: &Value, created: Timestamp, all: &[Change]) -> Plain {
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

    pub fn dated(&self) -> impl Iterator<Item = &Plain> {
        self.issues
            .iter()
            .filter(|issue| !issue.is_done || issue.done.is_some_and(|at| at >= issue.created))
    }

    pub fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// The last moment of a day, or the moment of the figures.
    pub fn end(&self, day: Date) -> Timestamp {
        let next = day.tomorrow().unwrap().to_zoned(self.zone.clone()).unwrap().timestamp();
        (next - std::time::Duration::from_nanos(1)).min(self.as_of)
    }

    pub fn done_in(&self, first: Date, last: Date) -> Vec<&Plain> {
        let is_in = |at: Timestamp| (first..=last).contains(&self.day(at));
        self.dated().filter(|issue| issue.done.is_some_and(is_in)).collect()
    }

    /// First entry into a started status since it was last in a not-started one.
    pub fn start(&self, issue: &Plain) -> Option<Timestamp> {
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
    pub fn working_days(&self, from: Timestamp, to: Timestamp) -> f64 {
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
pub fn means(
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
pub fn before_start(
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
pub fn reopened(
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
