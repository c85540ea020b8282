//! The issue list of a query: filtered, sorted, paged.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use metrics::Item;
use model::{Date, IssueFacts, Points, QueryKey, Timestamp};
use serde::Serialize;
use store::Reader;

use self::event::Number;
use self::order::order;
use crate::App;
use crate::error::Result;
use crate::figures::QueryHistory;
use crate::figures::facts::each_issue;
use crate::figures::week_range::WeekRange;
use crate::tally::{Share, Tally};
use crate::trail::Trail;

mod ask;
mod event;
mod order;

pub use self::event::{Behind, Event};

/// Rows of a page unless others are asked for.
pub const PAGE_SIZE_DEFAULT: usize = 50;
/// Most rows of a page.
pub const PAGE_SIZE_MAX: usize = 500;

/// Which issues, in which order, which page of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuesAsk {
    /// Only those of this status.
    pub status: Option<String>,
    /// Only those of this type.
    pub issue_type: Option<String>,
    /// Only those with this text in key or summary, ignoring case.
    pub text: Option<String>,
    /// Only those behind the number that counts this.
    pub event: Option<Event>,
    /// In which weeks; needs `event`.
    pub week: Option<WeekRange>,
    /// The day that the number is about; `None` for when the data was fetched. Needs `event`.
    pub as_of: Option<Date>,
    /// Names of the stages that `event` asks for.
    pub stages: Vec<String>,
    /// Only what was done on that day; needs `event=done`.
    pub day: Option<Date>,
    /// Only what took so many calendar days; needs `day`.
    pub days: Option<i32>,
    /// What to sort by.
    pub sort: SortField,
    /// Whether the largest or latest comes first.
    pub is_descending: bool,
    /// The page, from 1.
    pub page: usize,
    /// Rows of a page, 1 to [`PAGE_SIZE_MAX`].
    pub size: usize,
}

impl Default for IssuesAsk {
    fn default() -> Self {
        IssuesAsk {
            status: None,
            issue_type: None,
            text: None,
            event: None,
            week: None,
            as_of: None,
            stages: Vec::new(),
            day: None,
            days: None,
            sort: SortField::Key,
            is_descending: false,
            page: 1,
            size: PAGE_SIZE_DEFAULT,
        }
    }
}

/// What issues can be sorted by. Those without a value come last in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SortField {
    /// The key, numbers as numbers: `KAFKA-9` before `KAFKA-10`.
    Key,
    /// Name of the status.
    Status,
    /// Name of the type.
    Type,
    /// When it was created.
    Created,
    /// When it was last changed.
    Updated,
    /// When it was resolved.
    Resolved,
    /// Story points.
    Points,
    /// How long it has been under way.
    Age,
}

/// A page of issues.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IssueList {
    /// Which query, and its neighbours.
    pub trail: Trail,
    /// How many issues the query holds; those that left it do not count.
    pub total: u64,
    /// How many of them the filter lets through.
    pub matching: u64,
    /// The number that they are behind of; `None` if all issues were asked for.
    pub behind: Option<Behind>,
    /// This page, from 1.
    pub page: usize,
    /// How many pages there are, at least 1.
    pub pages: usize,
    /// Rows of a page.
    pub size: usize,
    /// What they are sorted by.
    pub sort: SortField,
    /// Whether the largest or latest comes first.
    pub is_descending: bool,
    /// Statuses of all issues, most frequent first.
    pub statuses: Vec<Share>,
    /// Types of all issues, most frequent first.
    pub types: Vec<Share>,
    /// The issues of this page.
    pub issues: Vec<IssueRow>,
}

/// An issue in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IssueRow {
    /// Its key.
    pub key: String,
    /// Where Jira shows it; `None` where no server is known.
    pub url: Option<String>,
    /// Key of its project.
    pub project: Option<String>,
    /// Name of its type.
    pub issue_type: Option<String>,
    /// Name of its status.
    pub status: Option<String>,
    /// Category of that status: `new`, `indeterminate` or `done`.
    pub status_category: Option<String>,
    /// Name of its priority.
    pub priority: Option<String>,
    /// Its title.
    pub summary: Option<String>,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// When it was last changed.
    pub updated: Option<Timestamp>,
    /// When it was resolved.
    pub resolved: Option<Timestamp>,
    /// Its story points.
    pub points: PointsValue,
    /// Key of its parent.
    pub parent: Option<String>,
    /// Calendar days since it was started, both ends included, in lists by age and of what is under
    /// way; `None` where it is not under way or nothing tells.
    pub age_days: Option<i32>,
}

