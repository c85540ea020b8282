//! What figures read of a query, in one view of the store: issues with their changes, stored
//! statistics, and how the data came here.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use forecast::{Deadline, Question, WorkingCalendar};
use metrics::{
    AsOf, IssueHistory, Items, Memberships, Reason, State, Statistics, Workflow, with_former_types,
};
use model::header::FormerNames;
use model::settings::{CalendarSettings, ForecastSettings, Milestone, Setting, Zone, fold};
use model::{
    CacheHeader, CacheKind, Date, ProfileSettings, ProjectData, QueryKey, QuerySummary, Remedy,
    Settings, StatisticsRow, Status, TimeZone, Timestamp, Week,
};
use store::Reader;

use crate::App;
use crate::error::Result;
use crate::figures::facts::QueryFacts;
use crate::figures::moment::{Known, Moment, MomentRule};
use crate::figures::usual::Usual;
use crate::jql::{self, StatusNames};
use crate::lookup;
use crate::work::Work;

/// A query with its history.
pub(crate) struct QueryHistory {
    pub summary: QuerySummary,
    /// Header of the issue cache.
    pub header: Option<CacheHeader>,
    /// What is missing of the changelogs.
    pub partial_changelogs: Option<String>,
    /// Keys of issues that came into the query well after they were made.
    pub entered_later: BTreeSet<String>,
    /// The zone in which Jira showed times to whoever synced.
    pub user_zone: Option<String>,
    /// A zone that the profile or Jira names and that is not known here.
    pub unknown_zone: Option<String>,
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
        let refresh = self.refresh_query(reader, key)?;
        let facts = self.facts(reader, key)?;
        QueryHistory::read(reader, key, facts, asked, self.now(), &self.context.zone, refresh)
    }
}

/// What the issues of a query belong to, and belonged to before.
pub(crate) fn memberships(reader: &dyn Reader, key: &QueryKey) -> Result<Memberships> {
    let changelogs = reader.short_header(key, CacheKind::Changelogs)?.unwrap_or_default();
    let mut found = Memberships::default();
    reader.each_membership(key, &mut |issue, membership| {
        found.add(issue, membership);
        Ok(())
    })?;
    reader.each_membership_change(key, &mut |issue, changes| {
        found.add_changes(issue, changes);
        Ok(())
    })?;
    found.name_epics(&changelogs.named_epics());
    Ok(found)
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
        let stored_zone = settings.as_ref().and_then(stored_zone);
        let settings = settings.as_ref().map(ProfileSettings::read).unwrap_or_default();
        let zone = settings.calendar.time_zone.as_ref().map_or(zone, |Zone(zone)| zone);
        let changelogs = reader.short_header(key, CacheKind::Changelogs)?.unwrap_or_default();
        let QueryFacts { issues, orphaned } = facts;
        let data = reader.project_data(key)?;
        let statistics = data.as_ref().map(Statistics::read);
        let newest = || newest(&issues, statistics.as_ref(), zone);
        let known = match summary.fetched_at {
            fetched @ Some(_) => Known { fetched, newest: None },
            None => Known { fetched: None, newest: newest() },
        };
        let moment = Moment::choose(asked, known, now, zone);
        let mut workflow = Workflow::of(&settings);
        let types = issues.iter().filter_map(|issue| issue.facts.issue_type.as_deref());
        workflow.former_types = not_taken(changelogs.former_types(), types);
        let projects = issues.iter().filter_map(|issue| issue.facts.project.as_deref());
        workflow.former_projects = not_taken(changelogs.former_projects(), projects);
        Ok(QueryHistory {
            summary,
            header: reader.short_header(key, CacheKind::Issues)?,
            entered_later: changelogs.entered_later(),
            // Where the profile names one, that of the user plays no part.
            unknown_zone: stored_zone
                .or_else(|| changelogs.user_zone())
                .filter(|zone| is_unknown(zone)),
            user_zone: changelogs.user_zone(),
            partial_changelogs: changelogs.partial,
            issues,
            orphaned,
            workflow,
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
        let percent = self.usual.percent;
        Question { deadlines, work: self.work.kind, percent, ..Question::default() }
    }

    /// The issues as they stood at the moment.
    pub fn items(&self) -> Items<'_> {
        let mut items =
            Items::read(&self.issues, &self.workflow, &self.statuses, &self.as_of, self.refresh);
        if items.in_state(State::Done).next().is_none()
            && jql::leaves_out_done(&self.summary.jql, &StatusNames::of(&items))
        {
            items.where_idle = Remedy::WidenJql;
        }
        if self.is_found_empty() {
            items.where_empty = (Reason::JqlFindsNothing, Remedy::CheckJql);
        }
        items
    }

    /// Whether the JQL that the query has was asked, and finds nothing.
    fn is_found_empty(&self) -> bool {
        let header = self.header.as_ref();
        let is_same_jql = || jql::fetched_with_other(header, &self.summary.jql).is_none();
        self.refresh == Remedy::SyncNow
            && self.issues.is_empty()
            && self.statistics.as_ref().is_none_or(|stored| stored.rows.is_empty())
            && self.summary.fetched_at.is_some()
            && self.summary.partial.is_none()
            && is_same_jql()
    }
}

