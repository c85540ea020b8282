//! What figures read of a query, in one view of the store: issues with their changes, stored
//! statistics, and how the data came here.

use std::sync::Arc;

use forecast::{Deadline, Question, WorkingCalendar};
use metrics::{
    AsOf, Histories, IssueHistory, Items, Memberships, Statistics, Workflow, with_former_types,
};
use model::settings::{CalendarSettings, ForecastSettings, Milestone, Zone};
use model::{
    CacheHeader, CacheKind, Date, ProfileSettings, ProjectData, QueryKey, QuerySummary, Remedy,
    Status, TimeZone, Timestamp,
};
use store::Reader;

use crate::App;
use crate::error::Result;
use crate::figures::moment::{Known, Moment, MomentRule};
use crate::figures::usual::Usual;
use crate::lookup;
use crate::work::Work;

/// The issues of a query with their changes.
#[derive(Clone)]
pub(crate) struct QueryFacts {
    pub issues: Arc<Vec<IssueHistory>>,
    /// How many changelogs belong to no issue of the query.
    pub orphaned: u64,
}

/// A query with its history.
pub(crate) struct QueryHistory {
    pub summary: QuerySummary,
    /// Header of the issue cache.
    pub header: Option<CacheHeader>,
    /// What is missing of the changelogs.
    pub partial_changelogs: Option<String>,
    pub issues: Arc<Vec<IssueHistory>>,
    /// How many changelogs belong to no issue of the query.
    pub orphaned: u64,
    pub workflow: Workflow,
    /// The deadlines of the profile.
    pub milestones: Vec<Deadline>,
    /// How the pages of the profile are unless asked otherwise.
    pub usual: Usual,
    /// How many best and worst weeks the old app took.
    pub pert_factor: usize,
    /// The days that are worked on.
    pub calendar: WorkingCalendar,
    /// What the server lists.
    pub statuses: Vec<Status>,
    pub data: Option<ProjectData>,
    pub statistics: Option<Statistics>,
    pub moment: Moment,
    /// The day it is now.
    pub today: Date,
    /// The zone that days are of.
    pub zone: TimeZone,
    /// What brings it up to date.
    pub refresh: Remedy,
    /// What its work is.
    pub work: Work,
    as_of: AsOf,
}

impl App {
    /// A query as far as it is known at the end of the day `asked`, in the zone of the profile if
    /// it has one; an error if the query is not there.
    pub(crate) fn history(
        &self,
        reader: &dyn Reader,
        key: &QueryKey,
        asked: Option<Date>,
    ) -> Result<QueryHistory> {
        let mut history = self.history_with_types_of_now(reader, key, asked)?;
        if history.is_past() {
            history.set_types_back(&memberships(reader, key)?);
        }
        Ok(history)
    }

    /// The same, for one who knows what its issues belonged to and sets their types back.
    pub(crate) fn history_with_types_of_now(
        &self,
        reader: &dyn Reader,
        key: &QueryKey,
        asked: Option<Date>,
    ) -> Result<QueryHistory> {
        let refresh = self.refresh(reader, &key.profile)?;
        let facts = self.facts(reader, key)?;
        QueryHistory::read(reader, key, facts, asked, self.now(), &self.context.zone, refresh)
    }
}

/// What the issues of a query belong to, and belonged to before.
pub(crate) fn memberships(reader: &dyn Reader, key: &QueryKey) -> Result<Memberships> {
    let mut found = Memberships::default();
    reader.each_membership(key, &mut |issue, membership| {
        found.add(issue, membership);
        Ok(())
    })?;
    reader.each_membership_change(key, &mut |issue, changes| {
        found.add_changes(issue, changes);
        Ok(())
    })?;
    Ok(found)
}

impl QueryFacts {
    /// Walks over the stored facts.
    pub fn read(reader: &dyn Reader, key: &QueryKey) -> Result<QueryFacts> {
        let mut histories = Histories::default();
        reader.each_issue_facts(key, &mut |facts| {
            histories.add_issue(facts);
            Ok(())
        })?;
        reader.each_changelog_facts(key, &mut |key, changes| {
            histories.add_changes(key, changes);
            Ok(())
        })?;
        let (issues, orphaned) = histories.finish();
        Ok(QueryFacts { issues: Arc::new(issues), orphaned })
    }
}

