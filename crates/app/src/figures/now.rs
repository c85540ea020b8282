//! What is under way now, and what is stuck: ages by stage beside the pace of the past, with what
//! Jira says of each item.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use metrics::{
    Ageing, AgeingItem, AgeingStage, ItemOdds, Measured, ServiceLevel, State, ageing, weekly_table,
};
use model::{QueryKey, StatusCategory, Timestamp};
use serde::Serialize;
use store::Reader;

use crate::App;
use crate::error::Result;
use crate::figures::ask::OverviewAsk;
use crate::figures::moment::Moment;
use crate::figures::usual::Usual;
use crate::tally::{Share, Tally};
use crate::trail::Trail;

/// From so many items on a second reader is worth its connection.
const TWO_READERS_MIN: usize = 500;

mod ask;
mod detail;
mod order;

pub use self::ask::{NowAsk, NowSort};
use self::detail::Detail;

/// What is under way in a query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Now {
    /// Which query, and its neighbours.
    pub trail: Trail,
    /// The moment it is about.
    pub as_of: Moment,
    /// Over how many complete weeks the pace of the past is; `None` for all.
    pub window_weeks: Option<usize>,
    /// How the pages of the profile are unless asked otherwise.
    pub usual: Usual,
    /// The items, or why there are none to tell.
    pub items: Measured<UnderWay>,
}

/// The items under way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnderWay {
    /// The stages, in the order of the workflow.
    pub stages: Vec<AgeingStage>,
    /// How many delivered items the zones rest on.
    pub delivered: usize,
    /// Within how many days started work is done, or why nothing tells.
    pub service_level: Measured<ServiceLevel>,
    /// How many items are under way.
    pub total: u64,
    /// Of how many of them is known since when; the others are in no row.
    pub with_start: u64,
    /// How many of them are blocked.
    pub blocked: u64,
    /// How many are older than the service level; where it is not reached, than any that was finished.
    pub over: u64,
    /// What the filter lets through, in the order that was asked for.
    pub rows: Vec<NowRow>,
    /// The epics or parents of all that is under way, those with most of it first.
    pub epics: Vec<Epic>,
    /// The statuses of all that is under way, most frequent first.
    pub statuses: Vec<Share>,
    /// The types.
    pub types: Vec<Share>,
    /// The assignees.
    pub assignees: Vec<Share>,
}

/// An item under way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NowRow {
    /// How old it is, and how that stands.
    #[serde(flatten)]
    pub ageing: AgeingItem,
    /// Where Jira shows it.
    pub url: Option<String>,
    /// Its title.
    pub summary: Option<String>,
    /// Name of its type.
    pub issue_type: Option<String>,
    /// Category of its status.
    pub status_category: Option<String>,
    /// When anything about it was last changed, as far as is known at the moment.
    pub changed: Option<Timestamp>,
    /// Whether it is flagged in Jira.
    pub is_flagged: bool,
    /// Whether it is flagged, or its status says that it is blocked.
    pub is_blocked: bool,
    /// Who has it, as Jira says today.
    pub assignee: Option<String>,
    /// Key of the epic or other issue that it is part of.
    pub epic: Option<String>,
}

/// What holds items, with how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Epic {
    /// Its key.
    pub key: String,
    /// Its title, where one is known.
    pub name: Option<String>,
    /// How many of its items are under way.
    pub under_way: u64,
    /// How many of its items in this query are done.
    pub done: u64,
    /// How many there are, cancelled ones left out.
    pub total: u64,
}

impl App {
    /// What is under way in a query, filtered and sorted; an error if the query is not there.
    pub fn now_page(&self, key: &QueryKey, ask: &NowAsk) -> Result<Now> {
        let view = OverviewAsk { unit: OverviewAsk::default().unit, ..ask.view };
        let all = self.remember(&key.profile, (key, "now", view), || self.under_way(key, &view))?;
        let mut answer = Now::clone(&all);
        if let Measured::Known { value, .. } = &mut answer.items {
            value.rows.retain(|row| ask.lets_through(row));
            order::sort(&mut value.rows, ask);
        }
        Ok(answer)
    }

    /// All of it, oldest first.
    fn under_way(&self, key: &QueryKey, view: &OverviewAsk) -> Result<Now> {
        let reader = self.store.read()?;
        let trail = self.trail(&*reader, key)?;
        let history = self.history(&*reader, key, view.as_of)?;
        let items = history.items();
        // Stored rows tell what got done, and nothing of how long it took.
        let table = weekly_table(&items, None);
        let found = ageing(&items, &table, view.span(history.usual));
        let by_key: HashMap<&str, &metrics::Item<'_>> =
            items.counted.iter().map(|item| (item.facts.key.as_str(), item)).collect();
        drop(reader);
        // Documents are long to read, and say the same whatever the window.
        let details =
            self.remember(&key.profile, (key, "details", view.as_of), || self.details(key, view))?;
        let mut rows = Vec::new();
        for aged in found.known().into_iter().flat_map(|found| &found.items) {
            let detail = details.get(&aged.key).cloned().unwrap_or_default();
            let item = by_key.get(aged.key.as_str()).copied();
            let category = item.and_then(|item| items.category_of(item));
            rows.push(NowRow::of(aged, (item.map(|item| item.facts), category), detail, &trail));
        }
        let epics = epics(&rows, &items);
        Ok(Now {
            as_of: history.moment,
            window_weeks: view.window.weeks(history.usual),
            usual: history.usual,
            items: with_rows(found, rows, epics),
            trail,
        })
    }

