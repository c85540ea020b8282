//! What statuses mean to a profile, by `docs/metrics.md`: lists, categories, names, paths.

use std::collections::{BTreeMap, BTreeSet};

use model::Timestamp;
use model::settings::usual_names::is_usually_not_delivered;
use serde_json::Value;

use super::raw::{Issue, Named};

/// The lane of a status, as far as the figures here need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Is {
    NotStarted,
    /// Begun by category or list, but before the statuses that work starts with.
    Before,
    Started,
    Done,
    NotDelivered,
    Unexplained,
}

impl Is {
    pub fn over(self) -> bool {
        matches!(self, Is::Done | Is::NotDelivered)
    }
}

#[derive(Debug, Default)]
struct Status {
    names: Vec<String>,
    categories: BTreeSet<String>,
    /// What the server's list says, which goes before what documents say.
    listed: Option<String>,
    occurs: bool,
    is: Option<Is>,
    is_chosen: bool,
}

/// The statuses of a query at a moment.
pub struct Meanings {
    all: Vec<Status>,
    ids: BTreeMap<String, usize>,
    by_name: BTreeMap<String, Vec<usize>>,
    end: Option<Vec<String>>,
    /// What the profile lists as not delivered.
    dropped: Option<Vec<String>>,
}

/// Names as people take them for the same.
pub fn folded(name: &str) -> String {
    name.trim().to_lowercase().replace(['’', '‘', '`', '´'], "'")
}

/// The names of a list of the profile.
pub fn list(settings: &Value, name: &str) -> Vec<String> {
    let names = settings["project_classification"][name].as_array().into_iter().flatten();
    let names = names.filter_map(Value::as_str).filter(|name| !name.trim().is_empty());
    names.map(folded).collect()
}

impl Meanings {
    /// `listed` is what the server lists, as Jira gives it; empty where nobody asked.
    pub fn of(issues: &[Issue], settings: &Value, listed: &[Value], as_of: Timestamp) -> Meanings {
        let dropped = settings["project_classification"].get("not_delivered_resolutions");
        let mut found = Meanings {
            all: Vec::new(),
            ids: BTreeMap::new(),
            by_name: BTreeMap::new(),
            end: None,
            dropped: dropped.map(|_| list(settings, "not_delivered_resolutions")),
        };
        for status in listed {
            let id = status["id"].as_str().map(str::to_owned);
            let name = status["name"].as_str().map(str::to_owned);
            let place = found.place(&Named { id, name });
            let category = status["statusCategory"]["key"].as_str();
            let told = category.filter(|key| ["new", "indeterminate", "done"].contains(key));
            if let Some(place) = place {
                found.all[place].listed = told.map(str::to_owned);
            }
        }
        found.see(issues, as_of);
        found.explain(settings);
        found.follow_names();
        found.before_start(issues, &list(settings, "flow_start_statuses"), as_of);
        found.reopened(issues, as_of);
        found.follow_names();
        found
    }

    fn place(&mut self, status: &Named) -> Option<usize> {
        let place = match (&status.id, &status.name) {
            (None, None) => return None,
            (Some(id), _) => match self.ids.get(id) {
                Some(place) => *place,
                None => {
                    self.all.push(Status::default());
                    self.ids.insert(id.clone(), self.all.len() - 1);
                    self.all.len() - 1
                }
            },
            (None, Some(name)) => match self.by_name.get(&folded(name)) {
                Some(places) => {
                    for place in places.clone() {
                        self.all[place].occurs = true;
                    }
                    return places.first().copied();
                }
                None => {
                    self.all.push(Status::default());
                    self.all.len() - 1
                }
            },
        };
        if let Some(name) = &status.name
            && !self.all[place].names.contains(name)
        {
            self.all[place].names.push(name.clone());
            let places = self.by_name.entry(folded(name)).or_default();
            if !places.contains(&place) {
                places.push(place);
            }
        }
        Some(place)
    }