/// The newest moment that the data names; of a row of statistics the end of what it stands for.
fn newest(
    issues: &[IssueHistory],
    statistics: Option<&Statistics>,
    zone: &TimeZone,
) -> Option<(Timestamp, MomentRule)> {
    let of_issue = |issue: &IssueHistory| {
        let last = issue.transitions.iter().flatten().next_back().map(|transition| transition.at);
        let facts = &issue.facts;
        [facts.created, facts.updated, facts.resolved, last].into_iter().flatten().max()
    };
    let rows = statistics.map(|statistics| statistics.rows.as_slice()).unwrap_or_default();
    let of_rows =
        last_day_of(rows).map(|(date, rule)| (AsOf::end_of(date, zone.clone()).at(), rule));
    let of_issues = issues.iter().filter_map(of_issue).max().map(|at| (at, MomentRule::Newest));
    of_issues.into_iter().chain(of_rows).max_by_key(|(at, _)| *at)
}

const DAYS_AFTER_MONDAY: Duration = Duration::from_secs(6 * 86_400);

/// The last day that rows of statistics tell of. Where each is whole weeks apart from the others, a
/// row stands for its week.
fn last_day_of(rows: &[StatisticsRow]) -> Option<(Date, MomentRule)> {
    let days: BTreeSet<Date> = rows.iter().filter_map(|row| row.date).collect();
    let (first, last) = (*days.first()?, *days.last()?);
    let is_weekly = days.iter().all(|day| day.weekday() == first.weekday()) && first < last;
    let sunday = || Week::of(last).monday()?.checked_add(DAYS_AFTER_MONDAY).ok();
    let sunday = is_weekly.then(sunday).flatten().filter(|sunday| *sunday != last);
    Some(sunday.map_or((last, MomentRule::Newest), |sunday| (sunday, MomentRule::EndOfWeek)))
}

/// The zone that a profile names, whether or not there is one of that name.
fn stored_zone(settings: &Settings) -> Option<String> {
    let stored = Setting::find("time-zone")?.stored(settings)?.as_text()?;
    Some(stored.trim().to_owned()).filter(|name| !name.is_empty())
}

fn is_unknown(zone: &str) -> bool {
    zone.parse::<Zone>().is_err()
}

/// What things were called before they were renamed, as far as nothing else is called so now.
fn not_taken<'n>(mut former: FormerNames, now: impl Iterator<Item = &'n str>) -> FormerNames {
    if former.is_empty() {
        return former;
    }
    let now: BTreeSet<String> = now.map(fold).collect();
    former.values_mut().for_each(|names| names.retain(|name| !now.contains(&fold(name))));
    former
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(days: &[&str], want: &str) {
        let row = |day: &&str| StatisticsRow { date: day.parse().ok(), ..StatisticsRow::default() };
        let rows: Vec<StatisticsRow> = days.iter().map(row).collect();
        let found = last_day_of(&rows).map(|(day, rule)| {
            let is_named = rows.iter().any(|row| row.date == Some(day));
            assert_eq!(rule == MomentRule::Newest, is_named, "{days:?}");
            day
        });
        assert_eq!(found, want.parse().ok(), "{days:?}");
    }

    #[test]
    fn a_row_that_stands_for_a_week_is_that_week() {
        check(&[], "");
        check(&["2025-06-02", "2025-06-09", "2025-06-23"], "2025-06-29");
        check(&["2025-06-08", "2025-06-15"], "2025-06-15");
        check(&["2025-06-06", "2025-06-13", "NaT"], "2025-06-15");
        // Days, in whatever order, and one alone.
        check(&["2025-06-10", "2025-06-09", "2025-06-02"], "2025-06-10");
        check(&["2025-06-03"], "2025-06-03");
        check(&["2025-06-03", "2025-06-03"], "2025-06-03");
    }
}
