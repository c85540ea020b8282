//! Which issues are behind a number.

use std::ops::RangeInclusive;

use model::{Timestamp, Week};

use crate::item::{Item, State};
use crate::items::Items;

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
        let selected = self.counted.iter().filter(|item| self.is_selected(item, selection));
        selected.map(|item| item.facts.key.as_str()).collect()
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