/// Story points, or why there are none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "state", content = "value", rename_all = "snake_case")]
pub enum PointsValue {
    /// A number.
    Known(f64),
    /// The field is empty.
    Empty,
    /// The field is not in the document.
    Absent,
    /// The fetch did not ask for the field.
    NotRequested,
    /// The field holds no number.
    Unreadable,
}

impl App {
    /// A page of a query's issues; an error if the query is not there. A page beyond the last one
    /// is empty.
    pub fn issues(&self, key: &QueryKey, ask: &IssuesAsk) -> Result<Arc<IssueList>> {
        self.remember(&key.profile, (key, ask), || self.find_issues(key, ask))
    }

    fn find_issues(&self, key: &QueryKey, ask: &IssuesAsk) -> Result<IssueList> {
        let reader = self.store.read()?;
        let trail = self.trail(&*reader, key)?;
        let number = Number::of(ask)?;
        let found = number.map(|number| self.find(&*reader, key, &number)).transpose()?;
        let (behind, keys, then) = match found {
            Some((behind, keys, then)) => (Some(behind), Some(keys), then),
            None => (None, None, None),
        };
        let ages = self.ages(&*reader, key, ask)?;
        let filter = Filter::new(ask, keys, then);
        // If nobody has read the facts yet, issues alone are read faster than with their changes.
        let known = self.known_facts(&*reader, key)?;
        let mut looked = Looked::default();
        match &known {
            Some(known) => {
                known.issues.iter().for_each(|one| looked.at(filter.then(&one.facts), &filter));
            }
            None => {
                let mut look = |facts: IssueFacts| {
                    let then = match filter.then(&facts) {
                        Cow::Owned(then) => Some(then),
                        Cow::Borrowed(_) => None,
                    };
                    looked.at(Cow::Owned(then.unwrap_or(facts)), &filter);
                };
                each_issue(&*reader, key, &mut look)?;
            }
        }
        let Looked { total, statuses, types, mut found } = looked;
        let matching = found.len();
        let skipped = ask.size.saturating_mul(ask.page.saturating_sub(1));
        sort_first(&mut found, skipped.saturating_add(ask.size), ask, &ages);
        let shown = found.into_iter().skip(skipped).take(ask.size);
        Ok(IssueList {
            issues: shown.map(|facts| IssueRow::aged(facts.into_owned(), &trail, &ages)).collect(),
            trail,
            total,
            matching: matching as u64,
            behind,
            page: ask.page,
            pages: matching.div_ceil(ask.size.max(1)).max(1),
            size: ask.size,
            sort: ask.sort,
            is_descending: ask.is_descending,
            statuses: statuses.into_shares(),
            types: types.into_shares(),
        })
    }

    /// How long what is under way has been, where the list shows it.
    fn ages(&self, reader: &dyn Reader, key: &QueryKey, ask: &IssuesAsk) -> Result<Ages> {
        if ask.sort != SortField::Age && ask.event != Some(Event::Started) {
            return Ok(Ages::new());
        }
        let history = self.history(reader, key, ask.as_of)?;
        let ages = metrics::known_ages(&history.items());
        let ages = ages.known().into_iter().flatten();
        Ok(ages.map(|age| (age.key.clone(), age.days)).collect())
    }

    /// The issues behind a number, by key.
    fn find(
        &self,
        reader: &dyn Reader,
        key: &QueryKey,
        number: &Number,
    ) -> Result<(Behind, HashSet<String>, Option<Then>)> {
        let history = self.history(reader, key, number.as_of)?;
        let then = history.is_past().then(|| Then::of(&history));
        Ok((number.behind(&history), number.keys(&history), then))
    }
}

/// How issues stood on a past day.
struct Then {
    at: Timestamp,
    /// Their statuses and what these are for, by key.
    statuses: HashMap<String, StatusThen>,
}

/// The name of a status and the key of its category.
type StatusThen = (Option<Arc<str>>, Option<Arc<str>>);

impl Then {
    fn of(history: &QueryHistory) -> Then {
        let items = history.items();
        let status = |item: &Item<'_>| {
            let category = items.category_of(item).map(|category| Arc::from(category.key()));
            (item.facts.key.clone(), (item.status.map(Arc::from), category))
        };
        Then { at: history.moment.at, statuses: items.counted.iter().map(status).collect() }
    }

    /// What a list says of an issue, as it was known then.
    fn facts(&self, facts: &IssueFacts) -> IssueFacts {
        let mut then = facts.clone();
        let is_known = |at: &Timestamp| *at <= self.at;
        then.resolved = then.resolved.filter(is_known);
        then.updated = then.updated.filter(is_known);
        if let Some(known) = self.statuses.get(&facts.key) {
            (then.status, then.status_category) = known.clone();
        }
        then
    }
}

