//! All that is known of past weeks, and which of them the default model draws from.

use metrics::{Span, Unit, WeekRow, WeeklyTable};

use crate::assumptions::Assumptions;
use crate::learned_step::{LearnedStep, PastMisses, PastWeek};
use crate::pace_model::{PaceModel, views};
use crate::sample::{Sample, SampleWeek};
use crate::statement::ForecastStatement;

/// A complete week.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HistoryWeek {
    /// What was done and what arrived in it.
    pub week: SampleWeek,
    /// Done items, whatever the unit.
    pub items: f64,
    /// What was open after it, in the unit.
    pub open: Option<f64>,
}

/// The complete weeks since work began, oldest first: from the first in which anything was started or
/// done on, and after that of the first issue.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct History {
    weeks: Vec<HistoryWeek>,
}

impl History {
    /// Of a table; see [`Sample::read`] for `points_each`.
    pub fn read(table: &WeeklyTable, assumptions: &Assumptions, points_each: f64) -> History {
        let rows = table.complete(Span::All);
        let begun = table.begun().max(1);
        let rows = rows.get(begun..).or_else(|| rows.get(1..)).unwrap_or_default();
        let week = |row: &WeekRow| HistoryWeek {
            week: SampleWeek::of(row, assumptions, points_each),
            items: row.flow.done.items as f64,
            open: row.open.map(|open| crate::sample::amount(open, assumptions.unit, points_each)),
        };
        History { weeks: rows.iter().map(week).collect() }
    }

    /// The weeks that are not left out.
    pub fn used(&self) -> Vec<&HistoryWeek> {
        self.weeks.iter().filter(|week| week.week.excluded.is_none()).collect()
    }

    /// The weeks that views draw from: those of the chosen window, else as many as the largest view
    /// has, with those between them that are left out.
    pub fn sample(&self, assumptions: &Assumptions) -> Sample {
        let all = self.all(assumptions.unit);
        if let Some(weeks) = assumptions.chosen_weeks() {
            return all.last(weeks);
        }
        let done: Vec<f64> = self.used().iter().map(|week| week.week.done).collect();
        let mut missing = views(&done).into_iter().max().unwrap_or(done.len());
        let is_wanted = |week: &&HistoryWeek| {
            let is_wanted = missing > 0;
            missing -= usize::from(is_wanted && week.week.excluded.is_none());
            is_wanted
        };
        let count = self.weeks.iter().rev().take_while(is_wanted).count();
        all.last(count)
    }

    /// All weeks.
    pub fn all(&self, unit: Unit) -> Sample {
        Sample { unit, weeks: self.weeks.iter().map(|week| week.week.clone()).collect() }
    }

    /// What past forecasts of it missed.
    pub fn misses(&self) -> PastMisses {
        let past = |week: &&HistoryWeek| PastWeek { done: week.week.done, items: week.items };
        PastMisses::of(&self.used().iter().map(past).collect::<Vec<_>>())
    }
}

/// How the pace of a sample is drawn, and what it was learned from.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct PaceUsed {
    /// How many of the last weeks each view draws from.
    pub views: Vec<usize>,
    /// By how much the pace moves from week to week.
    pub learned: LearnedStep,
    /// By which factor that makes it move within a quarter.
    pub factor_a_quarter: f64,
    /// Whether there are too few weeks to know how much it moves.
    pub is_too_young: bool,
    /// Both in short.
    pub sentence: ForecastStatement,
}

impl PaceUsed {
    pub(crate) fn of(pace: &PaceModel, learned: LearnedStep) -> PaceUsed {
        let (factor_a_quarter, is_too_young) = (pace.factor_a_quarter(), learned.excess.is_none());
        PaceUsed {
            views: pace.views.clone(),
            learned,
            factor_a_quarter,
            is_too_young,
            sentence: ForecastStatement::PaceMoves { factor_a_quarter, is_too_young },
        }
    }
}