    /// What Jira says of each item under way, by its key. It is kept for the revision that it reads, so which
    /// items these are is read with it.
    fn details(&self, key: &QueryKey, view: &OverviewAsk) -> Result<HashMap<String, Detail>> {
        let reader = self.store.read()?;
        let history = self.history(&*reader, key, view.as_of)?;
        let items = history.items();
        let moment = items.as_of.at();
        let under_way = items.counted.iter().filter(|item| item.is_under_way);
        let under_way: Vec<&str> = under_way.map(|item| item.facts.key.as_str()).collect();
        let read = |reader: &dyn Reader, issues: &[&str]| -> Result<Vec<(String, Detail)>> {
            let read =
                |issue: &&str| Ok(((*issue).to_owned(), Detail::read(reader, key, issue, moment)?));
            issues.iter().map(read).collect()
        };
        let (some, others) = under_way.split_at(under_way.len() / 2);
        let (some, others) = if under_way.len() < TWO_READERS_MIN {
            (read(&*reader, some)?, read(&*reader, others)?)
        } else {
            self.read_both(&*reader, |reader| read(reader, some), |reader| read(reader, others))?
        };
        Ok(some.into_iter().chain(others).collect())
    }
}

impl NowRow {
    fn of(
        aged: &AgeingItem,
        (facts, category): (Option<&model::IssueFacts>, Option<StatusCategory>),
        detail: Detail,
        trail: &Trail,
    ) -> NowRow {
        let text = |text: Option<&Arc<str>>| text.map(|text| text.to_string());
        let status = aged.status.as_deref();
        NowRow {
            url: trail.issue_url(&aged.key),
            summary: facts.and_then(|facts| facts.summary.clone()),
            issue_type: text(facts.and_then(|facts| facts.issue_type.as_ref())),
            status_category: category.map(|category| category.key().to_owned()),
            changed: detail.changed,
            is_flagged: detail.is_flagged,
            is_blocked: detail.is_flagged || status.is_some_and(detail::is_blocked_status),
            assignee: detail.assignee,
            epic: facts.and_then(|facts| facts.parent.clone()).or(detail.epic),
            ageing: aged.clone(),
        }
    }

    /// Whether it is older than the service level.
    pub fn is_over(&self) -> bool {
        matches!(self.ageing.odds, ItemOdds::Over | ItemOdds::OlderThanAnyFinished)
    }
}

fn with_rows(found: Measured<Ageing>, rows: Vec<NowRow>, epics: Vec<Epic>) -> Measured<UnderWay> {
    let (value, sample, window, rule, notes) = match found {
        Measured::Known { value, sample, window, rule, notes } => {
            (value, sample, window, rule, notes)
        }
        Measured::Unavailable { reason, remedy } => return Measured::unavailable(reason, remedy),
    };
    let (mut statuses, mut types, mut assignees) =
        (Tally::default(), Tally::default(), Tally::default());
    for row in &rows {
        statuses.add(row.ageing.status.as_deref(), row.status_category.as_deref());
        types.add(row.issue_type.as_deref(), None);
        assignees.add(row.assignee.as_deref(), None);
    }
    let count = |holds: fn(&NowRow) -> bool| rows.iter().filter(|row| holds(row)).count() as u64;
    let value = UnderWay {
        stages: value.stages,
        delivered: value.delivered,
        service_level: value.service_level,
        total: value.under_way as u64,
        with_start: rows.len() as u64,
        blocked: count(|row| row.is_blocked),
        over: count(NowRow::is_over),
        epics,
        statuses: statuses.into_shares(),
        types: types.into_shares(),
        assignees: assignees.into_shares(),
        rows,
    };
    Measured::Known { value, sample, window, rule, notes }
}

/// What holds the items under way, with how many of its items are done.
fn epics(rows: &[NowRow], items: &metrics::Items<'_>) -> Vec<Epic> {
    let mut found: BTreeMap<&str, Epic> = BTreeMap::new();
    for key in rows.iter().filter_map(|row| row.epic.as_deref()) {
        let new = || Epic { key: key.to_owned(), name: None, under_way: 0, done: 0, total: 0 };
        found.entry(key).or_insert_with(new).under_way += 1;
    }
    let all = items.counted.iter().map(|item| (item.facts, Some(item.state)));
    let all = all.chain(items.not_counted.iter().map(|other| (other.facts, None)));
    for (facts, state) in all {
        if let Some(epic) = found.get_mut(facts.key.as_str()) {
            epic.name.clone_from(&facts.summary);
        }
        let parent = facts.parent.as_deref().and_then(|parent| found.get_mut(parent));
        if let (Some(epic), Some(state)) = (parent, state) {
            epic.total += u64::from(matches!(state, State::Open | State::Done));
            epic.done += u64::from(state == State::Done);
        }
    }
    let mut epics: Vec<Epic> = found.into_values().collect();
    for epic in &mut epics {
        // Links that only the history tells are no parents: at least what is under way is there.
        epic.total = epic.total.max(epic.under_way);
    }
    epics.sort_by(|a, b| b.under_way.cmp(&a.under_way).then_with(|| a.key.cmp(&b.key)));
    epics
}
