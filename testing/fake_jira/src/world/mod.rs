//! The truth behind a fake Jira: issues, their histories and what they refer to.
//!
//! A world has a clock of its own, which goes on by a minute with each edit and by
//! [`advance`](World::advance).

mod edit;
mod generate;
mod load;

pub use generate::GENERATED_PROJECT;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::SystemTime;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::catalog::{Catalog, text_of};
use crate::error::{Error, Result};
use crate::issue::{Issue, Key};
use crate::jql::{self, Place, Query, Refusal, Strictness};

/// The custom field that holds sprints.
pub const SPRINT_FIELD: &str = "customfield_10020";

/// The custom field that holds the names of epics.
pub const EPIC_NAME_FIELD: &str = "customfield_10011";

/// The custom field that holds story points in generated worlds.
pub const POINTS_FIELD: &str = "customfield_10016";

/// First ids of issues and histories that came without one.
const INVENTED_ISSUE_FIRST: u64 = 50_000_001;
const INVENTED_HISTORY_FIRST: u64 = 90_000_001;

/// Everything that a fake Jira knows.
#[derive(Debug, Clone)]
pub struct World {
    pub(crate) issues: BTreeMap<u64, Issue>,
    pub(crate) catalog: Catalog,
    /// Every key that an issue has or had.
    keys: HashMap<Key, u64>,
    /// The number of the latest issue of each project.
    numbers: HashMap<String, u64>,
    zone: TimeZone,
    now: Timestamp,
    next_issue: u64,
    next_history: u64,
    /// Grows with each change, so that what was found before is known to be old.
    revision: u64,
    latest: Option<Search>,
}

/// What the latest search found.
#[derive(Debug, Clone)]
struct Search {
    revision: u64,
    jql: String,
    strictness: Strictness,
    found: Arc<Found>,
}

/// Issues in the order of a query.
#[derive(Debug)]
pub(crate) struct Found {
    pub ids: Vec<u64>,
    pub query: Query,
}

impl Default for World {
    fn default() -> World {
        World::new()
    }
}

impl World {
    /// An empty one, in UTC, on 1 January 2026.
    pub fn new() -> World {
        World {
            issues: BTreeMap::new(),
            catalog: Catalog::default(),
            keys: HashMap::new(),
            numbers: HashMap::new(),
            zone: TimeZone::UTC,
            now: Timestamp::from_second(1_767_225_600).unwrap_or_default(),
            next_issue: INVENTED_ISSUE_FIRST,
            next_history: INVENTED_HISTORY_FIRST,
            revision: 0,
            latest: None,
        }
    }

    /// What the clock of the world says.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Lets time pass.
    pub fn advance(&mut self, time: SignedDuration) {
        self.now = self.now.checked_add(time).unwrap_or(self.now);
        self.revision += 1;
    }

    /// Sets the clock, for a server that somebody uses by hand; it does not go on by itself.
    pub fn set_clock(&mut self, time: SystemTime) {
        self.now = Timestamp::try_from(time).unwrap_or(self.now);
        self.revision += 1;
    }

    /// The zone in which times are written and JQL is read.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Moves the user to another zone.
    pub fn set_zone(&mut self, zone: TimeZone) {
        for issue in self.issues.values_mut() {
            issue.put_zone(&zone);
        }
        self.zone = zone;
        self.revision += 1;
    }

    /// Keys of all projects.
    pub fn projects(&self) -> Vec<String> {
        self.catalog.projects.keys().cloned().collect()
    }

    /// Keys of all issues that can be seen, by project and number.
    pub fn keys(&self) -> Vec<String> {
        let seen = self.issues.values().filter(|issue| !issue.is_hidden);
        let mut keys: Vec<&Key> = seen.map(|issue| &issue.key).collect();
        keys.sort();
        keys.into_iter().map(Key::to_string).collect()
    }

    /// Jira's id of an issue by its key now or one that it had; hidden issues too.
    pub fn id(&self, key: &str) -> Result<String> {
        self.any_id(key).map(|id| id.to_string())
    }