    fn see(&mut self, issues: &[Issue], as_of: Timestamp) {
        for issue in issues {
            let Some(place) = self.place(&issue.status) else { continue };
            let known = ["new", "indeterminate", "done"];
            let category = issue.category.clone().filter(|key| known.contains(&&**key));
            self.all[place].categories.extend(category);
            let last = issue.changes.iter().flatten().next_back();
            let is_known = last.is_none_or(|change| change.at <= as_of)
                && issue.created.is_none_or(|at| at <= as_of);
            self.all[place].occurs |= is_known;
        }
        for issue in issues.iter().filter(|issue| issue.created.is_none_or(|at| at <= as_of)) {
            for (number, change) in issue.changes.iter().flatten().enumerate() {
                let to = Some(&change.to).filter(|_| change.at <= as_of);
                for status in Some(&change.from).filter(|_| number == 0).into_iter().chain(to) {
                    if let Some(place) = self.place(status) {
                        self.all[place].occurs = true;
                    }
                }
            }
        }
    }

    fn category(&self, status: &Status) -> Option<String> {
        let documents = status.categories.iter().next().filter(|_| status.categories.len() == 1);
        status.listed.clone().or(documents.cloned())
    }

    fn explain(&mut self, settings: &Value) {
        let is_named = |status: &Status, names: &[String]| {
            status.names.iter().any(|name| names.contains(&folded(name)))
        };
        let in_force = |name: &str, category: &str| {
            let names = list(settings, name);
            let occurring = || self.all.iter().filter(|status| status.occurs);
            let is_told = occurring().any(|s| self.category(s).as_deref() == Some(category));
            let is_in_force = occurring().any(|status| is_named(status, &names)) || !is_told;
            Some(names).filter(|names| !names.is_empty() && is_in_force)
        };
        let end = in_force("flow_end_statuses", "done");
        let [start, wip, active] = ["flow_start_statuses", "wip_statuses", "active_statuses"]
            .map(|name| in_force(name, "indeterminate"));
        for place in 0..self.all.len() {
            let status = &self.all[place];
            let is_in =
                |names: &Option<Vec<String>>| names.as_ref().is_some_and(|n| is_named(status, n));
            let is_listed = |name: &String| {
                self.dropped.as_ref().is_some_and(|list| list.contains(&folded(name)))
            };
            let chosen = if is_in(&end) {
                let is_dropped = status.names.first().is_some_and(is_listed);
                Some(if is_dropped { Is::NotDelivered } else { Is::Done })
            } else {
                [&active, &wip, &start].into_iter().any(is_in).then_some(Is::Started)
            };
            let by_category =
                self.category(status).and_then(|key| self.of_category(&key, &status.names));
            let by_category = by_category.filter(|is| end.is_none() || *is != Is::Done);
            let status = &mut self.all[place];
            status.is_chosen = chosen.is_some();
            status.is = chosen.or(by_category);
        }
        self.end = end;
    }

    /// What nothing is known of means what its name means elsewhere.
    fn follow_names(&mut self) {
        for place in 0..self.all.len() {
            let status = &self.all[place];
            let differ = status.listed.is_none() && status.categories.len() > 1;
            if status.is.is_some() || differ {
                continue;
            }
            let others = status.names.iter().flat_map(|name| &self.by_name[&folded(name)]);
            let others: BTreeSet<Is> = others.filter_map(|other| self.all[*other].is).collect();
            if others.len() == 1 {
                self.all[place].is = others.first().copied();
            }
        }
    }

    /// Started statuses that mostly come before the ones that work starts with.
    fn before_start(&mut self, issues: &[Issue], start: &[String], as_of: Timestamp) {
        let begins = |status: &Status| status.names.iter().any(|n| start.contains(&folded(n)));
        if !self.all.iter().any(|status| status.occurs && begins(status)) {
            return;
        }
        let mut balance = vec![0_i64; self.all.len()];
        for issue in issues.iter().filter(|issue| issue.created.is_none_or(|at| at <= as_of)) {
            let mut entered: Vec<usize> = Vec::new();
            for change in issue.changes.iter().flatten().filter(|change| change.at <= as_of) {
                let place = self.find(&change.to).filter(|place| !entered.contains(place));
                entered.extend(place);
            }
            let Some(begun) = entered.iter().position(|place| begins(&self.all[*place])) else {
                continue;
            };
            for (number, place) in entered.into_iter().enumerate() {
                balance[place] += if number < begun { -1 } else { 1 };
            }
        }
        for (place, balance) in balance.into_iter().enumerate() {
            let status = &self.all[place];
            if status.is == Some(Is::Started) && !begins(status) && balance < 0 {
                self.all[place].is = Some(Is::Before);
            }
        }
    }