impl QueryHistory {
    fn read(
        reader: &dyn Reader,
        key: &QueryKey,
        facts: QueryFacts,
        asked: Option<Date>,
        now: Timestamp,
        zone: &TimeZone,
        refresh: Remedy,
    ) -> Result<QueryHistory> {
        let summary = lookup::summary(reader, key)?;
        let settings = reader.profile(&key.profile)?.map(|profile| profile.settings);
        let settings = settings.as_ref().map(ProfileSettings::read).unwrap_or_default();
        let zone = settings.calendar.time_zone.as_ref().map_or(zone, |Zone(zone)| zone);
        let changelogs = reader.header(key, CacheKind::Changelogs)?;
        let QueryFacts { issues, orphaned } = facts;
        let data = reader.project_data(key)?;
        let statistics = data.as_ref().map(Statistics::read);
        let newest = || newest(&issues, statistics.as_ref(), zone);
        let known = match summary.fetched_at {
            fetched @ Some(_) => Known { fetched, newest: None },
            None => Known { fetched: None, newest: newest() },
        };
        let moment = Moment::choose(asked, known, now, zone);
        Ok(QueryHistory {
            summary,
            header: reader.header(key, CacheKind::Issues)?,
            partial_changelogs: changelogs.and_then(|header| header.partial),
            issues,
            orphaned,
            workflow: Workflow::of(&settings),
            statuses: reader.statuses(&key.profile)?,
            milestones: deadlines(&settings.forecast),
            usual: Usual::of(&settings),
            pert_factor: settings.pert_weeks(),
            calendar: calendar(&settings.calendar),
            data,
            statistics,
            as_of: AsOf::moment(moment.at, zone.clone()),
            moment,
            today: zone.to_datetime(now).date(),
            zone: zone.clone(),
            work: Work::of(&lookup::query(reader, key)?),
            refresh,
        })
    }

    /// Whether it is read as of a past day.
    pub fn is_past(&self) -> bool {
        self.moment.rule == MomentRule::Asked
    }

    /// Gives the issues the types that they had at the moment.
    pub fn set_types_back(&mut self, memberships: &Memberships) {
        if let Some(issues) = with_former_types(&self.issues, memberships, self.moment.at) {
            self.issues = Arc::new(issues);
        }
    }

    /// What is asked for the answer in short: the odds of the deadlines, told as the work is.
    pub fn question(&self) -> Question {
        let deadlines = self.milestones.clone();
        Question { deadlines, work: self.work.kind, ..Question::default() }
    }

    /// The issues as they stood at the moment.
    pub fn items(&self) -> Items<'_> {
        Items::read(&self.issues, &self.workflow, &self.statuses, &self.as_of, self.refresh)
    }
}

/// The newest moment that the data names; of a row of statistics the end of its day.
fn newest(
    issues: &[IssueHistory],
    statistics: Option<&Statistics>,
    zone: &TimeZone,
) -> Option<Timestamp> {
    let of_issue = |issue: &IssueHistory| {
        let last = issue.transitions.iter().flatten().next_back().map(|transition| transition.at);
        let facts = &issue.facts;
        [facts.created, facts.updated, facts.resolved, last].into_iter().flatten().max()
    };
    let rows = statistics.map(|statistics| statistics.rows.as_slice()).unwrap_or_default();
    let last_day = rows.iter().filter_map(|row| row.date).max();
    let of_rows = last_day.map(|date| AsOf::end_of(date, zone.clone()).at());
    issues.iter().filter_map(of_issue).max().max(of_rows)
}

/// All milestones by date.
pub(crate) fn deadlines(settings: &ForecastSettings) -> Vec<Deadline> {
    let deadline = |milestone: Milestone| Deadline { name: milestone.name, date: milestone.date.0 };
    settings.all_milestones().into_iter().map(deadline).collect()
}

/// The days that are worked on.
pub(crate) fn calendar(settings: &CalendarSettings) -> WorkingCalendar {
    WorkingCalendar {
        weekdays: settings.working_days.unwrap_or_default().0,
        holidays: settings.holidays.iter().map(|day| day.0).collect(),
    }
}