/// Days under way, by key.
type Ages = HashMap<String, i32>;

/// What was found so far among the issues of a query.
#[derive(Default)]
struct Looked<'f> {
    total: u64,
    statuses: Tally,
    types: Tally,
    /// Those that the filter lets through.
    found: Vec<Cow<'f, IssueFacts>>,
}

impl<'f> Looked<'f> {
    fn at(&mut self, facts: Cow<'f, IssueFacts>, filter: &Filter<'_>) {
        if facts.left.is_none() {
            self.total += 1;
            self.statuses.add(facts.status.as_deref(), facts.status_category.as_deref());
            self.types.add(facts.issue_type.as_deref(), None);
        }
        if filter.lets_through(&facts) {
            self.found.push(facts);
        }
    }
}

/// Keeps the first `count` of `issues`, sorted; what no page shows is not sorted.
fn sort_first(issues: &mut Vec<Cow<'_, IssueFacts>>, count: usize, ask: &IssuesAsk, ages: &Ages) {
    let compare = |a: &Cow<'_, IssueFacts>, b: &Cow<'_, IssueFacts>| {
        order(ask.sort, ask.is_descending, ages, a, b)
    };
    if count < issues.len() {
        issues.select_nth_unstable_by(count, compare);
        issues.truncate(count);
    }
    issues.sort_by(compare);
}

struct Filter<'a> {
    ask: &'a IssuesAsk,
    text: Option<String>,
    /// Keys of the issues behind a number.
    keys: Option<HashSet<String>>,
    /// How they stood on the day of that number, if it is past.
    then: Option<Then>,
}

impl<'a> Filter<'a> {
    fn new(ask: &'a IssuesAsk, keys: Option<HashSet<String>>, then: Option<Then>) -> Filter<'a> {
        Filter { ask, text: ask.text.as_ref().map(|text| text.to_lowercase()), keys, then }
    }

    /// What is known of an issue on the day that is asked about.
    fn then<'f>(&self, facts: &'f IssueFacts) -> Cow<'f, IssueFacts> {
        let is_behind =
            |_: &&Then| self.keys.as_ref().is_some_and(|keys| keys.contains(&facts.key));
        match self.then.as_ref().filter(is_behind) {
            Some(then) => Cow::Owned(then.facts(facts)),
            None => Cow::Borrowed(facts),
        }
    }

    fn lets_through(&self, facts: &IssueFacts) -> bool {
        let is = |wanted: &Option<String>, found: &Option<Arc<str>>| {
            wanted.is_none() || wanted.as_deref() == found.as_deref()
        };
        // What left is in the numbers of its time, and in no other list.
        (facts.left.is_none() || self.keys.is_some())
            && is(&self.ask.status, &facts.status)
            && is(&self.ask.issue_type, &facts.issue_type)
            && self.keys.as_ref().is_none_or(|keys| keys.contains(&facts.key))
            && self.text.as_ref().is_none_or(|text| {
                let holds = |hay: &str| hay.to_lowercase().contains(text);
                holds(&facts.key) || facts.summary.as_deref().is_some_and(holds)
            })
    }
}

impl IssueRow {
    fn aged(facts: IssueFacts, trail: &Trail, ages: &Ages) -> IssueRow {
        let age_days = ages.get(&facts.key).copied();
        IssueRow { age_days, ..IssueRow::of(facts, trail) }
    }

    /// The row of an issue that the trail leads to.
    pub(crate) fn of(facts: IssueFacts, trail: &Trail) -> IssueRow {
        let text = |name: Option<Arc<str>>| name.as_deref().map(str::to_owned);
        IssueRow {
            url: trail.issue_url(&facts.key),
            key: facts.key,
            project: text(facts.project),
            issue_type: text(facts.issue_type),
            status: text(facts.status),
            status_category: text(facts.status_category),
            priority: text(facts.priority),
            summary: facts.summary,
            created: facts.created,
            updated: facts.updated,
            resolved: facts.resolved,
            points: PointsValue::from(facts.points),
            parent: facts.parent,
            age_days: None,
        }
    }
}

impl From<Points> for PointsValue {
    fn from(points: Points) -> PointsValue {
        match points {
            Points::Known(value) => Self::Known(value),
            Points::Empty => Self::Empty,
            Points::Absent => Self::Absent,
            Points::NotRequested => Self::NotRequested,
            Points::Unreadable => Self::Unreadable,
        }
    }
}

#[cfg(test)]
mod tests;