    /// Statuses that are entered from what is over only are started, unless they are listed.
    fn reopened(&mut self, issues: &[Issue], as_of: Timestamp) {
        let mut from_over: BTreeSet<usize> = BTreeSet::new();
        let mut from_others: BTreeSet<usize> = BTreeSet::new();
        for issue in issues.iter().filter(|issue| issue.created.is_none_or(|at| at <= as_of)) {
            let changes = issue.changes.as_deref().unwrap_or_default();
            let first = changes.first().map_or(&issue.status, |change| &change.from);
            let mut place = self.find(first);
            from_others.extend(place);
            for change in changes.iter().filter(|change| change.at <= as_of) {
                let is_over = place.and_then(|place| self.all[place].is).is_some_and(Is::over);
                place = self.find(&change.to);
                if is_over { from_over.extend(place) } else { from_others.extend(place) }
            }
        }
        for place in from_over.difference(&from_others) {
            let status = &mut self.all[*place];
            if !status.is_chosen && !status.is.is_some_and(Is::over) {
                status.is = Some(Is::Started);
            }
        }
    }

    /// The status that is meant: by its id, else by its name as long as that means one thing.
    fn find(&self, status: &Named) -> Option<usize> {
        if let Some(id) = &status.id {
            return self.ids.get(id).copied();
        }
        let places = self.by_name.get(&folded(status.name.as_ref()?))?;
        let means: BTreeSet<Option<Is>> = places.iter().map(|place| self.all[*place].is).collect();
        places.first().copied().filter(|_| means.len() == 1)
    }

    pub fn is(&self, status: &Named) -> Is {
        self.find(status).and_then(|place| self.all[place].is).unwrap_or(Is::Unexplained)
    }

    /// What the present status of a document means: its own category decides where neither the
    /// profile nor the server's list does.
    pub fn of_document(&self, issue: &Issue) -> Is {
        let Some(place) = self.find_document(issue) else { return Is::Unexplained };
        let status = &self.all[place];
        let own = issue.category.as_deref().and_then(|key| self.of_category(key, &status.names));
        let agrees = issue.category == self.category(status);
        if status.is_chosen || status.listed.is_some() || own.is_none() || agrees {
            return status.is.unwrap_or(Is::Unexplained);
        }
        own.unwrap_or(Is::Unexplained)
    }

    fn find_document(&self, issue: &Issue) -> Option<usize> {
        let by_id = issue.status.id.as_ref().and_then(|id| self.ids.get(id)).copied();
        by_id.or_else(|| self.find(&Named { id: None, name: issue.status.name.clone() }))
    }

    /// Whether a change and a document mean the same status.
    pub fn is_same(&self, status: &Named, issue: &Issue) -> bool {
        if let (Some(id), Some(own)) = (&status.id, &issue.status.id) {
            return id == own;
        }
        let [name, own] = [&status.name, &issue.status.name].map(|n| n.as_deref().map(folded));
        name == own || self.find(status).is_some() && self.find(status) == self.find_document(issue)
    }

    /// Whether the profile names that status as an end, whether or not anything was in it.
    pub fn is_listed_end(&self, status: &Named) -> bool {
        let name = status.name.as_deref().map(folded).unwrap_or_default();
        self.end.as_ref().is_some_and(|end| end.contains(&name))
    }

    /// A former name does not tell what a status is for.
    fn of_category(&self, key: &str, names: &[String]) -> Option<Is> {
        let is_dropped = |name: &String| match &self.dropped {
            Some(list) => list.contains(&folded(name)),
            None => is_usually_not_delivered(name),
        };
        match key {
            "new" => Some(Is::NotStarted),
            "indeterminate" => Some(Is::Started),
            "done" if names.first().is_some_and(is_dropped) => Some(Is::NotDelivered),
            "done" => Some(Is::Done),
            _ => None,
        }
    }
}
