//! The issues behind a number: what happened to them, and in which weeks.

use std::str::FromStr;

use std::collections::HashSet;

use metrics::Selection;
use model::Date;
use serde::Serialize;

use super::IssuesAsk;
use crate::error::{Error, Result};
use crate::figures::QueryHistory;
use crate::figures::moment::Moment;
use crate::figures::week_range::WeekRange;
use crate::parameter::{Expected, Parsed, one_of};

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Created in those weeks.
    Created,
    /// Done, in those weeks if some are named.
    Done,
    /// Cancelled, in those weeks if some are named.
    Cancelled,
    /// Left the query while they were open, in those weeks if some are named.
    Left,
    /// Open at the end of the last of those weeks; without weeks at the moment.
    Open,
    /// Started in those weeks; without weeks what is open and started.
    Started,
    /// Under way at the end of the last of those weeks.
    UnderWay,
    /// In a stage at the end of the last of those weeks.
    InStage,
    /// Done, cancelled or left in those weeks.
    Departed,
    /// All that counts and was not cancelled.
    Scope,
    /// In no week, for want of a date.
    Undated,
    /// Not counted.
    NotCounted,
}

/// Which issues a list is about, where it is about those behind a number.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Behind {
    /// What the number counts.
    pub event: Event,
    /// In which weeks.
    pub weeks: Option<WeekRange>,
    /// The moment it is about.
    pub as_of: Moment,
}

impl Event {
    /// All of them.
    pub const ALL: [Event; 12] = [
        Self::Created,
        Self::Done,
        Self::Cancelled,
        Self::Left,
        Self::Open,
        Self::Started,
        Self::UnderWay,
        Self::InStage,
        Self::Departed,
        Self::Scope,
        Self::Undated,
        Self::NotCounted,
    ];

    /// The word for it in URLs and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Left => "left",
            Self::Open => "open",
            Self::Started => "started",
            Self::UnderWay => "under_way",
            Self::InStage => "in_stage",
            Self::Departed => "departed",
            Self::Scope => "scope",
            Self::Undated => "undated",
            Self::NotCounted => "not_counted",
        }
    }

    fn selection(self, ask: &IssuesAsk) -> Result<Selection> {
        let weeks = ask.week;
        if let (Self::Done, Some(day)) = (self, ask.day) {
            return Ok(Selection::DoneOn(day, ask.days));
        }
        if let Some(day) = ask.day {
            let remedy = "a day goes with event=done only";
            return Err(Error::invalid("day", &day.to_string(), remedy));
        }
        let of_weeks = |weeks: WeekRange| match self {
            Self::Created => Some(Selection::CreatedIn(weeks.weeks())),
            Self::Done => Some(Selection::DoneIn(weeks.weeks())),
            Self::Cancelled => Some(Selection::CancelledIn(weeks.weeks())),
            Self::Left => Some(Selection::LeftIn(weeks.weeks())),
            Self::Open => Some(Selection::OpenAtEndOf(weeks.last)),
            Self::Started => Some(Selection::StartedIn(weeks.weeks())),
            Self::UnderWay => Some(Selection::UnderWayAtEndOf(weeks.last)),
            Self::InStage => Some(Selection::InStageAtEndOf(weeks.last, ask.stages.clone())),
            Self::Departed => Some(Selection::DepartedIn(weeks.weeks())),
            _ => None,
        };
        let of_moment = || match self {
            Self::Created | Self::UnderWay | Self::InStage | Self::Departed => None,
            Self::Done => Some(Selection::Done),
            Self::Cancelled => Some(Selection::Cancelled),
            Self::Left => Some(Selection::Left),
            Self::Open => Some(Selection::Open),
            Self::Started => Some(Selection::Started),
            Self::Scope => Some(Selection::Scope),
            Self::Undated => Some(Selection::Undated),
            Self::NotCounted => Some(Selection::NotCounted),
        };
        let remedy = if weeks.is_some() {
            "weeks go with created, done, cancelled, left, open, started, under_way, in_stage and departed only"
        } else {
            "name the week, too"
        };
        let selection = weeks.map_or_else(of_moment, of_weeks);
        selection.ok_or_else(|| Error::invalid("event", self.as_str(), remedy))
    }
}

impl FromStr for Event {
    type Err = Expected;

    fn from_str(given: &str) -> Parsed<Event> {
        one_of(&Self::ALL, Self::as_str, given)
    }
}

/// The number that a list is asked to be behind of.
pub(super) struct Number {
    event: Event,
    weeks: Option<WeekRange>,
    selection: Selection,
    /// The day it is about.
    pub as_of: Option<Date>,
}

impl Number {
    /// `None` if all issues are asked for; an error if the parameters mean nothing together.
    pub fn of(ask: &IssuesAsk) -> Result<Option<Number>> {
        let remedy = "say what happened with event, such as event=done";
        match (ask.event, ask.week, ask.as_of) {
            (Some(event), weeks, as_of) => {
                let selection = event.selection(ask)?;
                Ok(Some(Number { event, weeks, selection, as_of }))
            }
            (None, Some(week), _) => Err(Error::invalid("week", &week.to_string(), remedy)),
            // A day without an event is that of the page that was come from.
            (None, None, _) => Ok(None),
        }
    }

    /// Keys of the issues behind it.
    pub fn keys(&self, history: &QueryHistory) -> HashSet<String> {
        let items = history.items();
        items.keys(&self.selection).into_iter().map(str::to_owned).collect()
    }

    /// What the list says it is about.
    pub fn behind(&self, history: &QueryHistory) -> Behind {
        Behind { event: self.event, weeks: self.weeks, as_of: history.moment }
    }
}