    /// When an issue was last changed.
    pub fn updated(&self, key: &str) -> Result<Timestamp> {
        self.issue(key).map(|issue| issue.updated)
    }

    /// How many histories an issue has.
    pub fn history_count(&self, key: &str) -> Result<usize> {
        self.issue(key).map(|issue| issue.histories.len())
    }

    /// Ids of the issues that a query finds, in its order; what Jira would say if it refuses.
    pub fn search(&mut self, jql: &str) -> std::result::Result<Vec<String>, String> {
        let found = self.find(jql, Strictness::Strict)?;
        Ok(found.ids.iter().map(u64::to_string).collect())
    }

    pub(crate) fn issue(&self, key: &str) -> Result<&Issue> {
        let id = self.any_id(key)?;
        self.issues.get(&id).ok_or_else(|| Error::NoIssue(key.to_owned()))
    }

    fn any_id(&self, name: &str) -> Result<u64> {
        let by_id = name.parse().ok();
        let id = by_id.or_else(|| self.keys.get(&Key::read(name)?).copied());
        id.filter(|id| self.issues.contains_key(id)).ok_or_else(|| Error::NoIssue(name.to_owned()))
    }

    /// The id of an issue that can be seen.
    pub(crate) fn visible_id(&self, name: &str) -> Option<u64> {
        let id = self.any_id(name).ok()?;
        self.issues.get(&id).filter(|issue| !issue.is_hidden).map(|issue| issue.id)
    }

    /// The id of a field that JQL calls so.
    pub(crate) fn field_called(&self, name: &str) -> Option<String> {
        let fields = &self.catalog.fields;
        let numbered = name.strip_prefix("cf[").and_then(|rest| rest.strip_suffix(']'));
        let by_number = numbered.map(|number| format!("customfield_{number}"));
        let id = by_number.as_deref().unwrap_or(name);
        let ids = fields.ids_called(id);
        ids.into_iter().next().map(|id| match id.as_str() {
            SPRINT_FIELD => "sprint".to_owned(),
            _ => id,
        })
    }

    /// What a query finds. The latest answer is kept: a walk asks for it once per page.
    pub(crate) fn find(
        &mut self,
        jql: &str,
        strictness: Strictness,
    ) -> std::result::Result<Arc<Found>, Refusal> {
        if let Some(latest) = &self.latest
            && latest.revision == self.revision
            && latest.jql == jql
            && latest.strictness == strictness
        {
            return Ok(Arc::clone(&latest.found));
        }
        let found = Arc::new(self.look_through(jql, strictness)?);
        let (revision, jql) = (self.revision, jql.to_owned());
        self.latest = Some(Search { revision, jql, strictness, found: Arc::clone(&found) });
        Ok(found)
    }

    fn look_through(
        &self,
        jql: &str,
        strictness: Strictness,
    ) -> std::result::Result<Found, Refusal> {
        let query = jql::parse(jql)?;
        let predicate =
            query.clause.as_ref().map(|it| jql::compile(it, self, strictness)).transpose()?;
        let mut places: Vec<(Place, u64)> = Vec::new();
        for issue in self.issues.values().filter(|issue| !issue.is_hidden) {
            if predicate.as_ref().is_none_or(|it| it.holds(issue)) {
                places.push((jql::place(issue, &query.order)?, issue.id));
            }
        }
        places.sort();
        Ok(Found { ids: places.into_iter().map(|(_, id)| id).collect(), query })
    }

    /// The number that the next issue of a project gets.
    fn next_number(&mut self, project: &str) -> u64 {
        let number = self.numbers.entry(project.to_owned()).or_default();
        *number += 1;
        *number
    }

    fn next_history(&mut self) -> u64 {
        self.next_history += 1;
        self.next_history - 1
    }

    /// Time goes on, and what was found before is old.
    fn tick(&mut self) {
        self.advance(SignedDuration::from_mins(1));
    }

    /// A project's name, if it has one.
    pub(crate) fn project_name(&self, key: &str) -> Option<String> {
        text_of(self.catalog.projects.get(key)?, "name")
    }
}
