//! Which issues are behind a number.

use std::ops::RangeInclusive;

use model::settings::fold;
use model::{Date, Lane, Timestamp, Week};

use crate::arrivals::start_week;
use crate::cycle_time::cycle_days;
use crate::item::{Item, State};
use crate::items::Items;
use crate::stage::{StageInterval, Stages};

/// The issues behind a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// Everything that counts and was not cancelled: the scope.
    Scope,
    /// Created in those weeks, as the weekly table counts it.
    CreatedIn(RangeInclusive<Week>),
    /// Done in those weeks.
    DoneIn(RangeInclusive<Week>),
    /// Cancelled in those weeks.
    CancelledIn(RangeInclusive<Week>),
    /// Left the query in those weeks, while they were open.
    LeftIn(RangeInclusive<Week>),
    /// Open at the end of that week.
    OpenAtEndOf(Week),
    /// Started in those weeks.
    StartedIn(RangeInclusive<Week>),
    /// Done or cancelled in those weeks, or left in them.
    DepartedIn(RangeInclusive<Week>),
    /// Done on that day, after so many calendar days if some are named.
    DoneOn(Date, Option<i32>),
    /// Under way at the end of that week.
    UnderWayAtEndOf(Week),
    /// In one of the stages of these names at the end of that week; an empty name is a stage whose
    /// name is not known.
    InStageAtEndOf(Week, Vec<String>),
    /// Open at the moment, with or without a date.
    Open,
    /// Open and started.
    Started,
    /// Done, with or without a date.
    Done,
    /// Cancelled, with or without a date.
    Cancelled,
    /// Left the query while they were open.
    Left,
    /// Counted in no week, for want of a date.
    Undated,
    /// Not counted.
    NotCounted,
}

impl<'h> Items<'h> {
    /// Keys of the issues behind a number, in the order they came in; as many as the number says.
    pub fn keys(&self, selection: &Selection) -> Vec<&'h str> {
        if *selection == Selection::NotCounted {
            return self.not_counted.iter().map(|not| not.facts.key.as_str()).collect();
        }
        if let Some(is_in) = self.stage_selection(selection) {
            return is_in;
        }
        let selected = self.counted.iter().filter(|item| self.is_selected(item, selection));
        selected.map(|item| item.facts.key.as_str()).collect()
    }

    /// Those in stages at the end of a week; `None` where the selection is about something else.
    fn stage_selection(&self, selection: &Selection) -> Option<Vec<&'h str>> {
        let (week, names) = match selection {
            Selection::UnderWayAtEndOf(week) => (*week, None),
            Selection::InStageAtEndOf(week, names) => {
                (*week, Some(names.iter().map(|name| fold(name)).collect::<Vec<String>>()))
            }
            _ => return None,
        };
        let stages = Stages::read(self);
        let end = self.as_of.end_of_week(week).min(self.as_of.at());
        let is_meant: Vec<bool> = stages
            .all
            .iter()
            .map(|stage| match &names {
                None => stage.meaning.is_started,
                Some(names) => {
                    stage.meaning.lane != Some(Lane::NotDelivered)
                        && names.contains(&fold(stage.name.unwrap_or_default()))
                }
            })
            .collect();
        let is_in = |interval: &StageInterval| {
            interval.holds(end) && is_meant.get(interval.stage).copied().unwrap_or_default()
        };
        let selected = stages
            .with(self)
            .filter(|(item, intervals)| item.undated().is_none() && intervals.iter().any(is_in));
        Some(selected.map(|(item, _)| item.facts.key.as_str()).collect())
    }

    fn is_selected(&self, item: &Item<'h>, selection: &Selection) -> bool {
        let week = |at: Timestamp| Week::of(self.as_of.date_of(at));
        let dated = item.created.filter(|_| item.undated().is_none());
        let created = dated.map(week);
        let finished = item.finished.filter(|_| dated.is_some()).map(|finished| week(finished.at));
        let is_in = |found: Option<Week>, weeks: &RangeInclusive<Week>| {
            found.is_some_and(|found| weeks.contains(&found))
        };
        match selection {
            Selection::Scope => !matches!(item.state, State::Cancelled | State::Left),
            Selection::CreatedIn(weeks) => is_in(created, weeks),
            Selection::DoneIn(weeks) => item.state == State::Done && is_in(finished, weeks),
            Selection::CancelledIn(weeks) => {
                item.state == State::Cancelled && is_in(finished, weeks)
            }
            Selection::LeftIn(weeks) => item.state == State::Left && is_in(finished, weeks),
            Selection::OpenAtEndOf(week) => {
                created.is_some_and(|created| created <= *week)
                    && finished.is_none_or(|finished| finished > *week)
            }
            Selection::StartedIn(weeks) => dated.is_some() && is_in(start_week(self, item), weeks),
            Selection::DepartedIn(weeks) => is_in(finished, weeks),
            Selection::DoneOn(day, days) => {
                let done = item.finished.map(|finished| self.as_of.date_of(finished.at));
                item.state == State::Done
                    && done == Some(*day)
                    && dated.is_some()
                    && days.is_none_or(|days| cycle_days(item, &self.as_of) == Some(days))
            }
            Selection::UnderWayAtEndOf(_) | Selection::InStageAtEndOf(..) => false,
            Selection::Open => item.state == State::Open,
            Selection::Started => item.is_under_way,
            Selection::Done => item.state == State::Done,
            Selection::Cancelled => item.state == State::Cancelled,
            Selection::Left => item.state == State::Left,
            Selection::Undated => item.undated().is_some(),
            Selection::NotCounted => false,
        }
    }
}
